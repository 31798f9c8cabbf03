"""Findings as a person reads them: place, rule, the masked piece of the file with the fault underlined, what to do."""

import textwrap
from collections.abc import Iterable
from typing import Final

from rich.text import Text

from pnr_pipeline.cli.check_place import Placed
from pnr_pipeline.cli.check_quote import Quote
from pnr_pipeline.cli.terminal import out
from pnr_pipeline.intake import Rulebook

STYLES: Final = {"E": "bold red", "W": "bold yellow", "I": "bold cyan"}
_MARGIN: Final = "    | "
_WIDTH_MAX: Final = 100
_LIKE_THIS: Final = 3


def print_text(found: Iterable[Placed], rulebook: Rulebook) -> None:
    """Each kind of finding once a file, with how many more; why and how to mend under the first of each rule."""
    groups: dict[tuple[str, str, str], list[Placed]] = {}
    for placed in found:
        words = placed.finding.message.partition(": ")[0]
        groups.setdefault((placed.file, placed.finding.rule, words), []).append(placed)
    explained: set[str] = set()
    width = min(out.width, _WIDTH_MAX)
    for (_, rule_id, _), alike in groups.items():
        _print_finding(alike[0], width)
        if len(alike) > 1:
            out.print(Text(_wrapped("also", _more(alike[1:]), width), "dim"))
        if rule_id not in explained:
            explained.add(rule_id)
            rule = rulebook[rule_id]
            for name, text in (("why", rule.why), ("fix", rule.fix), ("per", rule.source)):
                out.print(_wrapped(name, text, width), markup=False)
        out.print()


def _print_finding(placed: Placed, width: int) -> None:
    finding = placed.finding
    byte = f"byte {finding.offset}" if finding.offset >= 0 else ""
    where = ", ".join(filter(None, (byte, f"traveller {finding.traveller}" if finding.traveller else "")))
    style = STYLES[finding.severity]
    out.print(
        Text.assemble(
            (f"{placed.place}: ", "bold"), (f"{finding.severity} {finding.rule}", style), f" {finding.message}",
            (f" ({where})" if where else "", "dim"),
        )
    )  # fmt: skip
    if placed.quote:
        text, start, length = window(placed.quote, width - len(_MARGIN))
        out.print(Text(f"{_MARGIN}{text}"))
        out.print(Text.assemble(_MARGIN, " " * start, ("^" * length, style)))


def window(quote: Quote, width: int) -> tuple[str, int, int]:
    """What of the quote fits into `width` characters, the fault in it; `…` stands for what was left out."""
    text, start, length = quote.text, quote.start, min(quote.length, width - 2)
    if len(text) > width:
        first = max(0, min(start + length // 2 - width // 2, len(text) - width))
        first = min(first, start - 1) if start else 0
        text = text[first : first + width]
        if first:
            text = "…" + text[1:]
        if first + width < len(quote.text):
            text = text[:-1] + "…"
        start -= first
        length = min(length, width - start)
    return text, start, length


def _more(others: list[Placed]) -> str:
    """`… and 41 more like this, first at travellers 3, 7, 12`."""
    travellers = list(dict.fromkeys(str(one.finding.traveller) for one in others if one.finding.traveller))
    places = travellers or list(dict.fromkeys(f"{one.line}:{one.column}" for one in others if one.line))
    told = ", ".join(places[:_LIKE_THIS])
    kind = ("traveller" if travellers else "line") + ("s" if len(places) > 1 else "")
    first = "first at" if len(places) > _LIKE_THIS else "at"
    return f"… and {len(others)} more like this" + (f", {first} {kind} {told}" if told else "")


def _wrapped(name: str, text: str, width: int) -> str:
    """`    why: …`, its further lines below the first."""
    lead = f"    {name}: "
    return textwrap.fill(text, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False)
