"""Traveller and list entry side by side in a terminal."""

import math

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from pnr_pipeline.records import Match
from pnr_pipeline.screening.side_by_side import CONDITIONS, Span, rows

_SIGN = {
    "same": "=",
    "transliteration": "≈",
    "close": "≈",
    "partial": "≈",
    "swapped": "⇄",
    "differs": "≠",
    "unknown": "?",
}
_WIDTHS = (13, 26)
"""Fewest and most columns of a value; a longer one goes on below, so that marks stay under their characters."""
_VERDICT, _WEIGHT = 14, 12
"""Fewest columns of the words beside them."""
_REST = 24
"""Columns of field, sign and the space between."""


def side_by_side(match: Match, columns: int = 120) -> Table:
    """A line a field: both values with `^` under what differs, a verdict in words, and what it weighs in words.

    `columns` is the width of the terminal; at 80 everything is told, in more lines.
    """
    if any(term.field in CONDITIONS for term in match.evidence):
        return conditions(match)
    table = Table(
        title=f"{match.list_id} {match.list_version} · entry {match.entry_id}", title_justify="left",
        caption=in_force(match), caption_justify="left", box=SIMPLE_HEAD, pad_edge=False,
        collapse_padding=True,
    )  # fmt: skip
    for head in ("field", "traveller", "list entry"):
        table.add_column(head, no_wrap=True)
    table.add_column("")
    for head, fewest in (("verdict", _VERDICT), ("weight", _WEIGHT)):
        table.add_column(head, min_width=fewest)
    width = min(max((columns - _REST - _VERDICT - _WEIGHT) // 2, _WIDTHS[0]), _WIDTHS[1])
    for row in rows(match):
        weight = f"{row.weight:+.1f}: {row.odds}" if row.weight else row.odds
        verdict = row.words.removeprefix(f"{row.field}: ")
        table.add_row(
            row.field, _marked(row.traveller, width), _marked(row.entry, width), _SIGN[row.verdict], verdict, weight
        )
    return table


def conditions(match: Match) -> Table:
    """A criterion's hit: every condition in words, whether it holds, and the facts that it looked at."""
    table = Table(
        title=f"{match.entry_name} ({match.list_id} {match.entry_id}, text {match.list_version})", title_justify="left",
        caption=f"conditions that must hold, as a share {match.thresholds[0]:.2g}, that hold {match.score:.2g}; "
        f"{match.engine}. A criterion names no person: you decide.",
        caption_justify="left", box=SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    for head in ("", "condition", "facts", "asked"):
        table.add_column(head, overflow="fold")
    for term in match.evidence:
        table.add_row(f"{_SIGN[term.verdict]} {term.field}", term.words, term.traveller, Text(term.entry))
    return table


def parts_of_name(match: Match) -> Table | None:
    """How each part of the name was aligned; None for a match without names."""
    pairs = [pair for term in match.evidence for pair in term.pairs]
    if not pairs:
        return None
    known_as = f" ({match.name_kind} of {match.entry_name})" if match.name_kind not in ("", "primary") else ""
    table = Table(
        "traveller", "list entry", "aligned as",
        title=f"Parts of the name, beside {match.compared_name or match.entry_name}{known_as}",
        title_justify="left", box=SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    for pair in pairs:
        table.add_row(Text(pair.traveller or "–"), Text(pair.entry or "–"), pair.how)
    return table


def in_force(match: Match) -> str:
    """The score, and all that was in force when it was told: enough to replay it (RGT-5)."""
    alert, weak = match.thresholds
    before = f"one in {float(f'{1 + math.exp(-match.prior):.2g}'):,.0f} before any evidence, " if match.prior else ""
    versions = ", ".join(
        told for told in (match.engine, match.rules and f"rules {match.rules}", match.index and f"lists {match.index}")
        if told
    )  # fmt: skip
    queue = f"{match.queue} queue (alert {alert:.2g}, weak {weak:.2g})"
    return f"{before}score {match.score:.4g} after it; {queue}; {versions}"


def _marked(spans: tuple[Span, ...], width: int) -> Text:
    """The value in lines of `width`, below each that has a difference a line of marks."""
    lines: list[list[tuple[str, bool]]] = [[]]
    used = 0
    for letter, differs in ((letter, span.differs) for span in spans for letter in span.text):
        if used + cell_len(letter) > width:
            lines.append([])
            used = 0
        lines[-1].append((letter, differs))
        used += cell_len(letter)
    text = Text()
    for number, line in enumerate(lines):
        text.append("\n" if number else "")
        for letter, differs in line:
            text.append(letter, "bold underline red" if differs else "")
        marks = "".join(("^" if differs else " ") * cell_len(letter) for letter, differs in line).rstrip()
        if marks:
            text.append(f"\n{marks}", "red")
    return text
