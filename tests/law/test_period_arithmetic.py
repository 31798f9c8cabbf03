"""Calendar arithmetic: never later than the law's moment, never a month off."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.law import Period

moments_of_receipt = st.datetimes(
    datetime(2018, 5, 25),  # noqa: DTZ001  hypothesis wants the bounds without zone
    datetime(2080, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=3))]),
)
months = st.integers(1, 120)


def _law_ends(start: datetime, count: int) -> datetime:
    """Regulation 1182/71, art. 3(2)(c): with the last hour of the day of the same number, or the month's last."""
    utc = start.astimezone(UTC)
    year, month = utc.year, utc.month + count
    while month > 12:
        year, month = year + 1, month - 12
    day = utc.day
    while True:
        try:
            last = date(year, month, day)
        except ValueError:
            day -= 1
        else:
            return datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)


@given(moments_of_receipt, months)
def test_a_period_of_months_never_ends_later_than_the_law_has_it(start: datetime, count: int) -> None:
    ends = Period(months=count).after(start)
    assert ends.tzinfo is UTC
    assert _law_ends(start, count) - timedelta(days=1) <= ends < _law_ends(start, count)


@given(moments_of_receipt, months)
def test_a_period_ends_on_the_same_day_of_the_month_or_on_its_last(start: datetime, count: int) -> None:
    start = start.astimezone(UTC)
    ends = Period(months=count).after(start)
    assert (ends.year - start.year) * 12 + ends.month - start.month == count
    assert ends.day == start.day or (ends.day < start.day and (ends + timedelta(days=1)).day == 1)
    assert ends.timetz() == start.timetz()


@given(moments_of_receipt, st.timedeltas(timedelta(0), timedelta(days=400)), months)
def test_what_came_first_is_due_first_up_to_the_days_a_short_month_lacks(
    start: datetime, later: timedelta, count: int
) -> None:
    first, second = Period(months=count).after(start), Period(months=count).after(start + later)
    assert first <= second or first.date() == second.date()  # 31 August 10:00 and 28 August 12:00 share a 28 February


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P6M", "2026-08-31T10:00:00+00:00", "2027-02-28T10:00:00+00:00"),
        ("P6M", "2027-08-31T10:00:00+00:00", "2028-02-29T10:00:00+00:00"),
        ("P6M", "2026-12-31T23:59:59+00:00", "2027-06-30T23:59:59+00:00"),
        ("P5Y", "2028-02-29T00:00:00+00:00", "2033-02-28T00:00:00+00:00"),
        ("P4Y", "2028-02-29T00:00:00+00:00", "2032-02-29T00:00:00+00:00"),
        ("PT24H", "2026-11-23T08:00:00+00:00", "2026-11-24T08:00:00+00:00"),
        ("P1Y2M3DT4H", "2026-01-01T00:00:00+00:00", "2027-03-04T04:00:00+00:00"),
        ("P6M", "2026-09-01T01:00:00+03:00", "2027-02-28T22:00:00+00:00"),
    ],
)
def test_periods_end_where_the_calendar_says(text: str, start: str, end: str) -> None:
    assert Period.parse(text).after(datetime.fromisoformat(start)) == datetime.fromisoformat(end)


@pytest.mark.parametrize("text", ["", "P", "PT", "P0M", "6M", "P6", "P6W", "P-6M", "P1.5Y", "PT30M", "p6m", "P6M "])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)
