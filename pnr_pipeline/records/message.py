"""What was received, and what it says."""

import re
from datetime import datetime
from typing import Final, Literal

import msgspec

from pnr_pipeline.records.answer import AnswerPoint, ReplyTo
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Traveller

MessageKind = Literal["PAXLST", "PNRGOV", "PNR-XML", "CSV", "CUSRES", "ACKRES", "GOVREQ", "OTHER", "UNREADABLE"]

API_KINDS = frozenset({"PAXLST", "CSV"})
"""Kinds that list the people of a flight from their documents (API); the others that name people tell bookings."""

_COUNTED: Final = re.compile(r"[0-9]{1,14}$")
_PLACE_DIGITS: Final = 9


class LogPlace(msgspec.Struct, frozen=True):
    """Where in a partition of a log a transmission lies: at `offset`, behind what ends at `after`.

    `log` names the partition and the life of its topic. Offsets have gaps; `after` is where the reader stood, so that
    the store sees whether anything between its own position and this transmission was left out.
    """

    log: str
    after: int
    offset: int


class Received(msgspec.Struct, frozen=True):
    """One transmission as it came: a file, an upload, a broker's record; at most 64 MiB.

    `source` and `item` together are the source position that commits with the records. `received_at` is UTC.
    `traceparent` (W3C Trace Context) joins its spans to those of whoever handed it over; it is stored nowhere.
    """

    source: str
    item: str
    body: bytes
    received_at: datetime
    attempt: int = 1
    traceparent: str = ""
    place: LogPlace | None = None
    """Of what came by a log such as Kafka's: its position commits with it."""


class Message(msgspec.Struct, frozen=True):
    """One message with all its travellers; it is committed whole or not at all.

    `message_id` is `<SHA-256 of the interchange body without transport dirt>:<ordinal in it>`; the same bytes
    are the same message, however wrapped. `version` is `D:12B` or `13:1`; `function` the BGM code with its
    qualifier (`745`, `745+CP`, `266+CLOB`, `250+C`) or the MSG function with the response (`22`, `141`, `23+7`).
    `reply_to` is what an answer needs of the envelope, `points` what an answer or request says. `prepared_at` is the
    time in the envelope, naive, as sent; with the number of the interchange, `sequence` (0070) and the place in the
    file it orders versions of a record. `complete` is False for a truncated message or one part of a set that is not
    all there. `dropped` counts what was not kept (`seg:XYZ`, `sensitive:R` …), ING-2 and ING-4. `total` is how many
    bookings (EQN) or passengers (CNT 42) there are in all, as told: of the message, of its set, or of the flight.
    """

    message_id: str
    kind: MessageKind
    version: str = ""
    sender: str = ""
    recipient: str = ""
    function: str = ""
    complete: bool = True
    in_full: bool = False
    """Whether a list of passengers or crew, or the set it is a part of, tells them all, by its count or its carrier's
    practice (`rules/intake/passenger-lists.yaml`)."""
    test: bool = False
    reference: str = ""
    access_reference: str = ""
    sequence: int = 0
    last_of_set: bool = True
    total: int | None = None
    prepared_at: datetime | None = None
    flights: tuple[FlightLeg, ...] = ()
    travellers: tuple[Traveller, ...] = ()
    bookings: tuple[Booking, ...] = ()
    findings: tuple[Finding, ...] = ()
    dropped: dict[str, int] = {}
    offset: int = 0
    reply_to: ReplyTo | None = None
    points: tuple[AnswerPoint, ...] = ()

    @property
    def order(self) -> tuple[str, int, int, int, str]:
        """What makes one message newer than another: time prepared, interchange number, sequence, place in it, hash.

        Envelopes tell the minute alone. Within it a sender counts its interchanges (UNB 0020): the digits at the end
        count, 0 where there are none. Between senders they say nothing and only make the order one.
        """
        at = self.prepared_at.isoformat() if self.prepared_at else ""
        counted = _COUNTED.search(self.reply_to.reference) if self.reply_to else None
        place = self.message_id.rpartition(":")[2]
        return (
            at,
            int(counted[0]) if counted else 0,
            self.sequence,
            int(place) if place.isdecimal() and len(place) < _PLACE_DIGITS else 0,
            self.message_id,
        )
