"""ITI-02 on bookings, FLT-05 and FLT-06 on the flight of the message."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.places import airport, to_utc
from pnr_pipeline.wire.edifact.segment import Segment

_CARRIER: Final = re.compile(r"[A-Z][A-Z0-9]|[2-9][A-Z]")
"""Sender codes that are an airline's; those of distribution systems begin with 1."""
_RELAYS: Final = frozenset({"XS"})
"""Codes in the form of an airline's that belong to networks."""
_FLOWN: Final = frozenset({"", "HK", "KK", "KL", "TK", "RR"})
"""Status of segments that are to be flown; others (waitlisted, cancelled, passive) tell no journey."""
_GAPS: Final = frozenset({"ARNK", "OPEN"})


def check_crossing(
    flights: Sequence[FlightLeg], rulebook: Rulebook, place: Segment | None, found: list[Finding]
) -> None:
    """FLT-05, where the countries of the receiving State are known; airports that nobody knows are not judged."""
    home = rulebook.setting.home_countries
    if not home or not flights:
        return
    countries = {
        known.country if (known := airport(code)) else "" for leg in flights for code in (leg.origin, leg.destination)
    }
    if "" in countries or (countries & home and len(countries) > 1):
        return
    case = "domestic" if countries & home else "foreign"
    if case == "domestic" and any(one.rule == "FLT-05" for one in found):  # LOC 125 and 87 already said so
        return
    offset, tag = (place.offset, place.tag) if place else (-1, "")
    found.append(rulebook.finding("FLT-05", case=case, offset=offset, segment=tag))


def check_sender(
    sender: str, flights: Sequence[FlightLeg], rulebook: Rulebook, place: Segment | None, found: list[Finding]
) -> None:
    """FLT-06 where the sender is the code of an airline, but of none that flies or markets the flight."""
    if not _CARRIER.fullmatch(sender) or sender in _RELAYS:
        return
    carriers = {code for leg in flights for code in (leg.carrier, leg.marketing[:2]) if code}
    if carriers and sender not in carriers:
        offset, tag = (place.offset, place.tag) if place else (-1, "")
        found.append(rulebook.finding("FLT-06", offset=offset, segment=tag))


def check_itineraries(bookings: Iterable[Booking], tag: str, rulebook: Rulebook, found: list[Finding]) -> None:
    """ITI-02, each booking at most once in each way. Many bookings tell the same journey, which is judged once."""
    for booking in bookings:
        if len(booking.itinerary) > 1 and not booking.cancelled:
            for case in _impossible(booking.itinerary, booking.status):
                found.append(rulebook.finding("ITI-02", case=case, offset=booking.offset, segment=tag))


@lru_cache(maxsize=4096)
def _impossible(legs: Sequence[FlightLeg], status: Sequence[str]) -> tuple[str, ...]:
    """The cases of ITI-02 that an itinerary shows; a surface gap (ARNK) or an open leg joins anything."""
    cases: dict[str, None] = {}
    before: FlightLeg | None = None
    for index, leg in enumerate(legs):
        if (status[index] if index < len(status) else "") not in _FLOWN:
            continue
        if leg.number in _GAPS or not leg.number:
            before = None
            continue
        if before is not None:
            arrived = to_utc(before.arrival_local, before.destination) if before.arrival_local else None
            departs = to_utc(leg.departure_local, leg.origin) if leg.departure_local else None
            if arrived and departs and departs < arrived:
                cases[""] = None
            ends, begins = airport(before.destination), airport(leg.origin)
            if ends and begins and ends.country != begins.country:
                cases["gap"] = None
        before = leg
    return tuple(cases)
