"""Traveller and list entry side by side in a terminal."""

from rich.table import Table
from rich.text import Text

from pnr_pipeline.records import Match
from pnr_pipeline.screening.side_by_side import Span, rows

_SIGN = {
    "same": "=",
    "transliteration": "≈",
    "close": "≈",
    "partial": "≈",
    "swapped": "⇄",
    "differs": "≠",
    "unknown": "?",
}


def side_by_side(match: Match) -> Table:
    """A table with one line a field: both values, what differs in brackets and underlined, a verdict in words."""
    table = Table(title=f"{match.list_id} {match.list_version} · entry {match.entry_id}", title_justify="left")
    for head in ("field", "traveller", "list entry", "", "verdict"):
        table.add_column(head, overflow="fold")
    table.add_column("weight", justify="right")
    for row in rows(match):
        table.add_row(
            row.field, _marked(row.traveller), _marked(row.entry), _SIGN[row.verdict], row.words, f"{row.weight:+.1f}"
        )
    alert, weak = match.thresholds
    table.caption = f"score {match.score:.2g}, {match.queue} queue (alert {alert:.2g}, weak {weak:.2g}), {match.engine}"
    return table


def _marked(spans: tuple[Span, ...]) -> Text:
    text = Text()
    for span in spans:
        text.append(f"[{span.text}]" if span.differs else span.text, "bold underline red" if span.differs else "")
    return text
