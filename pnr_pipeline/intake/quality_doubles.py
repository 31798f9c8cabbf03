"""DUP-01, SEA-01 and DOC-06: who or what stands twice in one message."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pnr_pipeline.intake.quality_person import PersonFindings
from pnr_pipeline.records.traveller import Traveller

_SEAT: Final = re.compile(r"0*[1-9][0-9]?[A-L]")
_SEATS: Final = re.compile(r"(?:[1-9][0-9]?[A-L] )*")


def check_doubles(travellers: Sequence[Traveller], legs: bool, person: PersonFindings) -> None:
    """Look at the whole message; on several `legs` a seat may have one traveller on each.

    Whether anything stands twice is seen from all values together; only then one looks for whose it is.
    """
    seats = [one.seat for one in travellers if one.seat and one.role != "infant"]
    if len(set(seats)) < len(seats) or not _SEATS.fullmatch(" ".join([*seats, ""])):
        _same_seat(travellers, legs, person)
    named = [(one.surname, one.given_names, one.date_of_birth) for one in travellers if one.date_of_birth]
    if len(set(named)) < len(named):
        _same_person(travellers, person)
    papers = [paper.number for one in travellers for paper in one.documents]
    if len(set(papers)) < len(papers):
        _same_document(travellers, person)


def _same_person(travellers: Iterable[Traveller], person: PersonFindings) -> None:
    people: set[tuple[str, str, str]] = set()
    for traveller in travellers:
        if traveller.date_of_birth and traveller.surname:
            who = (traveller.surname, traveller.given_names, traveller.date_of_birth)
            if who in people:
                person.find("DUP-01", traveller)
            people.add(who)


def _same_seat(travellers: Iterable[Traveller], legs: bool, person: PersonFindings) -> None:
    seats: set[tuple[str, str, str]] = set()
    for traveller in travellers:
        if traveller.seat and traveller.role != "infant":
            if _SEAT.fullmatch(traveller.seat):
                at = (traveller.embarkation, traveller.disembarkation) if legs else ("", "")
                seat = (traveller.seat.lstrip("0"), *at)
                if seat in seats:
                    person.find("SEA-01", traveller)
                seats.add(seat)
            elif traveller.role != "crew":
                person.find("SEA-01", traveller, "impossible")


def _same_document(travellers: Iterable[Traveller], person: PersonFindings) -> None:
    papers: dict[tuple[str, str], int] = {}
    for traveller in travellers:
        for document in traveller.documents:
            if document.number:
                paper = (document.number, document.issuer_alpha3 or document.issuer)
                if papers.setdefault(paper, traveller.ordinal) != traveller.ordinal:
                    person.find("DOC-06", traveller)
