"""The order: who may ask, who may approve, what it opens, how often, and what neither side can do alone."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from orders_setup import ASKS, GROUNDS, Court, listed, ordered
from store_setup import NOW, entry, index_of
from told_flights import Truth

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, Masked, OrderFault, StoreFault, UsageFault
from pnr_pipeline.stores.sql.approver_seals import hold_half
from pnr_pipeline.stores.sql.hits import read_hit
from pnr_pipeline.stores.sql.periods import use_period
from pnr_pipeline.stores.sql.travellers import open_traveller

PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 5)]  # fmt: skip
LISTS = index_of([entry(f"E{n}", one.surname, one.given, one.born) for n, one in enumerate(PEOPLE)])
LATER = NOW + timedelta(days=200)


@pytest.fixture
def court(tmp_path):
    return Court(tmp_path / "court")


@pytest.fixture
def store(tmp_path, court):
    with listed(tmp_path / "state", court, PEOPLE, LISTS) as opened:
        yield opened


def records(store):
    rows = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller' ORDER BY record_id")
    return [record_id for (record_id,) in rows.fetchall()]


def masked(store):
    """Every record and hit sealed again for five years, then the day masked and its six months' keys gone."""
    ground = store._ground
    rows = ground.db.execute(
        "SELECT record_id, version, period, identity FROM record_head JOIN body USING (record_id, period)"
    ).fetchall()
    for record_id, version, period, identity in rows:
        kept = f"L/{period[2:]}"
        assert use_period(ground.db, ground.law, "L", NOW).id == kept
        hold_half(ground, kept)
        clear = ground.sealer.open(period, "identity", record_id, version, identity)
        sealed = ground.sealer.seal(kept, "identity", record_id, version, clear)
        ground.db.execute("UPDATE record_head SET period = ? WHERE record_id = ?", (kept, record_id))
        ground.db.execute("UPDATE body SET period = ?, identity = ? WHERE record_id = ?", (kept, sealed, record_id))
    for hit_id, version, period, sealed in ground.db.execute(
        "SELECT hit_id, version, period, sealed FROM hit"
    ).fetchall():
        kept = f"L/{period[2:]}"
        clear = ground.sealer.open(period, "hits", hit_id, version, sealed)
        again = ground.sealer.seal(kept, "hits", hit_id, version, clear)
        ground.db.execute("UPDATE hit SET period = ?, sealed = ? WHERE hit_id = ?", (kept, again, hit_id))
    for part in ("identity", "hits", "index", "push"):
        ground.sealer.destroy([(period, part)])
    ground.sealer.destroy([(kept, "approver")])
    return kept


def under(order, access=ASKS):
    return replace(access, order=order)


@pytest.mark.law("DIS-4")
def test_the_unit_alone_opens_no_masked_record_and_an_order_opens_its_own_alone(store, court):
    masked(store)
    first, *others = records(store)
    for record in (first, *others):
        with pytest.raises(Masked):
            open_traveller(store._ground, record)
    order = ordered(store, court, LATER, act="unmask", records=[first])
    released = store.orders.release(order, under(order), LATER)
    assert released[0].traveller.surname.startswith("ZOGRAFI")
    assert [one.hit.record_id for one in released[1:]] == [first]
    for record in (first, *others):
        with pytest.raises(Masked):
            open_traveller(store._ground, record)


@pytest.mark.law("DIS-4")
def test_what_was_released_for_one_record_opens_no_other_of_all(store, court):
    period = masked(store)
    all_of_them = records(store)
    for released in all_of_them:
        request = store.orders.request(GROUNDS, ASKS, LATER, records=[released])
        store.orders.take(court.decide(request, store, LATER), LATER)
        halves = store.orders._halves(store.orders.read(request.order_id))
        (half,) = {half for (_, subject), half in halves.items() if subject == released}
        for record in all_of_them:
            sealer = store._ground.sealer.opened_by({(period, record): half})
            opener = replace(store._ground, sealer=sealer)
            if record == released:
                assert open_traveller(opener, record).person
            else:
                with pytest.raises(StoreFault):
                    open_traveller(opener, record)


@pytest.mark.law("DIS-3")
def test_a_second_use_asks_for_a_second_order_and_its_key_is_gone(store, court):
    order = ordered(store, court, NOW, act="unmask", records=records(store)[:1])
    assert store.orders.release(order, under(order), NOW)
    with pytest.raises(OrderFault, match="was used"):
        store.orders.release(order, under(order), NOW)
    with pytest.raises(KeyGone):
        store.orders._halves(store.orders.read(order))


