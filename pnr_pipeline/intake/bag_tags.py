"""Checked baggage of a PAXLST traveller: MEA and FTX BAG (FORMATS 2.4)."""

import re
from typing import Final

from pnr_pipeline.wire.edifact.segment import Segment

TAGS_MAX: Final = 99

_TAG: Final = re.compile(r"([A-Z0-9]*?)([0-9]{3,10})")
_NUMBER: Final = re.compile(r" *[0-9]{1,6}(?:\.[0-9]{1,2})? *")
_COUNT: Final = re.compile(r"[1-9][0-9]?")
_ONE: Final = frozenset(("", "1"))
_UNITS: Final = {"KGM", "LBR"}


def measure(segment: Segment) -> int | tuple[float, str] | None:
    """Pieces (MEA CT), or weight and its unit (MEA WT); None where neither is told. Pieces need no unit."""
    number = unit = ""
    for part in segment.components(3):
        if part.isdecimal() or _NUMBER.fullmatch(part):
            number = part.strip()
        elif part in _UNITS:
            unit = part
    kind = segment.get(1)
    if kind == "CT" and number.isdigit():
        return int(number[:6])
    if kind == "WT" and number:
        return float(number[:9]), unit
    return None


def bag_tags(first: str, count: str) -> tuple[str, ...]:
    """Tag numbers of FTX BAG: `BA987654:3` are three consecutive tags from that number."""
    found = _TAG.fullmatch(first)
    if not found:
        return ()
    if count in _ONE or not _COUNT.fullmatch(count):
        return (first,)
    prefix, number = found.groups()
    width, begin = len(number), int(number)
    return (first, *[prefix + str(following).zfill(width) for following in range(begin + 1, begin + int(count))])
