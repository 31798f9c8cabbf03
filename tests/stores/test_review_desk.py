"""From a waiting hit to the unit's queue, and no way around the reviewer."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import jsonschema
import msgspec
import pytest
from orders_setup import Court, ordered
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import OrderFault, ReviewFault, StaleHit, StoreFault, UsageFault
from pnr_pipeline.review import Decision
from pnr_pipeline.routing import Refused, Routed
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.hits import read_hit, update_hit

PEOPLE = [Truth(2 * n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 5)]  # fmt: skip
LISTS = index_of([entry(f"E{n}", one.surname, one.given, one.born) for n, one in enumerate(PEOPLE)])


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        flight = Flight()
        flight.add("PNRGOV", PEOPLE)
        flight.add("PAXLST", PEOPLE)
        for message in flight.messages[:1]:
            commit(opened, received(message), [message], LISTS)
        opened.next_message = flight.messages[1]
        yield opened


def confirmed(hit, **changes) -> Decision:
    return replace(
        Decision(hit.hit_id, hit.version, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means"),
        **changes,
    )


def decide(store, decision):
    return store.decide(decision, review_codes(), case="case-1")


def queue_lines(store, unit="mk-skp"):
    path = store._ground.state.queues / f"{unit}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def unit_of(store):
    (unit,) = {unit for (unit,) in store._ground.db.execute("SELECT unit FROM outbox")}
    return unit


def acts(store):
    return [
        act for (act,) in store._ground.db.execute("SELECT json_extract(body, '$.act') FROM audit_entry ORDER BY row")
    ]


def test_hits_wait_in_order_and_their_lines_tell_nothing_of_the_traveller(store):
    lines = store.hits(now=NOW)
    assert [line.state for line in lines] == ["new"] * 4
    assert [line.score for line in lines] == sorted((line.score for line in lines), reverse=True)
    told = repr(lines)
    assert not any(one.surname in told or one.document in told or one.born in told for one in PEOPLE)


@pytest.mark.law("LOG-2", "SCR-1")
def test_opening_a_hit_needs_purpose_and_case_and_is_noted_before_anything_is_shown(store):
    line = store.hits(now=NOW)[0]
    before = len(acts(store))
    file = store.hit(line.hit_id, ACCESS, NOW)
    assert file.traveller.surname.startswith("ZOGRAFI")
    assert (file.sources, file.listed, file.booking.locator) == (("pnr",), True, "KAB123")
    assert file.versions == (file.hit.match,)
    assert acts(store)[before:] == ["consultation"]
    for purpose, case in (("", "case-1"), ("a", "")):
        with pytest.raises(UsageFault):
            Access("officer-7", purpose, case)


def test_a_hit_that_is_not_there_is_said_so(store):
    with pytest.raises(UsageFault):
        store.hit("0" * 32, ACCESS, NOW)


@pytest.mark.law("SCR-5")
def test_a_confirmed_hit_goes_to_one_unit_sealed_and_numbered_and_is_sent(store):
    line = store.hits(now=NOW)[0]
    done = decide(store, confirmed(line))
    assert isinstance(done.routed, Routed)
    assert done.hit.state == "confirmed"
    assert queue_lines(store, done.routed.unit.id) == []
    assert store.relay(NOW) == 1
    (event,) = queue_lines(store, done.routed.unit.id)
    assert (event["seq"], event["subject"], event["data"]["unit"]) == (1, line.hit_id, done.routed.unit.id)
    assert store.hits("sent", now=NOW)[0].unit == done.routed.unit.id
    (delivered,) = store.queue(done.routed.unit.id, ACCESS, NOW)
    assert delivered.payload.match.entry_id == line.entry_id
    assert delivered.payload.instruction == "Take aside, ask for the second document."
    assert acts(store)[-3:] == ["decision", "disclosure", "consultation"]
    assert store.relay(NOW) == 0


CLOUD_EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "subject", "seq", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "datacontenttype": {"const": "application/json"},
        "seq": {"type": "integer", "minimum": 1},
        "data": {"type": "object", "required": ["sealed", "hit", "list", "leg", "rule", "because"]},
    },
}


def test_every_line_is_a_cloud_event_without_a_traveller_value(store):
    for line in store.hits(now=NOW):
        decide(store, confirmed(line))
    assert store.relay(NOW) == 4
    events = queue_lines(store, unit_of(store))
    for event in events:
        jsonschema.validate(event, CLOUD_EVENT)
        assert not any(one.surname in json.dumps(event) for one in PEOPLE)
    assert [event["seq"] for event in events] == [1, 2, 3, 4]


@pytest.mark.law("SCR-5")
def test_a_rejected_hit_goes_nowhere(store):
    line = store.hits(now=NOW)[0]
    done = decide(store, confirmed(line, outcome="negative", reason="other-name", offence="", air_link=""))
    assert (done.hit.state, done.routed) == ("negative", None)
    assert store.relay(NOW) == 0


def test_a_decision_on_an_older_version_is_refused_with_what_changed(store):
    line = store.hits(now=NOW)[0]
    commit(store, received(store.next_message), [store.next_message], LISTS)
    newer = next(one for one in store.hits(now=NOW) if one.hit_id == line.hit_id)
    assert newer.version == 2
    with pytest.raises(StaleHit) as refused:
        decide(store, confirmed(line))
    assert (refused.value.seen, refused.value.newest) == (1, 2)
    assert refused.value.changed
    assert decide(store, confirmed(newer)).hit.state == "confirmed"


def test_a_hit_that_another_holds_is_not_decided_and_nothing_of_the_attempt_stays(store):
    line = store.hits(now=NOW)[0]
    store.claim(line.hit_id, Access("officer-9", "a", "case-1"), NOW)
    before = acts(store)
    assert before[-1] == "alteration"
    with pytest.raises(ReviewFault):
        decide(store, confirmed(line))
    assert acts(store) == before
    assert store._ground.db.execute("SELECT count(*) FROM decision").fetchone() == (0,)
    later = NOW + timedelta(hours=2)
    assert decide(store, confirmed(line, at=later)).hit.reviewer == "officer-7"


@pytest.mark.law("DIS-3")
def test_a_late_hit_is_confirmed_with_an_approval_only_dis_3(store, tmp_path):
    line = store.hits(now=NOW)[0]
    late = NOW + timedelta(days=3)
    with pytest.raises(ReviewFault):
        decide(store, confirmed(line, at=late))
    with pytest.raises(OrderFault, match="no such order"):
        decide(store, confirmed(line, at=late, approval="order-2026-5"))
    order = ordered(store, Court(tmp_path / "court"), late, hits=[line.hit_id])
    decide(store, confirmed(line, at=late, approval=order))
    assert store.relay(late) == 1
    assert {one.kind for one in store.inbox(late)} == {"order.approved", "disclosure"}


@pytest.mark.law("DIS-3")
def test_what_was_confirmed_in_time_and_not_relayed_in_time_waits_for_an_approval(store):
    decide(store, confirmed(store.hits(now=NOW)[0]))
    assert store.relay(NOW + timedelta(days=3)) == 0
    assert store.relay(NOW) == 1


def test_a_hit_whose_entry_left_the_list_after_its_confirmation_is_not_sent(store):
    line = store.hits(now=NOW)[0]
    decide(store, confirmed(line))
    commit(store, received(store.next_message), [store.next_message], index_of([entry("E", "OTHER", "NAME")], "v2"))
    assert store.relay(NOW) == 0


@pytest.mark.law("SEC-3")
def test_where_no_rule_fits_nobody_receives_it_sec_3(store):
    store._ground.routing.rules = ()
    done = decide(store, confirmed(store.hits(now=NOW)[0]))
    assert isinstance(done.routed, Refused)
    assert store._ground.db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_a_relay_that_died_after_numbering_is_made_good_by_the_next(store):
    for line in store.hits(now=NOW)[:2]:
        decide(store, confirmed(line))
    store.relay(NOW)
    path = store._ground.state.queues / f"{unit_of(store)}.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    store.relay(NOW)
    assert path.read_bytes() == whole


def test_relays_at_once_publish_each_event_once(store, tmp_path):
    for line in store.hits(now=NOW):
        decide(store, confirmed(line))
    published = []

    def relay():
        with open_demo(tmp_path / "state") as other:
            published.append(other.relay(NOW))

    threads = [threading.Thread(target=relay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.relay(NOW)
    assert sum(published) == 4
    assert [event["seq"] for event in queue_lines(store, unit_of(store))] == [1, 2, 3, 4]


def test_while_another_relay_holds_the_lease_nothing_is_published_and_a_dead_one_loses_it(store):
    decide(store, confirmed(store.hits(now=NOW)[0]))
    store._ground.db.execute(
        "INSERT INTO lease VALUES ('relay', 'another', ?)",
        ((NOW + timedelta(seconds=9)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),),
    )
    assert store.relay(NOW) == 0
    assert store.relay(NOW + timedelta(seconds=30)) == 1


def test_a_queue_is_read_where_the_units_key_is_and_nowhere_else(store):
    decide(store, confirmed(store.hits(now=NOW)[0]))
    store.relay(NOW)
    (store._ground.state.keys / "units" / f"{unit_of(store)}.key").unlink()
    with pytest.raises(StoreFault):
        store.queue(unit_of(store), ACCESS, NOW)


def test_a_hit_that_was_reopened_and_confirmed_again_is_sent_once(store):
    line = store.hits(now=NOW)[0]
    decide(store, confirmed(line))
    ground = store._ground
    with transaction(ground.db):
        hit = read_hit(ground, line.hit_id)
        update_hit(ground, msgspec.structs.replace(hit, state="new", reviewer="", reason=""))
    decide(store, confirmed(line))
    assert store.relay(NOW) == 1
    assert [one["subject"] for one in queue_lines(store, unit_of(store))] == [line.hit_id]


def test_a_hit_that_was_reopened_and_then_rejected_is_not_sent(store):
    line = store.hits(now=NOW)[0]
    decide(store, confirmed(line))
    ground = store._ground
    with transaction(ground.db):
        update_hit(ground, msgspec.structs.replace(read_hit(ground, line.hit_id), state="new", reviewer="", reason=""))
    decide(store, Decision(line.hit_id, line.version, "negative", "other-name", "officer-7", NOW))
    assert store.relay(NOW) == 0
    assert ground.db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_a_decision_after_the_scheduled_moment_is_written_down_under_purpose_b(store, tmp_path):
    line = store.hits(now=NOW)[0]
    late = line.deadline_at + timedelta(hours=1)
    order = ordered(store, Court(tmp_path / "court"), late, hits=[line.hit_id])
    decide(store, confirmed(line, at=late, approval=order))
    assert store.relay(late) == 1
    purposes = store._ground.db.execute(
        "SELECT json_extract(body, '$.act'), json_extract(body, '$.purpose') FROM audit_entry"
        " WHERE json_extract(body, '$.act') IN ('decision', 'disclosure')"
    ).fetchall()
    assert sorted(purposes) == [("decision", "b"), ("decision", "b"), ("disclosure", "b")]
