"""`pnr criteria`: rules over facts of a journey (PNR art. 6(3)(b)): check, test, back-test, approve, retire, list."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, ProfileName, PurposeOption, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, err, out
from pnr_pipeline.errors import RuleFault, UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.screening.criteria import Remark

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="Criteria, or folders of them; *.cases.yaml are left out.")
]
Approver = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who does it: the id, not the name.")]
_CASES = ".cases.yaml"


@app.callback()
def criteria() -> None:
    """Criteria set in advance, approved by another than their author, reviewed every twelve months at most (SCR-4).

    [bold]Example[/bold]: pnr criteria check rules/criteria/examples; pnr criteria test rules/criteria/examples;
    pnr criteria approve quick-return.yaml --as lead-2 --why "asked by the task force" --case 2026-31
    """


@app.command()
def facts(form: Form = "text") -> None:
    """The facts that a condition may ask for: there is nothing else, and nothing of who the traveller is.

    [bold]Example[/bold]: pnr criteria facts --format json
    """
    import msgspec
    from rich.table import Table

    from pnr_pipeline.screening.criteria import fact_model

    if form == "json":
        out.print_json(msgspec.json.encode(list(fact_model().values())).decode())
        return
    table = Table("fact", "type", "meaning", "source")
    for fact in fact_model().values():
        table.add_row(fact.name, fact.told_as, fact.words, fact.annex)
    out.print(table)


@app.command()
def check(files: Files, form: Form = "text") -> None:
    """What is wrong or doubtful about criteria: place, clause, why. Prohibited attributes are refused, proxies told.

    [bold]Example[/bold]: pnr criteria check rules/criteria/examples

    Exit codes: 0 none is refused (doubts are told), 1 one is.
    """
    import msgspec

    from pnr_pipeline.screening.criteria import check_criterion
    from pnr_pipeline.stores.rulebooks import load_attributes

    attributes, remarks, read = load_attributes(), list["Remark"](), 0
    for path in _criteria(files):
        remarks += check_criterion(path.read_text("utf-8"), str(path), attributes)[1]
        read += 1
    if form == "json":
        out.print_json(msgspec.json.encode(remarks).decode())
    else:
        for one in remarks:
            kind = "[red]refused[/red]" if one.severity == "E" else "[yellow]doubtful[/yellow]"
            out.print(f"{one.where} {kind} ({one.clause}) {_plain(one.what)}")
        refused = {one.where.split(":")[0] for one in remarks if one.severity == "E"}
        out.print(f"{read} criteria, {len(refused)} refused, {sum(one.severity == 'W' for one in remarks)} doubts.")
    if any(one.severity == "E" for one in remarks):
        raise typer.Exit(FINDINGS)


@app.command()
def test(files: Files) -> None:
    """Run the cases beside each criterion (NAME.cases.yaml): invented journeys that fire and that do not.

    [bold]Example[/bold]: pnr criteria test rules/criteria/examples

    Exit codes: 0 all come out as written, 1 one does not.
    """
    from pnr_pipeline.screening.criteria import Judge, digest_of, read_criterion, run_cases
    from pnr_pipeline.stores.rulebooks import load_attributes

    attributes, failed, ran = load_attributes(), 0, 0
    for path in _criteria(files):
        beside = path.with_name(path.stem + _CASES)
        if not beside.is_file():
            raise RuleFault(str(path), f"no cases beside it: write {beside.name}")
        text = path.read_text("utf-8")
        judge = Judge(read_criterion(text, str(path), attributes), digest_of(text))
        for result in run_cases(judge, beside.read_text("utf-8"), str(beside)):
            ran += 1
            if result.fault:
                failed += 1
                out.print(f"{result.where} [red]otherwise[/red] {_plain(result.name)}: {_plain(result.fault)}")
    out.print(f"{ran} cases, {failed} come out otherwise than written.")
    if failed:
        raise typer.Exit(FINDINGS)


@app.command("list")
def list_criteria(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """What is in force, by whose approval and until when, and what it did. Exit code 1 where something asks for a look.

    [bold]Example[/bold]: pnr criteria list --format json
    """
    import msgspec
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.criteria(at)
    if form == "json":
        out.print_json(msgspec.json.encode(lines).decode())
    else:
        table = Table(title=f"Criteria approved: {len(lines)}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for head in ("criterion", "state", "author, approver", "until", "review by", "30 days", "hits", "dismissed"):
            table.add_column(head, overflow="fold")
        for line in lines:
            table.add_row(
                f"{line.id} v{line.version}", line.state, f"{line.author}, {line.approver}", line.expires,
                line.review_by, f"{line.month} of {line.limit}{' !' if line.is_over else ''}",
                f"{line.hits} live, {line.shadow} shadow", f"{line.dismissed} of {line.reviewed}",
            )  # fmt: skip
        out.print(table)
        for line in lines:
            if line.because:
                err.print(f"[red]refused[/red] {line.id}: {_plain(line.because)}")
            elif line.is_over:
                err.print(f"[yellow]{line.id} fires more often than it should[/yellow]: review it, or retire it")
            elif line.review_by < at.date().isoformat():
                err.print(f"[yellow]{line.id}: its review was due by {line.review_by}[/yellow]")
    if any(line.because or line.is_over or line.review_by < at.date().isoformat() for line in lines):
        raise typer.Exit(FINDINGS)


@app.command()
def approve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The criterion.")],
    approver: Annotated[str, typer.Option("--as", metavar="PERSON", prompt="Who approves (id)",
                                          help="Who approves: the id, not the name; not the author.")],
    why: Annotated[str, typer.Option(prompt="Why", help="Why it is necessary and proportionate now.")],
    case: Case,
    purpose: PurposeOption = "c",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Put a criterion in force, or a new version of it: signed over its text with the approver's key, noted in the log.

    [bold]Example[/bold]: pnr criteria approve quick-return.yaml --as lead-2 --why "asked by the task force" --case 7-31
    """
    if not file.is_file():
        raise UsageFault(f"no file {file}")
    at = clock(now)
    with open_desk(state, profile, at) as store:
        done = store.approve_criterion(file.read_text("utf-8"), file.name, access(approver, purpose, case), why, at)
    one = done.criterion
    out.print(
        f"{one.id} version {one.version} approved by {approver}, {one.mode}, from {one.valid_from} to {one.expires}; "
        f"text {done.approval.digest[:12]}. Running pipelines take it up with their next message."
    )


