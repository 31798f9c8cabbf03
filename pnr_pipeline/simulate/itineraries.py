"""What travellers fly before and after the flight: feeders, onward legs, the way back."""

from datetime import datetime, timedelta
from random import Random

import msgspec

from pnr_pipeline.simulate.flights import Flight
from pnr_pipeline.simulate.stock import world

WAIT_MINUTES = (60, 300)


class Leg(msgspec.Struct, frozen=True):
    """A further leg of an itinerary, local times."""

    carrier: str
    number: str
    origin: str
    destination: str
    departure: datetime
    arrival: datetime


def feeder(random: Random, flight: Flight) -> Leg | None:
    """A leg that ends some hours before the flight leaves; None where no other route serves the place."""
    drawn = _elsewhere(random, flight.origin, flight.destination)
    if drawn is None:
        return None
    other, carrier, wait, length = drawn
    arrival = flight.departure - wait
    return Leg(carrier, _number(random), other, flight.origin, arrival - length, arrival)


def onward(random: Random, flight: Flight) -> Leg | None:
    """A leg that begins some hours after the flight has landed; None where no other route serves the place."""
    drawn = _elsewhere(random, flight.destination, flight.origin)
    if drawn is None:
        return None
    other, carrier, wait, length = drawn
    departure = flight.arrival + wait
    return Leg(carrier, _number(random), flight.destination, other, departure, departure + length)


def return_leg(random: Random, flight: Flight) -> Leg:
    """The way back, two days to three weeks later, with the same carrier and the next number."""
    departure = flight.arrival.replace(hour=random.randrange(6, 22)) + timedelta(days=random.randrange(2, 21))
    length = flight.arrival_utc - flight.departure_utc
    number = str(int(flight.number) + 1)
    return Leg(flight.carrier, number, flight.destination, flight.origin, departure, departure + length)


def _elsewhere(random: Random, place: str, avoid: str) -> tuple[str, str, timedelta, timedelta] | None:
    """Another end of a route from the place, its carrier, the time to change planes and the time in the air."""
    routes = [one for one in world().routes if place in one.ends and avoid not in one.ends]
    if not routes:
        return None
    route = random.choice(routes)
    other = route.ends[0] if route.ends[1] == place else route.ends[1]
    wait = timedelta(minutes=random.randrange(*WAIT_MINUTES, 5))
    return other, random.choice(route.carriers), wait, timedelta(minutes=route.minutes)


def _number(random: Random) -> str:
    return str(random.randrange(100, 1900))
