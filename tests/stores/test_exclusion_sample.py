from dataclasses import replace

import pytest
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received

from pnr_pipeline.errors import ReviewFault
from pnr_pipeline.stores.sql.exclusion_sample import ExclusionCounts, Judgement

LISTS = index_of([entry("E1", "DRAGANOV", "ARBEN", born="1961-02-02")])
NAMESAKES = [Truth(n, "DRAGANOV", "ARBEN", f"198{n}-11-30", "M", f"U00000{n}2", "name", f"KAB12{n}") for n in (2, 4)]


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        flight = Flight()
        flight.add("PNRGOV", NAMESAKES)
        flight.add("PAXLST", NAMESAKES)
        for message in flight.messages:
            commit(opened, received(message), [message], LISTS)
        yield opened


def sample_of(store, share):
    ground = replace(store._ground, sampling=store._ground.sampling.model_copy(update={"share": share}))
    store._ground = ground
    return [line for line in store.hits("excluded", now=NOW) if line.sampled]


def judgement(line, right=True):
    return Judgement(line.hit_id, right, "officer-7", NOW, "case-1", "looked at the passport")


@pytest.mark.law("SCR-6")
def test_a_judged_exclusion_leaves_the_sample_and_is_counted(store):
    first, second = sample_of(store, 1.0)
    store.judge_exclusion(judgement(first))
    assert store.judge_exclusion(judgement(second, right=False)).state == "new"
    assert [line for line in store.hits("excluded", now=NOW) if line.sampled] == []
    assert store.exclusion_counts() == ExclusionCounts(excluded=2, sampled=2, right=1, wrong=1)


def test_what_is_not_in_the_sample_is_not_judged(store):
    (line, _) = store.hits("excluded", now=NOW)
    assert sample_of(store, 0.0) == []
    with pytest.raises(ReviewFault):
        store.judge_exclusion(judgement(line))
