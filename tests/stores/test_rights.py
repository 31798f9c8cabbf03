"""Rights of persons: found in open and masked records, answered in the same words, restricted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from orders_setup import Court
from store_setup import NOW, commit, entry, index_of, open_demo, review_codes
from test_orders import masked
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, OrderFault, ReviewFault, UsageFault
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.retention.promotion import Grounds
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.rulebooks import load_profile, load_replies
from pnr_pipeline.stores.sql.promotion import promote
from pnr_pipeline.stores.sql.rights_index import Question, move_rights
from pnr_pipeline.stores.sql.travellers import open_traveller

DPO = Access("dpo-1", "dpo", "R-2026-1")
PEOPLE = [
    Truth(1, "DJORDJEVIC", "JOVANKA", "1971-02-03", "F", "U0000001", "document", "KAB123"),
    Truth(2, "XHAFERI", "SHKELZEN", "1980-11-05", "M", "U0000002", "name", "KAB123"),
    Truth(3, "SHEVCHENKO", "YURIY", "1990-05-06", "M", "U0000003", "name", "KAB124"),
    Truth(4, "OEZTUERK", "CEMILE", "1985-07-08", "F", "U0000004", "name", "KAB125"),
]
ASKED = [
    Question("Ђорђевић", "Јованка", "1971-02-03"), Question("Xhaferi", "Shkëlzen", "1980-05-11"),
    Question("Шевченко", "Юрій", "1990-05-06"), Question("Öztürk", "Cemile", "1985-07-08"),
]  # fmt: skip
LISTS = index_of([entry("E1", "DJORDJEVIC", "JOVANKA", "1971-02-03")])
LATER = NOW + timedelta(days=200)


@pytest.fixture
def court(tmp_path):
    return Court(tmp_path / "court")


@pytest.fixture
def store(tmp_path, court):
    with open_demo(tmp_path / "state") as opened:
        court.publish(opened)
        flight = Flight()
        flight.add("PNRGOV", PEOPLE)
        flight.add("PAXLST", PEOPLE)
        for message in flight.messages:
            commit(opened, received(message), [message], LISTS)
        yield opened


def names(store):
    """Record ids by surname as stored."""
    ground = store._ground
    rows = ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchall()
    return {open_traveller(ground, one).person.view.surname: one for (one,) in rows}


@pytest.mark.law("RGT-2")
@pytest.mark.parametrize(("truth", "question"), list(zip(PEOPLE, ASKED, strict=True)))
def test_everybody_is_found_in_their_own_letters_and_nobody_else_with_them(store, truth, question):
    found = store.rights.search(question, DPO, NOW)
    assert [(one.traveller.surname, one.by) for one in found.records] == [(truth.surname, "name and birth date")]


@pytest.mark.law("RGT-2")
def test_a_document_alone_finds_and_a_name_alone_asks_for_a_birth_date(store):
    (one,) = store.rights.search(Question("", "", documents=("u 0000001",)), DPO, NOW).records
    assert (one.by, one.traveller.surname) == ("document", "DJORDJEVIC")
    with pytest.raises(UsageFault, match="birth date"):
        store.rights.search(Question("XHAFERI", "SHKELZEN"), DPO, NOW)
    assert not store.rights.search(Question("NOBODY", "ATALL", "1971-02-03"), DPO, NOW).records


@pytest.mark.law("RGT-2", "SCR-1")
def test_a_search_is_in_the_log_and_asks_for_the_dpo_and_his_own_purpose(store):
    store.rights.search(ASKED[0], DPO, NOW)
    (body,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
    assert '"purpose":"dpo"' in body and '"case":"R-2026-1"' in body and "record:" in body
    for access in (Access("dpo-1", "a", "R-1"), Access("officer-7", "dpo", "R-1"), Access("officer-7", "a", "R-1")):
        with pytest.raises(UsageFault):
            store.rights.search(ASKED[0], access, NOW)


@pytest.mark.law("RGT-2", "DIS-4")
def test_masked_records_are_found_by_the_approvers_answers_and_opened_by_a_second_order(store, court):
    ids = names(store)
    ground = store._ground
    period = masked_with_index(store, ids)
    found = store.rights.search(ASKED[0], DPO, LATER)
    assert (found.records, found.masked_periods) == ((), 1)
    request = store.rights.ask_approver(ASKED[0], "request of a person", DPO, LATER)
    assert not any(truth.surname in repr(request) for truth in PEOPLE)
    with pytest.raises(OrderFault):
        store.rights.search_masked(request.order_id, ASKED[0], DPO, LATER)
    store.orders.take(court.decide(request, store, LATER), LATER)
    (one,) = store.rights.search_masked(request.order_id, ASKED[0], DPO, LATER)
    assert (one.record_id, one.masked, one.traveller, one.period) == (ids["DJORDJEVIC"], True, None, period)
    with pytest.raises(KeyGone):
        store.rights.search_masked(request.order_id, ASKED[0], DPO, LATER)
    opens = store.rights.ask_to_open([one.record_id], "for the answer", DPO, LATER)
    store.orders.take(court.decide(opens, store, LATER), LATER)
    released = store.orders.release(opens.order_id, replace(DPO, order=opens.order_id), LATER)
    assert released[0].traveller.surname == "DJORDJEVIC"
    assert {item.kind for item in store.inbox(LATER)} >= {"look-up", "release"}
    assert ground.db.execute("SELECT count(*) FROM rights_key").fetchone()[0] > 0


def masked_with_index(store, ids):
    """As retention promotes: the index moves with the record, while the approver's half is still online."""
    ground, people = store._ground, {}
    for record_id in ids.values():
        people[record_id] = open_traveller(ground, record_id)
    ending = []
    destroy = ground.sealer.destroy
    ground.sealer.destroy = ending.extend
    kept = masked(store)
    for record_id, one in people.items():
        move_rights(ground, record_id, one.term.period, kept, to_json(one.person))
    del ground.sealer.destroy
    destroy([*ending, (f"S/{kept[2:]}", "rights")])
    return kept


