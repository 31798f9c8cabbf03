"""Yearly statistics, from the entries of the log and nothing else: whoever holds it gets the same (PNR art. 20, STA-1).

Counts of acts, no personal data; a traveller is counted in each message that tells them. Sex and other groups stand in
the log as counts that were large enough when they were written (docs/statistics.md), so part of each total is in none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from pnr_pipeline.audit.disclosure_control import held_back, told

WOMEN, MEN = "sex.f", "sex.m"
"""Counts in the entry of a collection: of its travellers, where no small group can be computed from them."""
POPULATION = "population."
"""Counts of decisions by group: `population.<outcome>.<dimension>.<group>`, or `population.<outcome>.all`."""

_SENT = "persons identified for further examination and sent"
_TRAVELLERS = "travellers told in messages"
_EXCHANGED = "persons whose data were exchanged abroad"
_PARTED = {"sent to ": _SENT, f"{_TRAVELLERS}: ": _TRAVELLERS, f"{_EXCHANGED}: ": _EXCHANGED}
"""Figures that are parts of another one, by how they begin."""


class YearFigures(msgspec.Struct, frozen=True):
    """Figures by name, those held back as words; `entries` says of how many entries of the log."""

    year: int
    entries: int
    figures: dict[str, int | str]


class PopulationRate(msgspec.Struct, frozen=True):
    """What people found of the hits of a list or criterion in one group; `dismissed` is the share of no hits.

    `dimension` is sex, age or script (of the list's name); numbers are words where they are not told.
    """

    list_id: str
    dimension: str
    group: str
    confirmed: int | str
    negative: int | str
    dismissed: float | None


class _Told(msgspec.Struct):
    at: datetime
    act: str
    purpose: str
    counts: dict[str, int]
    recipient: str
    case: str
    references: tuple[str, ...]


def statistics(entries: Iterable[bytes], year: int, smallest: int) -> YearFigures:
    """The figures of a calendar year (UTC). `smallest` is the least number that is told: see eu.pnr.small_cells.

    Where figures are parts of a sum that can be known, further ones are held back, so that none can be computed.
    """
    counted: Counter[str] = Counter()
    number = 0
    for one in _decoded(entries):
        if one.at.year == year:
            number += 1
            counted.update(dict(_figures(one)))
        for name, count in _of_populations(one):
            if _year_of(one) == year and name.split(".")[1:] in (["sex", "f"], ["sex", "m"]):
                outcome, _, sex = name.split(".")
                counted[f"decided {outcome}: {'women' if sex == 'f' else 'men'}"] += count
    return YearFigures(year, number, _suppressed(counted, smallest))


def population_rates(entries: Iterable[bytes], smallest: int) -> list[PopulationRate]:
    """Confirmed and negative decisions by list and group (SCR-6), over all years that the log holds."""
    counted: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for one in _decoded(entries):
        for name, count in _of_populations(one):
            outcome, dimension, group = (*name.split("."), "all")[:3]
            counted[one.references[0].removeprefix("list:"), dimension, group][outcome] += count
    rates = []
    for (list_id, dimension, group), of in sorted(counted.items()):
        cells = told({outcome: of[outcome] for outcome in ("confirmed", "negative")}, smallest)
        yes, no = cells["confirmed"], cells["negative"]
        known = isinstance(yes, int) and isinstance(no, int) and yes + no
        rates.append(PopulationRate(list_id, dimension, group, yes, no, of["negative"] / known if known else None))
    return rates


def sexes_told(sexes: Iterable[str | None], smallest: int) -> dict[str, int]:
    """What the log may tell of the sexes of one message: women and men, or neither where a small group would show."""
    cells = Counter({"F": WOMEN, "M": MEN}.get(sex or "", "other") for sex in sexes)
    held = held_back(cells, smallest)
    return {name: cells[name] for name in (WOMEN, MEN) if cells[name] and name not in held}


def _decoded(entries: Iterable[bytes]) -> Iterator[_Told]:
    decoder = msgspec.json.Decoder(_Told)
    for body in entries:
        yield decoder.decode(body)


def _of_populations(one: _Told) -> Iterator[tuple[str, int]]:
    for name, count in one.counts.items():
        if name.startswith(POPULATION):
            yield name.removeprefix(POPULATION), count


def _year_of(one: _Told) -> int:
    """The year that counts of decisions are of: they are written down after it, with it in the case."""
    return int(one.case.partition(":")[2][:4])


def _suppressed(counted: Mapping[str, int], smallest: int) -> dict[str, int | str]:
    families: dict[str, dict[str, int]] = defaultdict(dict)
    for name, count in counted.items():
        families[_family(name)][name] = count
    figures: dict[str, int | str] = {}
    for family, cells in families.items():
        total = counted[_PARTED[family]] if family in _PARTED else 0
        # what of the total is in no part is a part too, and known to whoever knows the others
        rest = {"": total - sum(cells.values())} if total > sum(cells.values()) else {}
        figures |= {name: figure for name, figure in told(cells | rest, smallest).items() if name}
    return dict(sorted(figures.items()))


def _family(name: str) -> str:
    """Figures whose sum can be known belong together: those that begin alike."""
    parted = next((begun for begun in _PARTED if name.startswith(begun)), "")
    return parted or name.partition("." if name.startswith("decisions,") else "," if "," in name else ":")[0]


def _figures(one: _Told) -> Iterable[tuple[str, int]]:
    counts = one.counts
    if one.act == "collection":
        yield _TRAVELLERS, counts.get("travellers", 0)
        yield f"{_TRAVELLERS}: women", counts.get(WOMEN, 0)
        yield f"{_TRAVELLERS}: men", counts.get(MEN, 0)
        yield "elements dropped", counts.get("dropped", 0)
        yield from _exchanged(counts)
        yield "dead letters", sum(number for name, number in counts.items() if name.startswith("dead_letter."))
    elif one.act == "screening":
        yield "hits raised or changed", counts.get("hits", 0)
    elif one.act == "decision":
        for name, number in counts.items():
            if name.startswith(("reason.", "order.", "dpo.", "exclusion-")):
                yield f"decisions, {name}", number
    elif one.act == "disclosure":
        if exchanged := list(_exchanged(counts)):
            yield from exchanged
        elif "right.answered" in counts:
            yield "rights requests answered", 1
        elif "referral.entries" in counts:
            yield "referrals to the supervisory authority", 1
        elif "right.notice" in counts:
            yield "notices of changes sent", 1
        elif "case.records" in counts:
            yield "records disclosed in a case", counts["case.records"]
        else:
            yield _SENT, 1
            yield f"sent to {one.recipient}", 1
    elif one.act == "administration":
        for name in counts:
            if name.startswith("order.request."):
                yield f"orders asked for, {name.removeprefix('order.request.')}", 1
    elif one.act == "consultation":
        yield f"consultations, purpose {one.purpose}", 1
    elif one.act == "alteration":
        for name in ("promoted", "restricted"):
            if name in counts:
                yield name, counts[name]


def _exchanged(counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    """Letters abroad by what they are and the kind of partner; of data, the persons in them too (STA-1)."""
    for name, number in counts.items():
        if name.startswith("exchange."):
            _, letter, way, kind = name.split(".")
            yield f"exchange, {letter} {way}, {kind}", 1
            if letter == "data":
                yield _EXCHANGED, number
                yield f"{_EXCHANGED}: {way}, {kind}", number