@pytest.mark.law("DIS-3")
def test_an_order_that_waits_was_refused_or_has_expired_opens_nothing(store, court):
    record = records(store)[:1]
    waiting = store.orders.request(GROUNDS, ASKS, NOW, records=record)
    with pytest.raises(OrderFault, match="not answered"):
        store.orders.release(waiting.order_id, under(waiting.order_id), NOW)
    store.orders.take(court.decide(waiting, store, NOW, approves=False), NOW)
    with pytest.raises(OrderFault, match="refused"):
        store.orders.release(waiting.order_id, under(waiting.order_id), NOW)
    old = ordered(store, court, NOW, act="unmask", records=record)
    with pytest.raises(OrderFault, match="expired"):
        store.orders.release(old, under(old), NOW + timedelta(days=7))
    late = store.orders.request(GROUNDS, ASKS, NOW, records=record)
    answer = court.decide(late, store, NOW)
    with pytest.raises(OrderFault, match="expired"):
        store.orders.take(answer, NOW + timedelta(days=8))


@pytest.mark.law("DIS-3")
@pytest.mark.parametrize(
    "change",
    [{"digest": "00" * 32}, {"why": "another"}, {"approver": "officer-7"}, {"decision": "refused"}, {"box": "00"}],
)
def test_an_answer_that_was_changed_is_refused(store, court, change):
    request = store.orders.request(GROUNDS, ASKS, NOW, records=records(store)[:1])
    answer = court.decide(request, store, NOW)
    with pytest.raises(OrderFault):
        store.orders.take(msgspec.structs.replace(answer, **change), NOW)
    store.orders.take(answer, NOW)
    with pytest.raises(OrderFault, match="answered before"):
        store.orders.take(answer, NOW)


@pytest.mark.law("DIS-3")
def test_a_request_that_was_changed_on_its_way_or_widened_gets_no_answer(store, court):
    one, two, *_ = records(store)
    request = store.orders.request(GROUNDS, ASKS, NOW, records=[one])
    wider = store.orders.request(GROUNDS, ASKS, NOW, records=[two]).subjects
    for changed in ({"subjects": request.subjects + wider}, {"facts": "others"}, {"requester": "officer-8"}):
        with pytest.raises(OrderFault, match="changed"):
            court.decide(msgspec.structs.replace(request, **changed), store, NOW)


@pytest.mark.law("DIS-3")
def test_nobody_approves_from_within_the_unit_nor_their_own_request(store, court):
    request = store.orders.request(GROUNDS, ASKS, NOW, records=records(store)[:1])
    for approver in ("officer-7", "officer-8", "lead-2", "dpo-1", "nobody-1"):
        with pytest.raises(OrderFault, match="DIS-3"):
            court.decide(request, store, NOW, approver=approver)


@pytest.mark.law("DIS-3")
def test_the_approver_answers_an_order_once(store, court):
    request = store.orders.request(GROUNDS, ASKS, NOW, records=records(store)[:1])
    court.decide(request, store, NOW)
    court.answered.add(request.order_id)
    with pytest.raises(OrderFault, match="decided before"):
        court.decide(request, store, NOW)


@pytest.mark.law("DIS-2")
@pytest.mark.parametrize("field", ["air_link", "facts", "scope", "first", "last"])
def test_a_request_says_everything_that_the_law_asks(store, field):
    with pytest.raises(OrderFault, match="DIS-2"):
        store.orders.request(msgspec.structs.replace(GROUNDS, **{field: " "}), ASKS, NOW, records=records(store)[:1])


@pytest.mark.law("DIS-2")
def test_a_request_names_records_an_offence_of_the_list_purpose_b_and_a_person_who_may_ask(store):
    record = records(store)[:1]
    with pytest.raises(OrderFault, match="names no record"):
        store.orders.request(GROUNDS, ASKS, NOW)
    with pytest.raises(OrderFault, match="Annex II"):
        store.orders.request(msgspec.structs.replace(GROUNDS, offence="27"), ASKS, NOW, records=record)
    with pytest.raises(OrderFault, match="purpose b"):
        store.orders.request(GROUNDS, Access("officer-7", "a", "case-7"), NOW, records=record)
    with pytest.raises(UsageFault, match="SEC-4"):
        store.orders.request(GROUNDS, Access("dpo-1", "b", "case-7"), NOW, records=record)
    with pytest.raises(UsageFault, match="no record"):
        store.orders.request(GROUNDS, ASKS, NOW, records=["0" * 32])


