"""The flight of a PAXLST: SG2 (TDT, LOC, DTM) into legs (FORMATS 2.3)."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from pnr_pipeline.intake.dates import dtm_time
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg, Mode
from pnr_pipeline.records.places import airport
from pnr_pipeline.wire.edifact.segment import Segment

LAST_FOREIGN, FIRST_DOMESTIC, OTHER, FINAL = "125", "87", "92", "130"
"""LOC 3227: last place of departure outside the State, first of arrival in it, other point, final destination."""

DEPARTURE, ARRIVAL = "189", "232"
"""DTM 2005: scheduled departure and arrival, local."""

MASTER_LIST: Final = "MCL"
"""What TDT 8028 ends in where the list is of all crew of a carrier, on no flight (BGM 336)."""

_DESIGNATOR: Final = re.compile(r"([A-Z]{3}|[A-Z][A-Z0-9]|[0-9][A-Z])[ -]?0*(\d{1,4}[A-Z]?)")
_NUMBER: Final = re.compile(r"0*(\d{1,4}[A-Z]?)")
_MODES: Final[dict[str, Mode]] = {"1": "sea", "8": "sea", "2": "rail", "3": "road"}
"""TDT 8067, UN/ECE Recommendation 19; 4 is air. PAXLST does not depend on the mode (directory, 1.2)."""
_REGISTRATION: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{2,9}")


class _Point(msgspec.Struct, gc=False):
    """One LOC with the DTM beside it."""

    kind: str
    place: str
    departure: datetime | None = None
    arrival: datetime | None = None


def read_legs(segments: Iterable[Segment], rulebook: Rulebook, findings: list[Finding]) -> tuple[FlightLeg, ...]:
    """All legs told by the header of a list, in their order; times local.

    LOC comes before its DTM; a DTM right after TDT, as the directories before D.13B had it, belongs to the flight. Two
    consecutive points with departure and arrival are one leg, also where one TDT tells several.
    """
    legs: list[FlightLeg] = []
    flight: FlightLeg | None = None
    points: list[_Point] = []
    for segment in segments:
        tag = segment.tag
        if tag == "TDT":
            if flight is not None:
                legs += _legs(flight, points)
            points = []
            flight = _flight(segment, rulebook, findings)
        elif flight is None:
            continue  # LOC 188 and 172, DTM of the header: where the message was filed
        elif tag == "LOC":
            points.append(_Point(segment.get(1), segment.get(2).strip().upper()))
        elif tag == "DTM" and segment.get(1) in (DEPARTURE, ARRIVAL):
            at = _time(segment, rulebook, findings)
            if not points:
                points.append(_Point("", ""))
            if segment.get(1) == DEPARTURE:
                points[-1].departure = at
            else:
                points[-1].arrival = at
    if flight is not None:
        legs += _legs(flight, points)
    return tuple(legs)


def _flight(segment: Segment, rulebook: Rulebook, findings: list[Finding]) -> FlightLeg:
    """Carrier, number or registration of a TDT. The carrier named in C040 counts more than the prefix."""
    told = segment.get(2).strip().upper()
    carrier = segment.get(5).strip().upper()
    registration = segment.get(8).strip().upper()
    mode = _MODES.get(segment.get(3).strip().lstrip("0"))
    if mode is not None:
        return FlightLeg(carrier=carrier, number=told, registration=registration, mode=mode)
    found = None
    if carrier and told.startswith(carrier):
        found = _NUMBER.fullmatch(told[len(carrier) :].strip(" -"))
    if found is None and carrier:
        found = _NUMBER.fullmatch(told)
    if found is not None:
        return FlightLeg(carrier=carrier, number=found.group(1), registration=registration)
    if told.endswith(MASTER_LIST):
        return FlightLeg(carrier=carrier or told.removesuffix(MASTER_LIST), registration=told)
    designator = _DESIGNATOR.fullmatch(told)
    if designator is None:
        if not registration and _REGISTRATION.fullmatch(told):
            registration = told
        return FlightLeg(carrier=carrier, registration=registration)
    prefix, number = designator.groups()
    if carrier and carrier != prefix:
        findings.append(rulebook.finding("SYN-04", case="carrier", offset=segment.offset, segment="TDT"))
    if len(carrier) == 3 and len(prefix) == 2:
        carrier = prefix  # an ICAO code beside the IATA one: bookings know the flight by the latter
    return FlightLeg(carrier=carrier or prefix, number=number, registration=registration)


def _time(segment: Segment, rulebook: Rulebook, findings: list[Finding]) -> datetime | None:
    text = segment.get(1, 1)
    at = dtm_time(text, segment.get(1, 2))
    if at is None:
        findings.append(rulebook.finding("SYN-03", case="time", offset=segment.offset, segment="DTM"))
    elif " " in text:
        findings.append(rulebook.finding("SYN-04", case="blank", offset=segment.offset, segment="DTM"))
    return at


def _legs(flight: FlightLeg, points: list[_Point]) -> list[FlightLeg]:
    """The legs along the points of one TDT."""
    legs: list[FlightLeg] = []
    open_leg: FlightLeg | None = None
    for point in points:
        begins = point.kind == LAST_FOREIGN or point.departure is not None
        ends = point.kind in (FIRST_DOMESTIC, FINAL) or point.arrival is not None
        if not begins and not ends:
            begins, ends = open_leg is None, open_leg is not None
        if ends:
            if open_leg is None and point.place:
                open_leg = _replace(flight, origin=legs[-1].destination if legs else "")
            if open_leg is not None:
                legs.append(_replace(open_leg, destination=point.place, arrival_local=point.arrival))
                open_leg = None
        if begins:
            late = legs[-1] if legs and not legs[-1].origin else None
            if late is not None:  # arrival was told before departure
                legs[-1] = _replace(late, origin=point.place, departure_local=point.departure)
            elif not point.place and point.kind == "":
                flight = _replace(flight, departure_local=point.departure)
            else:
                if open_leg is not None:
                    legs.append(open_leg)
                at = point.departure or flight.departure_local
                open_leg = _replace(flight, origin=point.place, departure_local=at)
    if open_leg is not None or not legs:
        legs.append(open_leg or flight)
    return legs


def one_country(segments: Iterable[Segment]) -> Segment | None:
    """The LOC 87 that lies in the same country as the LOC 125 before it, where both airports are known (FLT-05)."""
    abroad = None
    for segment in segments:
        if segment.tag != "LOC":
            continue
        kind = segment.get(1)
        if kind == LAST_FOREIGN:
            abroad = airport(segment.get(2))
        elif kind == FIRST_DOMESTIC and abroad is not None:
            here = airport(segment.get(2))
            if here is not None and here.country == abroad.country:
                return segment
    return None


_replace = msgspec.structs.replace
