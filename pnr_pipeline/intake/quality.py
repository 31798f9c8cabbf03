"""The rules that finished records of one message can answer (FORMATS 8): names, dates, documents, flights, doubles.

Every check is a look at plain fields; a finding is made only where something is wrong. A rule that the reader already
found broken on the raw value of a traveller is not told a second time.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.names import has_glued_title, is_placeholder
from pnr_pipeline.intake.quality_baggage import check_bags
from pnr_pipeline.intake.quality_document import check_documents
from pnr_pipeline.intake.quality_doubles import check_doubles
from pnr_pipeline.intake.quality_itinerary import check_crossing, check_itineraries, check_sender
from pnr_pipeline.intake.quality_names import LONG, check_name_details
from pnr_pipeline.intake.quality_person import PersonFindings
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.intake.sensitive_texts import (
    counting,
    without_sensitive_texts,
    without_words_for_registrations,
)
from pnr_pipeline.intake.zone_numbers import without_zones
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import API_KINDS
from pnr_pipeline.records.places import airport, to_utc
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.edifact.segment import Segment

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z '\-]*")
_AGE_MAX: Final = 110
_FLIGHT_HOURS_MAX: Final = timedelta(hours=20)
_AHEAD_MAX: Final = timedelta(days=380)
_PAST_MAX: Final = timedelta(days=5)
_PERSON_TAGS: Final = {"PAXLST": "NAD", "PNRGOV": "TIF"}  # PDT in the superseded US form, release 001
_ON_NO_FLIGHT: Final = "336"
"""A carrier's master crew list tells no leg."""

_BY_REFERENCE_ONLY: Final = ("266", "745+XR", "745+RP")
"""Functions whose travellers may be named by reference alone: flight close and cancellations."""


def check_content(
    content: Content, head: MessageHead, rulebook: Rulebook, now: datetime, flight: Segment | None
) -> None:
    """Append to `content.findings` what the rules say of its records, and take zones out of document numbers.

    Linear in the travellers.

    `flight` is the segment that tells the flight (TDT or TVL), for the place of findings on it.
    """
    tag = "PDT" if head.version.startswith("001") else _PERSON_TAGS.get(head.kind, "")
    person = PersonFindings(rulebook, content.findings, tag)
    content.travellers = without_zones(content.travellers, person)
    if head.kind in API_KINDS:
        before = sum(content.dropped.values())
        kept = counting(rulebook.intake.sensitive, content.dropped)
        content.travellers = without_sensitive_texts(content.travellers, kept)
        content.flights = without_words_for_registrations(content.flights, kept)
        if (count := sum(content.dropped.values()) - before) > 0:
            content.findings.append(rulebook.finding("SEN-01", offset=head.offset, detail=f"{count} in all"))
    if not content.function.startswith(_ON_NO_FLIGHT):
        check_flights(content.flights, rulebook, now, flight, content.findings)
        check_crossing(content.flights, rulebook, flight, content.findings)
        check_sender(head.sender, content.flights, rulebook, flight, content.findings)
    if content.function.startswith(_BY_REFERENCE_ONLY):
        return
    departure = next((leg.departure_local for leg in content.flights if leg.departure_local), None)
    dates = _DatesOf(departure.date() if departure else now.date())
    api = head.kind in API_KINDS
    passports = rulebook.intake.directory.passports
    for traveller in content.travellers:
        _check_name(traveller, person)
        if traveller.title or traveller.other_names or len(traveller.surname) + len(traveller.given_names) >= LONG:
            check_name_details(traveller, api, person)
        if traveller.date_of_birth is not None:
            _check_age(traveller, dates, api, person)
        if api:
            _check_api(traveller, person)
        if traveller.documents:
            check_documents(traveller, dates.today, dates.in_15_years, passports, api, person)
        if traveller.bags is not None and traveller.bags.tags:
            check_bags(traveller, traveller.bags, person)
    if content.bookings:
        check_itineraries(content.bookings, "SRC" if head.kind == "PNRGOV" else "", rulebook, content.findings)
    check_doubles(content.travellers, len(content.flights) > 1, person)


