"""Yearly statistics, from the entries of the log and nothing else: whoever holds it gets the same (PNR art. 20, STA-1).

Counts of acts, no personal data; a traveller is counted in each message that tells them. Sex is not in the log, so
nothing is split by it here.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec

SUPPRESSED = "fewer than {}"


class YearFigures(msgspec.Struct, frozen=True):
    """Figures by name, small ones as words; `entries` says of how many entries of the log."""

    year: int
    entries: int
    figures: dict[str, int | str]


class _Told(msgspec.Struct):
    at: datetime
    act: str
    purpose: str
    counts: dict[str, int]
    recipient: str


def statistics(entries: Iterable[bytes], year: int, smallest: int) -> YearFigures:
    """The figures of a calendar year (UTC). `smallest` is the least number that is told: see eu.pnr.small_cells."""
    counted: Counter[str] = Counter()
    number = 0
    for body in entries:
        told = msgspec.json.decode(body, type=_Told)
        if told.at.year != year:
            continue
        number += 1
        counted.update(dict(_figures(told)))
    words = SUPPRESSED.format(smallest)
    figures: dict[str, int | str] = {
        name: count if count >= smallest or not count else words for name, count in sorted(counted.items())
    }
    return YearFigures(year, number, figures)


def _figures(told: _Told) -> Iterable[tuple[str, int]]:
    counts = told.counts
    if told.act == "collection":
        yield "travellers told in messages", counts.get("travellers", 0)
        yield "elements dropped", counts.get("dropped", 0)
        yield "dead letters", sum(number for name, number in counts.items() if name.startswith("dead_letter."))
    elif told.act == "screening":
        yield "hits raised or changed", counts.get("hits", 0)
    elif told.act == "decision":
        for name, number in counts.items():
            if name.startswith(("reason.", "order.", "dpo.", "exclusion-")):
                yield f"decisions, {name}", number
    elif told.act == "disclosure":
        if "right.answered" in counts:
            yield "rights requests answered", 1
        elif "referral.entries" in counts:
            yield "referrals to the supervisory authority", 1
        else:
            yield "persons identified for further examination and sent", 1
            yield f"sent to {told.recipient}", 1
    elif told.act == "administration":
        for name in counts:
            if name.startswith("order.request."):
                yield f"orders asked for, {name.removeprefix('order.request.')}", 1
    elif told.act == "consultation":
        yield f"consultations, purpose {told.purpose}", 1
    elif told.act == "alteration":
        for name in ("promoted", "restricted"):
            if name in counts:
                yield name, counts[name]
