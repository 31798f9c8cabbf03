"""What passes between the dispatcher and the readers of single messages."""

from datetime import datetime

import msgspec

from pnr_pipeline.records.answer import AnswerPoint, ReplyTo
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import MessageKind
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.edifact.segment import Separators


class MessageHead(msgspec.Struct, frozen=True):
    """What the envelope (UNB, UNG, UNH) says of one message.

    `type` is the message type as sent (`PAXLST`, `GOVREQ` …), `version` `D:12B` or `13:1`. `sequence` is 0070 (0 when
    absent), `last_of_set` False only where 0073 says C or a sequence comes without F. `offset` is the byte of UNH
    in the file as received.
    """

    kind: MessageKind
    type: str = ""
    version: str = ""
    sender: str = ""
    recipient: str = ""
    reference: str = ""
    access_reference: str = ""
    prepared_at: datetime | None = None
    sequence: int = 0
    last_of_set: bool = True
    test: bool = False
    separators: Separators = Separators()
    offset: int = 0
    reply_to: ReplyTo | None = None


class Content(msgspec.Struct):
    """What a reader of one message type found between UNH and UNT.

    The readers get the segments *between* UNH and UNT, both left out, with offsets into the file as received.
    `complete` is False where the body itself shows that something is missing; truncation is the dispatcher's matter.
    `total` is the count that the message tells: see `Message.total`.
    """

    function: str = ""
    flights: tuple[FlightLeg, ...] = ()
    travellers: tuple[Traveller, ...] = ()
    bookings: tuple[Booking, ...] = ()
    findings: list[Finding] = msgspec.field(default_factory=list)
    dropped: dict[str, int] = msgspec.field(default_factory=dict)
    complete: bool = True
    total: int | None = None
    in_full: bool = False
    """See `Message.in_full`."""
    points: tuple[AnswerPoint, ...] = ()
