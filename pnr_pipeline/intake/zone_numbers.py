"""Machine readable zones that stand in place of a document number: only the number in them is kept (DOC-07; ING-10).

A zone tells more than a number: birth date, sex, names and data of the issuer's own.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from pnr_pipeline.intake.quality_person import PersonFindings
from pnr_pipeline.records.traveller import Document, Traveller
from pnr_pipeline.wire import mrz
from pnr_pipeline.wire.mrz_layout import check_digit

NUMBER_LENGTH_MAX: Final = 20
"""No number is longer; what is may be a zone and keeps its fillers until it is looked at here."""

_LINE: Final = re.compile(r"([A-Z0-9<]{9})([0-9<])[A-Z<]{3}([0-9<]{6})([0-9])[MFX<]([0-9<]{6})([0-9])[A-Z0-9<]*")
"""Line 2 of a passport, TD2 card or visa."""
_BARE_LINE: Final = re.compile(r"([A-Z0-9]{9})([0-9])[A-Z]{1,3}([0-9]{6})([0-9])[MFX]?([0-9]{6})([0-9])[A-Z0-9]*")
"""The same from a sender who took the fillers out; a number of less than nine characters cannot be told then."""
_CARD_LINE: Final = re.compile(r"[AIC][A-Z<][A-Z<]{3}([A-Z0-9<]{9})([0-9<])[A-Z0-9<]*")
"""Line 1 of a TD1 card."""


def without_fillers(text: str) -> str:
    """A document number as sent, without blanks and `<`; a text too long for one keeps its `<`."""
    number = text.replace(" ", "")
    bare = number.replace("<", "")
    return bare if len(number) <= NUMBER_LENGTH_MAX else number


def without_zones(travellers: Iterable[Traveller], person: PersonFindings) -> tuple[Traveller, ...]:
    """The travellers with the number alone where a zone stood in its place, '' where it cannot be read from it."""
    return tuple(
        msgspec.structs.replace(one, documents=tuple(_without_zone(paper, one, person) for paper in one.documents))
        if any(len(paper.number) > NUMBER_LENGTH_MAX for paper in one.documents)
        else one
        for one in travellers
    )


def _without_zone(document: Document, traveller: Traveller, person: PersonFindings) -> Document:
    text = document.number.upper()
    if len(text) <= NUMBER_LENGTH_MAX:
        return document
    line = _LINE.fullmatch(text) or _BARE_LINE.fullmatch(text)
    if line is not None:
        told = line.groups()
        right = all(check_digit(field) == digit for field, digit in zip(told[::2], told[1::2], strict=True))
        return _reduced(document, told[0], right, traveller, person)
    zone, faults = mrz.read(text)
    if zone is not None:
        return _reduced(document, zone.number, not any(one.code == "check-digit" for one in faults), traveller, person)
    card = _CARD_LINE.fullmatch(text)
    if card is not None and "<" in text:
        return _reduced(document, card[1], check_digit(card[1]) == card[2], traveller, person)
    if "<" in text or not any(character.isdigit() for character in text):
        return _reduced(document, "", True, traveller, person)
    return document


def _reduced(document: Document, number: str, right: bool, traveller: Traveller, person: PersonFindings) -> Document:
    person.find("DOC-07", traveller, "in-number" if right else "")
    return msgspec.structs.replace(document, number=number.replace("<", ""))
