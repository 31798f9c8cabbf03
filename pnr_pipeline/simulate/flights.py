"""The flights of a scenario: who flies where, when, in what."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.simulate.scenario import FLIGHTS_PER_DAY, Scenario
from pnr_pipeline.simulate.stock import Route, world

LARGE_FROM_MINUTES = 240
NUMBERS = 1800


class Flight(msgspec.Struct, frozen=True):
    """One leg with its aircraft. Local times carry no zone, as on the wire; `seats` is the letters of a row."""

    index: int
    carrier: str
    number: str
    origin: str
    destination: str
    departure: datetime
    arrival: datetime
    departure_utc: datetime
    arrival_utc: datetime
    aircraft: str
    capacity: int
    seats: str
    codeshare: str

    @property
    def leg(self) -> FlightLeg:
        """The leg as records have it."""
        return FlightLeg(
            carrier=self.carrier,
            number=self.number,
            origin=self.origin,
            destination=self.destination,
            departure_local=self.departure,
            arrival_local=self.arrival,
        )


def draw_flight(scenario: Scenario, index: int) -> Flight:
    """Flight number `index` of the scenario; it depends on nothing but the scenario and the index.

    400 flights a day: no two flights of a day share carrier and number.
    """
    random = Random(f"{scenario.seed}:{index}:flight")
    route = random.choice(world().routes)
    origin, destination = route.ends if random.random() < 0.5 else route.ends[::-1]
    carrier = random.choice(route.carriers)
    day = scenario.day + timedelta(days=index // FLIGHTS_PER_DAY)
    departure = datetime.combine(day, time(5, 30)) + timedelta(minutes=5 * random.randrange(204))
    departure_utc = in_utc(departure, origin)
    arrival_utc = departure_utc + timedelta(minutes=route.minutes)
    aircraft, capacity, seats = _aircraft(random, route, scenario.travellers)
    others = [code for code in route.carriers if code != carrier]
    codeshare = f"{random.choice(others)}:{random.randrange(5000, 7000)}" if others and random.random() < 0.3 else ""
    return Flight(
        index=index,
        carrier=carrier,
        number=str(100 + (index * 137 + scenario.seed) % NUMBERS),
        origin=origin,
        destination=destination,
        departure=departure,
        arrival=at_place(arrival_utc, destination),
        departure_utc=departure_utc,
        arrival_utc=arrival_utc,
        aircraft=aircraft,
        capacity=capacity,
        seats=seats,
        codeshare=codeshare,
    )


def in_utc(local: datetime, place: str) -> datetime:
    """A local time at the place as aware UTC."""
    return local.replace(tzinfo=ZoneInfo(world().places[place][1])).astimezone(UTC)


def at_place(moment: datetime, place: str) -> datetime:
    """An aware moment as the local time of the place, without zone."""
    return moment.astimezone(ZoneInfo(world().places[place][1])).replace(tzinfo=None)


def _aircraft(random: Random, route: Route, travellers: int | None) -> tuple[str, int, str]:
    """The smallest type that seats the travellers asked for, or one that suits the length of the flight."""
    types = world().aircraft
    if travellers is not None:
        return next((one for one in types if one[1] >= travellers), types[-1])
    if route.minutes >= LARGE_FROM_MINUTES:
        return random.choice(types[-3:])
    return random.choice(types[1:-2] if route.minutes > 70 else types[:4])
