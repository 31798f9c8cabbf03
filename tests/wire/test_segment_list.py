from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.wire.edifact.reader import SegmentReader
from pnr_pipeline.wire.edifact.segment import Segment, Separators
from pnr_pipeline.wire.edifact.segment_list import SegmentList

LIST = "BGM+745'NAD+FL+++DOE:JANE'LOC+178+IST'NAD+MS+++O?'NEIL'loc+179+VIE'LOC+91+TUR'LOC+91+TUR'CNT+42:2'"
MARKS = st.sampled_from([Separators(), Separators("*", "|", ".", "\\", " ", "$"), Separators(release="")])


def read(text: str, marks: Separators | None = None) -> SegmentList:
    reader = SegmentReader(marks or Separators())
    reader.feed(text.encode("latin-1"))
    return reader.take()


def told(segments) -> list[tuple[str, list[object], int]]:
    return [(one.tag, list(one.elements), one.offset) for one in segments]


def cut_plainly(texts: list[str], marks: Separators) -> list[tuple[str, list[object], int]]:
    """Each text cut at its marks, with the place of its first byte."""
    places = accumulate((len(text) + 1 for text in texts), initial=0)
    return [
        (
            text[:3],
            [tuple(one.split(marks.component)) if marks.component in one else one for one in text.split(marks.element)],
            place,
        )
        for text, place in zip(texts, places, strict=False)
    ]


TAGS = st.sampled_from(["NAD", "LOC", "DTM", "RFF", "UNT"])
VALUES = st.lists(st.text(st.sampled_from("AZ09 -<é"), max_size=12), min_size=1, max_size=3)


@given(rows=st.lists(st.tuples(TAGS, st.lists(VALUES, max_size=4)), max_size=30), marks=MARKS)
def test_a_text_gives_what_a_plain_cutting_gives_however_one_asks(rows, marks):
    texts = [marks.element.join([tag, *(marks.component.join(one) for one in elements)]) for tag, elements in rows]
    segments = read("".join(text + marks.terminator for text in texts), marks)
    plain = cut_plainly(texts, marks)
    assert told(segments.cut()) == plain
    assert told(segments) == plain
    assert told(segments[index] for index in range(len(segments))) == plain
    assert told(segments[1:-1]) == plain[1:-1]
    for tag in ("NAD", "LOC"):
        places = [index for index, one in enumerate(plain) if one[0] == tag]
        assert segments.places((tag,)) == places
        assert told(segments.at(places)) == [plain[place] for place in places]
        assert segments.codes_at(places) == [segments[place].get(1) for place in places]
        first = segments.first(tag)
        assert (told([first]) if first else []) == [plain[place] for place in places[:1]]


@given(
    parts=st.lists(st.sampled_from([*LIST.split("'"), "LOC+91+T\r\nUR", "", " ", "X?'Y", "?", "nad+fl+++a:b"])),
    index=st.integers(-40, 40),
    length=st.integers(0, 40),
)
def test_a_part_gives_the_same_segments_as_the_whole_with_strange_ones_among_them(parts, index, length):
    segments = read("'".join(parts) + "'")
    part = slice(index, index + length)
    assert told(segments[part]) == told(segments.cut()[part])
    assert segments.codes_at(range(len(segments))) == [one.get(1) for one in segments]
    assert [one.tag for one in segments[part]] == [one.tag for one in segments][part]


def test_released_marks_and_small_letters_are_read_with_a_close_look():
    segments = read(LIST)
    assert segments[3].components(4) == ("O'NEIL",)
    assert segments[4].tag == "LOC"
    assert segments.places(("LOC",)) == [2, 4, 5, 6]


def test_a_place_behind_the_last_segment_is_an_index_error():
    with pytest.raises(IndexError):
        read(LIST)[8]


def test_moved_segments_tell_their_new_places_strange_ones_too():
    segments = read(LIST)
    before = [one.offset for one in segments]
    segments.move(lambda offset: offset + 100)
    assert [one.offset for one in segments] == [offset + 100 for offset in before]


def test_a_change_reaches_every_segment_or_only_those_with_foreign_letters():
    def rename(segment: Segment) -> None:
        segment.elements[-1] = "CHANGED"

    foreign = read("NAD+FL+++é'LOC+178+IST'RFF+?+A'")
    foreign.change(rename, foreign_only=True)
    assert [one.get(len(one) - 1) for one in foreign] == ["CHANGED", "IST", "CHANGED"]
    every = read("LOC+91+TUR'LOC+91+TUR'")
    every.change(rename)
    assert [one.get(2) for one in every.cut()] == ["CHANGED", "CHANGED"]


def test_a_segment_put_in_place_of_a_text_is_found_by_its_new_tag():
    segments = read(LIST)
    segments.set_odd(2, Segment("RFF", ["RFF", ("AVF", "ABC123")], segments[2].offset))
    assert segments.places(("LOC",)) == [4, 5, 6]
    assert segments.first("RFF").get(1, 1) == "ABC123"


def test_what_is_no_segment_is_taken_out_and_the_others_keep_their_places():
    segments = read("BGM+745'\r\n'LOC+178+IST'")
    assert told(segments) == [("BGM", ["BGM", "745"], 0), ("LOC", ["LOC", "178", "IST"], 11)]
