"""The facts that a criterion may ask for: everything there is, and nothing of who the traveller is (SCR-4).

Directive (EU) 2016/681 art. 6(4): no criterion rests on race or ethnic origin, political opinions, religion or belief,
union membership, health, sexual life or orientation. What could tell one of these, or stands for it (names,
nationality, sex, age, birth place, meals, services, seat, language), has no field here, so no expression can name it.
A fact that the records do not tell is None and is left out of what an expression sees: unknown is never true.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Airport = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
PaymentForm = Literal["cash", "card", "other"]
PriceBand = Literal["under-100", "100-500", "500-2000", "over-2000"]

LIST_MAX = 16
"""Values that a fact which is a list may hold; what is beyond is left out."""


class Journey(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the booking goes and when it comes back (Annex I items 3 and 7)."""

    leg_origin: Annotated[Airport | None, Meta(description="airport where this flight starts")] = None
    leg_destination: Annotated[Airport | None, Meta(description="airport where this flight lands")] = None
    origin: Annotated[Airport | None, Meta(description="airport where the whole journey starts")] = None
    destination: Annotated[Airport | None, Meta(description="airport of the longest stay, or the last one")] = None
    origin_country: Annotated[Country | None, Meta(description="country of `origin`")] = None
    destination_country: Annotated[Country | None, Meta(description="country of `destination`")] = None
    via: Annotated[tuple[Airport, ...] | None, Meta(description="airports changed at on the way, each once")] = None
    via_countries: Annotated[tuple[Country, ...] | None, Meta(description="countries of `via`")] = None
    transfers: Annotated[int | None, Meta(description="changes of flight on the way to `destination`")] = None
    longest_transfer_hours: Annotated[int | None, Meta(description="longest wait on the way, whole hours")] = None
    detour_percent: Annotated[
        int | None, Meta(description="distance flown to `destination` in percent of the direct one (100 = direct)")
    ] = None
    legs: Annotated[int | None, Meta(description="flights of the whole journey")] = None
    one_way: Annotated[
        bool | None, Meta(description="the last flight ends in another country than the first began")
    ] = None
    stay_hours: Annotated[int | None, Meta(description="hours at `destination` before the next flight")] = None
    return_weekday: Annotated[Weekday | None, Meta(description="day of the flight after the stay, local")] = None


class Reservation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the booking was made (Annex I items 2, 9, 10, 11, 13, 17)."""

    lead_hours: Annotated[int | None, Meta(description="hours from the booking to this flight's departure")] = None
    lead_days: Annotated[int | None, Meta(description="the same in whole days")] = None
    ticket_lead_days: Annotated[int | None, Meta(description="days from the newest ticket's issue to departure")] = None
    agency_country: Annotated[Country | None, Meta(description="country of the agency, where it tells a place")] = None
    agency_elsewhere: Annotated[
        bool | None, Meta(description="the agency is in no country where the journey starts, changes or ends")
    ] = None
    travellers: Annotated[int | None, Meta(description="persons in the booking")] = None
    split: Annotated[bool | None, Meta(description="travellers were split from or to another booking")] = None
    cancelled: Annotated[bool | None, Meta(description="the booking was cancelled")] = None
    go_show: Annotated[bool | None, Meta(description="checked in without standing in the booking")] = None
    no_show: Annotated[bool | None, Meta(description="did not check in by the time it closed")] = None


class Baggage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is checked in (Annex I item 16)."""

    pieces: Annotated[int | None, Meta(description="bags checked in")] = None
    weight_kg: Annotated[int | None, Meta(description="their weight in kilograms, rounded")] = None
    kg_a_night: Annotated[int | None, Meta(description="their weight by night of `journey.stay_hours`, rounded")] = None
    excess_pieces: Annotated[int | None, Meta(description="bags paid for beyond the allowance")] = None
    pooled: Annotated[bool | None, Meta(description="the bags travel in another person's pool")] = None


class PaymentFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the ticket was paid (Annex I items 6 and 13)."""

    form: Annotated[PaymentForm | None, Meta(description="form of payment; `other` is neither cash nor card")] = None
    third_party: Annotated[bool | None, Meta(description="the card's holder is nobody in the booking")] = None
    price_band: Annotated[
        PriceBand | None, Meta(description="highest fare of one ticket in euros; currencies without a fixed rate: none")
    ] = None


class Timing(msgspec.Struct, frozen=True, omit_defaults=True):
    """When this flight leaves, local time of its airport (Annex I items 3 and 7)."""

    departure_hour: Annotated[int | None, Meta(description="hour of departure, 0 to 23")] = None
    departure_weekday: Annotated[Weekday | None, Meta(description="day of departure")] = None
    night: Annotated[bool | None, Meta(description="departure from 0:00 to 4:59")] = None


class Companions(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who travels with them, as counts by blind equality: never who (Annex I items 5, 6, 17)."""

    count: Annotated[int | None, Meta(description="others in the same booking")] = None
    bookings_sharing_contact: Annotated[
        int | None, Meta(description="other bookings on this flight with the same telephone or e-mail")
    ] = None
    bookings_sharing_payment: Annotated[
        int | None, Meta(description="other bookings on this flight paid with the same card")
    ] = None


class Changes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was changed in the booking after it was made (Annex I item 19)."""

    count: Annotated[int | None, Meta(description="changes after the booking was made")] = None
    renamed: Annotated[int | None, Meta(description="of them, changes of a traveller's name")] = None
    segments: Annotated[int | None, Meta(description="of them, changes of a flight")] = None
    last_48_hours: Annotated[int | None, Meta(description="of them, in the 48 hours before departure")] = None


class DocumentFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of the travel documents their age and number, not the issuer: that would tell nationality (Annex I item 18)."""

    count: Annotated[int | None, Meta(description="documents told, each number once")] = None
    days_since_issue: Annotated[int | None, Meta(description="days from the newest document's issue to departure")] = (
        None
    )
    valid_days: Annotated[int | None, Meta(description="days from departure to the first expiry")] = None


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """All facts of one traveller on one leg. An expression names them as `section.fact`."""

    journey: Journey = Journey()
    booking: Reservation = Reservation()
    baggage: Baggage = Baggage()
    payment: PaymentFacts = PaymentFacts()
    timing: Timing = Timing()
    companions: Companions = Companions()
    changes: Changes = Changes()
    document: DocumentFacts = DocumentFacts()

    def variables(self) -> dict[str, dict[str, object]]:
        """What an expression sees: every section, and in it the facts that are known."""
        return {name: msgspec.to_builtins(getattr(self, name)) for name in self.__struct_fields__}
