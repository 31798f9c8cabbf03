"""TVL and TRA: legs of the message, of a booking's itinerary, and of what was booked beside the flight (groups 5, 9).

Times are local to each airport. A codeshare is told in three ways, and all end in one leg with the operating flight as
its number and the other one as `marketing` (FORMATS 4.4).
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from pnr_pipeline.intake.dates import day_month_year, local_time
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.wire.edifact.segment import Segment

_CODE_LENGTH_MAX = 4  # ICAO
_DIGITS_MAX = 21  # DDMMYY, HHMM, DDMMYY, HHMM, variation of the day
_NUMBER = re.compile(r"\d{1,5}[A-Z]?")
_WORDS = frozenset(("OPEN", "ARNK"))


def read_leg(segment: Segment) -> FlightLeg:
    """The leg in a TVL: C310 times at 1, places at 2 and 3, carriers at 4, number at 5.

    Open legs and surface gaps carry `OPEN` or `ARNK` as their number, as sent. With a pair of carriers (`DL:KL`) the
    second one operates, and the number is taken for its own as long as no second number comes.
    """
    elements: list[str | tuple[str, ...]] = [*segment.elements, "", "", "", "", ""]
    _, times, origin, destination, carriers, number, *_ = elements
    if not isinstance(times, tuple):
        times = (times,)
    digits = "".join(times)
    departure, arrival = (_times_of_digits if digits.isdecimal() and len(digits) <= _DIGITS_MAX else _times)(times)
    sellers = carriers[:2] if isinstance(carriers, tuple) else (carriers,)
    marketing, operating = (*map(travel_code, sellers), "", "")[:2]
    number = flight_number(number) if isinstance(number, str) else flight_number(number[0], "".join(number[2:3]))
    return FlightLeg(
        carrier=operating or marketing,
        number=number,
        origin=travel_code(origin if isinstance(origin, str) else origin[0]),
        destination=travel_code(destination if isinstance(destination, str) else destination[0]),
        departure_local=departure,
        arrival_local=arrival,
        marketing=f"{marketing}{number}" if operating and operating != marketing and number else "",
    )


def flight_number(raw: str, suffix: str = "") -> str:
    """`6` for `0006`, with its operational suffix; '' stays ''."""
    number = raw.strip().upper().lstrip("0")
    if not _NUMBER.fullmatch(number):
        return number if number in _WORDS else ""
    return f"{number}{suffix.strip().upper()}" if number and len(suffix) == 1 else number


def travel_code(raw: str) -> str:
    """A carrier or a place in upper case; '' for what is none, such as the name of a hotel."""
    code = raw.strip().upper()
    return code if code.isalnum() and len(code) <= _CODE_LENGTH_MAX else ""


def is_second_number(segment: Segment) -> bool:
    """Whether a TVL holds a flight number and nothing else: the other number of the codeshare before it."""
    return (
        not (segment.get(1) or segment.get(2) or segment.get(3) or segment.get(4))
        and segment.get(5)[:4].upper() not in _WORDS
        and bool(segment.get(5))
    )


def with_second_number(leg: FlightLeg, raw: str, message_leg: FlightLeg | None) -> FlightLeg:
    """The codeshare leg with its second number: the operating flight's, unless the message's flight has the first.

    Further numbers are those of further marketing flights.
    """
    second = flight_number(raw)
    known = leg.marketing.split()
    if len(known) > 1 or (
        known and not known[0].endswith(leg.number)
    ):  # both numbers are known: it is sold under a third
        if second == leg.number or any(one[2:] == second for one in known):
            return leg
        return msgspec.structs.replace(leg, marketing=f"{leg.marketing} {known[0][:2]}{second}")
    marketing_carrier = leg.marketing.removesuffix(leg.number) if leg.marketing else leg.carrier
    if message_leg and leg.number == message_leg.number and second != message_leg.number:
        return msgspec.structs.replace(leg, marketing=f"{marketing_carrier}{second}")
    return msgspec.structs.replace(leg, number=second, marketing=f"{marketing_carrier}{leg.number}")


def with_operating_flight(leg: FlightLeg, segment: Segment) -> FlightLeg:
    """The leg with the operating flight that a TRA behind its TVL names."""
    carrier, number = travel_code(segment.get(1)), flight_number(segment.get(2))
    if not carrier or (carrier, number) == (leg.carrier, leg.number):
        return leg
    return msgspec.structs.replace(
        leg, carrier=carrier, number=number or leg.number, marketing=leg.marketing or f"{leg.carrier}{leg.number}"
    )


def same_leg(leg: FlightLeg, other: FlightLeg) -> bool:
    """Whether both are one flight: same places, and the same number or the same day."""
    if leg.origin != other.origin or leg.destination != other.destination:
        return False
    if leg.number and leg.number == other.number:
        return True
    numbers = {other.number, *(one[2:] for one in other.marketing.split())} - {""}
    if leg.number in numbers:
        return True
    return bool(
        leg.departure_local and other.departure_local and leg.departure_local.date() == other.departure_local.date()
    )


def _times(told: tuple[str, ...]) -> tuple[datetime | None, datetime | None]:
    """Departure and arrival of C310; an arrival without date is on the day of departure, plus the variation told."""
    day, hhmm, arrival_day, arrival_hhmm, variation = (*told, "", "", "", "", "")[:5]
    departed = day_month_year(day)
    if arrival_hhmm == "" and len(arrival_day) in (3, 4):  # seen: the arrival's time in its date's place
        arrival_day, arrival_hhmm = "", arrival_day
    arrived = day_month_year(arrival_day) if arrival_day else None
    if arrived is None and arrival_hhmm and departed:
        arrived = departed + timedelta(days=int(variation) if variation in ("1", "2") else 0)
    return local_time(departed, hhmm), local_time(arrived, arrival_hhmm)


_times_of_digits = lru_cache(maxsize=4096)(_times)
"""Many legs begin and end at the same minutes. What is no time is not kept."""
