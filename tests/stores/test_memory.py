"""Rejections remembered: whom they keep down, what wakes them, and that they end with their record."""

import json
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from store_setup import NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import LEG, Flight, Truth, received

from pnr_pipeline.errors import ReviewFault, UsageFault
from pnr_pipeline.records import Message
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.sql.hits import read_hits
from pnr_pipeline.stores.sql.memory import wake_expired

WANTED = entry("E1", "DRAGANOVIKJ", "BLAGOJCHE")
LISTS = index_of([WANTED])
TRAVELLER = Truth(2, "DRAGANOVIKJ", "BLAGOJCHE", "1961-02-03", "M", "U0000002", "document", "KAB123")


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def told(day: int, person: Truth = TRAVELLER, kind: str = "PAXLST", **changes) -> Message:
    """A message of the same flight on another day."""
    flight = Flight()
    flight.add(kind, [person])
    (message,) = flight.messages
    leg = msgspec.structs.replace(
        LEG, departure_local=LEG.departure_local + timedelta(days=day),
        arrival_local=LEG.arrival_local + timedelta(days=day),
    )  # fmt: skip
    travellers = tuple(msgspec.structs.replace(one, **changes) for one in message.travellers)
    return msgspec.structs.replace(message, message_id=f"{day:064}:1", flights=(leg,), travellers=travellers)


def tell(store, message, index=LISTS, now=NOW):
    commit(store, received(message), [message], index, now)
    found = [hit for hit in read_hits(store._ground, None) if hit.leg_key == message.flights[0].key]
    return found[0] if found else None


def reject(store, hit, reason="other-birth-date", **changes):
    decision = Decision(hit.hit_id, hit.version, "negative", reason, "officer-7", NOW, not_this_person=True, **changes)
    store.decide(decision, review_codes(), case="case-1")
    return store.memories()[-1]


def test_the_same_traveller_and_entry_version_is_suppressed_by_the_memory_listed_and_counted(store):
    memory = reject(store, tell(store, told(0)))
    again = tell(store, told(7))
    assert (again.state, again.memory) == ("suppressed", memory.memory_id)
    (line,) = store.memories()
    assert (line.suppressed, line.reason, line.reviewer, line.woken_at) == (1, "other-birth-date", "officer-7", None)
    (waiting,) = store.hits("suppressed", now=NOW)
    assert waiting.memory == memory.memory_id
    *_, (last,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    assert json.loads(last)["counts"]["suppressed"] == 1


def test_a_booking_by_name_is_raised_until_the_api_list_tells_who_it_is(store):
    reject(store, tell(store, told(0)))
    assert tell(store, told(7, kind="PNRGOV", date_of_birth=None, documents=())).state == "new"
    message = msgspec.structs.replace(told(7), message_id=f"{8:064}:1")
    assert tell(store, message).state == "suppressed"


def test_a_new_document_wakes_it(store):
    memory = reject(store, tell(store, told(0)))
    other = told(7, Truth(2, "DRAGANOVIKJ", "BLAGOJCHE", "1961-02-03", "M", "U9999999", "document", "KAB123"))
    assert tell(store, other).state == "new"
    (line,) = store.memories()
    assert (line.memory_id, line.woken_because) == (memory.memory_id, "new document")
    assert tell(store, told(14)).state == "new"


def test_another_birth_date_with_the_same_document_wakes_it(store):
    reject(store, tell(store, told(0)))
    tell(store, told(7, date_of_birth="1961-02-02"))
    assert store.memories()[0].woken_because == "another birth date"


def test_a_changed_entry_wakes_it_with_what_it_kept_down(store):
    reject(store, tell(store, told(0)))
    tell(store, told(7))
    changed = index_of([msgspec.structs.replace(WANTED, gender="M")], version="v2")
    assert tell(store, told(14), changed).state == "new"
    assert store.memories()[0].woken_because == "the entry changed"
    assert sorted(hit.state for hit in read_hits(store._ground, None)) == ["negative", "new", "new"]


def test_another_traveller_of_the_same_name_is_not_kept_down(store):
    reject(store, tell(store, told(0)))
    namesake = Truth(4, "DRAGANOVIKJ", "BLAGOJCHE", "1961-02-02", "M", "U0000004", "document", "KAB124")
    assert tell(store, told(7, namesake)).state == "new"
    assert store.memories()[0].woken_at is None


def test_it_expires_and_what_it_kept_down_is_new(store):
    memory = reject(store, tell(store, told(0)))
    tell(store, told(7))
    assert wake_expired(store._ground, memory.expires_at - timedelta(seconds=1)) == 0
    assert wake_expired(store._ground, memory.expires_at) == 1
    assert [hit.state for hit in read_hits(store._ground, "new")] == ["new"]
    assert store.memories()[0].woken_because == "expired"


def test_it_wakes_with_the_sweep_too_where_no_message_comes(store):
    memory = reject(store, tell(store, told(0)))
    store.retention.sweep(memory.expires_at - timedelta(seconds=1))
    assert store.memories()[0].woken_at is None
    store.retention.sweep(memory.expires_at)
    assert store.memories()[0].woken_because == "expired"


@pytest.mark.law("SCR-7")
def test_it_lives_no_longer_than_its_record_and_ends_with_the_records_key_scr_7(store):
    memory = reject(store, tell(store, told(0)))
    (delete_at,) = store._ground.db.execute("SELECT min(delete_at) FROM record_head").fetchone()
    assert f"{memory.expires_at:%Y-%m-%dT%H:%M:%S}" <= delete_at[:19]
    (period,) = store._ground.db.execute("SELECT period FROM memory").fetchone()
    later = told(40)
    store._ground.sealer.destroy([(period, "hits")])
    message = msgspec.structs.replace(received(later), received_at=NOW + timedelta(days=40))
    commit(store, message, [later], LISTS)
    states = store._ground.db.execute("SELECT state FROM hit WHERE period != ?", (period,)).fetchall()
    assert states == [("new",)]


def test_nothing_of_the_traveller_is_in_clear(store):
    reject(store, tell(store, told(0)))
    held = repr(store._ground.db.execute("SELECT * FROM memory").fetchall())
    assert not any(value in held for value in ("DRAGANOVIKJ", "BLAGOJCHE", "1961-02-03", "U0000002"))


def test_it_is_woken_by_hand_once(store):
    memory = reject(store, tell(store, told(0)))
    tell(store, told(7))
    assert store.wake_memory(memory.memory_id, "officer-8", NOW) == 1
    with pytest.raises(UsageFault):
        store.wake_memory(memory.memory_id, "officer-8", NOW)


def test_a_name_alone_and_a_reason_that_names_no_other_person_are_not_remembered(store):
    hit = tell(store, told(0, kind="PNRGOV", documents=(), date_of_birth=None))
    with pytest.raises(ReviewFault, match="name alone"):
        reject(store, hit)
    with pytest.raises(ReviewFault, match="another person"):
        reject(store, hit, "no-air-link")
    assert store.memories() == []


def test_where_the_profile_asks_four_eyes_one_reviewer_alone_makes_no_memory(store):
    profile = store._ground.profile
    review = profile.review.model_copy(update={"four_eyes_lists": ("wanted",)})
    store._ground = replace(store._ground, profile=profile.model_copy(update={"review": review}))
    hit = tell(store, told(0))
    with pytest.raises(ReviewFault, match="second reviewer"):
        reject(store, hit)
    assert reject(store, hit, second_reviewer="officer-8").second_reviewer == "officer-8"
