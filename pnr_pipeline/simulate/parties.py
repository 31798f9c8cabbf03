"""Who travels together on one flight: bookings of families, couples, groups, children alone; seats, bags, tickets."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Literal

import msgspec

from pnr_pipeline.simulate.flights import Flight
from pnr_pipeline.simulate.itineraries import Leg, feeder, onward, return_leg
from pnr_pipeline.simulate.people import LETTERS, People, Person
from pnr_pipeline.simulate.stock import states, world

Fate = Literal["flies", "booked_late", "no_show", "cancelled", "offloaded"]

FATES: tuple[Fate, ...] = ("no_show", "cancelled", "offloaded")
EXTRA_SHARE = 0.05
"""Passengers booked beyond those who fly: they do not show up, cancel, or are taken off."""
LATE_SHARE = 0.05
NAME_ONLY_SHARE = 0.12
BABY_SHARE = 0.3
SPLIT_SHARE = 0.04

LOCATOR_LETTERS = LETTERS + "23456789"
KINDS = ("one", "couple", "family", "parent", "friends", "group", "alone_minor")
KIND_WEIGHTS = (44, 20, 17, 5, 9, 1.2, 1.2)

SENSITIVE = ("MOML", "KSML", "HNML", "DBML", "GFML", "WCHR", "WCHS", "MEDA", "BLND", "DEAF")
SENSITIVE_SHARE = 0.05


class Passenger(msgspec.Struct):
    """A person on the flight. `former` is how the booking named the person before a correction."""

    person: Person
    fare: Literal["A", "C", "IN"]
    reference: str = ""
    number: str = ""
    """The reference inside the booking (PADIS 9944)."""
    fate: Fate = "flies"
    seated: bool = True
    seat: str = ""
    title: str = ""
    ticket: str = ""
    bags: int = 0
    weight: int = 0
    tag: int = 0
    loyalty: str = ""
    visa: str = ""
    adult: "Passenger | None" = None
    former: Person | None = None
    sensitive: tuple[str, ...] = ()
    early: bool = True
    """Checked in before the first list."""


class Booking(msgspec.Struct):
    """A PNR. `told` says from which PNRGOV push on it carries documents: 1, 2, or 3 for never."""

    locator: str
    passengers: list[Passenger]
    created: datetime
    changed: datetime
    told: int
    agent: str
    direct: bool
    contact: str
    town: str
    fare: int
    card: str
    before: Leg | None = None
    after: Leg | None = None
    back: Leg | None = None
    group_name: str = ""
    divided_from: "Booking | None" = None
    """The booking that this one was part of until after the first push."""
    alone_minor: bool = False


class Parties:
    """Fills one flight; `guests` are persons who must be on board, each in a booking of their own."""

    def __init__(self, random: Random, flight: Flight, people: People) -> None:
        self._random = random
        self._flight = flight
        self._people = people
        self._locators: set[str] = set()
        self._ticket = random.randrange(1_000_000_000, 8_000_000_000)
        self._tag = random.randrange(100_000, 500_000)
        self._mix = _mix(flight)

    def fill(self, seats: int, guests: Sequence[Person]) -> list[Booking]:
        """Bookings whose flying passengers take exactly `seats` seats, and some more who will not fly."""
        bookings = [self._book([self._seated(guest)]) for guest in guests[:seats]]
        bookings += self._until(seats - len(bookings))
        random, flight_utc = self._random, self._flight.departure_utc.replace(tzinfo=None)
        for booking in bookings[len(guests) :]:
            if random.random() < LATE_SHARE:
                booking.created = flight_utc - timedelta(hours=random.randrange(9, 44))
                booking.changed = booking.created + timedelta(minutes=random.randrange(5, 90))
                for one in booking.passengers:
                    one.fate = "booked_late"
        extra = self._until(max(1, round(seats * EXTRA_SHARE)))
        for booking in extra:
            fate = random.choice(FATES)
            for one in booking.passengers:
                one.fate = fate
        self._leave_behind(bookings, extra)
        bookings += [booking for booking in extra if booking.passengers]
        random.shuffle(bookings)
        for number, booking in enumerate(bookings):
            self._number(booking, number)
        self._assign_seats(bookings)
        return [*bookings, *self._divide(bookings)]

    def _until(self, seats: int) -> list[Booking]:
        bookings: list[Booking] = []
        while seats > 0:
            passengers = self._party(seats)
            seats -= sum(one.seated for one in passengers)
            bookings.append(self._book(passengers))
        return bookings

    def _leave_behind(self, bookings: list[Booking], extra: list[Booking]) -> None:
        """Now and then only one of a party does not fly: someone of an extra booking joins one that flies."""
        for booking in extra:
            loner = booking.passengers[0]
            if len(booking.passengers) == 1 and not booking.alone_minor and self._random.random() < 0.4:
                host = self._random.choice(bookings)
                if host.passengers[0].fate == "flies" and not host.alone_minor and len(host.passengers) < 9:
                    host.passengers.append(loner)
                    booking.passengers = []

    def _divide(self, bookings: list[Booking]) -> list[Booking]:
        """Now and then one adult of a party gets a booking of their own after the first push (Annex I item 11)."""
        divided = []
        for booking in bookings:
            last = booking.passengers[-1]
            if len(booking.passengers) > 1 and last.fare == "A" and last.fate == "flies":
                if self._random.random() >= SPLIT_SHARE or any(one.adult is last for one in booking.passengers):
                    continue
                booking.passengers.remove(last)
                own = msgspec.structs.replace(
                    booking, locator=self._locator(), passengers=[last], divided_from=booking, group_name=""
                )
                divided.append(own)
        return divided

    def _party(self, room: int) -> list[Passenger]:
        kind = self._random.choices(KINDS, KIND_WEIGHTS)[0]
        people, random = self._people, self._random
        nationality, language = people.nationality(self._mix)
        if kind == "alone_minor":
            return [self._seated(people.child(nationality, language, (5, 11), stem=""))]
        first = people.adult(nationality, language)
        if kind == "one" or room < 2:
            return [self._seated(first)]
        if kind in ("friends", "group"):
            size = random.randint(3, 5) if kind == "friends" else random.randint(10, 18)
            others = [people.adult(nationality, language) for _ in range(min(size, room) - 1)]
            return [self._seated(one) for one in (first, *others)]
        party = [self._seated(first)]
        if kind != "parent":
            party.append(self._seated(people.spouse(first)))
        if kind != "couple":
            party += self._children(party, room - len(party))
        return party

    def _children(self, parents: list[Passenger], room: int) -> Iterator[Passenger]:
        random = self._random
        parent = parents[0].person
        called: set[str] = set()
        for _ in range(min(room, random.choice((1, 1, 2, 2, 3)))):
            yield self._seated(self._child(parent, (2, 16), called))
        if random.random() < BABY_SHARE:
            yield Passenger(self._child(parent, (0, 1), called), "IN", adult=parents[-1], seated=False)
        elif room > 4 and random.random() < BABY_SHARE / 4:
            yield Passenger(self._child(parent, (0, 1), called), "IN", adult=parents[-1], seated=True)

    def _child(self, parent: Person, ages: tuple[int, int], called: set[str]) -> Person:
        """A child whose first name no brother or sister bears."""
        while True:
            child = self._people.child(parent.nationality, parent.language, ages, stem=parent.stem)
            if child.given[0] not in called:
                called.add(child.given[0])
                return child

    def _seated(self, person: Person) -> Passenger:
        age = (self._flight.departure.date() - person.born).days / 365.25
        fare: Literal["A", "C"] = "C" if age < 12 else "A"
        titles = ("MSTR", "MISS") if fare == "C" else ("MR", self._random.choice(("MRS", "MS")))
        return Passenger(person, fare, title=titles[person.sex == "F"])

    def _book(self, passengers: list[Passenger]) -> Booking:
        random, flight = self._random, self._flight
        days = min(300, max(3, int(random.expovariate(1 / 35))))
        created = flight.departure_utc.replace(tzinfo=None) - timedelta(days=days, minutes=random.randrange(700))
        lead = passengers[0].person
        return Booking(
            locator=self._locator(),
            passengers=passengers,
            created=created,
            changed=created + timedelta(hours=random.randrange(1, days * 24 - 60)),
            told=random.choices((1, 2, 3), (1 - 2 * NAME_ONLY_SHARE, NAME_ONLY_SHARE, NAME_ONLY_SHARE))[0],
            agent=f"{random.randrange(10_000_000, 99_999_999)}",
            direct=random.random() < 0.45,
            contact=f"{random.randrange(10_000_000, 99_999_999)}",
            town=random.choice(states()[lead.nationality].towns),
            fare=random.randrange(4900, 68000),
            card=f"{random.choice(('VI', 'CA', 'AX'))}:{random.randrange(1000, 9999)}",
            before=feeder(random, flight) if random.random() < 0.15 else None,
            after=(after := onward(random, flight) if random.random() < 0.15 else None),
            # whoever goes on comes back another way: a journey with a gap would be a fault (ITI-02)
            back=return_leg(random, flight) if random.random() < 0.55 and after is None else None,
            group_name=f"TOUR {random.choice(states()[lead.nationality].towns)}" if len(passengers) > 9 else "",
            alone_minor=len(passengers) == 1 and passengers[0].fare == "C",
        )

    def _number(self, booking: Booking, at: int) -> None:
        """References, tickets, bags and services, once it is known who belongs to the booking."""
        random = self._random
        for number, one in enumerate(booking.passengers, 1):
            one.number = str(number)
            one.reference = f"{booking.locator}{at:04d}{number:02d}"
            self._ticket += 1
            one.ticket = f"{world().carriers[self._flight.carrier]['numeric']}{self._ticket}"
            one.early = random.random() < 0.93
            if one.fare == "IN":
                continue
            one.bags = random.choices((0, 1, 2, 3), (45, 40, 12, 3))[0]
            if one.bags:
                one.weight = sum(random.randint(9, 30) for _ in range(one.bags))
                one.tag, self._tag = self._tag, self._tag + one.bags
            if one.fare == "A" and random.random() < 0.2:
                one.loyalty = str(random.randrange(100_000_000, 999_999_999))
            if one.fare == "A" and random.random() < 0.1:
                one.visa = f"{random.choice(LETTERS)}{random.randrange(10_000_000, 99_999_999)}"
            if random.random() < SENSITIVE_SHARE:
                one.sensitive = (random.choice(SENSITIVE),)

    def _assign_seats(self, bookings: list[Booking]) -> None:
        """Seats by row and letter, parties side by side; those who never fly get none."""
        letters = self._flight.seats
        at = 0
        for booking in bookings:
            for one in booking.passengers:
                if one.seated and one.fate in ("flies", "booked_late"):
                    one.seat = f"{at // len(letters) + 1}{letters[at % len(letters)]}"
                    at += 1

    def _locator(self) -> str:
        while True:
            locator = "".join(self._random.choices(LOCATOR_LETTERS, k=6))
            if locator not in self._locators:
                self._locators.add(locator)
                return locator


def _mix(flight: Flight) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Nationalities on board with weights: the two ends, the carrier's home, and a little of everywhere."""
    places = world().places
    weights: dict[str, float] = dict.fromkeys(sorted({state for state, _ in places.values()}), 0.5)
    for state, weight in (
        (places[flight.origin][0], 40.0),
        (places[flight.destination][0], 34.0),
        (world().carriers[flight.carrier]["home"], 4.0),
    ):
        weights[state] += weight
    return tuple(weights), tuple(weights.values())
