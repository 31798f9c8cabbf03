"""What a criterion would have done: hits, months, overlap, and its effect by nationality, sex and age, with intervals.

Counts alone. Groups of fewer persons than a cell may tell (eu.pnr.small_cells), or of that few hits, are told as one
group, with the next larger where that is small too (STA-2). Intervals are Wilson's, at 95 %.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from pnr_pipeline.screening.criteria.judging import Judgement

NOT_KNOWN = "not known"
_Z = 1.959964
_AGE_BANDS = ((18, "under 18"), (30, "18-29"), (45, "30-44"), (60, "45-59"))


class Tried(msgspec.Struct, frozen=True):
    """One record judged: its month (`2026-11`), whether it fires or was held back, what else it hit, and three groups.

    `others` are ids of lists and criteria that also match the record. The groups stand beside the judgement and never
    entered it; '' where not known.
    """

    month: str
    fires: bool
    held_back: bool
    others: tuple[str, ...] = ()
    nationality: str = ""
    sex: str = ""
    age: str = ""


class Cell(msgspec.Struct, frozen=True):
    """One group: persons judged, hits, the rate with its interval.

    `differs` where that interval lies apart from the one of all others together.
    """

    group: str
    judged: int
    hits: int
    rate: float
    low: float
    high: float
    differs: bool


class BackTest(msgspec.Struct, frozen=True):
    """The result of a back-test. `untold` counts by condition the records on which it was not decided.

    `overlap` counts hits that another list or criterion has too. `reviewed` and `dismissed` are decisions on its real
    hits so far. `effect` is by `nationality`, `sex` and `age`.
    """

    criterion: str
    version: int
    digest: str
    judged: int
    hits: int
    held_back: int
    months: dict[str, int]
    overlap: dict[str, int]
    reviewed: int
    dismissed: int
    untold: dict[str, int]
    effect: dict[str, tuple[Cell, ...]]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score; (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def age_band(born: str | None, on: date) -> str:
    """The band of ages on a day; '' where the year of birth is not known."""
    year = (born or "")[:4]
    if not year.isdecimal():
        return ""
    month_day = (born or "")[5:] or "12-31"
    age = on.year - int(year) - (on.strftime("%m-%d") < month_day)
    return next((band for limit, band in _AGE_BANDS if age < limit), "60 and over")


def tally(
    head: tuple[str, int, str],
    tried: Iterable[Tried],
    untold: Mapping[str, int],
    reviewed: int,
    dismissed: int,
    smallest: int,
) -> BackTest:
    """The back-test of a criterion (id, version, digest) over these records; no group under `smallest` is told."""
    months: Counter[str] = Counter()
    overlap: Counter[str] = Counter()
    groups: dict[str, Counter[tuple[str, bool]]] = {field: Counter() for field in ("nationality", "sex", "age")}
    judged = hits = held_back = 0
    for one in tried:
        judged += 1
        hits += one.fires
        held_back += one.held_back
        months[one.month] += one.fires
        if one.fires:
            overlap.update(one.others)
        for field, counts in groups.items():
            counts[getattr(one, field) or NOT_KNOWN, one.fires] += 1
    return BackTest(
        *head,
        judged=judged,
        hits=hits,
        held_back=held_back,
        months=dict(sorted(months.items())),
        overlap=dict(overlap.most_common()),
        reviewed=reviewed,
        dismissed=dismissed,
        untold=dict(untold),
        effect={field: _cells(counts, smallest) for field, counts in groups.items()},
    )


def undecided(judgements: Iterable[Judgement]) -> Counter[str]:
    """How often each condition could not be decided for want of a fact, by its id."""
    return Counter(
        held.condition.id
        for judgement in judgements
        for held in (*judgement.incriminating, *judgement.exonerating)
        if held.holds is None
    )


def _cells(counts: Counter[tuple[str, bool]], smallest: int) -> tuple[Cell, ...]:
    """The groups, largest first; small ones as one, then those whose value is not known."""
    groups = {group: (counts[group, True] + counts[group, False], counts[group, True]) for group, _ in counts}
    known = sorted(groups.keys() - {NOT_KNOWN}, key=lambda group: (-groups[group][0], group))
    together = [group for group in known if _is_small(*groups[group], smallest)]
    shown = [group for group in known if group not in together]
    while together and shown and _is_small(*_sum(groups[group] for group in together), smallest):
        together.append(shown.pop())
    judged, hits = _sum(groups.values())
    named = [(group, groups[group]) for group in shown]
    if together:
        named.append((f"{len(together)} small groups together", _sum(groups[group] for group in together)))
    if NOT_KNOWN in groups:
        named.append((NOT_KNOWN, groups[NOT_KNOWN]))
    return tuple(_cell(group, *of, judged - of[0], hits - of[1]) for group, of in named)


def _is_small(judged: int, hits: int, smallest: int) -> bool:
    return judged < smallest or 0 < hits < smallest


def _sum(of: Iterable[tuple[int, int]]) -> tuple[int, int]:
    judged = hits = 0
    for one, fired in of:
        judged, hits = judged + one, hits + fired
    return judged, hits


def _cell(group: str, judged: int, hits: int, other_judged: int, other_hits: int) -> Cell:
    low, high = wilson(hits, judged)
    their_low, their_high = wilson(other_hits, other_judged)
    return Cell(group, judged, hits, hits / judged, low, high, low > their_high or high < their_low)
