"""What stands in a cell of an uploaded table, into values of the records. Nothing raises; None is no such value."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final, Literal, NamedTuple

from pnr_pipeline.intake.dates import birth_date
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Place, Role

Departure = Literal["day-first", "compact", "zone", "no-time"]
"""How a date may be written otherwise than asked, and still be understood."""

ROLES: Final[dict[str, Role]] = {
    "PAX": "passenger", "PASSENGER": "passenger", "P": "passenger", "FL": "passenger", "ADT": "passenger",
    "CREW": "crew", "C": "crew", "FM": "crew",
    "TRANSIT": "in_transit", "T": "in_transit", "DDU": "in_transit",
    "INF": "infant", "INFANT": "infant",
}  # fmt: skip
SEXES: Final = {
    "M": "M", "F": "F", "X": "X", "U": "U", "MALE": "M", "FEMALE": "F", "<": "U", "UNSPECIFIED": "X", "UNKNOWN": "U"
}  # fmt: skip
DOCUMENTS: Final = {"PASSPORT": "P", "VISA": "V", "ID": "I", "ID CARD": "I", "IDENTITY CARD": "I"}

CODES: Final = {
    "dep_airport": re.compile(r"[A-Z]{3}|[A-Z][A-Z0-9]{3}"),
    "arr_airport": re.compile(r"[A-Z]{3}|[A-Z][A-Z0-9]{3}"),
    "embarkation": re.compile(r"[A-Z]{3}|[A-Z][A-Z0-9]{3}"),
    "disembarkation": re.compile(r"[A-Z]{3}|[A-Z][A-Z0-9]{3}"),
    "registration": re.compile(r"(?=.*[A-Z])[A-Z0-9][A-Z0-9-]{2,9}"),
    "operator": re.compile(r"[A-Z]{3}|[A-Z][A-Z0-9]|[0-9][A-Z]"),
    "doc_type": re.compile(r"[A-Z]{1,3}"),
    "doc_number": re.compile(r"[A-Z0-9/-]{1,35}|[A-Z0-9<]{21,92}"),
    "seat": re.compile(r"[0-9]{1,3}[A-Z]|[A-Z]{3}|JMP[0-9]?"),
    "pnr": re.compile(r"[A-Z0-9]{5,8}"),
    "phone": re.compile(r"\+?[0-9][0-9 ()/.-]{3,30}"),
    "email": re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}"),
    "bags": re.compile(r"[0-9]{1,2}"),
}
"""The shape of cells that hold a code: where codes belong, no word is kept (ING-4)."""

_FLIGHT: Final = re.compile(r"([A-Z]{3}|[A-Z][A-Z0-9]|[0-9][A-Z])[ -]?0*([0-9]{1,4}[A-Z]?)")
_NUMBER: Final = re.compile(r"0*([0-9]{1,4}[A-Z]?)")
_ISO_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})\.[ ]?([0-9]{1,2})\.[ ]?([0-9]{4})\.?")
_COMPACT: Final = re.compile(r"[0-9]{6}|[0-9]{8}|[0-9]{2}[A-Za-z]{3}(?:[0-9]{2}|[0-9]{4})")
_TIME: Final = re.compile(
    r"(?P<day>[0-9.-]+\.?)(?:(?:[T,]|\s)\s?(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"\s?(?P<zone>Z|UTC|LT|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_TOWN: Final = re.compile(r"[^\W\d_][\w .,'()/-]{0,69}")


class Day(NamedTuple):
    """An ISO date, `1987` or `1987-02` where the rest is unknown; None for no date; and how it was written."""

    iso: str | None
    written: Departure | None = None


def day(text: str, on: date, reader: Callable[[str, date], str | None] = birth_date) -> Day:
    """A date. `10.01.2026` and the forms of messages are understood too; with slashes nothing tells day from month.

    `reader` (birth or expiry) and `on` decide the century of two-digit years.
    """
    if found := _ISO_DAY.fullmatch(text):
        year, month, of_month = found.groups()
        return Day(reader(f"{year}{month or '00'}{of_month or '00'}", on))
    if found := _DAY_FIRST.fullmatch(text):
        of_month, month, year = found.groups()
        return Day(reader(f"{year}{month.zfill(2)}{of_month.zfill(2)}", on), "day-first")
    if _COMPACT.fullmatch(text):
        return Day(reader(text, on), "compact")
    return Day(None)


def local_time(text: str, on: date) -> tuple[datetime | None, Departure | None]:
    """A local time without zone, and how it was written; a zone that stands there all the same is not applied."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None, None
    told = day(found["day"], on)
    if told.iso is None or len(told.iso) != len("2026-01-10"):
        return None, None
    of_day = date.fromisoformat(told.iso)
    if found["hour"] is None:
        return datetime.combine(of_day, time()), "no-time"
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        return None, None
    zone = (found["zone"] or "LT").upper() != "LT"
    return datetime.combine(of_day, time(hour, minute)), "zone" if zone else told.written


def flight_number(text: str, operator: str) -> FlightLeg | None:
    """Carrier and number of a flight; digits alone are a flight of the operator."""
    told = text.upper().replace(" ", "")
    if operator and told.startswith(operator) and (own := _NUMBER.fullmatch(told[len(operator) :].strip("-"))):
        return FlightLeg(operator, own.group(1))
    if found := _FLIGHT.fullmatch(told):
        return FlightLeg(found.group(1), found.group(2))
    if operator and (bare := _NUMBER.fullmatch(told)):
        return FlightLeg(operator, bare.group(1))
    return None


def birth_place(text: str) -> Place | None:
    """`GBR`, `GBR LONDON` or `LONDON`."""
    country, _, town = text.partition(" ")
    country = country.strip(",;:/")
    if len(country) in (2, 3) and (code := alpha3(country)):
        town = town.strip()
        return Place(country, code, town if _TOWN.fullmatch(town) else "")
    return Place(town=text) if _TOWN.fullmatch(text) else None
