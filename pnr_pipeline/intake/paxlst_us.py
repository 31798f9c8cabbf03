"""The superseded US form of PAXLST (release 001:000): PDT in place of NAD, ATT, DTM and DOC.

Known by one published sample only, so read as far as that goes:
`PDT+P/121234324:980701:US+JONES:INDIANA::351230` is document type and number, expiry, issuer; surname, given names and
birth.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.dates import birth_date, dtm_time, expiry_date
from pnr_pipeline.intake.names import name_of
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Document, Traveller
from pnr_pipeline.wire.edifact.segment import Segment

_DEPARTURE, _ARRIVAL = "136", "132"
_READ: Final = {"TDT", "LOC", "DTM", "PDT", "UNS", "CTA"}


def read_us_list(segments: Sequence[Segment], head: MessageHead, rulebook: Rulebook, now: datetime) -> Content:
    """Flight and travellers of a US list; each point of the routing after the first ends a leg."""
    content = Content()
    content.findings.append(rulebook.finding("ENV-10", case="close-to-known", offset=head.offset, segment="UNH"))
    content.flights = _legs(segments)
    on = next((leg.departure_local for leg in content.flights if leg.departure_local), now).date()
    people = [segment for segment in segments if segment.tag == "PDT"]
    content.travellers = tuple(_traveller(segment, ordinal, on) for ordinal, segment in enumerate(people, start=1))
    for segment in segments:
        if segment.tag not in _READ:
            key = f"seg:{segment.tag}" if len(segment.tag) == 3 else "seg:?"
            content.dropped[key] = content.dropped.get(key, 0) + 1
    return content


def _legs(segments: Sequence[Segment]) -> tuple[FlightLeg, ...]:
    carrier = number = origin = place = ""
    departure: datetime | None = None
    legs: list[FlightLeg] = []
    for segment in segments:
        if segment.tag == "TDT":
            carrier = segment.get(4).strip()
            number = segment.get(2).strip().removeprefix(carrier).lstrip("0")
        elif segment.tag == "LOC":
            place = segment.get(2).strip()[-3:]  # country and airport together: NZAKL
        elif segment.tag == "DTM":
            at = dtm_time(segment.get(2) + segment.get(3))
            if segment.get(1) == _ARRIVAL and origin:
                legs.append(FlightLeg(carrier, number, origin, place, departure, at))
            origin, departure = place, at if segment.get(1) == _DEPARTURE else None
    return tuple(legs)


def _traveller(segment: Segment, ordinal: int, on: date) -> Traveller:
    kind, _, number = segment.get(1).partition("/")
    issuer = segment.get(1, 2).strip()
    document = Document(kind.strip(), number.strip(), issuer, alpha3(issuer), expiry_date(segment.get(1, 1), on))
    parts = segment.components(2)
    name = name_of(parts[:3] or ("",))
    return Traveller(
        ordinal,
        "passenger",
        name.surname,
        name.given_names,
        date_of_birth=birth_date(parts[3], on) if len(parts) > 3 else None,
        documents=(document,) if document.number else (),
        title=name.title,
        offset=segment.offset,
    )
