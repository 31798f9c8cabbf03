"""Airports by IATA or ICAO code, and the UTC time of their local times."""

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import airportsdata
import msgspec


class Airport(msgspec.Struct, frozen=True):
    """One airport: codes ('' where it has none), country alpha-2, IANA time zone, name, degrees north and east."""

    iata: str
    icao: str
    country: str
    tz: str
    name: str
    latitude: float
    longitude: float


def airport(code: str) -> Airport | None:
    """The airport with this IATA (3 letters) or ICAO (4) code; None when unknown."""
    code = code.strip().upper()
    known = _by_iata() if len(code) == 3 else _by_icao()
    return _read(code) if code in known else None


@lru_cache(maxsize=4096)  # only codes that exist: of what senders write in their place nothing is kept
def _read(code: str) -> Airport:
    row = (_by_iata() if len(code) == 3 else _by_icao())[code]
    return Airport(row["iata"], row["icao"], row["country"], row["tz"], row["name"], row["lat"], row["lon"])


def to_utc(local: datetime, airport_code: str) -> datetime | None:
    """The UTC time of a local time (without zone) at an airport; None where airport or zone is unknown.

    A time that occurs twice at the end of summer time is read as the first; one that does not occur, as if the
    clock had not yet been put forward (PEP 495, fold 0).
    """
    place = airport(airport_code)
    if place is None:
        return None
    zone = _zone(place.tz)
    if zone is None:
        return None
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _by_icao() -> dict[str, Any]:
    table: dict[str, Any] = airportsdata.load("ICAO")
    return table


@cache
def _by_iata() -> dict[str, Any]:
    return {row["iata"]: row for row in _by_icao().values() if row["iata"]}
