"""GOVREQ: a State's request for a push outside the agreed times, by flight or by locator (FORMATS 4.9).

Segment order and functions are to be confirmed with the guide. A TIF (name search) is never read nor written: a request
is for a flight or a booking.
"""

from collections.abc import Sequence
from typing import Final

from pnr_pipeline.intake.ackres import count_others, read_function
from pnr_pipeline.intake.content import Content
from pnr_pipeline.records.answer import AnswerPoint
from pnr_pipeline.wire.edifact.segment import Segment

FLIGHT_REPORT, LOCATOR_REQUEST = "43", "77"
"""MSG 1225. Their PADIS meaning is known, their use here is to be confirmed."""

_KNOWN: Final = frozenset(("MSG", "ORG", "TVL", "RCI"))


def read_govreq(segments: Sequence[Segment]) -> Content:
    """Function (`43`, `77`), the flight asked for, and a point for each locator asked for (RCI)."""
    content = read_function(segments)
    content.points = tuple(
        AnswerPoint(locator=locator)
        for segment in segments
        if segment.tag == "RCI"
        for position in range(1, len(segment))
        if (locator := segment.get(position, 1).strip())
    )
    count_others(content, segments, _KNOWN)
    return content