@pytest.mark.law("DIS-3")
def test_from_the_first_day_a_late_hit_is_looked_at_under_an_order_that_names_it(store, court):
    one, two, *_ = store.hits(now=NOW)
    late = one.deadline_at + timedelta(hours=1)
    assert store.hit(one.hit_id, Access("officer-7", "a", "case-7"), NOW)
    for access in (Access("officer-7", "a", "case-7"), ASKS, under("0" * 32)):
        with pytest.raises(OrderFault, match="DIS-3"):
            store.hit(one.hit_id, access, late)
    order = ordered(store, court, late, hits=[one.hit_id])
    assert store.hit(one.hit_id, under(order), late).traveller
    with pytest.raises(OrderFault, match="does not name"):
        store.hit(two.hit_id, under(order), late)


@pytest.mark.law("DIS-3")
def test_an_urgent_order_opens_at_once_for_a_supervisor_and_its_timer_runs(store, court):
    record = records(store)[:1]
    urgent, lead = msgspec.structs.replace(GROUNDS, urgent=True), Access("lead-2", "b", "case-7")
    with pytest.raises(OrderFault, match="SEC-4"):
        store.orders.request(urgent, ASKS, NOW, records=record)
    request = store.orders.request(urgent, lead, NOW, records=record)
    (timer,) = store.inbox(NOW)
    assert (timer.kind, timer.overdue) == ("urgent", False)
    assert store.orders.release(request.order_id, under(request.order_id, lead), NOW)
    day_after = NOW + timedelta(days=1)
    assert [one.overdue for one in store.inbox(day_after) if one.kind == "urgent"] == [True]
    assert store.orders.lines(day_after)[0].overdue
    other = store.orders.request(urgent, lead, NOW, records=record)
    with pytest.raises(OrderFault, match="not reviewed"):
        store.orders.release(other.order_id, under(other.order_id, lead), day_after)
    store.orders.take(court.decide(other, store, day_after), day_after)
    assert [one.overdue for one in store.inbox(day_after) if one.kind == "urgent"] == [True]


@pytest.mark.law("DIS-4")
def test_an_urgent_order_does_not_open_what_is_masked(store, court):
    masked(store)
    urgent, lead = msgspec.structs.replace(GROUNDS, urgent=True), Access("lead-2", "b", "case-7")
    request = store.orders.request(urgent, lead, LATER, records=records(store)[:1])
    with pytest.raises(Masked):
        store.orders.release(request.order_id, under(request.order_id, lead), LATER)
    store.orders.take(court.decide(request, store, LATER), LATER)
    assert store.orders.release(request.order_id, under(request.order_id, lead), LATER)


@pytest.mark.law("DIS-4")
def test_each_release_is_told_to_the_dpo_who_says_whether_it_was_lawful(store, court):
    order = ordered(store, court, NOW, act="unmask", records=records(store)[:1])
    store.orders.release(order, under(order), NOW)
    items = {one.kind: one for one in store.inbox(NOW)}
    assert set(items) == {"order.approved", "release"}
    assert items["release"].reference == f"order:{order}"
    with pytest.raises(UsageFault, match="SEC-4"):
        store.settle_item(
            items["release"].item_id, "lawful", Access("officer-7", "b", "case-7"), NOW, reason="in-order"
        )
    store.settle_item(items["release"].item_id, "lawful", Access("dpo-1", "b", "case-7"), NOW, reason="in-order")
    assert [one.kind for one in store.inbox(NOW)] == ["order.approved"]
    assert {one.outcome for one in store.inbox(NOW, done=True)} == {"", "lawful in-order"}


@pytest.mark.law("LOG-6")
def test_what_was_asked_lies_sealed_and_the_log_has_references_alone(store, court, tmp_path):
    order = ordered(store, court, NOW, act="unmask", records=records(store)[:1])
    store.orders.release(order, under(order), NOW)
    rows = store._ground.db.execute("SELECT * FROM approval_order").fetchall()
    told = repr(rows) + repr(store._ground.db.execute("SELECT body FROM audit_entry").fetchall())
    for secret in (GROUNDS.facts, GROUNDS.scope, "ZOGRAFI"):
        assert secret not in told
    assert f"order:{order}" in told
    assert read_hit(store._ground, store.hits(now=NOW)[0].hit_id)
