"""`pnr check --summary`: one line a file, what is in it and how much is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec
import typer

from pnr_pipeline.cli.terminal import FINDINGS
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records import Message

_HEADINGS: Final = ("file", "kind", "messages", "travellers", "bookings", "errors", "warnings", "notes", "error rules")
_NUMBERS: Final = range(2, 8)


class FileSummary(msgspec.Struct, frozen=True):
    """What one file holds. `kinds` are the kinds of its messages, `error_rules` the rules of its errors, sorted.

    `complete` is False where a message is cut, or a part of a set that is not all there.
    """

    file: str
    kinds: tuple[str, ...]
    messages: int
    complete: bool
    travellers: int
    bookings: int
    errors: int
    warnings: int
    notes: int
    error_rules: tuple[str, ...]


def summary(name: str, messages: Iterable[Message]) -> FileSummary:
    """The line of one file."""
    messages = list(messages)
    findings = [finding for message in messages for finding in message.findings]
    count = Counter(finding.severity for finding in findings)
    return FileSummary(
        file=name,
        kinds=tuple(sorted({message.kind for message in messages})),
        messages=len(messages),
        complete=all(message.complete for message in messages),
        travellers=sum(len(message.travellers) for message in messages),
        bookings=sum(len(message.bookings) for message in messages),
        errors=count["E"],
        warnings=count["W"],
        notes=count["I"],
        error_rules=tuple(sorted({finding.rule for finding in findings if finding.severity == "E"})),
    )


def print_summary(form: Literal["text", "json", "sarif"], read: Iterable[tuple[str, bytes, list[Message]]]) -> None:
    """The table to standard output, as aligned text or as JSON; exit code as that of the check itself.

    Raises UsageFault for SARIF.
    """
    if form == "sarif":
        raise UsageFault("a summary is text or json: SARIF tells each finding")
    told = [summary(name, messages) for name, _, messages in read]
    if form == "json":
        typer.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        for line in aligned([_HEADINGS, *map(_cells, told), _total(told)]):
            typer.echo(line)
    if any(one.errors or one.warnings for one in told):
        raise typer.Exit(FINDINGS)


def aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows as lines of text with a rule below the headings: numbers to the right, words to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for at, row in enumerate(rows):
        cells = (
            cell.rjust(width) if place in _NUMBERS else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
        if at == 0:
            yield "  ".join("-" * width for width in widths)


def _cells(one: FileSummary) -> tuple[str, ...]:
    kind = "+".join(one.kinds) + ("" if one.complete else " incomplete")
    numbers = (one.messages, one.travellers, one.bookings, one.errors, one.warnings, one.notes)
    return (one.file, kind, *map(str, numbers), " ".join(one.error_rules) or "-")


def _total(told: list[FileSummary]) -> tuple[str, ...]:
    columns = zip(
        *((one.messages, one.travellers, one.bookings, one.errors, one.warnings, one.notes) for one in told),
        strict=True,
    )
    sums = [str(sum(column)) for column in columns] or ["0"] * len(_NUMBERS)
    return (f"{len(told)} files", "", *sums, "")
