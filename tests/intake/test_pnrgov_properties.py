"""What must hold for any PNRGOV message: nothing raises, nobody is lost, twice the bookings is twice the work."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pnrgov_texts import HEADER, LEG, NOW, PNR, RULES, read, segments

from pnr_pipeline.intake.content import MessageHead
from pnr_pipeline.intake.pnrgov import read_pnrgov
from pnr_pipeline.records.message import Message
from pnr_pipeline.wire.edifact.segment import Segment

HEAD = MessageHead(kind="PNRGOV")
TAGS = [
    "SRC", "MSG", "ORG", "TVL", "EQN", "RCI", "SSR", "DAT", "IFT", "ADD", "EBD", "TIF", "FTI", "REF", "FAR", "TKT",
    "MON", "PTK", "TXD", "FOP", "TRA", "RPI", "APD", "TRI", "SSD", "TBD", "ABI", "SAC", "LTS", "UNH", "UNT", "XYZ",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        ["", "1", "700", "710", "100126", "2240", "A", "IN", "G", "DOCS", "INFT", "SEAT", "HP", "4", "28", "43", "DOE",
         "JANEMRS", "CAI", "FRA", "367", "²", "٣", "/P/MNE/T98/MNE/01JAN52/MI/06OCT35/DOE/TIM", "24A", "MS:KX",
         "BERISHA/LEA 20SEP25", "4111111111111111", "(INF/LEA/20SEP25)", "0/O/NM/DOE/JANE(ADT)(INF/LEA/20SEP25)"]
    ),
    st.text(max_size=12),
)  # fmt: skip
ELEMENTS = st.lists(st.one_of(VALUES, st.lists(VALUES, min_size=1, max_size=12).map(tuple)), max_size=7)
SEGMENTS = st.lists(
    st.builds(lambda tag, elements: Segment(tag, [tag, *elements], 0), st.sampled_from(TAGS), ELEMENTS), max_size=40
)


@given(SEGMENTS)
def test_arbitrary_segments_never_raise_and_give_consistent_records(found):
    content = read_pnrgov(found, HEAD, RULES, NOW)
    assert [t.ordinal for t in content.travellers] == list(range(1, len(content.travellers) + 1))
    for index, booking in enumerate(content.bookings):
        assert booking.travellers == tuple(t.ordinal for t in content.travellers if t.booking == index)
    for traveller in content.travellers:
        assert traveller.accompanied_by != traveller.ordinal
        assert traveller.accompanied_by is None or 1 <= traveller.accompanied_by <= len(content.travellers)
    Message("0:1", "PNRGOV", travellers=content.travellers, bookings=content.bookings)


CHECK_IN = (
    "DAT+2:100126:2010'ORG+MS++++A'TRI++{n}:::1'TIF+{surname}+{given}MR:A:1'SSD+{n}A++++Y'TBD++1:20:700+++MS:{n}000'"
)
HISTORY = (
    "ABI+4+05FD28:GS+CAI++MS'DAT+T:090126:1706'SAC+++X'TIF+{surname}+OLD{given}MR:A:1'"
    "SAC+++A'SSR+SEAT:HK:1:MS:::CAI:FRA+9C::1'LTS+0/O/NM/{surname}/{given} MR(ADT)'"
)


def family(n: int) -> str:
    """A booking of an adult, a companion and an infant, each named in several places, with check-in and history."""
    surname, given, companion, infant = (
        f"SURNAME{chr(65 + n)}",
        f"GIVEN{chr(65 + n)}",
        f"MATE{chr(65 + n)}",
        f"BABY{chr(65 + n)}",
    )
    return (
        f"SRC'RCI+MS:LOC{n:03}::050126:0718'DAT+700:080126:1610'ORG+MS:CAI+51935352+CAI++A+EG:EUR:EN+WS32'"
        f"ADD++700:RINGSTRASSE {n}:KOELN:::DE:50667'"
        f"TIF+{surname}+{given}MR:A:1:1'REF+:REF{n}A'"
        f"SSR+DOCS:HK:1:MS:::::/P/MNE/T98212{n:02}/MNE/01JAN52/M/06OCT35/{surname}/{given}+::1'"
        f"SSR+INFT:HK:1:MS:::::{surname}/{infant} 20SEP25+::1'TKT+07754758319{n:02}:T:1'FOP+CA::80.00'"
        f"TIF+OTHER{surname}+{companion}MRS:A:2'REF+:REF{n}B'"
        f"SSR+DOCS:HK:1:MS:::::/P/MNE/T88212{n:02}/MNE/01JAN62/F/06OCT35/OTHER{surname}/{companion}+::2'"
        f"TIF+{surname}+{infant}:IN:3'" + LEG + CHECK_IN.format(n=n + 10, surname=surname, given=given)
        + HISTORY.format(surname=surname, given=given)
    )  # fmt: skip


def people(content) -> Counter[tuple[str, str]]:
    return Counter((t.surname, t.given_names) for t in content.travellers)


WHOLE = segments(HEADER + family(0) + family(1) + family(2))


def without(text: str, *tags: str) -> str:
    """The text without all segments of some tags."""
    return "".join(f"{segment}'" for segment in text.split("'") if segment and not segment.startswith(tags))


@pytest.mark.parametrize(
    "tags", [("RCI", "LTS"), ("RCI", "LTS", "DAT+7"), ("DAT+7", "LTS"), ("TVL+10", "LTS"), ("ABI", "SAC")]
)
def test_a_missing_src_loses_nobody_where_other_segments_are_missing_too(tags):
    text = without(HEADER + family(0) + family(1), *tags)
    everyone = people(read(text))
    assert set(everyone) >= set(people(read(HEADER + family(0) + family(1))))
    first, second = text.rsplit("SRC'", 1)
    assert set(people(read(first + second))) >= set(everyone)


@pytest.mark.parametrize("missing", range(len(WHOLE)))
def test_no_single_missing_segment_loses_a_traveller_whom_it_does_not_name(missing):
    everyone = people(read_pnrgov(WHOLE, HEAD, RULES, NOW))
    assert len(everyone) == 9
    dropped = WHOLE[missing]
    content = read_pnrgov(WHOLE[:missing] + WHOLE[missing + 1 :], HEAD, RULES, NOW)
    named = str(dropped.elements)
    for person, count in everyone.items():
        assert people(content)[person] >= count or (dropped.tag == "TIF" and person[1] in named)


@pytest.mark.parametrize("missing", range(len(WHOLE)))
def test_no_single_missing_segment_gives_anyone_the_document_of_another(missing):
    content = read_pnrgov(WHOLE[:missing] + WHOLE[missing + 1 :], HEAD, RULES, NOW)
    truth = {
        t.documents[0].number: t.given_names for t in read_pnrgov(WHOLE, HEAD, RULES, NOW).travellers if t.documents
    }
    for traveller in content.travellers:
        for document in traveller.documents:
            names = {name.given_names for name in traveller.names}
            assert truth[document.number] in names


@given(st.permutations(range(4)))
def test_bookings_are_read_alike_in_any_order(order):
    content = read(HEADER + "".join(family(n) for n in order))
    whole = {t.given_names: (t.date_of_birth, t.seat, [d.number for d in t.documents]) for t in content.travellers}
    alone = {}
    for n in order:
        for t in read(HEADER + family(n)).travellers:
            alone[t.given_names] = (t.date_of_birth, t.seat, [d.number for d in t.documents])
    assert whole == alone


class CountedSegment(Segment):
    """A segment that counts how often it is looked into."""

    looks = 0

    def get(self, position: int, component: int = 0) -> str:
        CountedSegment.looks += 1
        return super().get(position, component)

    def components(self, position: int) -> tuple[str, ...]:
        CountedSegment.looks += 1
        return super().components(position)


def looks(text: str) -> int:
    found = [CountedSegment(segment.tag, segment.elements, segment.offset) for segment in segments(text)]
    CountedSegment.looks = 0
    read_pnrgov(found, HEAD, RULES, NOW)
    return CountedSegment.looks


def test_twice_the_bookings_are_at_most_twice_the_looks_at_segments():
    few, many = looks(HEADER + family(1) * 20), looks(HEADER + family(1) * 40)
    assert many <= 2 * few


def test_twice_the_people_of_one_name_in_one_booking_are_about_twice_the_steps(monkeypatch):
    from pnr_pipeline.intake import pnrgov_party

    steps = 0
    plain = pnrgov_party.letters

    def counted(name: str) -> str:
        nonlocal steps
        steps += 1
        return plain(name)

    monkeypatch.setattr(pnrgov_party, "letters", counted)
    person = (
        "TIF+DOE+JOHN:A'SSR+DOCS:HK:1:MS:::::/P/MNE/T{n}/MNE/01JAN52/M//DOE/JOHN'SSR+INFT:HK:1:MS:::::DOE/TIM 20SEP25'"
    )
    counts = []
    for size in (200, 400):
        steps = 0
        read(HEADER + PNR + "".join(person.format(n=10000 + n) for n in range(size)) + LEG)
        counts.append(steps)
    assert counts[1] <= 2.2 * counts[0]
