"""PNR-04 and PNR-05: whether the numbers and times of a booking agree with each other (FORMATS 8)."""

from pnr_pipeline.intake.pnrgov_booking import BookingDraft
from pnr_pipeline.intake.pnrgov_draft import MessageDraft


def check_booking(booking: BookingDraft, draft: MessageDraft) -> None:
    """Findings on one booking, whose travellers are all known by now."""
    if booking.seats and not booking.cancelled:
        _check_seats(booking, draft)
    created = booking.created
    if created:
        if booking.changed and _is_later(created, booking.changed):
            draft.note("PNR-05", offset=booking.created_offset, segment="RCI")
        elif draft.departs and _is_later(created, draft.departs):
            draft.note("PNR-05", case="departed", offset=booking.created_offset, segment="RCI")


def _check_seats(booking: BookingDraft, draft: MessageDraft) -> None:
    """Infants may have a seat or not; a group may have seats for people whom it does not name."""
    persons = booking.party.persons
    most = max(booking.group_size or 0, len(persons))
    fewest = sum(not person.infant for person in persons)
    for told, offset in booking.seats.items():
        seats = int(told)
        if seats > most and not booking.group_name:
            draft.note("PNR-04", case="more", offset=offset, segment="RPI")
            return
        if seats < fewest:
            draft.note("PNR-04", case="fewer", offset=offset, segment="RPI")
            return


def _is_later(time: str, other: str) -> bool:
    """Whether one ISO time lies behind another, as far as both are told (day, or day and time)."""
    told = min(len(time.rstrip("Z")), len(other.rstrip("Z")))
    return time[:told] > other[:told]