class _DatesOf:
    """The limits of dates as ISO text, so that a check is a comparison of strings."""

    __slots__ = ("in_15_years", "oldest", "today", "twelve_years_ago", "two_years_ago")

    def __init__(self, on: date) -> None:
        self.today = on.isoformat()
        month_day = self.today[4:]
        self.oldest = f"{on.year - _AGE_MAX:04}{month_day}"
        self.two_years_ago = f"{on.year - 2:04}{month_day}"
        self.twelve_years_ago = f"{on.year - 12:04}{month_day}"
        self.in_15_years = f"{on.year + 15:04}{month_day}"


def check_flights(
    flights: Sequence[FlightLeg], rulebook: Rulebook, now: datetime, place: Segment | None, found: list[Finding]
) -> None:
    """FLT-01 to FLT-04 on all legs; `now` is aware UTC."""
    offset, tag = (place.offset, place.tag) if place else (-1, "")

    def find(rule: str, case: str = "", detail: str = "") -> None:
        found.append(rulebook.finding(rule, case=case, offset=offset, segment=tag, detail=detail))

    if not any(leg.designator for leg in flights):
        find("FLT-01")
    first = next((leg.departure_local for leg in flights if leg.departure_local), None)
    if first is None:
        find("FLT-02")
    elif not now.replace(tzinfo=None) - _PAST_MAX <= first <= now.replace(tzinfo=None) + _AHEAD_MAX:
        find("FLT-02", "range")
    for leg in flights:
        if not leg.origin or not leg.destination:
            find("FLT-04", "missing")
        elif leg.mode:
            continue  # ports and stations, whose zones and codes are not known here
        elif airport(leg.origin) is None or airport(leg.destination) is None:
            find("FLT-04")
        if leg.departure_local is None or leg.arrival_local is None:
            continue
        departure, arrival = to_utc(leg.departure_local, leg.origin), to_utc(leg.arrival_local, leg.destination)
        if departure is not None and arrival is not None:
            if arrival <= departure:
                find("FLT-03")
            elif arrival - departure > _FLIGHT_HOURS_MAX:
                find("FLT-03", "long")


def _check_name(traveller: Traveller, person: PersonFindings) -> None:
    surname, given = traveller.surname, traveller.given_names
    if not surname:
        person.find("NAM-01", traveller)
    if len(given) < 2:
        person.find_missing("NAM-02", traveller, "letter" if given else "")
    elif has_glued_title(given):
        person.find("NAM-04", traveller)
    whole = f"{surname} {given}" if surname else given
    if whole and not _NAME.fullmatch(whole):
        person.find("NAM-03", traveller, _wrong_signs(whole))
    elif is_placeholder(surname) or is_placeholder(given):
        person.find("NAM-06", traveller)


def _wrong_signs(name: str) -> str:
    if any(sign.isdigit() for sign in name):
        return "digit"
    return "national" if all(sign.isalpha() or sign in " '-" for sign in name) else ""


def _check_age(traveller: Traveller, dates: _DatesOf, api: bool, person: PersonFindings) -> None:
    born = traveller.date_of_birth or ""
    if born > dates.today or born < dates.oldest:
        person.find("DOB-02", traveller)
    elif born > dates.two_years_ago:
        if traveller.fare_type == "A":
            person.find("DOB-03", traveller, "adult")
        elif api and traveller.role != "infant":
            person.find("DOB-03", traveller, "century")
    elif traveller.role == "infant":
        person.find("DOB-03", traveller, "infant")
    elif traveller.fare_type == "C" and born < dates.twelve_years_ago:
        person.find("DOB-03", traveller, "child")


def _check_api(traveller: Traveller, person: PersonFindings) -> None:
    """What the law makes mandatory in a list of passengers or crew: birth date, sex, nationality, document."""
    if traveller.date_of_birth is None:
        person.find_missing("DOB-01", traveller)
    if traveller.sex is None:
        person.find_missing("SEX-01", traveller)
    if traveller.nationality is None:
        person.find_missing("NAT-01", traveller)
    elif not traveller.nationality_alpha3:
        person.find("NAT-02", traveller)
    if not traveller.documents:
        person.find("DOC-01", traveller)
