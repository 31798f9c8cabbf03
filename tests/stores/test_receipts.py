"""Every message of every file is accounted for, once, whatever comes again or breaks in the middle."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from store_setup import NOW, commit, dump, index_of, law, open_demo
from told_flights import Flight, Truth, received

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Finding, Message, Received, Screened
from pnr_pipeline.stores.sql import leg_fold
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.receipts import position
from pnr_pipeline.stores.state import StateFolder

LISTS = index_of([])
PEOPLE = [Truth(n, f"KELMENDI{chr(64 + n)}", "ELIRA", "1990-01-01", "F", f"U{n:07}", "name", "KAB123") for n in (1, 2)]


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def messages():
    flight = Flight()
    flight.add("PNRGOV", PEOPLE)
    flight.add("PAXLST", PEOPLE)
    return flight.messages


def counts(store, *tables):
    return [store._ground.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def test_the_receipt_tells_of_each_message_what_became_of_it(store, messages):
    file = Received("spool", "two.edi", b"two messages", NOW)
    unreadable = Message("x:3", "UNREADABLE", findings=(Finding("SYN-01", "E", 0, "cut"),))
    receipt = commit(store, file, [*messages, unreadable], LISTS)
    assert [(one.kind, one.travellers, one.bookings, one.dead_letter) for one in receipt.messages] == [
        ("PNRGOV", 2, 1, ""),
        ("PAXLST", 2, 0, ""),
        ("UNREADABLE", 0, 0, "unreadable"),
    ]
    assert counts(store, "receipt", "source_position", "push", "dead_letter") == [1, 1, 2, 1]
    assert store._ground.db.execute("SELECT item FROM source_position WHERE source = 'spool'").fetchone() == (
        position("two.edi"),
    )


def test_a_file_committed_again_gets_its_receipt_again_and_changes_nothing(store, messages):
    first = commit(store, received(messages[0]), messages[:1], LISTS)
    before = dump(store)
    assert commit(store, received(messages[0]), messages[:1], LISTS, NOW + timedelta(hours=1)) == first
    assert dump(store) == before
    assert store.seen(first.source, first.item, first.digest)
    assert not store.seen(first.source, "another.edi", first.digest)


def test_the_same_bytes_under_another_name_and_the_same_message_in_another_file_are_replays(store, messages):
    commit(store, received(messages[0]), messages[:1], LISTS)
    before = dump(store)
    renamed = msgspec.structs.replace(received(messages[0]), item="renamed.edi")
    assert commit(store, renamed, messages[:1], LISTS).replayed
    wrapped = Received("spool", "wrapped.edi", b"other wrapping", NOW)
    receipt = commit(store, wrapped, messages, LISTS)
    assert [one.replayed for one in receipt.messages] == [True, False]
    assert not receipt.replayed
    assert dump(store)["persons"] != before["persons"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"test": True}, "test"), ({"kind": "CUSRES", "travellers": ()}, "cusres"), ({"kind": "OTHER"}, "other")],
)
def test_test_messages_responses_and_strangers_are_buried_with_their_reason(store, messages, change, reason):
    receipt = commit(store, received(messages[0]), [msgspec.structs.replace(messages[0], **change)], LISTS)
    assert [one.dead_letter for one in receipt.messages] == [reason]
    assert counts(store, "record_head", "leg", "dead_letter") == [0, 0, 1]


def test_a_message_of_a_flight_without_travellers_leaves_its_leg_and_its_receipt(store, messages):
    bare = msgspec.structs.replace(messages[0], travellers=(), bookings=())
    receipt = commit(store, received(bare), [bare], LISTS)
    assert receipt.messages[0].leg == "QX101/2026-03-02/IST-SKP"
    assert counts(store, "leg", "push", "record_head") == [1, 1, 0]


def test_attempts_are_counted_durably_and_end_with_the_commit(store, tmp_path, messages):
    file = received(messages[0])
    digest = __import__("hashlib").sha256(file.body).hexdigest()
    assert [store.begin_attempt(file.source, file.item, digest, NOW) for _ in range(2)] == [1, 2]
    with open_demo(tmp_path / "state") as other:
        assert other.begin_attempt(file.source, file.item, digest, NOW) == 3
    commit(store, file, messages[:1], LISTS)
    assert counts(store, "attempt") == [0]


def test_a_fault_halfway_leaves_nothing_of_the_whole_transmission(store, messages, monkeypatch):
    real, calls = leg_fold.settle_hits, []

    def breaks_at_the_second(*args):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return real(*args)

    monkeypatch.setattr(leg_fold, "settle_hits", breaks_at_the_second)
    file = Received("spool", "two.edi", b"two messages", NOW)
    with pytest.raises(RuntimeError):
        commit(store, file, messages, LISTS)
    tables = ("leg", "record_head", "body", "push", "listing", "join_key", "message", "receipt", "audit_entry", "hit")
    assert counts(store, *tables) == [0] * len(tables)
    assert len(commit(store, file, messages, LISTS).messages) == 2


@pytest.mark.law("SCR-12")
def test_a_feed_that_the_profile_sends_to_the_other_domain_is_withheld_scr_12(tmp_path, messages):
    from pnr_pipeline.stores.rulebooks import load_profile, load_routing

    profile = load_profile("demo").model_copy(update={"feeds": {"PNRGOV": ("law_enforcement",), "PAXLST": ("border",)}})
    state = StateFolder(tmp_path / "state")
    with open_store(state, profile=profile, law=law(), routing=load_routing(profile), now=NOW) as store:
        receipt = commit(store, Received("spool", "two.edi", b"two", NOW), messages, LISTS)
        assert [one.withheld for one in receipt.messages] == [False, True]
        assert counts(store, "push") == [1]


@pytest.mark.law("SCR-11")
def test_nothing_of_a_flight_inside_the_union_is_kept_without_a_decision_in_force(tmp_path, messages):
    from pnr_pipeline.law.profile import IntraArea
    from pnr_pipeline.records.places import airport
    from pnr_pipeline.stores.rulebooks import load_profile, load_routing

    ends = {end for message in messages for leg in message.flights for end in (leg.origin, leg.destination)}
    area = IntraArea(countries=tuple(place.country for end in ends if (place := airport(end))))
    profile = load_profile("demo").model_copy(update={"intra_area": area})
    state = StateFolder(tmp_path / "state")
    with open_store(state, profile=profile, law=law(), routing=load_routing(profile), now=NOW) as store:
        receipt = commit(store, Received("spool", "two.edi", b"two", NOW), messages, LISTS)
        assert [one.withheld for one in receipt.messages] == [True, True]
        tables = ("leg", "record_head", "body", "push", "listing", "join_key", "dead_letter", "hit")
        assert counts(store, *tables) == [0] * len(tables)


@pytest.mark.law("SCR-12")
def test_a_state_folder_serves_one_profile_and_one_domain(tmp_path):
    open_demo(tmp_path / "state").close()
    from pnr_pipeline.stores.rulebooks import load_profile, load_routing

    profile = load_profile("demo")
    with pytest.raises(StoreFault):
        open_store(
            StateFolder(tmp_path / "state"), profile=profile, law=law(), routing=load_routing(profile), now=NOW,
            domain="border",
        )  # fmt: skip


def test_each_record_stores_when_it_is_masked_and_deleted_and_by_which_article(store, messages):
    commit(store, received(messages[0]), messages[:1], LISTS)
    rows = store._ground.db.execute(
        "SELECT DISTINCT period, mask_at, mask_because, delete_at, delete_because FROM record_head"
    ).fetchall()
    assert len(rows) == 1
    period, mask_at, mask_because, delete_at, delete_because = rows[0]
    assert period == "S/2026-02-28"
    assert mask_at == "2026-08-28T09:05:00.000000Z"
    assert "art. 12(2)" in mask_because
    assert delete_at == "2026-08-28T09:05:00.000000Z"
    assert "C-817/19" in delete_because


@pytest.mark.law("LOG-2")
def test_the_collection_the_combination_and_the_screening_are_each_an_audit_row(store, messages):
    for message in messages:
        commit(store, received(message), [message], LISTS)
    acts = [
        act for (act,) in store._ground.db.execute("SELECT json_extract(body, '$.act') FROM audit_entry ORDER BY row")
    ]
    assert acts == ["collection", "screening", "collection", "combination", "screening"]


def test_an_empty_screening_of_nobody_is_no_row(store, messages):
    bare = msgspec.structs.replace(messages[0], travellers=(), bookings=())
    store.commit(received(bare), [Screened(bare, (), LISTS.version)], index=LISTS, now=NOW)
    acts = [
        act for (act,) in store._ground.db.execute("SELECT json_extract(body, '$.act') FROM audit_entry ORDER BY row")
    ]
    assert acts == ["collection"]


def test_a_traveller_who_fits_two_persons_is_kept_apart_and_told_as_a_finding(store):
    twins = [replace(PEOPLE[0], number=n, surname="KELMENDI", born=None, document=f"U000000{n}") for n in (2, 4)]
    flight = Flight()
    flight.add("PNRGOV", twins)
    flight.add("PAXLST", twins[:1])
    for message in flight.messages:
        receipt = commit(store, received(message), [message], LISTS)
    assert receipt.messages[0].ambiguous == 1
    assert ("QX", "DUP-02", 1) in store.finding_counts()
    assert counts(store, "record_head WHERE kind = 'traveller'") == [3]
