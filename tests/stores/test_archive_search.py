"""A search of the archive: on an order, within its persons, days and places; what it opens, and what stays masked."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from orders_setup import ASKS, GROUNDS, Court, listed
from store_setup import NOW, entry, index_of
from told_flights import Truth

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, OrderFault, UsageFault
from pnr_pipeline.retention.archive_scope import Search, Shard
from pnr_pipeline.retention.promotion import Grounds as Promotion
from pnr_pipeline.stores.sql.archive_file import MASKED
from pnr_pipeline.stores.sql.period_rows import clear_rows, counted
from pnr_pipeline.stores.sql.travellers import open_traveller

PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 5)]  # fmt: skip
LISTS = index_of([entry("E1", "NOBODY", "AT ALL")])
LATER = NOW + timedelta(days=60)
DAY = "S/2026-02-28"


def sought(*numbers, **changes):
    told = (entry(f"P{n}", PEOPLE[n - 1].surname, "JOVANKA", PEOPLE[n - 1].born) for n in numbers)
    return Search(tuple(told), **changes)


@pytest.fixture
def court(tmp_path):
    return Court(tmp_path / "court")


@pytest.fixture
def store(tmp_path, court):
    with listed(tmp_path / "state", court, PEOPLE, LISTS) as opened:
        yield opened


def ordered(store, court, search, now=LATER, **changes):
    grounds = msgspec.structs.replace(GROUNDS, act="search", search=search, **changes)
    request = store.archive.ask(grounds, ASKS, now)
    store.orders.take(court.decide(request, store, now), now)
    return replace(ASKS, order=request.order_id)


def run(store, access, now=LATER):
    archive = store.archive
    looked = [archive.search(shard, access, now) for shard in archive.begin(access.order, access, now)]
    return sum(one.records for one in looked), archive.finish(access.order, access, now)


def by_surname(store):
    rows = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchall()
    return {open_traveller(store._ground, one).person.view.surname: one for (one,) in rows}


def entries(store, act="consultation"):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [told for (body,) in rows if (told := msgspec.json.decode(body))["act"] == act]


@pytest.mark.law("DIS-3", "DIS-2")
@pytest.mark.parametrize("closed", [True, False], ids=["from the lake", "from the database"])
def test_a_search_finds_the_persons_of_its_order_and_nobody_else(store, court, closed):
    if closed:
        assert store.lake.close(LATER)
    access = ordered(store, court, sought(1, 3))
    (shard,) = store.archive.begin(access.order, access, LATER)
    assert (shard.source, shard.period) == ("lake" if closed else "database", DAY)
    looked, file = run(store, access)
    records = by_surname(store)
    assert {(one.record_id, one.person) for one in file.lines} == {
        (records["ZOGRAFIA"], "P1"), (records["ZOGRAFIC"], "P3")
    }  # fmt: skip
    assert looked == len(PEOPLE) and not any(one.masked for one in file.lines)


@pytest.mark.law("DIS-3", "SCR-1")
def test_no_search_without_its_order_its_purpose_its_case_and_its_kind(store, court):
    access = ordered(store, court, sought(1))
    for wrong in (
        Access("officer-7", "a", "case-7", access.order), Access("officer-7", "b", "case-8", access.order),
        Access("officer-7", "b", "case-7"), Access("lead-2", "c", "case-7", access.order),
    ):  # fmt: skip
        with pytest.raises(OrderFault):
            store.archive.begin(access.order, wrong, LATER)
    with pytest.raises(UsageFault, match="SEC-4"):
        store.archive.begin(access.order, replace(access, actor="dpo-1"), LATER)
    record = next(iter(by_surname(store).values()))
    other = store.orders.request(msgspec.structs.replace(GROUNDS, act="disclose"), ASKS, LATER, records=[record])
    store.orders.take(court.decide(other, store, LATER), LATER)
    with pytest.raises(OrderFault, match="not a search"):
        store.archive.begin(other.order_id, replace(ASKS, order=other.order_id), LATER)
    waits = store.archive.ask(msgspec.structs.replace(GROUNDS, act="search", search=sought(1)), ASKS, LATER)
    with pytest.raises(OrderFault, match="not answered"):
        store.archive.begin(waits.order_id, replace(ASKS, order=waits.order_id), LATER)
    with pytest.raises(OrderFault, match="not begun"):
        store.archive.search(Shard(DAY, "database"), access, LATER)


@pytest.mark.law("DIS-2", "DIS-3")
def test_days_and_places_of_the_order_bound_what_is_looked_at(store, court):
    elsewhere = ordered(store, court, sought(1, places=("XXX",)))
    assert run(store, elsewhere)[0] == 0
    before = ordered(store, court, sought(1), first="2026-01-01", last="2026-02-27")
    assert store.archive.begin(before.order, before, LATER) == []
    with pytest.raises(OrderFault, match="does not reach"):
        store.archive.search(Shard(DAY, "database"), before, LATER)
    place = store._ground.db.execute("SELECT json_extract(flight, '$.origin') FROM leg").fetchone()[0]
    here = ordered(store, court, sought(1, places=(place,)))
    looked, file = run(store, here)
    assert (looked, len(file.lines)) == (len(PEOPLE), 1)


@pytest.mark.law("DIS-2")
def test_a_request_without_specific_persons_is_refused(store):
    named = entry("P1", "ZOGRAFIA", "JOVANKA")
    for search, why in (
        (None, "whom"), (Search(()), "1 to 50"), (Search((named,)), "by name alone"),
        (Search((sought(1).persons[0],) * 2), "same id"), (sought(1, places=("T A",)), "airports"),
        (Search(tuple(msgspec.structs.replace(sought(1).persons[0], id=f"{n}") for n in range(51))), "1 to 50"),
    ):  # fmt: skip
        with pytest.raises(OrderFault, match=why):
            store.archive.ask(msgspec.structs.replace(GROUNDS, act="search", search=search), ASKS, LATER)
    with pytest.raises(OrderFault, match="dates"):
        store.archive.ask(msgspec.structs.replace(GROUNDS, act="search", search=sought(1), first="2026"), ASKS, LATER)
    with pytest.raises(OrderFault, match="nothing else"):
        store.orders.request(msgspec.structs.replace(GROUNDS, act="disclose", search=sought(1)), ASKS, LATER)


@pytest.mark.law("LOG-2", "SCR-1")
def test_each_search_and_each_record_opened_is_one_event_and_nothing_else_opens(store, court):
    access = ordered(store, court, sought(1, 2))
    before = len(entries(store))
    _, file = run(store, access)
    (searched,) = entries(store)[before:]
    assert searched["references"] == [f"order:{access.order}"] and searched["purpose"] == "b"
    records = by_surname(store)
    opened = store.archive.open(access.order, records["ZOGRAFIA"], access, LATER)
    assert opened.traveller.surname == "ZOGRAFIA" and opened.matches["P1"].evidence
    (looked,) = entries(store)[before + 1 :]
    assert looked["references"] == [f"record:{records['ZOGRAFIA']}", f"order:{access.order}"]
    with pytest.raises(UsageFault, match="no such record"):
        store.archive.open(access.order, records["ZOGRAFID"], access, LATER)
    with pytest.raises(OrderFault, match="expired"):
        store.archive.open(access.order, records["ZOGRAFIB"], access, LATER + timedelta(days=4000))
    assert len(entries(store)) == before + 2
    assert store.archive.results(access.order, access, LATER) == file
    with pytest.raises(OrderFault, match="not to open records"):
        store.orders.release(access.order, access, LATER)


@pytest.mark.law("DIS-3", "DIS-4")
def test_an_order_is_searched_under_once_and_again_only_after_an_interrupted_search(store, court):
    access = ordered(store, court, sought(1))
    archive = store.archive
    for shard in archive.begin(access.order, access, LATER):
        archive.search(shard, access, LATER)
    with pytest.raises(OrderFault, match="not come to its end"):
        archive.results(access.order, access, LATER)
    _, file = run(store, access)
    assert len(file.lines) == 1
    with pytest.raises(OrderFault, match="used"):
        run(store, access)
    assert {one.kind for one in store.inbox(LATER)} == {"order.approved", "search"}


@pytest.mark.law("RGT-4", "RET-3", "SCR-7")
def test_restricted_erased_and_ended_records_are_in_no_case_file(store, court):
    records = by_surname(store)
    store.rights.restrict(records["ZOGRAFIA"], Access("dpo-1", "dpo", "right-1"), LATER)
    access = ordered(store, court, sought(1, 2, 3))
    _, file = run(store, access)
    assert {one.person for one in file.lines} == {"P2", "P3"}
    store.retention.erase(records["ZOGRAFIB"], "request", Access("retention-1", "b", "right-2"), LATER)
    store.rights.restrict(records["ZOGRAFIC"], Access("dpo-1", "dpo", "right-3"), LATER)
    assert {one.person for one in store.archive.results(access.order, access, LATER).lines} == {"P3"}
    with pytest.raises(UsageFault, match="restricted"):
        store.archive.open(access.order, records["ZOGRAFIC"], access, LATER)
    store._ground.db.execute("INSERT INTO clearing VALUES (?, 'delete', NULL, '{}')", (DAY,))
    clear_rows(store._ground, "S", DAY, "delete")
    assert counted(store._ground, DAY, "delete")["archive_finds"] == 1


@pytest.mark.law("DIS-4", "RET-2")
def test_masked_records_are_met_by_the_approvers_answers_alone_and_stay_masked(store, court):
    records = by_surname(store)
    kept = [records["ZOGRAFIA"], records["ZOGRAFIB"]]
    evidence = Promotion("file-2026-1", "verified-check", (LATER + timedelta(days=90)).date())
    store.retention.promote(kept, evidence, Access("retention-1", "b", "case-3"), NOW)
    store._ground.sealer.destroy([("L/2026-02-28", "approver")])
    access = ordered(store, court, sought(1, 3))
    _, file = run(store, access)
    assert {(one.record_id, one.person, one.masked) for one in file.lines} == {
        (kept[0], "P1", True), (records["ZOGRAFIC"], "P3", False)
    }  # fmt: skip
    (line,) = [one for one in file.lines if one.masked]
    assert line.says == f"{MASKED}; met by name and birth date" and (file.masked_days, file.left_out) == (1, 0)
    with pytest.raises(Masked, match=MASKED):
        store.archive.open(access.order, kept[0], access, LATER)
    unmasks = store.orders.request(msgspec.structs.replace(GROUNDS, act="unmask"), ASKS, LATER, records=kept[:1])
    store.orders.take(court.decide(unmasks, store, LATER), LATER)
    under = replace(ASKS, order=unmasks.order_id)
    (opened,) = store.orders.release(unmasks.order_id, under, LATER)
    assert opened.traveller.surname == "ZOGRAFIA"


@pytest.mark.law("DIS-3")
def test_an_urgent_search_leaves_masked_days_out_and_says_so(store, court):
    records = by_surname(store)
    evidence = Promotion("file-2026-1", "verified-check", (LATER + timedelta(days=90)).date())
    store.retention.promote([records["ZOGRAFIA"]], evidence, Access("retention-1", "b", "case-3"), NOW)
    store._ground.sealer.destroy([("L/2026-02-28", "approver")])
    lead = Access("lead-2", "b", "case-7")
    grounds = msgspec.structs.replace(GROUNDS, act="search", search=sought(1, 2), urgent=True)
    request = store.archive.ask(grounds, lead, LATER)
    _, file = run(store, replace(lead, order=request.order_id))
    assert ([one.person for one in file.lines], file.masked_days, file.left_out) == (["P2"], 0, 1)
