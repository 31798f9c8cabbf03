import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_persons import NOW, person, traveller

from pnr_pipeline.screening import compare
from pnr_pipeline.screening.side_by_side import NOT_KNOWN, marked, rows


def plain(spans):
    return "".join(span.text for span in spans)


@pytest.fixture(scope="module")
def row_of(index_of):
    index = index_of([person("e1", "Đorđević", "Miloš Petar", "1975-03-09", nationality=("RS",))])
    match = compare(traveller("DJORDJEVIC", "MILOS", "1975-09-03"), "wanted", "e1", index, NOW)
    return {row.field: row for row in rows(match)}


def test_aligned_parts_of_a_name_stand_above_each_other(row_of):
    assert plain(row_of["name"].traveller) == "DJORDJEVIC MILOS"
    assert plain(row_of["name"].entry) == "Đorđević Miloš Petar"


def test_what_differs_is_marked_and_what_is_equal_is_not(row_of):
    assert [span.text for span in row_of["birth date"].traveller if span.differs] == ["9", "3"]
    assert "Petar" in [span.text for span in row_of["name"].entry if span.differs]
    assert "OR" in [span.text for span in row_of["name"].traveller if not span.differs]


def test_a_value_that_is_missing_is_said_to_be_not_known(row_of):
    assert plain(row_of["nationality"].traveller) == NOT_KNOWN
    assert row_of["nationality"].verdict == "unknown"


@given(st.text(max_size=20), st.text(max_size=20))
def test_marking_loses_no_character(left, right):
    ours, theirs = marked(left, right)
    assert (plain(ours), plain(theirs)) == (left, right)


@given(st.text(alphabet="abcXYZ ", max_size=20))
def test_equal_texts_have_no_marks(text):
    assert not any(span.differs for side in marked(text, text.swapcase()) for span in side)
