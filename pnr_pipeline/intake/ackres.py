"""ACKRES: a State's acknowledgement of a PNRGOV push. Any order of its segments is read (FORMATS 4.9)."""

from collections.abc import Sequence
from typing import Final

from pnr_pipeline.intake.content import Content
from pnr_pipeline.intake.cusres import read_points
from pnr_pipeline.intake.pnrgov_itinerary import read_leg
from pnr_pipeline.wire.edifact.segment import Segment

DONE, NOT_DONE = "3", "7"
"""MSG 4343. Of other PADIS answers; the same in ACKRES is to be confirmed."""

_KNOWN: Final = frozenset(("MSG", "ORG", "TVL", "ERC", "IFT", "ERP", "RFF"))


def read_ackres(segments: Sequence[Segment]) -> Content:
    """Function with response (`23+3`, `23+7`), the flight if told, and the points: codes (ERC) with their texts."""
    content = read_function(segments)
    if response := _first(segments, "MSG", 2):
        content.function += f"+{response}"
    content.points = read_points([segment for segment in segments if segment.tag in ("ERP", "RFF", "ERC", "IFT")])
    count_others(content, segments, _KNOWN)
    return content


def read_function(segments: Sequence[Segment]) -> Content:
    """The function (MSG 1225) and the flight (TVL) of an ACKRES or GOVREQ."""
    leg = next((segment for segment in segments if segment.tag == "TVL"), None)
    return Content(_first(segments, "MSG", 1, 1), (read_leg(leg),) if leg is not None else ())


def _first(segments: Sequence[Segment], tag: str, position: int, component: int = 0) -> str:
    return next((one.get(position, component).strip() for one in segments if one.tag == tag), "")


def count_others(content: Content, segments: Sequence[Segment], known: frozenset[str]) -> None:
    """Count the segments that are not read, by tag."""
    for segment in segments:
        if segment.tag not in known:
            content.dropped[f"seg:{segment.tag}"] = content.dropped.get(f"seg:{segment.tag}", 0) + 1
