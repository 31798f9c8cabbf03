"""Which legs of a message its travellers are on: a list may tell several (LOC 92, more than one TDT; FORMATS 2.3)."""

from collections.abc import Collection, Sequence

from pnr_pipeline.records.clear import clear_leg
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import API_KINDS, Message
from pnr_pipeline.records.places import airport
from pnr_pipeline.records.traveller import Traveller


def concerned_legs(message: Message, home: Collection[str]) -> tuple[FlightLeg, ...]:
    """The legs of the message that the receiving State assesses; at least one, empty where none is told.

    Those that begin or end in a `home` country (ISO 3166 alpha-2) and cross a border: travellers are assessed before
    arrival in the State or departure from it (Directive (EU) 2016/681, art. 3(2), 3(3), 6(2)(a); SCR-1), and a domestic
    leg of the same flight is neither. Where there are none, those that touch a home country, else all that are told.
    Where a PNRGOV header names a flight on which nobody is booked (ITI-01), only the booked legs count: the API list of
    the same people is about those.
    """
    told = _told(message)
    at_home = [leg for leg in told if not countries_of(leg).isdisjoint(home)]
    crossing = [leg for leg in at_home if len(countries_of(leg)) > 1]
    return tuple(crossing or at_home or told)


def legs_of(message: Message, home: Collection[str]) -> list[tuple[FlightLeg, tuple[Traveller, ...]]]:
    """The legs that the message is about, each with its travellers, in the order told.

    Who travels from LOC 178 to LOC 179 is on the legs between, also in transit; a place that is not on the reported
    legs lies before or behind them. Of several legs those count that concern the State (`concerned_legs`); they are the
    legs of whoever tells no journey. Nobody is left out: who is only on other legs is on those. A message of bookings
    is about one leg.
    """
    concerned = concerned_legs(message, home)
    told = _told(message)
    if message.kind not in API_KINDS or len(told) < 2:
        return [(concerned[0], message.travellers)]
    on: dict[str, list[Traveller]] = {leg.key: [] for leg in concerned}
    for traveller in message.travellers:
        journey = _journey(traveller, told)
        for leg in [leg for leg in journey if leg in concerned] or journey:
            on.setdefault(leg.key, []).append(traveller)
    return [(leg, tuple(on[leg.key])) for leg in told if leg.key in on]


def countries_of(leg: FlightLeg) -> set[str]:
    """The countries in which a leg begins and ends, as far as its airports are known; '' for others."""
    ends = (airport(leg.origin), airport(leg.destination))
    return {place.country if place is not None else "" for place in ends}


def _told(message: Message) -> list[FlightLeg]:
    """The legs as told, each once; those by which another message could be about the same leg, where there are any.

    Only parts in the form of their codes count: a leg and its key stand in clear.
    """
    booked = {clear_leg(leg).key for booking in message.bookings for leg in booking.itinerary}
    cleared = [clear_leg(flight) for flight in message.flights]
    flights = [flight for flight in cleared if flight.key in booked] or cleared
    legs = {leg.key: leg for leg in reversed(flights)}
    once = list(dict.fromkeys(legs[leg.key] for leg in flights))
    return [leg for leg in once if is_identified(leg)] or once[:1] or [FlightLeg()]


def is_identified(leg: FlightLeg) -> bool:
    """Whether designator, day and origin are told: without them nothing may meet on a leg but by chance."""
    return bool(leg.designator and leg.departure_local and leg.origin)


def _journey(traveller: Traveller, legs: Sequence[FlightLeg]) -> Sequence[FlightLeg]:
    start = next((place for place, leg in enumerate(legs) if _same(leg.origin, traveller.embarkation)), 0)
    rest = legs[start:]
    stop = next(
        (place for place, leg in enumerate(rest) if _same(leg.destination, traveller.disembarkation)), len(rest)
    )
    return rest[: stop + 1]


def _same(one: str, other: str) -> bool:
    """Whether two codes are of one airport, IATA or ICAO."""
    if one == other:
        return bool(one)
    place = airport(one)
    return place is not None and place == airport(other)
