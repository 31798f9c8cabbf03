"""`pnr law`: the law as data, checked, explained, and joined with the tests that prove it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pnr_pipeline.cli.desk import Form, Now, ProfileName, State, clock, folder_of
from pnr_pipeline.cli.terminal import FINDINGS, err, out

if TYPE_CHECKING:
    from pnr_pipeline.cli.law_checking import Checked

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def law() -> None:
    """Rules of law as files: one question a file, dated values, the article, and cases that run.

    [bold]Example[/bold]: pnr law explain RET-3; pnr law check; pnr law matrix
    """


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Rule files or folders; all rules if none.")
    ] = None,
    form: Annotated[
        Literal["text", "json", "sarif"], typer.Option("--format", help="text, json, or sarif for tools.")
    ] = "text",
) -> None:
    """Check rule files: form, references, the cases beside each rule, the floor of profiles.

    Each fault is told as file:line:column, with its clause. A draft may lie anywhere; rules of the same id are replaced
    by it while it is checked. [bold]Example[/bold]: pnr law check my-profile.yaml

    Exit codes: 0 no fault (deviations of profiles are told), 1 faults, 2 wrong usage.
    """
    from pnr_pipeline.cli.law_checking import check_rules

    told = check_rules(files or [])
    _print_checked(told, form)
    if any(one.severity == "error" for one in told.faults):
        raise typer.Exit(FINDINGS)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(metavar="RULE|REQUIREMENT", help="eu.pnr.mask, or RET-2.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="What the law says on this day.")
    ] = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """What a rule or a requirement asks and answers, by which article, what narrows it, who asks it, what proves it.

    [bold]Example[/bold]: pnr law explain eu.pnr.mask --on 2020-01-01; pnr law explain RET-3 --profile rs
    """
    from pnr_pipeline.cli.law_explaining import explained

    for line in explained(what, (on or clock(now)).date(), profile):
        out.print(line, markup=False)


@app.command()
def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The deployment's own profile: national, confirmed.")],
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="The data-protection officer, by staff id.")],
    state: State = None,
) -> None:
    """Put a profile in force: its data-protection officer signs it, and any change of it voids the signature.

    The officer is whom the profile names under `dpo.person`, in the staff file (pnr staff add). Each deviation from
    the EU text is shown before. [bold]Example[/bold]: pnr law sign rs.yaml --as dpo-1
    """
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.profile_seal import sign_profile
    from pnr_pipeline.stores.rulebooks import load_profile
    from pnr_pipeline.stores.staff_file import StaffKeys, load_staff

    folder, profile = folder_of(state), load_profile(str(file))
    for requirement, told, basis in profile.told_deviations():
        out.print(f"deviates from the EU text ({requirement}): {told}; basis: {basis}", markup=False)
    keys = StaffKeys(load_staff(folder, profile), open_keystore(folder))
    signed = sign_profile(file, person, keys.private(person))
    out.print(
        f"{signed.id} signed by {person}; digest {signed.digest[:12]}. Use it: pnr run --profile {file}", markup=False
    )


@app.command()
def matrix(
    form: Form = "text",
    only: Annotated[
        Literal["open", "waiting", "closed"] | None, typer.Option(help="Only the requirements in this state.")
    ] = None,
) -> None:
    """Each requirement of the law, the rule files that hold it, the tests that prove it; what lacks either is open.

    Requirements that wait for a part that is not built are told with the reason. Exit code 1 where one that must hold
    before a release ([bold]gate[/bold]) is open. [bold]Example[/bold]: pnr law matrix --only open
    """
    import msgspec
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from pnr_pipeline.stores.rulebooks import load_matrix, load_requirements

    every = load_matrix()
    rows = [row for row in every if only is None or row.status == only]
    if form == "json":
        out.print_json(msgspec.json.encode(rows).decode())
    else:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for head in ("id", "state", "seen by", "rules", "tests", "what it asks"):
            table.add_column(head)
        colours = {"closed": "green", "waiting": "yellow", "open": "red"}
        told = load_requirements()
        for row in rows:
            lacks = f"lacks {' and '.join(row.lacks)}" if row.status == "open" else row.waiting
            state = f"[{colours[row.status]}]{row.status}[/]{f': {lacks}' if lacks else ''}"
            numbers = (str(len(row.rules)), str(len(row.tests)))
            table.add_row(row.id, state, ", ".join(row.verified), *numbers, told[row.id].says)
        out.print(table)
        for row in rows:
            if row.why:
                out.print(f"{row.id} waits for {row.waiting}: {row.why}", markup=False)
    count = {status: sum(row.status == status for row in every) for status in ("closed", "waiting", "open")}
    err.print(f"{len(every)} requirements: " + ", ".join(f"{number} {status}" for status, number in count.items()))
    if any(row.status == "open" and "gate" in row.verified for row in every):
        raise typer.Exit(FINDINGS)


def _print_checked(told: "Checked", form: str) -> None:
    import msgspec

    from pnr_pipeline.cli.law_checking_report import sarif_report

    if form == "text":
        for one in told.faults:
            place = f"{one.file}:{one.line}:{one.column}" if one.line else one.file
            clause = f" ({one.clause})" if one.clause else ""
            out.print(f"{place} {one.kind}: {one.what}{clause}", markup=False)
    else:
        report = sarif_report(told.faults) if form == "sarif" else told.faults
        typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    wrong = sum(one.severity == "error" for one in told.faults)
    sums = f"{told.files} files, {told.rules} rules of law, {told.cases} cases, {told.profiles} profiles"
    typer.echo(f"{sums}: {wrong} faults", err=form != "text")
