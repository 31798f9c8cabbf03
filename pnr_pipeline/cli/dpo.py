"""`pnr dpo`: the data-protection officer's tools at the terminal."""

from pathlib import Path
from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.dpo_papers import assessment, breach
from pnr_pipeline.cli.dpo_referral import referral
from pnr_pipeline.cli.terminal import FINDINGS, out, print_json_lines

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.command()(referral)
app.command()(assessment)
app.command()(breach)


@app.callback()
def dpo() -> None:
    """What the data-protection officer is told, reads, marks and reports (PNR art. 5, 6(7), 12(3), 13).

    [bold]Example[/bold]: pnr dpo inbox; pnr dpo reads --record RECORD --as dpo-1 --case audit-7; pnr dpo sample 20 …;
    pnr dpo statistics --year 2026 …; pnr dpo pack --out DIR …
    """


@app.command()
def inbox(
    done: Annotated[bool, typer.Option("--all", help="What was done, too.")] = False,
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Orders, releases, late disclosures and urgent cases to look at; exit code 1 where one is overdue.

    [bold]Example[/bold]: pnr dpo inbox --all
    """
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        items = store.inbox(at, done=done)
    if form == "json":
        print_json_lines(items)
    else:
        table = Table("item", "what", "of", "at UTC", "due UTC", "done")
        for item in items:
            due = f"{item.due_at:%Y-%m-%d %H:%M}{' OVERDUE' if item.overdue else ''}" if item.due_at else ""
            finished = f"{item.outcome} by {item.done_by}" if item.done_at else ""
            table.add_row(item.item_id[:8], item.kind, item.reference, f"{item.at:%Y-%m-%d %H:%M}", due, finished)
        out.print(table)
    if any(item.overdue for item in items):
        raise typer.Exit(FINDINGS)


@app.command()
def review(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Id of the item, or its first letters.")],
    lawful: Annotated[bool, typer.Option("--lawful/--unlawful", help="What the review found.")],
    officer: Officer,
    case: Case,
    reason: Annotated[str, typer.Option(metavar="CODE", help="Why: a code of rules/review/marks.yaml.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Say after the event whether what an item tells of was lawful, and why; written into the log.

    [bold]Example[/bold]: pnr dpo review 3f9a --lawful --as dpo-1 --case review-2026-11;
    pnr dpo review 77b0 --unlawful --reason no-case --as dpo-1 --case review-2026-11; then pnr dpo referral
    """
    from pnr_pipeline.errors import UsageFault

    at, outcome = clock(now), "lawful" if lawful else "unlawful"
    reason = reason or ("in-order" if lawful else "")
    with open_desk(state, profile, at) as store:
        found = [one.item_id for one in store.inbox(at) if one.item_id.startswith(item)]
        if len(found) != 1:
            raise UsageFault(f"{len(found) or 'no'} items begin like this: pnr dpo inbox")
        store.settle_item(found[0], outcome, access(officer, "dpo", case), at, reason=reason)
        store.log.publish(at)
    out.print(f"{found[0][:8]}: {outcome}")


@app.command()
def reads(
    officer: Officer,
    case: Case,
    person: Annotated[str, typer.Option(help="Id of a person of the staff.")] = "",
    record: Annotated[str, typer.Option(help="Id of a record or hit.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Who read what and why, by person or by record, one JSON object a line.

    [bold]Example[/bold]: pnr dpo reads --person officer-7 --as dpo-1 --case audit-7
    """

    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.oversight.reads(access(officer, "dpo", case), at, person=person, record=record)
    print_json_lines(lines)


@app.command()
def sample(
    number: Annotated[int, typer.Argument(min=1, max=1000, help="How many acts to draw.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Draw consultations and disclosures at random into the inbox, to be found lawful or unlawful: pnr dpo review.

    [bold]Example[/bold]: pnr dpo sample 20 --as dpo-1 --case audit-7
    """

    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.oversight.sample(number, access(officer, "dpo", case), at)
        store.log.publish(at)
    print_json_lines(lines)


@app.command()
def statistics(
    year: Annotated[int, typer.Option(help="Calendar year, UTC.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """The yearly figures of PNR art. 20, from the log alone; small cells are not told.

    [bold]Example[/bold]: pnr dpo statistics --year 2026 --as dpo-1 --case report-2026
    """
    import msgspec

    at = clock(now)
    with open_desk(state, profile, at) as store:
        out.print_json(msgspec.json.encode(store.oversight.statistics(year, access(officer, "dpo", case), at)).decode())


@app.command("false-positives")
def false_positives(
    officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """What people found of the hits of each list and criterion, and by sex, age and script of the list's name.

    The groups are those of the log: of months past, and where they are large enough to be told (docs/statistics.md).

    [bold]Example[/bold]: pnr dpo false-positives --as dpo-1 --case audit-7
    """
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        rates = store.oversight.match_rates(access(officer, "dpo", case), at)
        groups = store.oversight.population_rates(access(officer, "dpo", case), at)
    table = Table("list or criterion", "hits", "confirmed", "negative", "false")
    for one in rates:
        false = "not known" if one.dismissed is None else f"{one.dismissed:.1%}"
        table.add_row(one.list_id, str(one.hits), str(one.confirmed), str(one.negative), false)
    out.print(table)
    table = Table("list or criterion", "by", "group", "confirmed", "negative", "false")
    for group in groups:
        false = "not known" if group.dismissed is None else f"{group.dismissed:.1%}"
        of = (group.list_id, group.dimension, group.group, str(group.confirmed), str(group.negative), false)
        table.add_row(*of)
    out.print(table)


@app.command()
def documentation(
    officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """The standing documentation of PNR art. 13(5) as JSON: organisation, access, periods, bases, requests.

    [bold]Example[/bold]: pnr dpo documentation --as dpo-1 --case supervisor-7
    """
    import msgspec

    at = clock(now)
    with open_desk(state, profile, at) as store:
        typer.echo(msgspec.json.encode(store.oversight.documentation(access(officer, "dpo", case), at)).decode())


@app.command()
def pack(
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that is not there yet.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """The pack of an audit (LOG-8): documentation, figures, false positives, rules, the log with key and checkpoint.

    [bold]Example[/bold]: pnr dpo pack --out audit-2026 --as dpo-1 --case supervisor-7
    """
    import shutil

    import msgspec

    from pnr_pipeline.stores.rule_files import rules_root

    at, who = clock(now), access(officer, "dpo", case)
    folder.mkdir(parents=True)
    with open_desk(state, profile, at) as store:
        store.must_export_inside(folder)
        told = {
            "documentation": store.oversight.documentation(who, at),
            "statistics": store.oversight.statistics(at.year, who, at),
            "false-positives": store.oversight.match_rates(who, at),
            "false-positives-by-group": store.oversight.population_rates(who, at),
            "inbox": store.inbox(at, done=True),
        }
        store.log.publish(at)
        (folder / "log.key").write_text(f"{store.log.tiles.key}\n", "utf-8")
        shutil.copytree(store.log.folder, folder / "log")
    for name, content in told.items():
        (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))
    shutil.copytree(rules_root(), folder / "rules")
    out.print(f"{folder}: check the log with pnr audit verify --log {folder / 'log'} --key (log.key)")
