"""Decisions by group: counted beside the hit's id nowhere, told into the log late, together, and never a few."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.records import Match, Traveller
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.sql.populations import count_decision, groups_of, tell_populations

DPO = Access("dpo-1", "dpo", "audit-7")
MATCH = Match(0, "wanted", "v1", "E1", "", 0.9, "alert", (), (0.7, 0.4), "e", compared_name="Јованка Зографи")
PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "FM"[n % 2], f"U{n:07}", "document",
                "KAB123") for n in range(1, 8)]  # fmt: skip
LISTS = index_of([entry("E1", PEOPLE[0].surname, "JOVANKA", PEOPLE[0].born)])


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def told(store):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [one for (body,) in rows if (one := json.loads(body))["case"].startswith("statistics:")]


def count(store, number, sex="F", outcome="negative", at=NOW):
    for _ in range(number):
        count_decision(
            store._ground, MATCH, Traveller(1, "passenger", sex=sex, date_of_birth="1980-01-01"), outcome, at
        )


@pytest.mark.law("SCR-6", "LOG-6")
def test_the_groups_are_coarse():
    born = Traveller(1, "passenger", sex="M", date_of_birth="2010")
    assert groups_of(MATCH, born, NOW) == {"all": "", "sex": "m", "age": "under-18", "script": "cyrillic"}
    nothing = Traveller(1, "passenger", sex="X")
    assert groups_of(MATCH, nothing, NOW)["sex"] == groups_of(MATCH, nothing, NOW)["age"] == "not-known"


@pytest.mark.law("STA-2", "LOG-6")
def test_a_decision_leaves_no_group_in_the_log_and_months_tell_many_together(store):
    flight = Flight()
    flight.add("PAXLST", PEOPLE)
    commit(store, received(flight.messages[0]), flight.messages, LISTS)
    (hit,) = store.hits(now=NOW)
    store.hit(hit.hit_id, ACCESS, NOW)
    rejected = Decision(hit.hit_id, hit.version, "negative", "other-name", "officer-7", NOW)
    store.decide(rejected, review_codes(), case="case-1")
    entries = store._ground.db.execute("SELECT body FROM audit_entry").fetchall()
    assert not any("population" in body for (body,) in entries)
    count(store, 7)
    count(store, 5, sex="M")
    tell_populations(store._ground, NOW)
    assert not told(store), "the month is not over"
    tell_populations(store._ground, datetime(2026, 3, 1, tzinfo=UTC))
    (one,) = told(store)
    women = 8 if PEOPLE[0].sex == "F" else 7
    assert one["references"] == ["list:wanted"] and one["case"] == "statistics:2026"
    counts = one["counts"]
    assert counts["population.negative.all"] == 13
    assert (counts["population.negative.sex.f"], counts["population.negative.sex.m"]) == (women, 13 - women)
    assert "population.negative.script.latin" not in counts, "one name alone was in Latin letters"
    assert "population.negative.script.cyrillic" not in counts, "and could be computed from the others"
    tell_populations(store._ground, datetime(2026, 3, 1, tzinfo=UTC))
    assert len(told(store)) == 1
    rates = {(one.dimension, one.group): one for one in store.oversight.population_rates(DPO, NOW)}
    assert rates["sex", "f"].negative == women and rates["all", "all"].dismissed == 1.0


@pytest.mark.law("STA-2")
def test_few_wait_for_the_next_month_and_are_dropped_with_their_year(store):
    count(store, 3)
    tell_populations(store._ground, datetime(2026, 3, 1, tzinfo=UTC))
    assert not told(store)
    count(store, 4, at=datetime(2026, 3, 3, tzinfo=UTC))
    tell_populations(store._ground, datetime(2026, 4, 1, tzinfo=UTC))
    assert told(store)[0]["counts"]["population.negative.sex.f"] == 7
    count(store, 2, at=datetime(2026, 12, 3, tzinfo=UTC))
    tell_populations(store._ground, datetime(2027, 1, 1, tzinfo=UTC))
    assert len(told(store)) == 1
    assert store._ground.db.execute("SELECT count(*) FROM population_count").fetchone() == (0,)


@pytest.mark.law("STA-2")
@settings(max_examples=15)
@given(st.lists(st.lists(st.sampled_from(["F", "M", "X"]), max_size=9), min_size=1, max_size=8))
def test_at_no_time_does_the_log_let_a_small_group_be_computed(tmp_path_factory, months):
    with open_demo(tmp_path_factory.mktemp("months")) as store:
        for month, sexes in enumerate(months, 2):
            for sex in sexes:
                count(store, 1, sex, at=datetime(2026, month, 9, tzinfo=UTC))
            tell_populations(store._ground, datetime(2026, month + 1, 1, tzinfo=UTC))
            sums: dict[str, int] = {}
            for one in told(store):
                assert all(number >= 5 for number in one["counts"].values())
                for name, number in one["counts"].items():
                    sums[name] = sums.get(name, 0) + number
            of_sex = sum(number for name, number in sums.items() if ".sex." in name)
            rest = sums.get("population.negative.all", 0) - of_sex
            assert rest == 0 or rest >= 5


@pytest.mark.law("STA-1")
def test_the_figures_of_the_log_tell_women_and_men_of_whole_lists(store):
    flight = Flight()
    flight.add("PAXLST", [*PEOPLE, *(Truth(n, f"HOXHA{chr(60 + n)}", "ARBEN", "1980-01-01", "FM"[n % 2], f"U{n:07}",
                                           "document", "KAB123") for n in range(8, 13))])  # fmt: skip
    commit(store, received(flight.messages[0]), flight.messages, LISTS)
    figures = store.oversight.statistics(NOW.year, DPO, NOW).figures
    assert figures["travellers told in messages"] == 12
    assert figures["travellers told in messages: women"] == figures["travellers told in messages: men"] == 6
