"""GOVREQ: nothing is asked for without a recorded request (ING-6)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake import decode
from pnr_pipeline.intake.transfer_request import AskedBooking, TransferRequest, write_govreq
from pnr_pipeline.records import AnswerPoint, FlightLeg
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.wire.edifact.writer import Envelope

NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
LEG = FlightLeg("QX", "367", "CAI", "FRA", datetime.fromisoformat("2026-01-10T22:40"))
COMPLETE = {
    "request_id": "REQ-2026-7",
    "asked_by": "officer-4",
    "case": "2026-17",
    "reason": "the flight departs before the next agreed push",
    "threat": "invented: an attack on this very flight was announced",
    "offences": ("annex-ii-6",),
    "recorded_at": NOW,
    "on_behalf_of": "PIU-YY",
}
ENVELOPE = Envelope(
    syntax=("IATA", "1"), sender="XXPIU", recipient="QXDCS", prepared_at=NOW + timedelta(minutes=1),
    reference="REQUEST0000001", application="PNRGOV", message_type="GOVREQ", agency="IA",
)  # fmt: skip


def sent(request: TransferRequest) -> bytes:
    return write_govreq(request, ENVELOPE, version=("13", "1"))


def read(body: bytes):
    (message,) = decode(body, rulebook=load_rulebook(), now=NOW)
    return message


def test_a_request_for_a_flight_reads_back():
    message = read(sent(TransferRequest(**COMPLETE, flight=LEG)))
    assert (message.kind, message.function, message.flights, message.points) == ("GOVREQ", "43", (LEG,), ())
    assert (message.sender, message.recipient, message.findings) == ("XXPIU", "QXDCS", ())


def test_a_request_for_a_booking_reads_back():
    message = read(sent(TransferRequest(**COMPLETE, booking=AskedBooking("QX", "KXW3J2"))))
    assert (message.function, message.flights) == ("77", ())
    assert message.points == (AnswerPoint(locator="KXW3J2"),)


def test_the_carrier_is_not_told_who_asks_why_and_which_threat():
    text = sent(TransferRequest(**COMPLETE, flight=LEG)).decode()
    for told in ("officer-4", "2026-17", "agreed push", "attack", "annex-ii", "PIU-YY"):
        assert told.upper() not in text.upper()


@pytest.mark.law("ING-6", "SCR-2")
@pytest.mark.parametrize("missing", ["request_id", "asked_by", "case", "reason", "threat", "offences"])
def test_a_request_that_lacks_a_reason_is_refused(missing):
    with pytest.raises(UsageFault, match=missing):
        TransferRequest(**(COMPLETE | {missing: () if missing == "offences" else "  "}), flight=LEG)


@pytest.mark.law("ING-6")
def test_a_request_without_time_or_recorded_after_its_message_is_refused():
    with pytest.raises(UsageFault, match="UTC"):
        TransferRequest(**(COMPLETE | {"recorded_at": NOW.replace(tzinfo=None)}), flight=LEG)
    with pytest.raises(UsageFault, match="before it is sent"):
        sent(TransferRequest(**(COMPLETE | {"recorded_at": NOW + timedelta(hours=1)}), flight=LEG))


def test_a_request_is_for_one_flight_or_one_booking():
    for what in ({}, {"flight": LEG, "booking": AskedBooking("QX", "KXW3J2")}):
        with pytest.raises(UsageFault, match="one flight or one booking"):
            TransferRequest(**COMPLETE, **what)
    with pytest.raises(UsageFault, match="departure"):
        TransferRequest(**COMPLETE, flight=msgspec.structs.replace(LEG, departure_local=None))
    with pytest.raises(UsageFault, match="locator"):
        TransferRequest(**COMPLETE, booking=AskedBooking("QX", ""))
