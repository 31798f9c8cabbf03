"""The life of one flight as its carrier tells it: every message, with its moment, in order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import NamedTuple

import msgspec

from pnr_pipeline.simulate.draft import Draft
from pnr_pipeline.simulate.flights import Flight, draw_flight
from pnr_pipeline.simulate.parties import Booking, Parties
from pnr_pipeline.simulate.paxlst import Crew, Listed, close_out, crew_list, passenger_list
from pnr_pipeline.simulate.people import People, Person
from pnr_pipeline.simulate.pnrgov import Push, push
from pnr_pipeline.simulate.pushes import (
    bookings_ahead,
    bookings_at_closure,
    changes_of_bookings,
    changes_of_lists,
    checked_in_early,
    on_board,
)
from pnr_pipeline.simulate.scenario import Scenario
from pnr_pipeline.simulate.spelling import misspelt
from pnr_pipeline.simulate.stock import languages_of, world

AHEAD = timedelta(hours=48)
"""First PNRGOV push: 24 to 48 hours before departure (Directive (EU) 2016/681 art. 8(3)(a))."""
CREW_BEFORE, LIST_BEFORE, CLOSURE_BEFORE, BOARD_BEFORE, BOOKINGS_BEFORE = (
    timedelta(minutes=minutes) for minutes in (95, 60, 12, 8, 5)
)
CHECK_IN_OPENS, CHECK_IN_CLOSES = timedelta(minutes=180), timedelta(minutes=65)
SEATS_PER_CABIN_CREW = 50
LOAD = (0.72, 1.0)
MISNAMED_SHARE = 0.015
CREW_OLDEST = 62


class Step(NamedTuple):
    """One message to be written when its moment comes."""

    sent_at: datetime
    kind: str
    push: str
    write: Callable[[datetime, str], Draft]
    changes: tuple[str, ...] = ()


def first_moment(scenario: Scenario, index: int) -> datetime:
    """When the first file of a flight is sent; nothing of the flight need exist before."""
    return _ahead(draw_flight(scenario, index))


def tell(scenario: Scenario, index: int, guests: list[Person]) -> tuple[Flight, list[Step]]:
    """The flight and its messages, by rising moment. It depends on scenario, index and guests alone."""
    flight = draw_flight(scenario, index)
    random = Random(f"{scenario.seed}:{index}:people")
    people = People(random, flight.departure.date(), f"F{index + 1:04d}-")
    seats = scenario.travellers or round(flight.capacity * random.uniform(*LOAD))
    bookings = Parties(random, flight, people).fill(seats, guests)
    _misname(bookings, random)
    crew = _crew(flight, people, random)
    early, boarded = checked_in_early(bookings, random), on_board(bookings)
    ahead, closing = bookings_ahead(bookings), bookings_at_closure(bookings)
    departure = flight.departure_utc
    steps = [
        Step(_ahead(flight), "PNRGOV", "booking", lambda at, ref: push(flight, ahead, Push(1, at, ref))),
        Step(departure - CREW_BEFORE, "PAXLST", "crew", lambda at, ref: crew_list(flight, crew, at, ref)),
        Step(departure - LIST_BEFORE, "PAXLST", "list", lambda at, ref: passenger_list(flight, early, at, ref)),
        Step(
            departure - CLOSURE_BEFORE,
            "PAXLST",
            "closure",
            lambda at, ref: passenger_list(flight, boarded, at, ref),
            changes_of_lists(early, boarded),
        ),
        Step(departure - BOARD_BEFORE, "PAXLST", "closeout", lambda at, ref: close_out(flight, boarded, at, ref)),
        Step(
            departure - BOOKINGS_BEFORE,
            "PNRGOV",
            "closure",
            lambda at, ref: push(flight, closing, Push(2, at, ref)),
            changes_of_bookings(bookings),
        ),
    ]
    if scenario.interactive:
        steps += _check_in(flight, boarded)
    return flight, sorted(steps, key=lambda step: step.sent_at)


def _ahead(flight: Flight) -> datetime:
    return flight.departure_utc - AHEAD + timedelta(minutes=flight.index % 40)


def _check_in(flight: Flight, boarded: list[Listed]) -> list[Step]:
    """One message per traveller, spread over the time of check-in."""
    opens = flight.departure_utc - CHECK_IN_OPENS
    seconds = (CHECK_IN_OPENS - CHECK_IN_CLOSES).total_seconds()

    def step(at: int, one: Listed) -> Step:
        moment = opens + timedelta(seconds=int(seconds * at / len(boarded)))
        return Step(
            moment,
            "PAXLST",
            f"checkin-{at + 1:04d}",
            lambda sent, ref: passenger_list(flight, [one], sent, ref, total=len(boarded)),
        )

    return [step(at, one) for at, one in enumerate(boarded)]


def _misname(bookings: list[Booking], random: Random) -> None:
    """A few bookings carry a name that is corrected before closure; never those of guests, whose spelling is set."""
    for booking in bookings:
        for one in booking.passengers:
            guest = one.person.planted or one.person.decoy_of
            if not guest and one.fate == "flies" and one.fare == "A" and random.random() < MISNAMED_SHARE:
                one.former = misspelt(one.person, random)


def _crew(flight: Flight, people: People, random: Random) -> list[Crew]:
    home = world().carriers[flight.carrier]["home"]
    names, weights = languages_of(home)
    count = 2 + ceil(flight.capacity / SEATS_PER_CABIN_CREW)
    drawn = [people.adult(home, random.choices(names, weights)[0], oldest=CREW_OLDEST) for _ in range(count)]
    grown = [msgspec.structs.replace(one, typed=False) for one in drawn]
    return [Crew(one, "CR1" if at < 2 else "CR2") for at, one in enumerate(grown)]
