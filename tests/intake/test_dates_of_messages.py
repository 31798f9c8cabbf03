from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.intake.dates import birth_date, day_month_year, dtm_time, expiry_date, local_time

ON = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("870214", "1987-02-14"),
        ("260110", "2026-01-10"),
        ("260111", "1926-01-11"),
        ("19260111", "1926-01-11"),
        ("18991231", "1899-12-31"),
        ("870200", "1987-02"),
        ("870000", "1987"),
        ("260000", "2026"),
        ("270000", "1927"),
        ("870014", None),
        ("870230", None),
        ("871314", None),
        ("01JAN52", "1952-01-01"),
        ("01jan1952", "1952-01-01"),
        ("29FEB23", None),
        ("", None),
        ("VV", None),
        ("8702", None),
        ("X70214", None),
        ("８７０２１４", None),
    ],
)
def test_a_birth_takes_the_latest_century_before_departure_and_may_be_partial(text, iso):
    assert birth_date(text, ON) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("310930", "2031-09-30"),
        ("760110", "2076-01-10"),
        ("770110", "1977-01-10"),
        ("06OCT35", "2035-10-06"),
        ("X0130", None),
    ],
)
def test_an_expiry_lies_at_most_fifty_years_ahead(text, iso):
    assert expiry_date(text, ON) == iso


@pytest.mark.parametrize(
    ("text", "code", "iso"),
    [
        ("2601100705", "201", "2026-01-10T07:05:00"),
        ("202601100705", "203", "2026-01-10T07:05:00"),
        ("20260110070559", "204", "2026-01-10T07:05:00"),
        ("260110070559", "202", "2026-01-10T07:05:00"),
        ("260110", "101", "2026-01-10T00:00:00"),
        ("20260110", "102", "2026-01-10T00:00:00"),
        ("2601100705", "", "2026-01-10T07:05:00"),
        (" 2601 100705", "201", "2026-01-10T07:05:00"),
        ("2601102400", "201", "2026-01-11T00:00:00"),
        ("2601102401", "201", None),
        ("2613100705", "201", None),
        ("26011007", "201", None),
        ("", "", None),
        ("ABCDEF", "", None),
    ],
)
def test_the_time_of_a_flight_is_read_by_format_or_by_length(text, code, iso):
    at = dtm_time(text, code)
    assert (at.isoformat() if at else None) == iso


@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")))
def test_times_come_back_to_the_minute(at):
    at = at.replace(second=0, microsecond=0)
    assert dtm_time(f"{at:%y%m%d%H%M}", "201") == at
    assert dtm_time(f"{at:%Y%m%d%H%M}") == at
    assert local_time(day_month_year(f"{at:%d%m%y}"), f"{at:%H%M}") == at


@given(st.text(max_size=14), st.text(max_size=4))
def test_no_text_raises(text, code):
    for answer in (birth_date(text, ON), expiry_date(text, ON), dtm_time(text, code), day_month_year(text)):
        assert answer is None or answer
    local_time(ON, text)


@given(st.dates(date(1917, 1, 11), ON))
def test_a_birth_of_the_last_hundred_years_comes_back(day):
    if day > date(1926, 1, 10):
        assert birth_date(f"{day:%y%m%d}", ON) == day.isoformat()
    assert birth_date(f"{day:%Y%m%d}", ON) == day.isoformat()
