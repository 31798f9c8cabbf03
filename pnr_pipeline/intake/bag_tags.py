"""Checked baggage of a PAXLST traveller: MEA and FTX BAG (FORMATS 2.4)."""

import re
from collections.abc import Iterable
from typing import Final

from pnr_pipeline.records.traveller import Bags
from pnr_pipeline.wire.edifact.segment import Segment

_TAG: Final = re.compile(r"([A-Z0-9]*?)([0-9]{3,10})")
_NUMBER: Final = re.compile(r" *[0-9]{1,6}(?:\.[0-9]{1,2})? *")
_COUNT: Final = re.compile(r"[1-9][0-9]?")
_TAGS_MAX: Final = 99
_UNITS: Final = {"KGM", "LBR"}


def bags_of(segments: Iterable[Segment]) -> Bags | None:
    """Pieces (MEA CT), weight (MEA WT) and tag numbers (FTX BAG) together; None where nothing is told.

    `BA987654:3` are three consecutive tags from that number. Pieces without unit are pieces.
    """
    pieces: int | None = None
    weight: float | None = None
    unit = ""
    tags: list[str] = []
    for segment in segments:
        if segment.tag == "FTX":
            told = segment.components(4)
            if told:
                tags += _tags(told[0].strip(), told[1].strip() if len(told) > 1 else "")
            continue
        number = unit_told = ""
        for part in segment.components(3):
            if part.isdecimal() or _NUMBER.fullmatch(part):
                number = part.strip()
            elif part in _UNITS:
                unit_told = part
        kind = segment.get(1)
        if kind == "CT" and number.isdigit():
            pieces = int(number[:6])
        elif kind == "WT" and number:
            weight, unit = float(number[:9]), unit_told
    if pieces is None and weight is None and not tags:
        return None
    return Bags(pieces, weight, unit, tuple(tags[:_TAGS_MAX]))


def _tags(first: str, count: str) -> list[str]:
    found = _TAG.fullmatch(first)
    if not found:
        return []
    if not _COUNT.fullmatch(count):
        return [first]
    prefix, number = found.groups()
    return [f"{prefix}{int(number) + step:0{len(number)}}" for step in range(int(count))]
