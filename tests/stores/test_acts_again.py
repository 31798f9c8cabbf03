"""What was erased, recalled, restricted or suspended stays so in a database from before the act (RET-8, RGT-4)."""

import os
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_setup import ACCESS, NOW, Count, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.act_ledger import ActLedger, new_act
from pnr_pipeline.stores.sql import erasure
from pnr_pipeline.stores.sql.travellers import open_traveller

KEEPER, OFFICER = Access("retention-1", "b", "case-9"), Access("dpo-1", "dpo", "case-3")
PEOPLE = [
    Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123"),
    Truth(2, "MARKOVSKI", "BOJANA", "1985-03-03", "F", "U0000002", "document", "KAB123"),
    Truth(3, "PETKANOV", "DARIUSZ", "1970-05-05", "M", "U0000003", "document", "KCD456"),
    Truth(4, "ZOGRAFI", "HRISTO", "1975-07-07", "M", "U0000004", "document", "KEF789"),
]
LISTS = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])

pytestmark = pytest.mark.law("RET-8", "RGT-4", "ING-8")


def take_in(store, *, both=True):
    flight = Flight()
    flight.add("PNRGOV", PEOPLE)
    if both:
        flight.add("PAXLST", PEOPLE[:3], function="745")
    for place, message in enumerate(flight.messages):
        commit(store, received(message, place), [message], LISTS)
    return flight.messages


def readable(store) -> dict[str, str]:
    """Record → surname of everybody who can be read, also in a message of the flight."""
    ids = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchall()
    return {one: open_traveller(store._ground, one).person.view.surname for (one,) in ids}


def restricted(store) -> set[str]:
    return {one for (one,) in store._ground.db.execute("SELECT record_id FROM restriction").fetchall()}


def older(store) -> None:
    """As if the database were from before every act: it does not know of them."""
    store._ground.db.execute("DELETE FROM kept_act")


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state", count=Count()) as opened:
        yield opened


ACTS = st.lists(
    st.tuples(st.sampled_from(["erase", "recall", "restrict", "lift"]), st.integers(0, 3)), min_size=1, max_size=6
)


@settings(max_examples=5, deadline=None)
@given(acts=ACTS)
def test_of_any_acts_each_is_done_again_in_a_database_from_before_them(tmp_path_factory, acts):
    place = tmp_path_factory.mktemp("acts")
    with open_demo(place / "live", count=Count()) as live:
        messages = take_in(live)
        ids = sorted(readable(live), key=readable(live).get)
        saved = {"records": readable(live)}
        for what, which in acts:
            try:
                if what == "erase":
                    live.retention.erase(ids[which], "request", KEEPER, NOW)
                elif what == "recall":
                    live.retention.recall(messages[which % 2].message_id, KEEPER, LISTS, NOW)
                elif what == "restrict":
                    live.rights.restrict(ids[which], OFFICER, NOW)
                else:
                    live.rights.lift(ids[which], OFFICER, NOW)
            except UsageFault:
                continue  # it is gone already, or was never restricted
        after, under = readable(live), restricted(live)
        names = sorted(after.values())
        ledger = live._ground.state.acts.acts()
    with open_demo(place / "old", count=Count()) as old:
        take_in(old)
        translated = {name: one for one, name in readable(old).items()}
        for act in ledger:
            kind, _, subject = act.reference.partition(":")
            reference = f"record:{translated[saved['records'][subject]]}" if kind == "record" else act.reference
            old._ground.state.acts.append(new_act(act.at, act.kind, reference, act.actor, act.case))
        old.retention.sweep(NOW)
        assert sorted(readable(old).values()) == names
        assert {readable(old)[one] for one in restricted(old)} == {after[one] for one in under}
        counted = len(old._ground.db.execute("SELECT body FROM audit_entry").fetchall())
        old.retention.sweep(NOW)
        assert len(old._ground.db.execute("SELECT body FROM audit_entry").fetchall()) == counted, "once is enough"


def test_an_act_that_a_crash_took_back_after_the_ledger_is_done_by_the_next_sweep(store, monkeypatch):
    take_in(store)
    (record_id,) = [one for one, name in readable(store).items() if name == "KELMENDI"]
    kept = erasure.keep_act

    def then_crash(*given):
        kept(*given)
        raise StoreFault("the disk is full")

    monkeypatch.setattr(erasure, "keep_act", then_crash)
    with pytest.raises(StoreFault):
        store.retention.erase(record_id, "request", KEEPER, NOW)
    assert "KELMENDI" in readable(store).values()
    store.retention.sweep(NOW)
    assert "KELMENDI" not in readable(store).values()
    assert store._ground.db.execute("SELECT count(*) FROM hit").fetchone() == (0,)


def test_what_was_not_noted_before_the_commit_is_not_done(store, monkeypatch):
    take_in(store)
    monkeypatch.setattr(ActLedger, "append", _full)
    with pytest.raises(StoreFault):
        store.retention.erase(next(iter(readable(store))), "request", KEEPER, NOW)
    assert len(readable(store)) == 4


def _full(*_):
    raise StoreFault("ledger of acts: no space left")


def test_a_recalled_message_that_is_sent_again_to_an_older_database_brings_nobody(store):
    flight = Flight()
    flight.add("PNRGOV", PEOPLE)
    message = flight.messages[0]
    store._ground.state.acts.append(new_act(NOW, "recall", f"message:{message.message_id}", "retention-1", "case-9"))
    store.retention.sweep(NOW)
    commit(store, received(message), [message], LISTS)
    assert readable(store) == {}


@pytest.mark.law("SEC-4")
def test_who_was_suspended_stays_so_in_an_older_database(store):
    take_in(store)
    (line,) = store.hits(now=NOW)
    store._ground.state.acts.append(new_act(NOW, "suspend", f"staff:{ACCESS.actor}", "dpo-1", "case-4"))
    assert store.hit(line.hit_id, ACCESS, NOW)
    store.retention.sweep(NOW)
    with pytest.raises(UsageFault, match="suspended"):
        store.hit(line.hit_id, ACCESS, NOW)
    assert "suspend" in {one.kind for one in store.inbox(NOW)}


def test_a_torn_line_is_no_act_and_harms_no_later_one(tmp_path):
    ledger = ActLedger(tmp_path / "acts.jsonl")
    first, second = (new_act(NOW, "erase", f"record:{n}", "retention-1", "case-1") for n in "ab")
    ledger.append(first)
    size = (tmp_path / "acts.jsonl").stat().st_size
    ledger.append(second)
    for length in range(size, (tmp_path / "acts.jsonl").stat().st_size):
        os.truncate(tmp_path / "acts.jsonl", length)
        assert ledger.acts() == [first]
        ledger.append(second)
        assert ledger.acts() == [first, second]
    assert (tmp_path / "acts.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.law("LOG-3")
def test_the_ledger_is_as_old_as_the_log_may_be(store):
    ledger = store._ground.state.acts
    for days in (0, 10):
        ledger.append(new_act(NOW + timedelta(days=days), "restrict", "record:a", "dpo-1", "case-1"))
    assert ledger.prune(NOW) == 0
    assert ledger.prune(NOW + timedelta(days=5)) == 1
    assert [act.at for act in ledger.acts()] == [NOW + timedelta(days=10)]
