import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.screening.list_formats.birth_dates import (
    SPAN_MAX,
    around,
    dates_in_words,
    is_partial_date,
    partial_date,
    years,
)


@pytest.mark.parametrize(
    ("told", "dates"),
    [
        ("10 Dec 1948", ("1948-12-10",)),
        ("Dec 1948", ("1948-12",)),
        ("September 1948", ("1948-09",)),
        ("1948", ("1948",)),
        ("1948-12-10", ("1948-12-10",)),
        ("circa 1965", ("1964", "1965", "1966")),
        ("circa 10 Dec 1965", ("1964", "1965", "1966")),
        ("1965 to 1968", ("1965", "1966", "1967", "1968")),
        ("circa 1965-1966", ("1965", "1966")),
        ("1900 to 1990", ()),
        ("10 1948", ()),
        ("10 Foo 1948", ()),
        ("in his forties", ()),
        ("", ()),
    ],
)
def test_dates_in_words_are_as_exact_as_they_are_told(told, dates):
    assert dates_in_words(told) == dates


def test_a_date_is_as_exact_as_its_parts():
    assert partial_date("1961", "8", "0") == "1961-08"
    assert partial_date("1961", "", "12") == "1961"
    assert partial_date("1961", "13", "12") == "1961"
    assert partial_date("", "8", "12") == ""


def test_a_span_with_one_end_is_that_year():
    assert years("", "1958") == ("1958",) == years("1958", "")


@given(st.text(max_size=30))
def test_whatever_is_told_only_dates_come_out(told):
    assert all(is_partial_date(date) for date in dates_in_words(told))


@given(st.integers(1000, 2999), st.integers(-5, 40))
def test_a_span_is_its_years_or_nothing(first, length):
    told = years(str(first), str(first + length))
    assert (
        len(told) == (length + 1 if 0 <= length <= SPAN_MAX and first + length <= 2999 else 0) or first + length > 2999
    )


@given(st.text(max_size=12))
def test_about_no_date_there_are_no_years(told):
    assert around(told) == () or is_partial_date(told)
