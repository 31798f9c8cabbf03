"""`pnr dpo`: the data-protection officer's tools at the terminal."""

from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, out

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def dpo() -> None:
    """What the data-protection officer is told, reads, marks and reports (PNR art. 5, 6(7), 12(3), 13).

    [bold]Example[/bold]: pnr dpo inbox; pnr dpo review ITEM --lawful --as dpo-1 --case review-2026-11
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
    import msgspec
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        items = store.inbox(at, done=done)
    if form == "json":
        for item in items:
            typer.echo(msgspec.json.encode(item).decode())
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
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Say after the event whether an order, a release or an urgent case was lawful; written into the log.

    [bold]Example[/bold]: pnr dpo review 3f9a --lawful --as dpo-1 --case review-2026-11
    """
    from pnr_pipeline.errors import UsageFault

    at, outcome = clock(now), "lawful" if lawful else "unlawful"
    with open_desk(state, profile, at) as store:
        found = [one.item_id for one in store.inbox(at) if one.item_id.startswith(item)]
        if len(found) != 1:
            raise UsageFault(f"{len(found) or 'no'} items begin like this: pnr dpo inbox")
        store.settle_item(found[0], outcome, access(officer, "dpo", case), at)
        store.log.publish(at)
    out.print(f"{found[0][:8]}: {outcome}")
