"""`pnr check`: the carrier's validator."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
import typer

from pnr_pipeline.cli.charset_option import CharsetOption
from pnr_pipeline.cli.desk import clock
from pnr_pipeline.cli.terminal import FINDINGS, progress
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake import Rulebook

if TYPE_CHECKING:
    from pnr_pipeline.cli.check_place import Placed

app = typer.Typer(no_args_is_help=True)

_SEVERITIES: Final = {"E": "error", "W": "warning", "I": "note"}
_EVERY_RULE: Final = "ALL"


@app.command()
def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Message files, folders of them, or - for standard input.")
    ] = None,
    form: Annotated[
        Literal["text", "json", "sarif"], typer.Option("--format", help="text, json, or sarif for tools.")
    ] = "text",
    answer: Annotated[
        Literal["receipt", "accept", "quality"] | None,
        typer.Option(
            help="Print what the carrier is told instead (received; accepted or rejected; how good), and end."
        ),
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="One line a file: kind, travellers, bookings, findings (text or json).")
    ] = False,
    explain: Annotated[
        str | None, typer.Option(metavar="RULE", help="Explain one rule, such as DOC-04, or list all, and end.")
    ] = None,
    received: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", help="Judge dates as of this day (UTC) instead of now: the day of receipt."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="Profile of the receiving State: flights must touch its countries."),
    ] = None,
    template: Annotated[
        Literal["csv"] | None, typer.Option(help="Print a table to fill in, with one invented row, and end.")
    ] = None,
    charset: CharsetOption = "utf-8",
) -> None:
    """Check messages against the rules: the place, the rule, why it matters, how to mend it.

    Values of travellers are never shown: letters stand as A, digits as 9. Exit code 0 where all is well or there are
    only notes (I), 1 where there are errors (E) or warnings (W), 2 for wrong usage.

    [bold]pnr check list.edi[/bold]

    [bold]pnr check --format sarif outbox/ > findings.sarif[/bold]

    [bold]pnr check --summary inbox/[/bold]

    [bold]pnr check --received 2026-01-10 old.edi[/bold]

    [bold]pnr check --explain DOC-04[/bold]

    [bold]pnr check --template csv > flight.csv[/bold]
    """
    if template is not None:
        _print_template(clock(received))
        return
    from pnr_pipeline.cli.check_place import CheckedFile
    from pnr_pipeline.cli.message_files import message_files, read_messages
    from pnr_pipeline.stores.rulebooks import load_profile, load_rulebook

    rulebook = load_rulebook(load_profile(profile) if profile else None)
    if explain is not None:
        _explain(explain.upper(), rulebook)
        return
    if not files:
        raise UsageFault("nothing to check: give message files, folders of them, or - for standard input")
    named = message_files(files)
    at = clock(received)
    if answer is not None:
        from pnr_pipeline.cli.answers import print_answers

        print_answers(answer, read_messages(named, rulebook, charset, at), rulebook, at)
        return
    read = read_messages(progress(named, "Checking", len(named)), rulebook, charset, at)
    if summary:
        from pnr_pipeline.cli.check_table import print_summary

        print_summary(form, read)
        return
    found: list[Placed] = []
    travellers = 0
    for name, body, messages in read:
        file = CheckedFile(name, body, rulebook.intake.directory)
        placed: list[Placed] = []
        for message in messages:
            travellers += len(message.travellers)
            placed += map(file.place, message.findings)
        found += sorted(placed, key=lambda one: one.finding.offset)
    _print_report(form, found, rulebook)
    count = {severity: sum(placed.finding.severity == severity for placed in found) for severity in _SEVERITIES}
    told = ", ".join(_number(count[severity], name) for severity, name in _SEVERITIES.items())
    typer.echo(f"{_number(len(named), 'file')}, {_number(travellers, 'traveller')}: {told}", err=form != "text")
    if count["E"] or count["W"]:
        raise typer.Exit(FINDINGS)


def _number(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _print_report(form: str, found: "list[Placed]", rulebook: Rulebook) -> None:
    if form == "text":
        from pnr_pipeline.cli.check_text import print_text

        print_text(found, rulebook)
        return
    from pnr_pipeline.cli.check_report import json_report, sarif_report

    report = json_report(found, rulebook) if form == "json" else sarif_report(found, rulebook)
    typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())


def _print_template(at: datetime) -> None:
    """The table to standard output, so that it can be kept as a file; what its columns hold to standard error.

    Its flight departs tomorrow, so that it is sound as it is printed.
    """
    from pnr_pipeline.intake.csv_columns import column_help, template

    typer.echo(template((at + timedelta(days=1)).date().isoformat()), nl=False)
    for line in column_help():
        typer.echo(line, err=True)


def _explain(rule_id: str, rulebook: Rulebook) -> None:
    if rule_id == _EVERY_RULE:
        for rule in sorted(rulebook, key=lambda one: one.id):
            typer.echo(f"{rule.id} ({rule.severity}) {rule.what}")
        return
    if rule_id not in rulebook:
        raise UsageFault(f"no rule {rule_id}: `pnr check --explain all` lists them")
    rule = rulebook[rule_id]
    typer.echo(f"{rule.id} ({rule.severity}) {rule.what}")
    for case in rule.cases.values():
        typer.echo(f"    or ({case.severity}) {case.what}")
    typer.echo(f"why:     {rule.why}\nfix:     {rule.fix}\nexample: {rule.example}")
    if rule.wrong:
        typer.echo(f"wrong:   {rule.wrong}")
    typer.echo(f"source:  {rule.source}")