@app.command()
def backtest(
    criterion: Annotated[str, typer.Argument(metavar="CRITERION", help="Id of an approved one, or a file to try.")],
    person: Approver,
    case: Case,
    purpose: PurposeOption = "c",
    svg: Annotated[Path | None, typer.Option(help="Write the rates by group as a drawing here.")] = None,
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """What a criterion would have done on stored records: hits, months, overlap, effect by nationality, sex and age.

    Facts come from the open parts of records alone; the groups are counted beside the judgement and never enter it.
    The log notes purpose c first. [bold]Example[/bold]: pnr criteria backtest quick-return.yaml --as lead-2 --case 7-31
    """
    import msgspec

    from pnr_pipeline.cli.criteria_backtest import print_backtest, write_svg

    at, file = clock(now), Path(criterion)
    text = file.read_text("utf-8") if file.suffix == ".yaml" and file.is_file() else ""
    with open_desk(state, profile, at) as store:
        result = store.backtest(criterion, text, access(person, purpose, case), at)
    if svg:
        write_svg(result, svg)
    if form == "json":
        out.print_json(msgspec.json.encode(result).decode())
    else:
        print_backtest(result)


@app.command()
def retire(
    criterion: Annotated[str, typer.Argument(metavar="CRITERION", help="Its id.")],
    person: Approver,
    case: Case,
    purpose: PurposeOption = "c",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Take a criterion out of force at once; its open hits end with it, decided ones stay.

    [bold]Example[/bold]: pnr criteria retire quick-return --as dpo-1 --case 2026-40
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        gone = store.retire_criterion(criterion, access(person, purpose, case), at)
    out.print(f"{gone.criterion} version {gone.version} is out of force.")


def _criteria(files: Iterable[Path]) -> list[Path]:
    """The files, and those in folders, without cases; UsageFault where there is none."""
    found: list[Path] = []
    for path in files:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        found += [one for one in inside if not one.name.endswith(_CASES) and one.name != "attributes.yaml"]
    missing = [path for path in found if not path.is_file()]
    if missing or not found:
        raise UsageFault(f"no criteria in {', '.join(map(str, missing or files))}")
    return found


def _plain(text: str) -> str:
    """Text in which a bracket is a bracket to the terminal."""
    from rich.markup import escape

    return escape(text)
