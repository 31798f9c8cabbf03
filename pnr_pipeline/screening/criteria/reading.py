"""One traveller's records on a leg, as facts. The only place where a criterion's side meets a record."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from pnr_pipeline.records import Booking, FlightLeg, Payment, Traveller
from pnr_pipeline.records.places import to_utc
from pnr_pipeline.screening.criteria.facts import (
    Baggage,
    Changes,
    Companions,
    DocumentFacts,
    Facts,
    PaymentFacts,
    PriceBand,
    Reservation,
    Timing,
)
from pnr_pipeline.screening.criteria.journey import country, hours, journey, weekday

_KG: Final = {"KGM": 1.0, "KG": 1.0, "K": 1.0, "LBR": 0.4536, "LB": 0.4536, "L": 0.4536}
_EUROS: Final = {"EUR": 1.0, "BAM": 1 / 1.95583, "BGN": 1 / 1.95583}
"""Currencies with a fixed rate to the euro; a fare in another one has no band."""
_BANDS: Final[tuple[tuple[float, PriceBand], ...]] = ((100, "under-100"), (500, "100-500"), (2000, "500-2000"))
_NIGHT_ENDS = 5
_LATE = timedelta(hours=48)


class Around(msgspec.Struct, frozen=True, omit_defaults=True):
    """What others on the leg tell of a booking, already as counts; None is not known."""

    third_party: bool | None = None
    sharing_contact: int | None = None
    sharing_payment: int | None = None


def facts_of(view: Traveller, booking: Booking | None, leg: FlightLeg, around: Around = Around()) -> Facts:  # noqa: B008  # frozen
    """The facts of one traveller as API and PNR tell them, in their booking, on this leg. Never raises."""
    leaves = leg.departure_local
    told = journey(leg, booking.itinerary if booking else ())
    facts = Facts(
        journey=told,
        baggage=_baggage(view, told.stay_hours),
        timing=_timing(leaves),
        document=_documents(view, leaves.date() if leaves else None),
    )
    if booking is None:
        return facts
    departure = to_utc(leaves, leg.origin) if leaves else None
    return msgspec.structs.replace(
        facts,
        booking=_reservation(view, booking, departure, leaves.date() if leaves else None),
        payment=_payment(booking, around),
        companions=Companions(
            count=max(size - 1, 0) if (size := _party(booking)) else None,
            bookings_sharing_contact=around.sharing_contact,
            bookings_sharing_payment=around.sharing_payment,
        ),
        changes=_changes(booking, departure),
    )


def paid_by_another(payments: Iterable[Payment], party: Sequence[Traveller]) -> bool | None:
    """Whether a holder of a card that paid is nobody of the party; None where none is told. Only the answer stays."""
    holders = [words for payment in payments if (words := _words(payment.holder))]
    if not holders or not party:
        return None
    names = [_words(f"{name.surname} {name.given_names}") for one in party for name in one.names]
    return any(not any(holder & name for name in names) for holder in holders)


def _words(name: str) -> frozenset[str]:
    """The words of a name by which a holder is known again; initials and titles are too short to count."""
    return frozenset(word for word in name.upper().replace("/", " ").split() if len(word) > 2)


def _party(booking: Booking) -> int:
    return booking.party_size or len(booking.travellers)


def _reservation(view: Traveller, booking: Booking, departure: datetime | None, day: date | None) -> Reservation:
    made = _moment(booking.created)
    lead = departure - made if departure and made else None
    issued = [issue for ticket in booking.tickets if (issue := _day(ticket.issued))]
    agency = next((land for part in booking.agency.split() if len(part) == 3 and (land := country(part))), None)
    ends = {land for leg in booking.itinerary for place in (leg.origin, leg.destination) if (land := country(place))}
    return Reservation(
        lead_hours=hours(lead) if lead is not None else None,
        lead_days=lead.days if lead is not None else None,
        ticket_lead_days=(day - max(issued)).days if issued and day else None,
        agency_country=agency,
        agency_elsewhere=agency not in ends if agency and ends else None,
        travellers=_party(booking) or None,
        split=bool(booking.split_from),
        cancelled=booking.cancelled,
        go_show=view.travel_status == "go_show",
        no_show=view.travel_status == "no_show",
    )


def _baggage(view: Traveller, stay_hours: int | None) -> Baggage:
    bags, excess = view.bags, view.excess_baggage
    paid = sum(int(told) for one in excess if (told := one.partition(" ")[0]).isdecimal()) if excess else None
    if bags is None:
        return Baggage(excess_pieces=paid)
    unit = _KG.get(bags.weight_unit)
    weight = round(bags.weight * unit) if bags.weight is not None and unit else None
    nights = -(-stay_hours // 24) if stay_hours is not None and stay_hours > 0 else None
    return Baggage(
        pieces=bags.pieces,
        weight_kg=weight,
        kg_a_night=round(weight / nights) if weight is not None and nights else None,
        excess_pieces=paid,
        pooled=bags.pool == "MP",
    )


def _payment(booking: Booking, around: Around) -> PaymentFacts:
    forms = {payment.form[:2] for payment in booking.payments if payment.form}
    fares = [euros for ticket in booking.tickets if (euros := _euros(ticket.fare)) is not None]
    band: PriceBand = next((band for limit, band in _BANDS if fares and max(fares) < limit), "over-2000")
    return PaymentFacts(
        form=("cash" if "CA" in forms else "card" if forms & {"CC", "DC"} else "other") if forms else None,
        third_party=around.third_party,
        price_band=band if fares else None,
    )


def _euros(fare: str) -> float | None:
    """The amount of `T 232.17 EUR` in euros."""
    parts = fare.replace(",", ".").split()
    rate = _EUROS.get(parts[-1]) if len(parts) > 1 else None
    try:
        return float(parts[-2]) * rate if rate else None
    except ValueError:
        return None


def _timing(leaves: datetime | None) -> Timing:
    if leaves is None:
        return Timing()
    return Timing(departure_hour=leaves.hour, departure_weekday=weekday(leaves), night=leaves.hour < _NIGHT_ENDS)


def _changes(booking: Booking, departure: datetime | None) -> Changes:
    """Entries after the first moment of the history: what stands there at that moment made the booking."""
    told = [(at, entry.element) for entry in booking.history if (at := _moment(entry.at))]
    if not told:
        return Changes()
    made = _moment(booking.created) or min(at for at, _ in told)
    later = [(at, element) for at, element in told if at > made]
    return Changes(
        count=len(later),
        renamed=sum(element == "name" for _, element in later),
        segments=sum(element == "segment" for _, element in later),
        last_48_hours=sum(departure - at <= _LATE for at, _ in later) if departure else None,
    )


def _documents(view: Traveller, day: date | None) -> DocumentFacts:
    papers = [paper for paper in view.documents if paper.number]
    issued = [one for paper in papers if (one := _day(paper.issued))]
    expiries = [one for paper in papers if (one := _day(paper.expires))]
    return DocumentFacts(
        count=len({paper.number for paper in papers}) or None,
        days_since_issue=(day - max(issued)).days if issued and day else None,
        valid_days=(min(expiries) - day).days if expiries and day else None,
    )


def _day(text: str | None) -> date | None:
    """An ISO date; None for a partial or a wrong one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _moment(text: str | None) -> datetime | None:
    """An ISO time in UTC; a date alone is midnight."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def booking_of_open_part(told: Mapping[str, object]) -> Booking:
    """The booking that the open part of a stored record tells; what is identity is not in it."""
    return msgspec.convert(told, Booking)
