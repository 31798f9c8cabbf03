"""A person's record, or a message with all it brought, goes at once; nothing of others does (ING-8, RGT-4)."""

import msgspec
import pytest
from store_setup import NOW, commit, dump, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.sql.fallback import Recovered

KEEPER = Access("retention-1", "b", "case-9")
ELIRA = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
BOJANA = Truth(2, "MARKOVSKI", "BOJANA", "1985-03-03", "F", "U0000002", "document", "KAB123")
ALONE = Truth(3, "PETKANOV", "DARIUSZ", "1970-05-05", "M", "U0000003", "document", "KCD456")
LISTS = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])
TABLES = ("record_head", "body", "hit", "hit_version", "decision", "listing", "outbox", "unit_queue", "memory")


@pytest.fixture
def flight():
    told = Flight()
    told.add("PNRGOV", [ELIRA, BOJANA, ALONE])
    told.add("PAXLST", [ELIRA, BOJANA], function="745")
    return told


@pytest.fixture
def store(tmp_path, flight):
    with open_demo(tmp_path / "state") as opened:
        for place, message in enumerate(flight.messages):
            commit(opened, received(message, place), [message], LISTS)
        yield opened


def sent(store) -> str:
    """The hit, confirmed and sent to its unit; its record."""
    (line,) = store.hits("new", now=NOW)
    decision = Decision(
        line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4", "flight-as-means"
    )
    store.decide(decision, review_codes(), case="case-1")
    assert store.relay(NOW) == 1
    return store._ground.db.execute("SELECT record_id FROM hit").fetchone()[0]


def surnames(store) -> list[str]:
    return sorted(person["pnr"]["traveller"]["surname"] for _, person in dump(store)["persons"] if "pnr" in person)


def lines_of(store) -> list[str]:
    return [line for path in store._ground.state.queues.glob("*.jsonl") for line in path.read_text().splitlines()]


@pytest.mark.law("RGT-4")
def test_an_erased_person_is_in_no_table_and_no_file_and_the_unit_that_was_told_is_named(store):
    record_id = sent(store)
    assert len(lines_of(store)) == 1
    erased = store.retention.erase(record_id, "request", KEEPER, NOW)
    assert (erased.records, erased.hits, len(erased.units)) == (1, 1, 1)
    assert surnames(store) == ["MARKOVSKI", "PETKANOV"]
    db = store._ground.db
    left = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    assert {table for table, number in left.items() if number} == {"record_head", "body", "listing"}
    assert lines_of(store) == []
    with_ids = [
        table
        for (table,) in db.execute("SELECT table_name FROM retention_class WHERE class = 'record'").fetchall()
        if table not in ("evidence_copy",) and _has_column(db, table)
    ]
    assert len(with_ids) > 5
    for table in with_ids:
        assert db.execute(f"SELECT count(*) FROM {table} WHERE record_id = ?", (record_id,)).fetchone() == (0,), table


def _has_column(db, table) -> bool:
    try:
        db.execute(f"SELECT record_id FROM {table} LIMIT 0").fetchall()
    except StoreFault:
        return False
    return True


def test_the_booking_goes_with_the_last_of_its_travellers_only(store):
    ids = {
        surname: record_id
        for record_id, surname in (
            (one, person.view.surname) for one, person in _persons(store).items()
        )
    }  # fmt: skip
    assert store.retention.erase(ids["PETKANOV"], "inaccurate", KEEPER, NOW).records == 2
    assert store.retention.erase(ids["KELMENDI"], "inaccurate", KEEPER, NOW).records == 1
    assert store.retention.erase(ids["MARKOVSKI"], "inaccurate", KEEPER, NOW).records == 2
    assert store._ground.db.execute("SELECT count(*) FROM record_head").fetchone() == (0,)


def _persons(store):
    from pnr_pipeline.stores.sql.travellers import open_traveller

    rows = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchall()
    return {one: open_traveller(store._ground, one).person for (one,) in rows}


@pytest.mark.law("RGT-4")
def test_an_erased_person_does_not_come_back_when_the_leg_is_folded_anew(store, flight):
    store.retention.erase(sent(store), "request", KEEPER, NOW)
    before = dump(store)["persons"]
    early = msgspec.structs.replace(
        flight.messages[0], message_id="early:1", travellers=(), bookings=(),
        prepared_at=flight.messages[0].prepared_at.replace(hour=1), function="22",
    )  # fmt: skip
    commit(store, received(early, 9), [early], LISTS)  # older than what was folded: the whole leg anew
    assert dump(store)["persons"] == before


