from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.screening.criteria.backtest import NOT_KNOWN, Tried, age_band, tally, wilson

CELL_MIN = 5
HEAD = ("quick-return", 1, "0" * 64)

_tried = st.builds(
    Tried, st.sampled_from(["2026-10", "2026-11"]), st.booleans(), st.booleans(),
    st.lists(st.sampled_from(["wanted", "criteria:other"]), unique=True, max_size=2).map(tuple),
    st.sampled_from(["", "QXA", "QXB", "QXC", "QXD"]), st.sampled_from(["", "F", "M"]),
    st.sampled_from(["", "18-29", "30-44"]),
)  # fmt: skip


def test_wilson_gives_the_interval_that_is_published_for_it():
    low, high = wilson(81, 263)  # Newcombe, Statistics in Medicine 17 (1998), table I: 0.2553 to 0.3662
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_rate_and_lies_between_nothing_and_all(pair):
    hits, of = pair
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of + 1e-9 and hits / of - 1e-9 <= high <= 1


@given(st.lists(_tried, max_size=80))
def test_every_record_is_counted_once_in_every_table(tried):
    result = tally(HEAD, tried, {}, 0, 0, CELL_MIN)
    assert result.judged == len(tried)
    assert sum(result.months.values()) == result.hits == sum(one.fires for one in tried)
    for cells in result.effect.values():
        assert sum(cell.judged for cell in cells) == result.judged
        assert sum(cell.hits for cell in cells) == result.hits


@pytest.mark.law("STA-2")
@given(st.lists(_tried, max_size=80))
def test_no_group_of_fewer_than_five_persons_or_hits_stands_alone(tried):
    result = tally(HEAD, tried, {}, 0, 0, CELL_MIN)
    for cells in result.effect.values():
        known = [cell for cell in cells if cell.group != NOT_KNOWN]
        if len(known) > 1:
            assert all(cell.judged >= CELL_MIN and not 0 < cell.hits < CELL_MIN for cell in known)


@pytest.mark.law("SCR-4")
def test_a_group_that_fires_far_more_often_than_the_others_is_marked():
    even = [Tried("2026-11", index % 10 == 0, False, sex="F") for index in range(400)]
    odd = [Tried("2026-11", index % 2 == 0, False, sex="M") for index in range(100)]
    cells = {cell.group: cell.differs for cell in tally(HEAD, even + odd, {}, 0, 0, CELL_MIN).effect["sex"]}
    assert cells == {"F": True, "M": True}
    fair = tally(
        HEAD, even + [Tried(o.month, i % 10 == 0, False, sex="M") for i, o in enumerate(odd)], {}, 0, 0, CELL_MIN
    )
    assert not any(cell.differs for cell in fair.effect["sex"])


def test_overlap_counts_hits_alone():
    tried = [Tried("2026-11", True, False, ("wanted",)), Tried("2026-11", False, False, ("wanted",))]
    assert tally(HEAD, tried, Counter(), 0, 0, CELL_MIN).overlap == {"wanted": 1}


def test_ages_are_told_in_bands_on_the_day_of_the_flight():
    on = date(2026, 11, 23)
    born = {
        "2008-11-24": "under 18",
        "2008-11-23": "18-29",
        "1996": "18-29",
        "1950-02": "60 and over",
        "": "",
        "19": "",
    }
    assert {one: age_band(one, on) for one in born if one != "19"} == {k: v for k, v in born.items() if k != "19"}
