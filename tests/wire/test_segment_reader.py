from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import WireFault
from pnr_pipeline.wire.edifact.reader import NEED_DATA, SegmentReader
from pnr_pipeline.wire.edifact.segment import Segment, Separators, separators_of

LIST = (
    b"UNA:+.? 'UNB+UNOA:4+AIR+PIU+260110:0650+1'\r\nUNH+1+PAXLST:D:12B'NAD+FL+++O?'NEIL:SEAN??:A?+B'\n"
    b"FTX+BAG+++ONE\r\nTWO'AT\r\nT+2++F'UNG +x'unt+4+1'UNZ+1+1'\r\n"
)


def read(chunks: list[bytes], **limits: int) -> tuple[list[tuple[str, list[object], int]], object]:
    reader = SegmentReader(**limits)  # type: ignore[arg-type]
    segments = []
    fault = None
    try:
        for chunk in chunks:
            reader.feed(chunk)
            while isinstance(segment := reader.next_segment(), Segment):
                segments.append((segment.tag, list(segment.elements), segment.offset))
        reader.end()
    except WireFault as raised:
        fault = (raised.code, raised.offset)
    segments += [(s.tag, list(s.elements), s.offset) for s in reader.drain()]
    return segments, (fault, dict(reader.oddities))


def test_a_released_terminator_stays_in_the_name():
    segments, _ = read([LIST])
    nad = next(elements for tag, elements, _ in segments if tag == "NAD")
    assert nad[4] == ("O'NEIL", "SEAN?", "A+B")


def test_offsets_point_at_the_tag_in_the_bytes_fed():
    for tag, _, offset in read([LIST])[0]:
        assert LIST[offset : offset + 3].decode().upper() in (tag, "AT\r")


def test_a_line_break_in_free_text_is_a_blank_and_elsewhere_nothing():
    by_tag = {tag: elements for tag, elements, _ in read([LIST])[0]}
    assert by_tag["FTX"][4] == "ONE TWO"
    assert by_tag["ATT"] == ["ATT", "2", "", "F"]


def test_a_tag_in_lower_case_or_with_a_blank_is_still_that_tag():
    assert [tag for tag, _, _ in read([LIST])[0]] == ["UNB", "UNH", "NAD", "FTX", "ATT", "UNG", "UNT", "UNZ"]


@given(cuts=st.lists(st.integers(0, len(LIST))))
def test_chunk_boundaries_never_change_what_is_read(cuts):
    edges = [0, *sorted(cuts), len(LIST)]
    assert read([LIST[a:b] for a, b in pairwise(edges)]) == read([LIST])


ALPHABET = st.sampled_from([*"UNAB?'+:* \r\n\t\0a1", "UNA:+.? '", "UNA:*.\\ $", "LTS+", "NAD+"])


@given(texts=st.lists(ALPHABET, max_size=60), cuts=st.lists(st.integers(0, 400)), limit=st.integers(1, 40))
def test_chunk_boundaries_change_nothing_for_any_bytes_and_limits(texts, cuts, limit):
    body = "".join(texts).encode("latin-1")
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    chunks = [body[a:b] for a, b in pairwise(edges)]
    for limits in ({}, {"segment_bytes_max": limit}, {"segments_max": limit // 8}, {"message_bytes_max": limit * 3}):
        assert read(chunks, **limits) == read([body], **limits)


@given(
    rows=st.lists(st.lists(st.lists(st.text(st.characters(max_codepoint=255)), min_size=1), min_size=1), min_size=1),
    marks=st.sampled_from([Separators(), Separators("*", "|", ".", "\\", " ", "$"), Separators(repetition="*")]),
)
def test_any_text_comes_back_through_release_escaping(rows, marks):
    def escape(value: str) -> str:
        for mark in (marks.release, marks.element, marks.component, marks.terminator):
            value = value.replace(mark, marks.release + mark)
        return value.replace("\r", "").replace("\n", "")  # line breaks are no part of any repertoire

    wire = "".join(
        "".join(f"{tag}{marks.element}" for tag in ("ZZZ",))
        + marks.element.join(marks.component.join(escape(value) for value in element) for element in row)
        + marks.terminator
        for row in rows
    )
    reader = SegmentReader(marks)
    reader.feed(wire.encode("latin-1"))
    reader.end()
    got = [[e if isinstance(e, tuple) else (e,) for e in s.elements[1:]] for s in reader.drain()]
    plain = [[tuple(v.replace("\r", "").replace("\n", "") for v in element) for element in row] for row in rows]
    assert got == plain


@pytest.mark.parametrize(
    ("body", "limits", "code"),
    [
        (b"NAD+" + b"A" * 65536, {}, "segment-too-long"),
        (b"NAD+" + b"A" * 65536 + b"'", {}, "segment-too-long"),
        (b"NAD'" * 4, {"segments_max": 3}, "too-many-segments"),
        (b"NAD'" * 4, {"message_bytes_max": 13}, "message-too-long"),
        (b"NAD+A", {}, "unterminated-segment"),
        (b"NAD+A?", {}, "release-at-end"),
        (b"UNAAAAAAA", {}, "una-not-usable"),
    ],
)
def test_a_limit_or_an_unfinished_segment_is_a_fault_after_the_good_segments(body, limits, code):
    segments, (fault, _) = read([body], **limits)
    assert fault[0] == code
    assert len(segments) <= 3


def test_a_reader_that_needs_data_says_so():
    reader = SegmentReader()
    assert reader.next_segment() is NEED_DATA
    reader.feed(b"UNH+1'UN")
    assert isinstance(reader.next_segment(), Segment)
    assert reader.next_segment() is NEED_DATA


def test_service_characters_that_cannot_serve_are_refused():
    assert separators_of(":+.? '") == Separators()
    assert separators_of(":*.  $") == Separators(":", "*", ".", "", " ", "$")
    assert separators_of("::.? '") is None
    assert separators_of("AB.? '") is None
    assert separators_of(":+.?") is None