@pytest.mark.law("RGT-3")
def test_the_letter_reads_the_same_with_a_hit_without_one_and_with_no_record_at_all(store):
    replies, profile = load_replies(), load_profile("demo")
    letters = set()
    for question in (ASKED[0], ASKED[1], Question("NOBODY", "ATALL", "1971-02-03")):
        store.rights.search(question, DPO, NOW)
        letters.add(replies.letter("en", profile, DPO.case, "2026-02-28"))
    assert len(letters) == 1


@pytest.mark.law("RGT-2")
def test_the_answer_is_due_in_a_month_and_overdue_in_the_inbox_afterwards(store):
    assert store.rights.begin("access", DPO, NOW) == store.rights.begin("access", DPO, NOW + timedelta(days=1))
    assert [one.overdue for one in store.inbox(NOW + timedelta(days=32))] == [True]
    store.rights.answered(DPO, NOW)
    assert store.inbox(NOW + timedelta(days=32)) == []


@pytest.mark.law("RGT-4")
def test_a_restricted_record_is_left_alone_by_officers_and_screening_until_it_is_lifted(store):
    line = next(one for one in store.hits(now=NOW) if one.entry_id == "E1")
    record = names(store)["DJORDJEVIC"]
    assert store.rights.restrict(record, DPO, NOW) == ()
    with pytest.raises(ReviewFault, match="RGT-4"):
        store.hit(line.hit_id, Access("officer-7", "a", "case-1"), NOW)
    confirms = Decision(line.hit_id, line.version, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means")
    with pytest.raises(ReviewFault, match="RGT-4"):
        store.decide(confirms, review_codes(), case="case-1")
    flight = Flight()
    flight.add("PNRGOV", PEOPLE)
    flight.add("PAXLST", PEOPLE)
    flight.add("PAXLST", PEOPLE)
    more = index_of([entry(one, "DJORDJEVIC", "JOVANKA", "1971-02-03") for one in ("E1", "E2")], "v2")
    commit(store, received(flight.messages[2]), [flight.messages[2]], more)
    assert "E2" not in {one.entry_id for one in store.hits(now=NOW)}
    store.rights.lift(record, DPO, NOW)
    assert store.decide(confirms, review_codes(), case="case-1").hit.state == "confirmed"
    store.relay(NOW)
    assert store.rights.recipients(record)


@pytest.mark.law("RGT-2", "RET-3")
def test_a_promoted_record_is_found_under_its_new_period_and_gone_with_its_old_one(store):
    ground, record = store._ground, names(store)["DJORDJEVIC"]
    (old,) = ground.db.execute("SELECT DISTINCT period FROM rights_key").fetchone()
    grounds = Grounds("check:2026-7", "verified-check", NOW.date() + timedelta(30))
    promote(ground, [record], grounds, Access("retention-1", "a", "case-1"), NOW)
    (one,) = store.rights.search(ASKED[0], DPO, NOW).records
    assert (one.record_id, one.period, one.masked) == (record, f"L/{old[2:]}", False)
    rows = ground.db.execute("SELECT count(*) FROM rights_key WHERE period = ? AND record_id = ?", (old, record))
    assert rows.fetchone() == (0,)
