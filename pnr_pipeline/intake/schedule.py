"""Which flights are expected: from a schedule file, or learnt from the weeks before."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

import msgspec

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake.feed_message import FeedMessage
from pnr_pipeline.intake.feed_rules import Learn
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.places import airport, to_utc

COLUMNS: Final = ("carrier", "number", "days", "origin", "destination", "departure", "arrival", "from", "to")
"""Header of a schedule: `days` are 1 (Monday) to 7, times `HH:MM` local to each airport, `from` and `to` ISO days.

An arrival that is not after the departure on the clock of its own airport is on the next day.
"""
_NUMBER: Final = re.compile(r"[0-9]{1,4}[A-Z]?")
_CARRIER: Final = re.compile(r"[A-Z0-9]{2,3}")
_DAYS: Final = re.compile(r"[1-7]{1,7}")


class ScheduledFlight(msgspec.Struct, frozen=True):
    """One line of a schedule; `days` are ISO weekdays."""

    carrier: str
    number: str
    days: frozenset[int]
    origin: str
    destination: str
    departure: time
    arrival: time
    first: date
    last: date


class Expected(NamedTuple):
    """A flight on one day, and which sources are to tell of it; `departs` is aware UTC."""

    flight: FlightLeg
    departs: datetime
    sources: tuple[str, ...] = ("api", "pnr")


def read_schedule(text: str, name: str) -> list[ScheduledFlight]:
    """The flights of a CSV with the columns `COLUMNS`, in any order; `name` is the file's, for faults.

    Raises RuleFault with the line (1-based) of the first wrong one.
    """
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    lacking = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if lacking:
        raise RuleFault(f"{name}:1", f"a schedule needs the columns {','.join(COLUMNS)}; there is no {lacking[0]}")
    return [_scheduled(row, f"{name}:{rows.line_num}") for row in rows]


def _scheduled(row: dict[str, str | None], place: str) -> ScheduledFlight:
    told = {column: (row.get(column) or "").strip().upper() for column in COLUMNS}
    number = told["number"].lstrip("0")
    for column, good in (
        ("carrier", _CARRIER.fullmatch(told["carrier"])),
        ("number", _NUMBER.fullmatch(number)),
        ("days", _DAYS.fullmatch(told["days"])),
        ("origin", airport(told["origin"])),
        ("destination", airport(told["destination"])),
    ):
        if not good:
            raise RuleFault(place, f"{column} is wrong or not known")
    try:
        return ScheduledFlight(
            told["carrier"], number, frozenset(int(day) for day in told["days"]), told["origin"], told["destination"],
            time.fromisoformat(told["departure"]), time.fromisoformat(told["arrival"]),
            date.fromisoformat(told["from"]), date.fromisoformat(told["to"]),
        )  # fmt: skip
    except ValueError:
        raise RuleFault(place, "departure and arrival are HH:MM, from and to are YYYY-MM-DD") from None


def expected_of(schedule: Iterable[ScheduledFlight], first: date, last: date) -> Iterator[Expected]:
    """The flights that the schedule has on the local days `first` to `last`, both included."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    for line in schedule:
        for day in days:
            if line.first <= day <= line.last and day.isoweekday() in line.days:
                landing = day if line.arrival > line.departure else day + timedelta(days=1)
                flight = FlightLeg(
                    carrier=line.carrier,
                    number=line.number,
                    origin=line.origin,
                    destination=line.destination,
                    departure_local=datetime.combine(day, line.departure),
                    arrival_local=datetime.combine(landing, line.arrival),
                )
                yield from _expected(flight, ("api", "pnr"))


def learnt(messages: Iterable[FeedMessage], rules: Learn, first: date, last: date) -> Iterator[Expected]:
    """The flights of the local days `first` to `last` that the weeks before let expect, with their usual sources.

    A flight is known by carrier, number and route; it departs as it did when it was last seen on that weekday.
    """
    seen: defaultdict[tuple[str, str, str, str], dict[date, FeedMessage]] = defaultdict(dict)
    told: set[tuple[tuple[str, str, str, str], date, str]] = set()
    for one in messages:
        flight = one.flight
        if flight.departure_local and flight.number and one.source:
            key = (flight.carrier, flight.number, flight.origin, flight.destination)
            day = flight.departure_local.date()
            seen[key][day] = one
            told.add((key, day, one.source))
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        before = [day - timedelta(weeks=week) for week in range(1, rules.weeks + 1)]
        for key, days in seen.items():
            known = [one for one in before if one in days]
            if len(known) >= rules.seen:
                counts = Counter(source for one in known for source in ("api", "pnr") if (key, one, source) in told)
                sources = tuple(source for source, number in counts.items() if number >= rules.seen)
                yield from _expected(_moved(days[known[0]].flight, day - known[0]), sources)


def _moved(flight: FlightLeg, by: timedelta) -> FlightLeg:
    return msgspec.structs.replace(
        flight,
        departure_local=flight.departure_local + by if flight.departure_local else None,
        arrival_local=flight.arrival_local + by if flight.arrival_local else None,
    )


def _expected(flight: FlightLeg, sources: tuple[str, ...]) -> Iterator[Expected]:
    departs = to_utc(flight.departure_local, flight.origin) if flight.departure_local else None
    if departs is not None:
        yield Expected(flight, departs, sources)
