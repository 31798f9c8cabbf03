"""A message before it is closed, so that a fault can still be put into it; and dates as messages write them."""

from datetime import date, datetime

import msgspec

from pnr_pipeline.simulate.scenario import TrueTraveller
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.edifact.writer import (
    UNA_WITHOUT_REPETITION,
    Envelope,
    Renderer,
    WireSegment,
    interchange,
    message,
)

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class Draft(msgspec.Struct):
    """One message in parts: a block is a traveller of a PAXLST or a booking of a PNRGOV.

    `travellers` tells what is true, `blocks_of` in which block each of them stands.
    """

    envelope: Envelope
    identifier: tuple[str, ...]
    access_reference: str
    head: list[WireSegment]
    blocks: list[list[WireSegment]]
    tail: list[WireSegment]
    travellers: list[TrueTraveller]
    blocks_of: list[int]
    line: str = ""
    separators: Separators = UNA_WITHOUT_REPETITION
    una: bool = True

    def segments(self) -> list[WireSegment]:
        """The interchange with true counts."""
        body = [*self.head, *[segment for block in self.blocks for segment in block], *self.tail]
        one = message("1", self.identifier, self.access_reference, ("01", "F"), body)
        return interchange(self.envelope, [one])

    def text(self) -> str:
        """The interchange as it goes out."""
        return Renderer(self.separators, after=self.line).text(self.segments(), una=self.una)


def yymmdd(day: date) -> str:
    """PAXLST and envelopes: 260110."""
    return f"{day.year % 100:02}{day.month:02}{day.day:02}"


def ddmmyy(day: date) -> str:
    """PNRGOV: 100126."""
    return f"{day.day:02}{day.month:02}{day.year % 100:02}"


def ddmmmyy(day: date) -> str:
    """Texts of service requests: 10JAN26."""
    return f"{day.day:02}{_MONTHS[day.month - 1]}{day.year % 100:02}"


def hhmm(moment: datetime) -> str:
    """Hours and minutes without sign."""
    return f"{moment.hour:02}{moment.minute:02}"
