"""What a case needs goes to its authority and is kept there; the unit's own copy ends all the same (RET-10)."""

import json
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from orders_setup import ASKS, Court, listed, ordered
from store_setup import NOW, entry, index_of
from told_flights import Truth

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import OrderFault, StoreFault, UsageFault
from pnr_pipeline.stores.sql.case_disclosure import authorities_told

PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 4)]  # fmt: skip
LISTS = index_of([entry("E1", PEOPLE[0].surname, "JOVANKA", PEOPLE[0].born)])
READS = Access("officer-21", "b", "case-7")


@pytest.fixture
def court(tmp_path):
    return Court(tmp_path / "court")


@pytest.fixture
def store(tmp_path, court):
    with listed(tmp_path / "state", court, PEOPLE, LISTS) as opened:
        yield opened


def record_of(store):
    return store._ground.db.execute("SELECT record_id FROM hit").fetchone()[0]


def unit_of(store):
    return next(one.id for one in store._ground.routing.units.values() if one.notified == "exercise")


def entries(store, act):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [one for (body,) in rows if (one := json.loads(body))["act"] == act]


@pytest.mark.law("RET-10", "DIS-1")
def test_the_authority_gets_the_record_and_its_match_once_and_the_log_and_the_dpo_know(store, court):
    record, unit = record_of(store), unit_of(store)
    order = ordered(store, court, NOW, records=[record])
    access = replace(ASKS, order=order)
    letter = store.retention.disclose(order, unit, access, NOW)
    assert "ZOGRAFI" not in msgspec.json.encode(letter).decode() and "art. 12" in letter.conditions
    (disclosed,) = entries(store, "disclosure")
    assert (disclosed["recipient"], disclosed["counts"]) == (unit, {"case.records": 1})
    assert disclosed["references"] == [f"order:{order}", f"record:{record}"]
    assert authorities_told(store._ground, record) == (unit,)
    assert "disclosure" in {one.kind for one in store.inbox(NOW)}
    with pytest.raises(OrderFault, match="used"):
        store.retention.disclose(order, unit, access, NOW)
    (opened,) = store.open_letter(letter, READS, NOW)
    assert (opened.traveller.surname, opened.record_id) == ("ZOGRAFIA", record) and opened.matches[0].entry_id == "E1"
    assert entries(store, "consultation")[-1]["references"] == [f"unit:{unit}", f"order:{order}"]
    with pytest.raises(StoreFault):
        store.open_letter(msgspec.structs.replace(letter, letter_id="0" * 32), READS, NOW)


@pytest.mark.law("RET-10")
def test_it_prolongs_nothing_here(store, court):
    record = record_of(store)
    due = "SELECT delete_at, mask_at, period FROM record_head WHERE record_id = ?"
    before = store._ground.db.execute(due, (record,)).fetchone()
    order = ordered(store, court, NOW, records=[record])
    store.retention.disclose(order, unit_of(store), replace(ASKS, order=order), NOW)
    assert store._ground.db.execute(due, (record,)).fetchone() == before
    assert not store.retention.evidence_copies()


@pytest.mark.law("DIS-1", "DIS-3", "RGT-4")
def test_only_to_a_notified_authority_under_an_order_to_disclose_and_no_restricted_record(store, court):
    record, unit = record_of(store), unit_of(store)
    unmasks = ordered(store, court, NOW, act="unmask", records=[record])
    with pytest.raises(OrderFault, match="the order allows unmask"):
        store.retention.disclose(unmasks, unit, replace(ASKS, order=unmasks), NOW)
    order = ordered(store, court, NOW, records=[record])
    access = replace(ASKS, order=order)
    with pytest.raises(UsageFault, match="notified"):
        store.retention.disclose(order, "xx-nobody", access, NOW)
    with pytest.raises(OrderFault):
        store.retention.disclose(order, unit, ASKS, NOW)
    with pytest.raises(OrderFault, match="expired"):
        store.retention.disclose(order, unit, access, NOW + timedelta(days=4000))
    store.rights.restrict(record, Access("dpo-1", "dpo", "right-1"), NOW)
    with pytest.raises(UsageFault, match="restricted"):
        store.retention.disclose(order, unit, access, NOW)
    assert not entries(store, "disclosure")
