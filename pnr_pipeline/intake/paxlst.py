"""PAXLST: the list of passengers or crew of a flight (API), all directory releases alike (FORMATS 2).

One pass: a header up to the first NAD of a traveller, then a group per NAD, then the count. The sender's contact (NAD
MS, COM of the header) is not a traveller's and is not kept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.list_completeness import CREW_LIST
from pnr_pipeline.intake.paxlst_itinerary import one_country, read_legs
from pnr_pipeline.intake.paxlst_traveller import ROLES, Reading, read_traveller
from pnr_pipeline.intake.paxlst_us import read_us_list
from pnr_pipeline.intake.paxlst_usual import is_usual, read_usual
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.edifact.segment import Segment
from pnr_pipeline.wire.edifact.segment_list import SegmentList

FLIGHT_CLOSE: Final = "266"
"""BGM of flight status messages: their travellers are named by reference only."""

AT_THE_GATE: Final = "655"
"""BGM of a request (gate pass) to let somebody to the gate who does not travel: nothing of it is kept (ING-2)."""

_LISTS: Final = {"745", "250", FLIGHT_CLOSE, "336", AT_THE_GATE}
_SENDER: Final = {"MS", "MR", "FR", "TO", "CA"}
_HEADER: Final = {"BGM", "RFF", "DTM", "LOC", "NAD", "CTA", "COM", "TDT", "CNT"}
_TRAILER: Final = {"CNT", "AUT"}
_CREW_TOTAL, _PASSENGER_TOTAL = "41", "42"
_INTERACTIVE_LIST_MAX: Final = 10


def read_paxlst(segments: SegmentList, head: MessageHead, rulebook: Rulebook, now: datetime) -> Content:
    """All that a PAXLST tells, travellers in the order sent.

    `segments` stand between UNH and UNT. Never raises for any segments: what cannot be read is a finding or a count. A
    list above the limit of travellers gives none of them, so that the whole of it is set aside and nobody is lost.
    """
    nads = segments.places(("NAD",))
    parties = [(place, ROLES.get(code)) for place, code in zip(nads, segments.codes_at(nads), strict=True)]
    people = [place for place, role in parties if role]
    if not people and segments.places(("PDT",)):
        return read_us_list(segments, head, rulebook, now)
    last = people[-1] if people else 0
    end = next((last + place for place in segments[last:].places(_TRAILER)), len(segments))
    trailer = segments[end:]
    header = segments[: people[0] if people else end]
    content = Content()
    content.flights = read_legs(header, rulebook, content.findings)
    on = next((leg.departure_local for leg in content.flights if leg.departure_local), now).date()
    reading = Reading(rulebook, on, content.findings, content.dropped, segments.separators)
    content.function = _read_header(header, reading)
    if content.function.partition("+")[0] == AT_THE_GATE:
        content.dropped["gate-pass"] = len(people)
        content.findings.append(rulebook.finding("CAT-01", case="gate-pass", offset=head.offset, segment="UNH"))
        return content
    if len(people) > (most := rulebook.intake.limits.travellers):
        over = segments[people[most]].offset
        content.findings.append(rulebook.finding("ENV-08", case="limit", offset=over, segment="NAD"))
        content.complete = False
        return content
    travellers: list[Traveller] = []
    usual = is_usual(segments.separators)
    listed = [party for party in parties if people and people[0] <= party[0] < end]
    stops = [*(party[0] for party in listed[1:]), end]
    for (start, role), stop in zip(listed, stops, strict=False):  # nobody listed: one stop too many
        if role:
            ordinal = len(travellers) + 1
            one = read_usual(role, segments, start, stop, ordinal, reading) if usual else None
            travellers.append(one or read_traveller(role, segments, start, stop, ordinal, reading))
        else:
            _drop_party(segments[start:stop], reading)
    content.travellers = tuple(travellers)
    content.total = _check_counts(trailer, travellers, head, reading)
    content.in_full = _is_in_full(content, trailer, head, rulebook)
    if content.dropped:
        dropped = sum(content.dropped.values())
        content.findings.append(
            rulebook.finding("CAT-01", offset=head.offset, segment="UNH", detail=f"{dropped} in all")
        )
    return content


def _read_header(header: Sequence[Segment], reading: Reading) -> str:
    """The function of the list (BGM); findings on what the header should not hold."""
    function = ""
    for segment in header:
        reading.check_qualifier(segment)
        if segment.tag == "BGM" and not function:
            code, qualifier = segment.get(1).strip(), segment.get(2).strip()
            function = f"{code}+{qualifier}" if qualifier else code
            if code not in _LISTS:
                _note(reading, "SYN-03", segment, "list")
        elif segment.tag == "NAD" and segment.get(1) not in _SENDER:
            _note(reading, "SYN-03", segment, "party")
        elif segment.tag not in _HEADER:
            reading.drop(segment)
            if reading.dropped.get(f"seg:{segment.tag}") == 1:
                _note(reading, "SYN-01", segment)
    if (wrong := one_country(header)) is not None:
        _note(reading, "FLT-05", wrong)
    return function


def _drop_party(group: Sequence[Segment], reading: Reading) -> None:
    """A party between travellers that is none: its segments must not go to the traveller before."""
    if group[0].get(1) not in _SENDER:
        _note(reading, "SYN-03", group[0], "party")
    for segment in group:
        reading.drop(segment)


def _check_counts(
    trailer: Sequence[Segment], travellers: Sequence[Traveller], head: MessageHead, reading: Reading
) -> int | None:
    """CNT 42 and 41 against the list; a larger number is the flight's where the message is a part or interactive.

    Returns the number of passengers told.
    """
    total = None
    crew = sum(traveller.role == "crew" for traveller in travellers)
    listed = {_CREW_TOTAL: crew, _PASSENGER_TOTAL: len(travellers) - crew}
    partial = not head.last_of_set or head.sequence > 1 or len(travellers) <= _INTERACTIVE_LIST_MAX
    for segment in trailer:
        reading.check_qualifier(segment)
        told = segment.get(1, 1).strip()
        here = listed.get(segment.get(1))
        if segment.tag != "CNT" or here is None or not told.isdecimal():
            continue
        if segment.get(1) == _PASSENGER_TOTAL:
            total = int(told[:9])
        if int(told[:9]) == here:
            continue
        _note(reading, "CNT-01", segment, "flight-total" if int(told[:9]) > here and partial else "")
    return total


def _is_in_full(content: Content, trailer: Sequence[Segment], head: MessageHead, rulebook: Rulebook) -> bool:
    """Whether this list, or the set it is a part of, tells all passengers (crew of a crew list) of the flight."""
    of_crew = content.function.partition("+")[0] == CREW_LIST
    counts = (segment for segment in trailer if segment.get(1) == (_CREW_TOTAL if of_crew else _PASSENGER_TOTAL))
    told = [int(text[:9]) for one in counts if one.tag == "CNT" and (text := one.get(1, 1).strip()).isdecimal()]
    return rulebook.intake.lists.is_complete(
        content.function,
        content.flights,
        listed=sum((one.role == "crew") is of_crew for one in content.travellers),
        told=max(told, default=None),
        part=head.sequence > 1 or not head.last_of_set,
    )


def _note(reading: Reading, rule: str, segment: Segment, case: str = "") -> None:
    tag = segment.tag if len(segment.tag) == 3 else ""
    reading.findings.append(reading.rulebook.finding(rule, case=case, offset=segment.offset, segment=tag))
