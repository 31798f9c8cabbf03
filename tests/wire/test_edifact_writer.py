from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.wire.edifact.reader import NEED_DATA, SegmentReader
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.edifact.writer import (
    UNA_OF_PADIS,
    Envelope,
    Renderer,
    WireSegment,
    interchange,
    message,
)

ENVELOPE = Envelope(
    syntax=("UNOA", "4"),
    sender=("QXAPIS", "ZZ"),
    recipient="PIU",
    prepared_at=datetime(2026, 1, 10, 6, 50, tzinfo=UTC),
    reference="42",
    application="APIS",
    message_type="PAXLST",
    agency="UN",
    group=("D", "12B"),
)
BODY: list[WireSegment] = [("BGM", "745"), ("NAD", "FL", "", "", ("DOE", "JANE"))]


def read_back(text: str) -> list[list[tuple[str, ...]]]:
    reader = SegmentReader()
    reader.feed(text.encode("latin-1"))
    reader.end()
    found = []
    while (segment := reader.next_segment()) not in (NEED_DATA, None):
        found.append([segment.components(place) or ("",) for place in range(len(segment))])
    return found


def test_an_interchange_is_written_as_the_guide_shows_it():
    text = Renderer().text(interchange(ENVELOPE, [message("M1", ("PAXLST", "D", "12B"), "QX1", ("01", "F"), BODY)]))
    assert text == (
        "UNA:+.? '"
        "UNB+UNOA:4+QXAPIS:ZZ+PIU+260110:0650+42++APIS'"
        "UNG+PAXLST+QXAPIS:ZZ+PIU+260110:0650+42+UN+D:12B'"
        "UNH+M1+PAXLST:D:12B+QX1+01:F'BGM+745'NAD+FL+++DOE:JANE'UNT+4+M1'"
        "UNE+1+42'UNZ+1+42'"
    )


def test_without_a_group_the_trailer_counts_messages():
    plain = Envelope(**{field: getattr(ENVELOPE, field) for field in ENVELOPE.__struct_fields__ if field != "group"})
    one = message("M1", ("PAXLST",), "", ("01", "C"), BODY)
    two = message("M2", ("PAXLST",), "", ("02", "F"), BODY)
    segments = interchange(plain, [one, two])
    assert [segment[0] for segment in segments].count("UNG") == 0
    assert segments[-1] == ("UNZ", "2", "42")


@pytest.mark.parametrize(
    ("segment", "written"),
    [
        (("NAD", "FL", "", "", ("O'NEIL", "SEAN")), "NAD+FL+++O?'NEIL:SEAN'"),
        (("IFT", ("4", "28"), "WHY? 1+1:2"), "IFT+4:28+WHY?? 1?+1?:2'"),
        (("RFF", ("SEA", "", "")), "RFF+SEA'"),
        (("ATT", "2", "", ""), "ATT+2'"),
        (("COM", ("A:", "")), "COM+A?:'"),
        (("SRC",), "SRC'"),
    ],
)
def test_service_characters_are_released_and_empty_ends_left_out(segment, written):
    assert Renderer().segment(segment) == written


def test_padis_shows_an_asterisk_in_una_and_never_releases_it():
    renderer = Renderer(UNA_OF_PADIS, after="\n")
    assert renderer.text([("LTS", "PBX* 1")]) == "UNA:+.?*'\nLTS+PBX* 1'"


def test_without_a_release_character_service_characters_become_blanks():
    assert Renderer(Separators(release="")).segment(("FTX", "A+B")) == "FTX+A B'"
    assert Renderer(Separators(release="")).una == "UNA:+.  '"


values = st.text(st.sampled_from("AZ09 .,-()/='?:+*$"), min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
elements = st.one_of(values, st.tuples(values, values), st.tuples(values, st.just(""), values))


@given(st.lists(st.lists(elements, min_size=1, max_size=6), min_size=1, max_size=8), st.booleans())
def test_what_is_written_is_what_the_reader_reads(bodies, padis):
    segments = [("ZZZ", *body) for body in bodies]
    text = Renderer(UNA_OF_PADIS if padis else Separators(element="*", terminator="$")).text(segments)
    expected = [[(part,) if isinstance(part, str) else part for part in segment] for segment in segments]
    assert read_back(text) == expected
