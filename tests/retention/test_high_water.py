"""Clock jumps: nothing is deleted early, nothing later than a day after the clock is right again (RET-9)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pnr_pipeline.retention.high_water import Elapsed, HighWater, advanced, confirmed, sure

START = datetime(2026, 1, 10, tzinfo=UTC)
TEN_YEARS = timedelta(days=3653)
HOUR = timedelta(hours=1)

jumps = st.lists(
    st.tuples(st.integers(0, 400), st.timedeltas(-TEN_YEARS, TEN_YEARS), st.integers(1, 300)), min_size=1, max_size=8
)
"""(hour at which the clock is set wrong, by how much, for how many hours)"""
dues = st.lists(st.integers(1, 600), min_size=1, max_size=20)
"""Hours after the start at which something is due."""

Look = Callable[[HighWater | None, datetime, Elapsed], HighWater]


def believing(before: HighWater | None, wall: datetime, elapsed: Elapsed) -> HighWater:
    """The negative control: no mark, only the wall clock."""
    return HighWater(wall, {})


def swept(wrong: list[tuple[int, timedelta, int]], due: list[int], look: Look) -> dict[int, int]:
    """Hour of deletion of what is due at each hour, by hourly sweeps under a clock that is set wrong meanwhile."""
    gone: dict[int, int] = {}
    state = None
    for hour in range(700):
        truth = START + hour * HOUR
        wall = truth + sum((by for at, by, hours in wrong if at <= hour < at + hours), timedelta())
        state = look(state, wall, Elapsed("one", 3600.0 * hour))
        for one in due:
            if one not in gone and START + one * HOUR <= sure(wall, state.mark):
                gone[one] = hour
    return gone


def wrong_at(wrong: list[tuple[int, timedelta, int]], hour: int) -> bool:
    return any(at <= hour < at + hours for at, _, hours in wrong)


def assert_in_time(wrong: list[tuple[int, timedelta, int]], due: list[int], look: Look) -> None:
    gone = swept(wrong, due, look)
    for one in due:
        assert one in gone, "never deleted"
        assert gone[one] >= one, "deleted early"
        right = next(hour for hour in range(one, 1200) if not wrong_at(wrong, hour))
        assert gone[one] <= right + 24, "deleted late"


@pytest.mark.law("RET-9")
@given(jumps, dues)
def test_whatever_the_clock_is_set_to_nothing_goes_early_nor_a_day_late(wrong, due):
    assume(not wrong_at(wrong, 0))  # the store is first used while the clock is right
    assume(all(not wrong_at(wrong, hour) for hour in range(676, 700)))
    assert_in_time(wrong, due, advanced)


@pytest.mark.law("RET-9")
def test_without_the_mark_a_jump_deletes_early():
    with pytest.raises(AssertionError, match="early"):
        assert_in_time([(5, TEN_YEARS, 2)], [100], believing)


def test_a_mark_that_waits_while_the_clock_is_behind_would_be_late():
    def waiting(before: HighWater | None, wall: datetime, elapsed: Elapsed) -> HighWater:
        state = advanced(before, wall, elapsed)
        return state if before is None else HighWater(state.mark, advanced(None, state.mark, elapsed).anchors)

    with pytest.raises(AssertionError, match=r"late|never"):
        assert_in_time([(5, -TEN_YEARS, 200)], [100], waiting)


@pytest.mark.law("RET-9")
@given(st.lists(st.tuples(st.timedeltas(-TEN_YEARS, TEN_YEARS), st.integers(0, 48)), min_size=1, max_size=30))
def test_the_mark_never_goes_back_and_never_more_than_26_hours_a_day(looks):
    state, hour = advanced(None, START, Elapsed("one", 0.0)), 0
    for by, hours in looks:
        hour += hours
        after = advanced(state, START + hour * HOUR + by, Elapsed("one", 3600.0 * hour))
        assert timedelta() <= after.mark - state.mark
        assert after.mark - START <= hour * HOUR * 26 / 24
        state = after


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.timedeltas(-TEN_YEARS, TEN_YEARS)), max_size=30))
def test_several_machines_on_one_store_count_no_time_twice(looks):
    state = advanced(None, START, Elapsed("a", 0.0))
    for hour, (machine, by) in enumerate(looks, 1):
        state = advanced(state, START + hour * HOUR + by, Elapsed(machine, 3600.0 * hour))
        assert state.mark <= START + hour * HOUR


def test_time_in_which_the_machine_was_down_counts_once_a_person_confirms_the_clock():
    state = advanced(None, START, Elapsed("before", 0.0))
    back = START + timedelta(days=7)
    state = advanced(state, back, Elapsed("after", 30.0))
    assert state.mark == START
    assert advanced(state, back + HOUR, Elapsed("after", 3630.0)).mark == START + HOUR
    told = confirmed(state, back, Elapsed("after", 30.0))
    assert told.mark == back
    assert advanced(told, back + HOUR, Elapsed("after", 3630.0)).mark == back + HOUR
    assert confirmed(told, START, Elapsed("after", 30.0)).mark == back


def test_a_count_that_began_anew_under_the_same_name_gives_no_time_away():
    state = advanced(None, START, Elapsed("one", 5000.0))
    assert advanced(state, START + TEN_YEARS, Elapsed("one", 10.0)).mark == START
