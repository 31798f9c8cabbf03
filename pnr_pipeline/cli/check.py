"""`pnr check`: the carrier's validator."""

from bisect import bisect_right
from typing import Annotated, Any, Literal

import msgspec
import typer

from pnr_pipeline.cli.charset_option import CharsetOption
from pnr_pipeline.cli.terminal import FINDINGS, err, progress
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake import Rulebook
from pnr_pipeline.records import Finding

app = typer.Typer(no_args_is_help=True)

_LEVELS = {"E": "error", "W": "warning", "I": "note"}


class Placed(msgspec.Struct, frozen=True):
    """A finding with the file, line and column (1-based; 0 where it has no place) it points at."""

    file: str
    line: int
    column: int
    finding: Finding

    @property
    def place(self) -> str:
        """`list.edi:3:17`."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


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
    explain: Annotated[str | None, typer.Option(help="Explain one rule, such as DOC-04, and end.")] = None,
    template: Annotated[
        Literal["csv"] | None, typer.Option(help="Print a table to fill in, with one invented row, and end.")
    ] = None,
    charset: CharsetOption = "utf-8",
) -> None:
    """Check messages against the rules: the place, the rule, why it matters, how to mend it.

    Values of travellers are never shown. Exit code 1 where there are errors (E) or warnings (W); notes (I) count not.

    [bold]pnr check list.edi[/bold]

    [bold]pnr check --format sarif outbox/ > findings.sarif[/bold]

    [bold]pnr check --summary inbox/[/bold]

    [bold]pnr check --explain DOC-04[/bold]

    [bold]pnr check --template csv > flight.csv[/bold]
    """
    if template is not None:
        _print_template()
        return
    from pnr_pipeline.cli.message_files import message_files, read_messages
    from pnr_pipeline.stores.rulebooks import load_rulebook

    rulebook = load_rulebook()
    if explain is not None:
        _explain(explain.upper(), rulebook)
        return
    if not files:
        raise UsageFault("nothing to check: give message files, folders of them, or - for standard input")
    named = message_files(files)
    if answer is not None:
        from pnr_pipeline.cli.answers import print_answers

        print_answers(answer, read_messages(named, rulebook, charset), rulebook)
        return
    if summary:
        from pnr_pipeline.cli.check_table import print_summary

        print_summary(form, read_messages(progress(named, "Checking", len(named)), rulebook, charset))
        return
    found: list[Placed] = []
    for name, body, messages in read_messages(progress(named, "Checking", len(named)), rulebook, charset):
        ends = [index for index, byte in enumerate(body) if byte == 0x0A] if b"\n" in body else []
        for message in messages:
            found += [_placed(name, ends, finding) for finding in message.findings]
    if form == "text":
        _print_text(found, rulebook)
    else:
        report = [_json(placed, rulebook) for placed in found] if form == "json" else _sarif(found, rulebook)
        typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    count = {severity: sum(placed.finding.severity == severity for placed in found) for severity in _LEVELS}
    err.print(f"{len(named)} files: {count['E']} errors, {count['W']} warnings, {count['I']} notes")
    if count["E"] or count["W"]:
        raise typer.Exit(FINDINGS)


def _print_template() -> None:
    """The table to standard output, so that it can be kept as a file; what its columns hold to standard error."""
    from pnr_pipeline.intake.csv_columns import column_help, template

    typer.echo(template(), nl=False)
    for line in column_help():
        typer.echo(line, err=True)


def _placed(name: str, ends: list[int], finding: Finding) -> Placed:
    if finding.offset < 0:
        return Placed(name, 0, 0, finding)
    before = bisect_right(ends, finding.offset - 1)
    start = ends[before - 1] + 1 if before else 0
    return Placed(name, before + 1, finding.offset - start + 1, finding)


def _print_text(found: list[Placed], rulebook: Rulebook) -> None:
    """One line a finding; why and how to mend only under the first of each rule."""
    explained: set[str] = set()
    for placed in found:
        finding = placed.finding
        where = " ".join(
            part
            for part in (
                finding.segment,
                f"at byte {finding.offset}" if finding.offset >= 0 else "",
                f"traveller {finding.traveller}" if finding.traveller else "",
            )
            if part
        )
        typer.echo(
            f"{placed.place}: {finding.severity} {finding.rule} {finding.message}{f' ({where})' if where else ''}"
        )
        if finding.rule not in explained:
            explained.add(finding.rule)
            rule = rulebook[finding.rule]
            typer.echo(f"    why: {rule.why}\n    fix: {rule.fix}  [{rule.source}]")


def _json(placed: Placed, rulebook: Rulebook) -> dict[str, Any]:
    finding = placed.finding
    rule = rulebook[finding.rule]
    return {
        "file": placed.file,
        "line": placed.line,
        "column": placed.column,
        "offset": finding.offset,
        "segment": finding.segment,
        "traveller": finding.traveller,
        "rule": finding.rule,
        "severity": finding.severity,
        "what": finding.message,
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "example": rule.example,
    }


def _sarif(found: list[Placed], rulebook: Rulebook) -> dict[str, Any]:
    """The findings as SARIF 2.1.0, with the rules they break."""
    broken = [rule for rule in rulebook if any(placed.finding.rule == rule.id for placed in found)]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pnr check",
                        "rules": [
                            {
                                "id": rule.id,
                                "shortDescription": {"text": rule.what},
                                "fullDescription": {"text": f"{rule.why} Source: {rule.source}."},
                                "help": {"text": f"{rule.fix} Example: {rule.example}"},
                                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
                            }
                            for rule in broken
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(placed) for placed in found],
            }
        ],
    }


def _result(placed: Placed) -> dict[str, Any]:
    finding = placed.finding
    place: dict[str, Any] = {"artifactLocation": {"uri": placed.file.replace("\\", "/")}}
    if placed.line:
        place["region"] = {"startLine": placed.line, "startColumn": placed.column, "byteOffset": finding.offset}
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    }


def _explain(rule_id: str, rulebook: Rulebook) -> None:
    if rule_id not in rulebook:
        raise UsageFault(f"no rule {rule_id}: there are {', '.join(sorted(rule.id for rule in rulebook))}")
    rule = rulebook[rule_id]
    typer.echo(f"{rule.id} ({rule.severity}) {rule.what}")
    for case in rule.cases.values():
        typer.echo(f"    or ({case.severity}) {case.what}")
    typer.echo(f"why:     {rule.why}\nfix:     {rule.fix}\nexample: {rule.example}\nsource:  {rule.source}")
