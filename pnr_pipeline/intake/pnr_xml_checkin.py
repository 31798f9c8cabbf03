"""Check-in and bags of PNRGOV XML: CheckInInfo of a Flight, ExcessBaggage of a Passenger."""

from pnr_pipeline.intake.pnrgov_booking import BookingDraft
from pnr_pipeline.intake.pnrgov_checkin import mark_checked_in
from pnr_pipeline.intake.pnrgov_itinerary import travel_code
from pnr_pipeline.intake.pnrgov_names import split_title
from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.intake.pnrgov_services import SEAT_GIVEN
from pnr_pipeline.intake.ssr import normal_reference, seat_number
from pnr_pipeline.records.traveller import Bags
from pnr_pipeline.wire.pnr_xml import NOTHING, Element


def read_check_in(booking: BookingDraft, element: Element, *, here: bool) -> None:
    """Who checked in, with sequence and seat, on the leg that is reported (`here`) or another one.

    A Passenger in it that no RPH and no name can tell is a traveller of their own, as in EDIFACT (go-show).
    """
    for boarding in element.all("boardingnumber"):
        passenger = boarding.first("passenger")
        person = _checked_in(booking, boarding.get("rph") or passenger.get("rph"), passenger)
        if person is None:
            continue
        mark_checked_in(person, here=here)
        person.sequence = person.sequence or boarding.get("number")
        seat = boarding.first("seatnumber")
        person.take_seat(seat_number(seat.text or seat.get("number")), SEAT_GIVEN + 2 * here)


def _checked_in(booking: BookingDraft, reference: str, passenger: Element) -> Person | None:
    person = booking.party.referred_to(normal_reference(reference))
    surname = passenger.first("surname").text
    given = " ".join(name.text for name in passenger.all("givenname") if name.text)
    if passenger is NOTHING or not (surname or given):
        return person
    named = booking.party.called(surname, split_title(given)[0])
    if person is not None and (person in named or not named):
        return person
    if named:
        return named[0]
    person = booking.party.add(surname, given, booking.offset)
    person.travel_status = "go_show"
    return person


def read_bags(person: Person, element: Element) -> None:
    """ExcessBaggage: one tag each, with pieces and pool."""
    serial, count = element.get("serialnumber"), element.get("sequencecount")
    tags = (f"{travel_code(element.get('issuercode'))}{serial}",) if serial.isdecimal() else ()
    pieces = int(count) if count.isdecimal() and len(count) < 4 else None
    if tags or pieces is not None:
        known = person.bags or Bags()
        pool = element.get("baggagepool")
        person.bags = Bags(
            pieces=(known.pieces or 0) + pieces if pieces is not None else known.pieces,
            tags=(*known.tags, *tags)[:99],
            pool=pool if pool in ("HP", "MP") else known.pool,
        )
