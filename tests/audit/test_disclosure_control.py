"""Small cells are not told, and none can be computed from the others and their sum."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.audit.disclosure_control import NOT_TOLD, held_back, told
from pnr_pipeline.audit.statistics import population_rates, sexes_told, statistics

CELLS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=1)


@pytest.mark.law("STA-2")
@given(CELLS, st.integers(1, 12))
def test_no_small_cell_is_told_and_none_follows_from_the_sum(cells, smallest):
    shown = told(cells, smallest)
    assert all(one == NOT_TOLD or one == 0 or one >= smallest for one in shown.values())
    held = {name: count for name, count in cells.items() if shown[name] == NOT_TOLD}
    rest = sum(cells.values()) - sum(one for one in shown.values() if one != NOT_TOLD)
    assert rest == sum(held.values())
    if held and any(shown[name] != NOT_TOLD for name, count in cells.items() if count):
        assert len(held) > 1 and rest >= smallest
        # whoever knows the sum is left with more than one possibility for each of them
        assert rest - len(held) + 1 > 1 or smallest <= 2


@pytest.mark.law("STA-2")
@given(CELLS)
def test_nothing_is_held_back_without_need(cells):
    if all(not count or count >= 5 for count in cells.values()):
        assert not held_back(cells, 5)
    assert not held_back(cells, 1)


@pytest.mark.law("STA-2")
@given(st.lists(st.sampled_from(["F", "M", "X", "U", None]), max_size=60))
def test_an_entry_of_the_log_tells_the_sexes_of_a_message_only_where_nobody_is_alone_in_a_group(sexes):
    found = sexes_told(sexes, 5)
    assert all(count >= 5 for count in found.values())
    women, men = sexes.count("F"), sexes.count("M")
    assert found.items() <= {"sex.f": women, "sex.m": men}.items()
    rest = len(sexes) - sum(found.values())
    assert rest == 0 or rest >= 5 or not found


def line(act, counts, recipient="", case="x:1", at="2026-05-01T00:00:00Z", references=()):
    told_ = {"at": at, "act": act, "purpose": "a", "counts": counts, "recipient": recipient, "case": case,
             "references": list(references)}  # fmt: skip
    return json.dumps(told_).encode()


@pytest.mark.law("STA-1", "STA-2")
def test_a_small_unit_cannot_be_computed_from_all_that_was_sent():
    sent = [*itertools.repeat("big", 30), *itertools.repeat("middle", 9), *itertools.repeat("small", 2)]
    figures = statistics([line("disclosure", {}, unit) for unit in sent], 2026, 5).figures
    assert figures["persons identified for further examination and sent"] == 41
    assert (figures["sent to big"], figures["sent to middle"], figures["sent to small"]) == (30, NOT_TOLD, NOT_TOLD)


@pytest.mark.law("STA-1")
def test_women_and_men_are_told_where_the_rest_is_no_small_group():
    many = line("collection", {"travellers": 20, "sex.f": 9, "sex.m": 11})
    one = line("collection", {"travellers": 1})
    assert statistics([many], 2026, 5).figures["travellers told in messages: women"] == 9
    figures = statistics([many, one], 2026, 5).figures
    assert (figures["travellers told in messages"], figures["travellers told in messages: women"]) == (21, NOT_TOLD)
    assert statistics([many, *[one] * 5], 2026, 5).figures["travellers told in messages: women"] == 9


@pytest.mark.law("SCR-6", "STA-2")
def test_false_positives_are_told_by_list_and_group():
    counts = {"population.negative.all": 12, "population.negative.sex.f": 7, "population.confirmed.sex.f": 21}
    entry = line("administration", counts, case="statistics:2026", references=["list:wanted"])
    everyone, women = population_rates([entry], 5)
    assert (women.list_id, women.dimension, women.group) == ("wanted", "sex", "f")
    assert (women.confirmed, women.negative, women.dismissed) == (21, 7, 0.25)
    assert (everyone.negative, everyone.confirmed, everyone.dismissed) == (12, 0, 1.0)
    figures = statistics([entry], 2026, 5).figures
    assert (figures["decided negative: women"], figures["decided confirmed: women"]) == (7, 21)
    assert "decided negative: women" not in statistics([entry], 2027, 5).figures
