"""The journey of a booking as facts: where it starts, turns, changes and comes back."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import get_args

from pnr_pipeline.records import FlightLeg
from pnr_pipeline.records.places import Airport, airport, to_utc
from pnr_pipeline.screening.criteria.facts import LIST_MAX, Journey, Weekday

_TRANSFER_MAX = timedelta(hours=24)
"""A stop up to here is a change of flight, as tickets count it; a longer one is a stay."""

_EARTH_KM = 6371.0


def journey(leg: FlightLeg, itinerary: Iterable[FlightLeg]) -> Journey:
    """The facts of this leg and of the booking's flights; where no booking tells them only those of the leg."""
    flights = [one for one in itinerary if one.origin and one.destination]
    if not flights:
        return Journey(leg_origin=iata(leg.origin), leg_destination=iata(leg.destination))
    turn = _turn(flights)
    out, stay = flights[: turn + 1], _gap(flights, turn)
    gaps = [_gap(flights, place) for place in range(turn)]
    waits = [gap for gap in gaps if gap is not None]
    via = [code for one in out[:-1] if (code := iata(one.destination))][:LIST_MAX]
    origin, destination = iata(flights[0].origin), iata(out[-1].destination)
    home, last = country(flights[0].origin), country(flights[-1].destination)
    after = flights[turn + 1].departure_local if turn + 1 < len(flights) else None
    return Journey(
        leg_origin=iata(leg.origin),
        leg_destination=iata(leg.destination),
        origin=origin,
        destination=destination,
        origin_country=home,
        destination_country=country(out[-1].destination),
        via=tuple(dict.fromkeys(via)),
        via_countries=tuple(dict.fromkeys(told for one in via if (told := country(one)))),
        transfers=len(out) - 1,
        longest_transfer_hours=max(map(hours, waits)) if waits and len(waits) == len(gaps) else None,
        detour_percent=_detour(out),
        legs=len(flights),
        one_way=home != last if home and last else None,
        stay_hours=hours(stay) if stay is not None else None,
        return_weekday=weekday(after) if after else None,
    )


def iata(code: str) -> str | None:
    """The IATA code of an airport given by IATA or ICAO code; None where it has none."""
    place = airport(code)
    return place.iata or None if place else None


def country(code: str) -> str | None:
    """The country of an airport, alpha-2."""
    place = airport(code)
    return place.country or None if place else None


def weekday(at: datetime) -> Weekday:
    """MO to SU."""
    days: tuple[Weekday, ...] = get_args(Weekday)
    return days[at.weekday()]


def hours(span: timedelta) -> int:
    """Whole hours, towards the past."""
    return span // timedelta(hours=1)


def _turn(flights: Sequence[FlightLeg]) -> int:
    """The flight that ends at the destination: before the longest stay over a day, else the last one."""
    stays = {place: gap for place in range(len(flights) - 1) if (gap := _gap(flights, place)) and gap > _TRANSFER_MAX}
    return max(stays, key=lambda place: (stays[place], -place)) if stays else len(flights) - 1


def _gap(flights: Sequence[FlightLeg], place: int) -> timedelta | None:
    """From this flight's landing to the next one's departure, both at the same airport's local time."""
    if place + 1 >= len(flights):
        return None
    lands, leaves = flights[place], flights[place + 1]
    if lands.arrival_local is None or leaves.departure_local is None:
        return None
    if lands.destination == leaves.origin:
        return leaves.departure_local - lands.arrival_local
    down, up = to_utc(lands.arrival_local, lands.destination), to_utc(leaves.departure_local, leaves.origin)
    return up - down if up and down else None


def _detour(out: Sequence[FlightLeg]) -> int | None:
    places = [airport(out[0].origin), *(airport(one.destination) for one in out)]
    known = [place for place in places if place is not None]
    direct = _distance(known[0], known[-1]) if len(known) == len(places) else 0.0
    if direct < 1:
        return None
    return round(100 * sum(_distance(one, other) for one, other in pairwise(known)) / direct)


def _distance(one: Airport, other: Airport) -> float:
    """Great-circle distance in kilometres."""
    (a, b), (c, d) = (map(math.radians, (place.latitude, place.longitude)) for place in (one, other))
    near = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(near)))
