"""Code shares: which flight numbers are one flight, as messages tell it in pairs (TVL with TRA, FORMATS 4.4)."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from pnr_pipeline.records.clear import clear_leg
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.journey_legs import countries_of, is_identified
from pnr_pipeline.records.message import Message

_DESIGNATOR: Final = re.compile(r"([A-Z]{3}|[A-Z0-9]{2})([0-9]{1,5}[A-Z]?)")


class Name(NamedTuple):
    """One number under which a leg is known; `sold` where a message tells that another flight operates it."""

    key: str
    carrier: str
    number: str
    sold: bool


def told_pairs(message: Message, home: Collection[str]) -> Iterator[tuple[Name, Name]]:
    """Each operating flight with each of its marketing flights, as the message tells them of one day and route.

    Bookings tell them of onward and return flights too: of these count what begins or ends in a `home` country. A pair
    with one number or one carrier is none: there a message told but one of the two, and the other was filled from it.
    """
    own = {clear_leg(leg).key for leg in message.flights}
    itineraries = (leg for booking in message.bookings for leg in booking.itinerary)
    for told in dict.fromkeys(leg for leg in (*message.flights, *itineraries) if leg.marketing):
        leg = clear_leg(told)
        if not (is_identified(leg) and leg.destination and leg.number and not leg.mode):
            continue
        for word in leg.marketing.split():
            found = _DESIGNATOR.fullmatch(word)
            if found is None or found[1] == leg.carrier or found[2] == leg.number:
                continue
            other = msgspec.structs.replace(leg, carrier=found[1], number=found[2])
            if own & {leg.key, other.key} or not countries_of(leg).isdisjoint(home):
                yield (
                    Name(leg.key, leg.carrier, leg.number, sold=False),
                    Name(other.key, other.carrier, other.number, sold=True),
                )


def main_name(names: Iterable[Name]) -> Name:
    """The number of a leg with several: the operating flight's; of more than one of these the first as text."""
    return min(names, key=lambda name: (name.sold, name.key))


def flown_as(flight: FlightLeg, carrier: str, number: str) -> FlightLeg:
    """The leg as told under any of its numbers, under that of the operating flight; the others are what markets it."""
    if (flight.carrier, flight.number) == (carrier, number):
        return flight
    others = {*flight.marketing.split(), flight.designator} - {f"{carrier}{number}"}
    return msgspec.structs.replace(flight, carrier=carrier, number=number, marketing=" ".join(sorted(others)))
