"""The close of a booking and of a message: requests settled, persons numbered, records frozen, sums compared."""

from collections import Counter
from datetime import datetime, timedelta

import msgspec

from pnr_pipeline.intake.content import MessageHead
from pnr_pipeline.intake.pnrgov_booking import NO_SEAT, BookingDraft
from pnr_pipeline.intake.pnrgov_documents import claim_infant
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_infants import InfantLines
from pnr_pipeline.intake.pnrgov_itinerary import same_leg
from pnr_pipeline.intake.pnrgov_services import Pending, settle_services
from pnr_pipeline.intake.quality_booking import check_booking
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Traveller


def close_booking(
    booking: BookingDraft,
    draft: MessageDraft,
    services: list[Pending],
    infant_lines: InfantLines,
    index: int,
    before: int,
) -> tuple[Booking, list[Traveller]]:
    """The booking's record, number `index` of the message, and its travellers, numbered from `before` + 1."""
    party = booking.party
    settle_services(booking, draft, services)
    if not any(person.infant for person in party.persons):
        for surname, given, infant, offset in infant_lines.infants():
            adults = party.called(surname, given)
            claim_infant(party, draft, infant, adults[0] if len(adults) == 1 else None, offset)
    party.settle_infants()
    pooled = False
    for ordinal, person in enumerate(party.persons, start=before + 1):
        person.ordinal = ordinal
        if booking.no_record and not person.travel_status:
            person.travel_status = "no_record"
        pooled = pooled or (person.bags is not None and bool(person.bags.pool))
    if pooled:
        draft.pools.settle(party.persons)
    if not booking.locator:
        draft.note("PNR-01", offset=booking.offset, segment="RCI")
    if not booking.cancelled:
        if not party.persons and not booking.group_name:
            draft.note("PNR-02", case="no-traveller", offset=booking.offset, segment="SRC")
        if not booking.legs:
            draft.note("PNR-02", case="no-segment", offset=booking.offset, segment="SRC")
    check_booking(booking, draft)
    return booking.record(), [person.record(index, booking.locator) for person in party.persons]


def flights_of(draft: MessageDraft, header: list[FlightLeg], bookings: list[Booking]) -> tuple[FlightLeg, ...]:
    """The legs of the message: the header's, and the one most bookings share where the header's is in none of them."""
    itinerary = [leg for booking in bookings for leg in booking.itinerary if leg.number]
    if not itinerary or any(same_leg(leg, told) for leg in itinerary for told in header):
        return tuple(header)
    shared = Counter(itinerary)
    most = max(shared.values())
    leg = min((leg for leg, count in shared.items() if count == most), key=lambda leg: _days_apart(leg, header))
    if header:
        draft.note("ITI-01", case="header", offset=draft.offset, segment="TVL")
    return (*header, leg)


def _days_apart(leg: FlightLeg, header: list[FlightLeg]) -> float:
    """Seconds between the departures of a leg and of the header's, infinite where one is not told."""
    if not header or leg.departure_local is None or header[0].departure_local is None:
        return float("inf")
    return abs((leg.departure_local - header[0].departure_local).total_seconds())


def mark_no_shows(
    draft: MessageDraft, head: MessageHead, travellers: list[Traveller], bookings: list[Booking], legs: list[FlightLeg]
) -> None:
    """Mark who is booked on the flight but has not checked in, in a message prepared once check-in was closed.

    Nothing is marked where the message tells of nobody's check-in: then it has no such data. Infants check in with
    their adult.
    """
    if head.prepared_at is None or not draft.departs or not any(one.checked_in for one in travellers):
        return
    ends = datetime.fromisoformat(draft.departs) - timedelta(minutes=draft.rules.limits.check_in_ends_minutes)
    if head.prepared_at.replace(tzinfo=None) < ends:
        return
    for index, one in enumerate(travellers):
        if one.checked_in or one.role == "infant" or one.travel_status or one.booking is None:
            continue
        booking = bookings[one.booking]
        booked = zip(booking.itinerary, booking.status, strict=True)
        if not booking.cancelled and any(status not in NO_SEAT and same_leg(leg, legs[0]) for leg, status in booked):
            travellers[index] = msgspec.structs.replace(one, travel_status="no_show")


def note_counts(draft: MessageDraft, head: MessageHead, told: int | None, found: int) -> None:
    """EQN of the header is the number of bookings in the whole push: a smaller message may be a part of it (CNT-02)."""
    if told is None or told == found:
        return
    part = head.sequence > 1 or not head.last_of_set
    draft.note("CNT-02", case="push-total" if part and told > found else "", offset=draft.offset, segment="EQN")
