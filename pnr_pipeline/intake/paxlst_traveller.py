"""One traveller of a PAXLST: SG4 with its documents (SG5) (FORMATS 2.4 to 2.6).

The order inside the group is free: releases and carriers differ. What has no field in the record is not kept (ING-2).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pnr_pipeline.intake.bag_tags import TAGS_MAX
from pnr_pipeline.intake.names import INFANT_TITLE, name_of
from pnr_pipeline.intake.paxlst_segments import (
    ADDRESS,
    BAG_TAG,
    BAGS,
    CITIZENSHIP,
    DOCUMENT,
    DOCUMENTS,
    DROP,
    EXPIRES,
    FIELDS_OF_MANY,
    ISSUED,
    ISSUER,
    NATIONALITY,
    OFFSET,
    PIECES,
    PLAIN_TEXTS,
    REPEATED_TAGS,
    SINGLE_SLOTS,
    TITLE,
    TRAVELLER_SLOTS,
    WEIGHT,
    Told,
    meaning,
    single_dates,
    single_references,
)
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.traveller import Bags, Document, Role, Traveller
from pnr_pipeline.wire.edifact.segment import Segment, Separators
from pnr_pipeline.wire.edifact.segment_list import SegmentList

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

_KNOWN_MAX: Final = 4096
_NOTHING_TOLD: Final = [None, None, None]
_NO_ISSUER: Final = ("", "")
_PAPER_KINDS: Final = {"LOC": ("91",), "DTM": ("36", "182")}
_EMPTY: Final[list[Any]] = [
    *(getattr(Traveller(0, "passenger"), field) for field in Traveller.__struct_fields__),
    *[None] * (SINGLE_SLOTS - len(Traveller.__struct_fields__)),
]
"""The slots of a traveller of whom nothing is told."""


class Reading:
    """What all travellers of one message are read with, and where their findings and counts go.

    `on` is the day that decides centuries: departure, or receipt where it is not known. `known` is what segments said
    that were seen before in this message: codes and places, by their text.
    """

    __slots__ = ("_strange", "dates", "dropped", "findings", "known", "on", "references", "rulebook")

    def __init__(
        self, rulebook: Rulebook, on: date, findings: list[Finding], dropped: dict[str, int], separators: Separators
    ) -> None:
        self.rulebook = rulebook
        self.on = on
        self.findings = findings
        self.dropped = dropped
        self.references = single_references(separators.element)
        self.dates = single_dates(separators.element)
        self.known: dict[str, Told] = {}
        self._strange: set[tuple[str, str]] = set()

    def drop(self, segment: Segment) -> None:
        """Count a segment that is not kept; a tag that is none is counted without its text."""
        key = f"seg:{segment.tag}" if len(segment.tag) == 3 and segment.tag.isalpha() else "seg:?"
        self.dropped[key] = self.dropped.get(key, 0) + 1

    def check_qualifier(self, segment: Segment, traveller: int | None = None) -> None:
        """Tell a qualifier that no list has (SYN-03), each once a message: a program repeats its codes."""
        code = segment.get(1).strip()
        known = self.rulebook.intake.directory.qualifiers.get(segment.tag)
        if code and known is not None and code not in known and (segment.tag, code) not in self._strange:
            self._strange.add((segment.tag, code))
            self.findings.append(
                self.rulebook.finding(
                    "SYN-03", case="qualifier", offset=segment.offset, segment=segment.tag, traveller=traveller
                )
            )

    def find(self, rule: str, segment: Segment, traveller: int, case: str = "") -> None:
        """Note a finding on a segment of a traveller."""
        self.findings.append(
            self.rulebook.finding(rule, case=case, offset=segment.offset, segment=segment.tag, traveller=traveller)
        )


def read_traveller(
    role: Role, segments: SegmentList, start: int, stop: int, ordinal: int, reading: Reading
) -> Traveller:
    """The traveller whom the NAD at `start` and the segments before `stop` describe.

    The hottest lines of intake. Half of the segments were seen before in the message; most others are one reference or
    one date, which the text alone tells. Only the rest is cut into elements.
    """
    known, references, dates, on = reading.known, reading.references, reading.dates, reading.on
    component = segments.separators.component
    slots = _EMPTY.copy()
    _read_name(segments[start], role, ordinal, slots, reading)
    many: dict[int, list[str]] = {}
    documents: list[Document] = []
    paper: tuple[str, str] | None = None
    index = start
    for text in segments.texts[start + 1 : stop]:
        index += 1  # enumerate takes longer
        told = known.get(text)
        if told is None:
            before, _, value = text.partition(component)
            if before in references and value.isalnum():  # so it holds neither another mark nor a blank
                slots[references[before]] = value
                continue
            if before in dates and value.isdigit():
                slot, date_of = dates[before]
                if (day := date_of(value, on)) is not None:
                    slots[slot] = day
                    continue
            told = _closer_look(index, text, before, value, segments, reading)
        slot, value = told
        if slot < SINGLE_SLOTS:
            slots[slot] = value
        elif slot < DOCUMENT:
            many.setdefault(slot, []).extend(value)
        elif slot == DOCUMENT:
            if paper is not None:
                _add_document(documents, paper, slots)
                slots[ISSUER : ISSUED + 1] = _NOTHING_TOLD
            elif slots[ISSUER : ISSUED + 1] != _NOTHING_TOLD:
                _drop_papers(segments[start:index], slots, reading)
            paper = value
        elif slot == DROP:
            reading.drop(segments[index])
            reading.check_qualifier(segments[index], ordinal)
        else:
            slots[value.slot] = value.value
            if value.slot != EXPIRES or any(paper or ()):
                reading.find(value.rule, segments[index], ordinal, value.case)
    if paper is not None:
        _add_document(documents, paper, slots)
    elif slots[ISSUER : ISSUED + 1] != _NOTHING_TOLD:
        _drop_papers(segments[start:stop], slots, reading)
    if documents:
        slots[DOCUMENTS] = tuple(documents)
    if many or slots[PIECES] is not None or slots[WEIGHT] is not None:
        slots[BAGS] = bags_of(slots[PIECES], slots[WEIGHT], many.pop(BAG_TAG, ()))
        for slot, values in many.items():
            slots[FIELDS_OF_MANY[slot]] = tuple(values)
    if (citizenship := slots[CITIZENSHIP]) is not None:
        slots[NATIONALITY], slots[NATIONALITY + 1] = citizenship
    return Traveller(*slots[:TRAVELLER_SLOTS])


def _closer_look(index: int, text: str, before: str, value: str, segments: SegmentList, reading: Reading) -> Told:
    """What a segment says that is neither known nor one plain reference or date."""
    tag = text[:3]
    if tag in PLAIN_TEXTS and (told := PLAIN_TEXTS[tag](before, value, segments.separators.element)) is not None:
        return told
    told = meaning(segments[index], reading.on)
    if tag in REPEATED_TAGS and len(reading.known) < _KNOWN_MAX:
        reading.known[text] = told
    return told


def _add_document(documents: list[Document], paper: tuple[str, str], slots: list[Any]) -> None:
    """What DOC, its DTM and LOC 91 told; nothing for an empty DOC, whose dates belong to nothing."""
    kind, number = paper
    issuer, expires, issued = slots[ISSUER : ISSUED + 1]
    if kind or number:
        sent, alpha3 = issuer or _NO_ISSUER
        documents.append(Document(kind, number, sent, alpha3, expires or None, issued or None))


def _drop_papers(group: SegmentList, slots: list[Any], reading: Reading) -> None:
    """Count dates and issuers that no DOC stands before."""
    slots[ISSUER : ISSUED + 1] = _NOTHING_TOLD
    for segment in group:
        if segment.get(1) in _PAPER_KINDS.get(segment.tag, ()):
            reading.drop(segment)


def bags_of(pieces: int | None, weight: tuple[float, str] | None, tags: Sequence[str]) -> Bags | None:
    """The bags that MEA and FTX tell; None where they tell nothing."""
    if pieces is None and weight is None and not tags:
        return None
    weighs, unit = weight or (None, "")
    return Bags(pieces, weighs, unit, tuple(tags[:TAGS_MAX]))


def _read_name(nad: Segment, role: Role, ordinal: int, slots: list[Any], reading: Reading) -> None:
    """The first four fields of the record, and what else NAD tells: title, address."""
    surname, given, title, unknown = name_of(nad.components(4) or nad.components(3) or ("",))
    if title:
        slots[TITLE] = title
        if title == INFANT_TITLE and role == "passenger":
            role = "infant"
    if unknown:
        reading.find("NAM-02", nad, ordinal, "unknown")
    if len(nad.elements) > 5:
        slots[ADDRESS] = _address(nad)
    slots[OFFSET] = nad.offset
    slots[:4] = ordinal, role, surname, given


def _address(nad: Segment) -> str:
    """Street, city, subdivision, postcode and country of C059 to 3207, joined by commas."""
    subdivision = nad.get(7, 3) or nad.get(7)
    parts = (" ".join(nad.components(5)), nad.get(6), subdivision, nad.get(8), nad.get(9))
    return ", ".join(part for told in parts if (part := told.strip()))
