"""Checked baggage of a PAXLST traveller: MEA and FTX BAG (FORMATS 2.4)."""

import re
from collections.abc import Iterable
from typing import Final

from pnr_pipeline.records.traveller import Bags
from pnr_pipeline.wire.edifact.segment import Segment

_TAG: Final = re.compile(r"([A-Z0-9]*?)(\d{3,10})")
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
        numbers = [part.strip() for part in segment.components(3) if _is_number(part.strip())]
        if not numbers:
            continue
        if segment.get(1) == "CT" and numbers[0].isdigit():
            pieces = int(numbers[0])
        elif segment.get(1) == "WT":
            weight = float(numbers[0])
            unit = next((part for part in segment.components(3) if part in _UNITS), "")
    if pieces is None and weight is None and not tags:
        return None
    return Bags(pieces, weight, unit, tuple(tags[:_TAGS_MAX]))


def _tags(first: str, count: str) -> list[str]:
    found = _TAG.fullmatch(first)
    if not found:
        return []
    if not (count.isascii() and count.isdigit()) or len(count) > 2:
        return [first]
    prefix, number = found.groups()
    return [f"{prefix}{int(number) + step:0{len(number)}}" for step in range(int(count))] or [first]


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit() and len(text) <= 8
