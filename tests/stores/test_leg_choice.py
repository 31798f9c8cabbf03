"""On which leg the travellers of a message are stored."""

from datetime import datetime

import pytest

from pnr_pipeline.records import Booking, FlightLeg, Message
from pnr_pipeline.stores.rulebooks import load_profile
from pnr_pipeline.stores.sql.legs import leg_of

DEMO = load_profile("demo")


def leg(carrier: str, number: str, origin: str, destination: str, local: str) -> FlightLeg:
    return FlightLeg(carrier, number, origin, destination, datetime.fromisoformat(local))


ABROAD = leg("LH", "10", "HAM", "FRA", "2026-05-01T08:00")
HOME = leg("LH", "1740", "FRA", "TIA", "2026-05-01T11:00")
WRONG = leg("DL", "324", "LHR", "JFK", "2010-12-12T09:00")


def message(*flights: FlightLeg, booked: tuple[FlightLeg, ...] = ()) -> Message:
    bookings = (Booking("ABC123", itinerary=booked),) if booked else ()
    return Message("m:1", "PNRGOV", flights=flights, bookings=bookings)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (message(HOME), HOME),
        (message(ABROAD, HOME), HOME),
        (message(ABROAD), ABROAD),
        (message(WRONG, HOME, booked=(HOME,)), HOME),
        (message(WRONG, ABROAD, booked=(ABROAD,)), ABROAD),
        (message(HOME, booked=(ABROAD,)), HOME),
        (message(), FlightLeg()),
    ],
    ids=[
        "the only leg",
        "of two legs the one that touches a home country",
        "a leg that touches none, where there is no other",
        "not the header's flight on which nobody is booked",
        "not even where the booked leg touches no home country",
        "a marketing carrier's number in the booking changes nothing",
        "no leg where none is told",
    ],
)
def test_travellers_are_stored_on(told, expected):
    assert leg_of(told, DEMO) == expected
