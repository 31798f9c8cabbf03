"""What one segment of a PAXLST traveller says by itself: a field and its value (FORMATS 2.4 to 2.6).

Nothing here knows the traveller or the segments around, so that a segment that comes again (`LOC+178+IST`, `NAT+2+TUR`)
needs to be read once a message only. What belongs together is put together in `paxlst_traveller`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from pnr_pipeline.intake.bag_tags import bag_tags, measure
from pnr_pipeline.intake.dates import birth_date, expiry_date, issue_date
from pnr_pipeline.intake.zone_numbers import without_fillers
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.traveller import Place, Traveller
from pnr_pipeline.wire.edifact.segment import Segment

_FIELDS: Final = Traveller.__struct_fields__
_BESIDE: Final = ("citizenship", "pieces", "weight", "issuer", "expires", "issued", "nothing")
_MANY: Final = ("contact", "frequent flyer", "ticket", "bag tag")
_ACTS: Final = ("document", "fault", "drop")
_SLOTS: Final = (*_FIELDS, *_BESIDE, *_MANY, *_ACTS)

TRAVELLER_SLOTS: Final = len(_FIELDS)
"""The first slots are the fields of the record, in their order; one value each, like those beside."""
SINGLE_SLOTS: Final = TRAVELLER_SLOTS + len(_BESIDE)
CITIZENSHIP, PIECES, WEIGHT, ISSUER, EXPIRES, ISSUED, NOTHING = range(TRAVELLER_SLOTS, SINGLE_SLOTS)
CONTACT, FREQUENT_FLYER, TICKET, BAG_TAG = range(SINGLE_SLOTS, SINGLE_SLOTS + len(_MANY))
"""Slots of which a traveller may have many; the value is a tuple."""
DOCUMENT, FAULT, DROP = range(SINGLE_SLOTS + len(_MANY), len(_SLOTS))
"""A DOC, which begins a document; a `Fault`; a segment that is not kept."""

NATIONALITY, DOCUMENTS, BAGS, ADDRESS, TITLE, OFFSET = map(
    _FIELDS.index, ("nationality", "documents", "bags", "address", "title", "offset")
)
_BORN, _SEX, _RESIDENCE, _BIRTH_PLACE, _REDRESS, _CHECKED, _CREW_FUNCTION = map(
    _FIELDS.index,
    ("date_of_birth", "sex", "residence", "birth_place", "redress", "verified", "crew_function"),
)
FIELDS_OF_MANY: Final = {
    CONTACT: _FIELDS.index("contacts"),
    FREQUENT_FLYER: _FIELDS.index("frequent_flyer"),
    TICKET: _FIELDS.index("tickets"),
}

Told = tuple[int, Any]
"""A slot and what stands in it."""

DateSlot = tuple[int, Callable[[str, date], str | None]]
"""The slot of a date and how to read it."""

_REFERENCES: Final = {
    "AVF": _FIELDS.index("locator"),
    "SEA": _FIELDS.index("seat"),
    "ABO": _FIELDS.index("carrier_reference"),
}
_PLACES: Final = {
    "178": _FIELDS.index("embarkation"),
    "179": _FIELDS.index("disembarkation"),
    "22": _FIELDS.index("clearance"),
}
_MANY_REFERENCES: Final = {"YZY": TICKET, "CR": FREQUENT_FLYER}
_DATES: Final[dict[str, DateSlot]] = {
    "329": (_BORN, birth_date),
    "36": (EXPIRES, expiry_date),
    "182": (ISSUED, issue_date),
}
_SEXES: Final = {"M": "M", "F": "F", "X": "X", "U": "U", "<": "U", "1": "M", "2": "F", "0": "U"}
_VERIFIED: Final = {"173": True, "174": False}
_CURRENT_NATIONALITY: Final = ("2", "")

REPEATED_TAGS: Final = frozenset({"LOC", "NAT", "ATT", "GEI", "MEA"})
"""Segments of codes and places, which travellers share; all others differ from one to the next."""


class Fault(NamedTuple):
    """A value that breaks a rule: the finding, and what the slot holds all the same."""

    slot: int
    value: object
    rule: str
    case: str


def single_references(element_mark: str) -> dict[str, int]:
    """Text of RFF in front of its value → slot, for references that a traveller has one of."""
    return {f"RFF{element_mark}{kind}": slot for kind, slot in _REFERENCES.items()}


def single_dates(element_mark: str) -> dict[str, DateSlot]:
    """Text of DTM in front of its value → slot and how to read it."""
    return {f"DTM{element_mark}{kind}": told for kind, told in _DATES.items()}


def _plain_document(before: str, value: str, mark: str) -> Told | None:
    """`DOC+P:110:111+U12345678`, as most write it; None where it must be cut to be understood."""
    kind, number = before[4:], value.partition(mark)[2]
    return (DOCUMENT, (kind, number)) if kind.isalnum() and number.isalnum() else None


def _plain_bag(before: str, value: str, mark: str) -> Told | None:
    """`FTX+BAG+++TK600000:1`, likewise."""
    subject, first = before[4:10], before[10:]
    if subject[:3] == "BAG" and subject[3:] == mark * 3 and first.isalnum() and (not value or value.isalnum()):
        return BAG_TAG, bag_tags(first, value)
    return None


PLAIN_TEXTS: Final = {"DOC": _plain_document, "FTX": _plain_bag}
"""What reads a segment from its text, cut at the first component mark, and the element mark."""


def meaning(segment: Segment, on: date) -> Told:
    """What a segment of SG4 or SG5 says; `on` decides centuries. Never raises."""
    read = _READERS.get(segment.tag)
    return read(segment, on) if read is not None else (DROP, None)


def _reference(segment: Segment, on: date) -> Told:
    kind, told = segment.get(1), segment.get(1, 1).strip()
    if kind in _REFERENCES:
        return _REFERENCES[kind], told or None
    if kind == "AEA":
        return _REDRESS, told
    if kind in _MANY_REFERENCES and told:
        return _MANY_REFERENCES[kind], (told,)
    return DROP, None


def _place(segment: Segment, on: date) -> Told:
    kind, place = segment.get(1), segment.get(2).strip()
    if kind in _PLACES:
        return _PLACES[kind], place
    if kind == "91":
        return ISSUER, (place, alpha3(place) if place else "")
    if kind == "174":
        return _RESIDENCE, Place(place, alpha3(place)) if place else None
    if kind == "180":  # a country and, in the name of the place, a town (`GBR:::LONDON`, `:::LONDON GBR`)
        town = segment.get(2, 3).strip()
        return _BIRTH_PLACE, Place(place, alpha3(place) if place else "", town) if place or town else None
    return DROP, None


def _date(segment: Segment, on: date) -> Told:
    kind, told = segment.get(1), segment.get(1, 1).strip()
    if kind not in _DATES:
        return DROP, None
    slot, date_of = _DATES[kind]
    day = date_of(told, on)
    if slot == _BORN:
        if not told:
            return NOTHING, None
        return (_BORN, day) if day is not None else (FAULT, Fault(_BORN, None, "DOB-01", "invalid"))
    if slot == EXPIRES and told and day is None:
        return FAULT, Fault(EXPIRES, "", "DOC-04", "invalid")
    return slot, day or ""


def _document(segment: Segment, on: date) -> Told:
    return DOCUMENT, (segment.get(1).strip(), without_fillers(segment.get(2)))


def _nationality(segment: Segment, on: date) -> Told:
    if segment.get(1) not in _CURRENT_NATIONALITY:
        return DROP, None
    code = segment.get(2).strip()
    told = (code, alpha3(code)) if code else (None, None)
    if code and len(code) != 3 and code != "D":
        return FAULT, Fault(CITIZENSHIP, told, "NAT-01", "form")
    return CITIZENSHIP, told


def _sex(segment: Segment, on: date) -> Told:
    told = (segment.get(3) or segment.get(2)).strip().upper()
    sex = _SEXES.get(told)
    return (FAULT, Fault(_SEX, None, "SEX-01", "code")) if told and sex is None else (_SEX, sex)


def _verified(segment: Segment, on: date) -> Told:
    code = segment.get(2)
    return (_CHECKED, _VERIFIED[code]) if code in _VERIFIED else (NOTHING, None)


def _measure(segment: Segment, on: date) -> Told:
    found = measure(segment)
    if found is None:
        return NOTHING, None
    return (PIECES, found) if isinstance(found, int) else (WEIGHT, found)


def _free_text(segment: Segment, on: date) -> Told:
    return (
        (BAG_TAG, bag_tags(segment.get(4).strip(), segment.get(4, 1).strip()))
        if segment.get(1) == "BAG"
        else (DROP, None)
    )


def _contact(segment: Segment, on: date) -> Told:
    return CONTACT, tuple(told for place in range(1, len(segment)) if (told := segment.get(place).strip()))


def _crew(segment: Segment, on: date) -> Told:
    return _CREW_FUNCTION, segment.get(2).strip()


_READERS: Final = {
    "ATT": _sex, "COM": _contact, "DOC": _document, "DTM": _date, "EMP": _crew, "FTX": _free_text, "GEI": _verified,
    "LOC": _place, "MEA": _measure, "NAT": _nationality, "RFF": _reference,
}  # fmt: skip
