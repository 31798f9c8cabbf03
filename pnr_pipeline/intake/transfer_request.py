"""A request for data outside the agreed times, and the GOVREQ that carries it (ING-6; PNR Directive art. 8(5), 9(4)).

No GOVREQ can be written without a recorded request that names who asks, why, and the specific, actual threat. None of
that is told to the carrier: the message says which flight or which booking.
"""

from datetime import datetime
from typing import NamedTuple

import msgspec

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake.answer_edifact import render, tvl
from pnr_pipeline.intake.govreq import FLIGHT_REPORT, LOCATOR_REQUEST
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.edifact.writer import UNA_OF_PADIS, Envelope, WireSegment, interchange, message


class AskedBooking(NamedTuple):
    """A booking by the carrier that holds it and its locator."""

    carrier: str
    locator: str


class TransferRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded request, for one flight or one booking.

    `asked_by` is the member of staff by id, `on_behalf_of` the PIU that asked ours, or '' for our own request; `reason`
    says why the agreed pushes do not suffice, `threat` names the specific and actual threat, `offences` are codes of
    `rules/offences/`. `recorded_at` is aware UTC. Raises UsageFault where any of these is missing.
    """

    request_id: str
    asked_by: str
    case: str
    reason: str
    threat: str
    offences: tuple[str, ...]
    recorded_at: datetime
    on_behalf_of: str = ""
    flight: FlightLeg | None = None
    booking: AskedBooking | None = None

    def __post_init__(self) -> None:
        for name in ("request_id", "asked_by", "case", "reason", "threat"):
            if not getattr(self, name).strip():
                raise UsageFault(f"a request for data needs {name} (ING-6)")
        if not self.offences:
            raise UsageFault("a request for data needs the offences of the threat (ING-6)")
        if self.recorded_at.tzinfo is None:
            raise UsageFault("a request for data needs the time of its record, in UTC (ING-6)")
        if (self.flight is None) == (self.booking is None):
            raise UsageFault("a request for data is for one flight or one booking (ING-6)")
        leg = self.flight
        if leg is not None and not (leg.designator and leg.departure_local and leg.origin and leg.destination):
            raise UsageFault("the flight asked for needs number, departure and places")
        if self.booking is not None and not all(self.booking):
            raise UsageFault("the booking asked for needs carrier and locator")


def write_govreq(
    request: TransferRequest, envelope: Envelope, *, version: tuple[str, str], separators: Separators = UNA_OF_PADIS
) -> bytes:
    """One interchange with the request. `envelope.reference` is unique among what we send, at most 14 characters.

    `version` is that of the carrier's PNRGOV, such as `("13", "1")`. Order of segments and functions are to be
    confirmed with the guide and the carrier. Raises UsageFault where the request was recorded after it is sent.
    """
    if request.recorded_at > envelope.prepared_at:
        raise UsageFault("a request is recorded before it is sent (ING-6)")
    body: list[WireSegment] = []
    asker = envelope.sender if isinstance(envelope.sender, str) else envelope.sender[0]
    if request.flight is not None:
        body = [("MSG", ("", FLIGHT_REPORT)), ("ORG", asker), tvl(request.flight)]
    elif request.booking is not None:
        body = [("MSG", ("", LOCATOR_REQUEST)), ("ORG", asker), ("RCI", tuple(request.booking))]
    letter = message(envelope.reference, ("GOVREQ", *version, "IA"), request.request_id, ("", ""), body)
    return render(interchange(envelope, [letter]), separators)
