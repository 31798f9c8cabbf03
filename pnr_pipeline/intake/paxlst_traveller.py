"""One traveller of a PAXLST: SG4 with its documents (SG5) (FORMATS 2.4 to 2.6).

The order inside the group is free: releases and carriers differ. What has no field in the record is not kept (ING-2).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from pnr_pipeline.intake.bag_tags import bags_of
from pnr_pipeline.intake.dates import birth_date, expiry_date, issue_date
from pnr_pipeline.intake.names import INFANT_TITLE, name_of
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.traveller import Document, Place, Role, Traveller
from pnr_pipeline.wire.edifact.segment import Segment

ROLES: Final[dict[str, Role]] = {
    "FL": "passenger",
    "FM": "crew",
    "DDU": "in_transit",
    "DDT": "crew",  # in-transit crew
    "COT": "passenger",  # involved party: directory code, US practice, to be confirmed
    "DEE": "passenger",  # stowaway
    "CPE": "crew",  # master
    "DET": "crew",
    "DEU": "crew",
    "DEV": "crew",
}
"""NAD 3035 of those who are on board."""

_SEXES: Final = {"M": "M", "F": "F", "X": "X", "U": "U", "<": "U", "1": "M", "2": "F", "0": "U"}
_VERIFIED: Final = {"173": True, "174": False}
_CURRENT_NATIONALITY: Final = ("2", "")


class Reading(msgspec.Struct):
    """What all travellers of one message are read with, and where their findings and counts go."""

    rulebook: Rulebook
    on: date
    """The day that decides centuries: departure, or receipt where it is not known."""
    findings: list[Finding]
    dropped: dict[str, int]

    def drop(self, segment: Segment) -> None:
        """Count a segment that is not kept; a tag that is none is counted without its text."""
        key = f"seg:{segment.tag}" if len(segment.tag) == 3 and segment.tag.isalpha() else "seg:?"
        self.dropped[key] = self.dropped.get(key, 0) + 1

    def find(self, rule: str, segment: Segment, traveller: int, case: str = "") -> None:
        """Note a finding on a segment of a traveller."""
        self.findings.append(
            self.rulebook.finding(rule, case=case, offset=segment.offset, segment=segment.tag, traveller=traveller)
        )


def read_traveller(group: Sequence[Segment], ordinal: int, reading: Reading) -> Traveller:
    """The traveller whom a NAD and the segments up to the next one describe."""
    nad = group[0]
    name = name_of(nad.components(4) or nad.components(3) or ("",))
    role = ROLES[nad.get(1)]
    if name.title == INFANT_TITLE and role == "passenger":
        role = "infant"
    if name.unknown:
        reading.find("NAM-02", nad, ordinal, "unknown")
    born = sex = nationality = nationality_alpha3 = locator = reference = seat = None
    embarkation = disembarkation = clearance = crew_function = redress = ""
    residence = birth_place = verified = None
    contacts: list[str] = []
    frequent_flyer: list[str] = []
    tickets: list[str] = []
    documents: list[Document] = []
    papers: list[Segment] = []
    luggage: list[Segment] = []
    for segment in group:
        tag = segment.tag
        elements = segment.elements
        first = elements[1] if len(elements) > 1 else ""
        if isinstance(first, str):
            kind, told = first, ""
        else:
            kind, told = first[0], first[1].strip()
        if tag == "LOC":
            second = elements[2] if len(elements) > 2 else ""
            place = (second if isinstance(second, str) else second[0]).strip()
            if kind == "178":
                embarkation = place
            elif kind == "179":
                disembarkation = place
            elif kind == "91":
                papers.append(segment)
            elif kind == "174":
                residence = Place(place, alpha3(place)) if place else None
            elif kind == "22":
                clearance = place
            elif kind == "180":
                birth_place = _birth_place(place, segment.get(2, 3).strip())
            else:
                reading.drop(segment)
        elif tag == "RFF":
            if kind == "AVF":
                locator = told or None
            elif kind == "SEA":
                seat = told or None
            elif kind == "ABO":
                reference = told or None
            elif kind == "YZY" and told:
                tickets.append(told)
            elif kind == "CR" and told:
                frequent_flyer.append(told)
            elif kind == "AEA":
                redress = told
            else:
                reading.drop(segment)
        elif tag == "DTM":
            if kind != "329":
                papers.append(segment)
            elif told:
                born = birth_date(told, reading.on)
                if born is None:
                    reading.find("DOB-01", segment, ordinal, "invalid")
        elif tag == "DOC":
            if papers:
                documents += _documents(papers, ordinal, reading)
            papers = [segment]
        elif tag == "NAT":
            if kind in _CURRENT_NATIONALITY:
                nationality = segment.get(2).strip() or None
                nationality_alpha3 = alpha3(nationality) if nationality else None
                if nationality and len(nationality) != 3 and nationality != "D":
                    reading.find("NAT-01", segment, ordinal, "form")
            else:
                reading.drop(segment)
        elif tag == "ATT":
            told = (segment.get(3) or segment.get(2)).strip().upper()
            sex = _SEXES.get(told)
            if sex is None and told:
                reading.find("SEX-01", segment, ordinal, "code")
        elif tag == "GEI":
            verified = _VERIFIED.get(segment.get(2), verified)
        elif tag == "MEA" or (tag == "FTX" and kind == "BAG"):
            luggage.append(segment)
        elif tag == "COM":
            contacts += [number for position in range(1, len(elements)) if (number := segment.get(position).strip())]
        elif tag == "EMP":
            crew_function = segment.get(2).strip()
        elif tag != "NAD":
            reading.drop(segment)
    if papers:
        documents += _documents(papers, ordinal, reading)
    return Traveller(
        ordinal,
        role,
        name.surname,
        name.given_names,
        (),
        born,
        sex,
        nationality,
        nationality_alpha3,
        residence,
        birth_place,
        tuple(documents),
        locator,
        None,
        reference,
        seat,
        embarkation,
        disembarkation,
        clearance,
        bags_of(luggage) if luggage else None,
        tuple(contacts),
        _address(nad) if len(nad) > 5 else "",
        tuple(frequent_flyer),
        tuple(tickets),
        redress,
        verified,
        crew_function,
        title=name.title,
        offset=nad.offset,
    )


def _documents(papers: list[Segment], ordinal: int, reading: Reading) -> list[Document]:
    """The document that a DOC and its DTM and LOC 91 tell; none for an empty DOC, whose dates belong to nothing."""
    doc = papers[0]
    if doc.tag != "DOC":
        for segment in papers:
            reading.drop(segment)
        return []
    kind = doc.get(1).strip()
    number = doc.get(2).replace(" ", "").replace("<", "")
    if not kind and not number:
        return []
    issuer = ""
    expires = issued = None
    for segment in papers:
        if segment.tag == "LOC":
            issuer = segment.get(2).strip()
        elif segment.tag == "DTM":
            meaning, told = segment.get(1), segment.get(1, 1).strip()
            if meaning == "36":
                expires = expiry_date(told, reading.on)
                if expires is None and told:
                    reading.find("DOC-04", segment, ordinal, "invalid")
            elif meaning == "182":
                issued = issue_date(told, reading.on)
            else:
                reading.drop(segment)
    return [Document(kind, number, issuer, alpha3(issuer) if issuer else "", expires, issued)]


def _birth_place(country: str, town: str) -> Place | None:
    """LOC 180: a country and, in the name of the place, a town (`GBR:::LONDON`, `:::LONDON GBR`)."""
    return Place(country, alpha3(country) if country else "", town) if country or town else None


def _address(nad: Segment) -> str:
    """Street, city, subdivision, postcode and country of C059 to 3207, joined by commas."""
    subdivision = nad.get(7, 3) or nad.get(7)
    parts = (" ".join(nad.components(5)), nad.get(6), subdivision, nad.get(8), nad.get(9))
    return ", ".join(part for told in parts if (part := told.strip()))