def test_what_a_later_message_tells_of_an_erased_person_is_new(store, flight):
    store.retention.erase(sent(store), "request", KEEPER, NOW)
    flight.add("PNRGOV", [ELIRA])
    commit(store, received(flight.messages[-1], 5), [flight.messages[-1]], LISTS)
    assert surnames(store) == ["KELMENDI", "MARKOVSKI", "PETKANOV"]


@pytest.mark.law("ING-8")
def test_a_recalled_message_leaves_what_another_told_as_if_it_had_never_come(store, flight, tmp_path):
    sent(store)
    recalled, kept = flight.messages
    erased = store.retention.recall(recalled.message_id, KEEPER, LISTS, NOW)
    assert (erased.hits, len(erased.units)) == (1, 1)
    with open_demo(tmp_path / "other") as never:
        commit(never, received(kept, 1), [kept], LISTS)
        other = dump(never)
    told = dump(store)
    assert (told["persons"], told["hits"], told["queue"]) == (other["persons"], other["hits"], [])
    assert sorted(told["open"]) == sorted(other["open"])


@pytest.mark.law("ING-8")
def test_a_recalled_message_that_was_alone_leaves_nothing_and_does_not_come_back(store, flight):
    for message in flight.messages:
        store.retention.recall(message.message_id, KEEPER, LISTS, NOW)
    db = store._ground.db
    assert {db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in (*TABLES, "push", "push_body")} == {
        0
    }
    again = commit(store, received(flight.messages[0], 7), [flight.messages[0]], LISTS)
    assert again.replayed
    assert db.execute("SELECT count(*) FROM record_head").fetchone() == (0,)


@pytest.mark.law("RGT-4")
def test_an_erasure_stands_in_the_log_by_ids_with_article_and_person(store):
    record_id = sent(store)
    store.retention.erase(record_id, "request", KEEPER, NOW)
    (body,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
    told = msgspec.json.decode(body)
    assert (told["act"], told["article"], told["actor"]) == ("erasure", "LED 16(2)", "retention-1")
    assert told["references"] == [f"record:{record_id}"]


def test_numbers_of_a_units_queue_are_never_given_twice(store, flight):
    store.retention.erase(sent(store), "request", KEEPER, NOW)
    flight.add("PNRGOV", [ELIRA])
    commit(store, received(flight.messages[-1], 5), [flight.messages[-1]], LISTS)
    sent(store)
    assert [msgspec.json.decode(line)["seq"] for line in lines_of(store)] == [2]


def test_who_decides_on_hits_erases_nothing_and_an_unknown_id_is_told(store):
    with pytest.raises(UsageFault, match="SEC-4"):
        store.retention.erase("0" * 32, "request", Access("officer-7", "b", "case-9"), NOW)
    with pytest.raises(UsageFault, match="no record"):
        store.retention.erase("0" * 32, "request", KEEPER, NOW)
    with pytest.raises(UsageFault, match="no message"):
        store.retention.recall("0" * 64 + ":1", KEEPER, LISTS, NOW)


@pytest.mark.law("ING-9")
def test_after_an_outage_the_fallback_copy_goes_once_the_routers_own_is_here_and_not_before(store, flight):
    fallback = flight.messages[1]
    store.retention.tag_fallback([fallback.message_id], "outage-2026-3", KEEPER, NOW)
    assert store.retention.router_recovered(KEEPER, LISTS, NOW) == Recovered(0, 1, ())
    flight.add("PAXLST", [ELIRA, BOJANA], function="745")
    router = flight.messages[-1]
    commit(store, received(router, 5), [router], LISTS)
    before = dump(store)["hits"]
    assert store.retention.router_recovered(KEEPER, LISTS, NOW) == Recovered(1, 0, ())
    rows = store._ground.db.execute("SELECT message_id FROM push ORDER BY message_id").fetchall()
    assert rows == sorted([(flight.messages[0].message_id,), (router.message_id,)])
    assert [hit[1:3] for hit in dump(store)["hits"]] == [hit[1:3] for hit in before]
    assert store.retention.router_recovered(KEEPER, LISTS, NOW) == Recovered(0, 0, ())
