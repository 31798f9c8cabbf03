"""What is due ends with its keys, rows and indexes, once, wherever it is interrupted (RET-1 to RET-9)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_setup import NOW, Count, commit, entry, index_of, open_demo
from told_flights import LEG, Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Message, Received
from pnr_pipeline.stores.keystore import WrappedKeys
from pnr_pipeline.stores.sql import period_rows
from pnr_pipeline.stores.sql import sweep as sweeping
from pnr_pipeline.stores.sql.period_rows import clear_rows, note_counts, part_rows

SIX_MONTHS = datetime(2026, 8, 28, tzinfo=UTC)
"""Masking and deletion of what was received on NOW's day: a period expires at its start."""
HOUR = timedelta(hours=1)
LOGS = ("receipt", "message", "feed_message", "leg", "leg_name")

WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
LISTS = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])
UNREADABLE = Received("spool", "mixed.edi", b"not to be read", NOW)


def filled(store) -> None:
    """A traveller in a booking, with a hit, and a dead letter."""
    flight = Flight()
    flight.add("PNRGOV", [WHO])
    flight.add("PAXLST", [WHO], function="745")
    for place, message in enumerate(flight.messages):
        commit(store, received(message, place), [message], LISTS)
    commit(store, UNREADABLE, [Message("bad:1", "UNREADABLE")], LISTS)


def rows(store) -> dict[str, int]:
    db = store._ground.db
    tables = ("record_head", "body", "hit", "hit_version", "push", "listing", "join_key", "dead_letter")
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.fixture
def count():
    return Count()


@pytest.fixture
def store(tmp_path, count):
    with open_demo(tmp_path / "state", count=count) as opened:
        filled(opened)
        yield opened


def sweep_at(store, count, at):
    count.now = at
    return store.retention.sweep(at)


@pytest.mark.law("RET-3")
def test_an_instant_before_six_months_all_is_there_and_at_six_months_nothing_is(store, count):
    before = rows(store)
    assert min(before.values()) >= 1
    sweep_at(store, count, SIX_MONTHS - timedelta(seconds=1))
    assert rows(store) == before | {"dead_letter": 0}
    sweep_at(store, count, SIX_MONTHS)
    assert set(rows(store).values()) == {0}


@pytest.mark.law("RET-8")
def test_the_receipt_of_a_deletion_names_key_article_and_counts_and_nothing_else(store, count):
    (_, sent) = sorted(sweep_at(store, count, SIX_MONTHS).ended, key=lambda one: one.due_at)
    told = [
        msgspec.json.decode(body)
        for (body,) in store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
        if '"erasure"' in body
    ]
    letter, day = (["key:ingest/2026-02-28T10"], "PNR 6(1)"), (["key:S/2026-02-28"], "CJ 251")
    # first that both are over, then what went of each
    assert [(one["references"], one["article"]) for one in told] == [letter, day, letter, day]
    assert [one["counts"] for one in told[:3]] == [{"delete.keys": 1}, {"delete.keys": 1}, {"dead_letters": 1}]
    assert told[3]["counts"] == sent.counts
    assert (sent.counts["records"], sent.counts["hits"], sent.counts["messages"]) == (2, 1, 2)
    assert "C-817/19" in sent.because


@pytest.mark.law("RET-3")
def test_the_keys_of_the_day_are_gone_and_those_of_the_next_are_not(tmp_path, count):
    with open_demo(tmp_path / "state", count=count) as store:
        filled(store)
        later = msgspec.structs.replace(received(Message("z:1", "PNRGOV")), received_at=NOW + timedelta(days=1))
        message = Message("z:1", "PNRGOV", flights=(msgspec.structs.replace(LEG, number="102"),), prepared_at=None)
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        (told,) = flight.messages
        commit(store, later, [msgspec.structs.replace(told, message_id="z:1", flights=message.flights)], LISTS)
        sweep_at(store, count, SIX_MONTHS)
        assert rows(store)["record_head"] == 2
    left = sorted(path.parent.name for path in (tmp_path / "state-keys" / "periods" / "S").rglob("*.key"))
    assert set(left) == {"2026-03-01"}


def test_a_message_that_comes_after_its_flight_has_ended_begins_anew(store, count):
    sweep_at(store, count, SIX_MONTHS)
    late = Flight()
    late.add("PNRGOV", [WHO])
    message = msgspec.structs.replace(late.messages[0], message_id="late:1")
    file = msgspec.structs.replace(received(message), received_at=SIX_MONTHS)
    commit(store, file, [message], LISTS, SIX_MONTHS)
    assert rows(store)["record_head"] == 2


class Crash(Exception):
    """The process ends here."""


STEPS = (
    (WrappedKeys, "destroy", WrappedKeys.destroy),
    (sweeping, "part_rows", part_rows),
    (sweeping, "clear_rows", clear_rows),
    (period_rows, "note_counts", note_counts),
)


@pytest.mark.parametrize("step", range(1, 14))
def test_a_sweep_that_ends_anywhere_is_gone_on_with_whatever_the_clock_says_then(tmp_path, monkeypatch, count, step):
    left = step

    def maybe(act):
        def acts(*given, **named):
            nonlocal left
            left -= 1
            if not left:
                raise Crash
            return act(*given, **named)

        return acts

    with open_demo(tmp_path / "state", count=count) as store:
        filled(store)
        for place, name, act in STEPS:
            monkeypatch.setattr(place, name, maybe(act))
        with suppress(Crash):
            sweep_at(store, count, SIX_MONTHS)
    monkeypatch.undo()
    with open_demo(tmp_path / "state", NOW, count=count) as store:  # the clock is back where it was
        assert set(rows(store).values()) == {0}
        told = [
            msgspec.json.decode(body)["counts"]
            for (body,) in store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
            if '"key:S/2026-02-28"' in body
        ]
        assert told[0] == {"delete.keys": 1}
        assert (told[1]["records"], told[1]["hits"], told[1]["messages"]) == (2, 1, 2)  # as if it had not ended
        assert len(told) == 2
    assert not list((tmp_path / "state-keys" / "periods" / "S").rglob("*.key"))


@pytest.mark.law("RET-8")
def test_a_keystore_in_trouble_fails_the_sweep_and_the_doctor_is_told(store, count, monkeypatch):
    def broken(self, *names):
        raise StoreFault("no keystore")

    monkeypatch.setattr(WrappedKeys, "destroy", broken)
    with pytest.raises(StoreFault):
        sweep_at(store, count, SIX_MONTHS)
    told = store.retention.calendar(SIX_MONTHS)
    assert told.fault == "StoreFault"
    assert {line.state for line in told.late} == {"ending"}
    monkeypatch.undo()
    sweep_at(store, count, SIX_MONTHS)
    assert store.retention.calendar(SIX_MONTHS).fault == ""


@pytest.mark.law("RET-9")
def test_a_wall_clock_that_is_ahead_deletes_nothing_and_says_what_it_holds(store, count):
    before = rows(store)
    held = store.retention.sweep(SIX_MONTHS + timedelta(days=3650))
    assert (held.ended, held.held) == ((), 2)
    assert rows(store) == before
    store.retention.confirm_clock(Access("retention-1", "a", "outage-1"), SIX_MONTHS)
    assert len(store.retention.sweep(SIX_MONTHS).ended) == 2


@pytest.mark.law("RET-9")
def test_what_came_in_under_a_clock_ten_years_ahead_goes_in_time_once_the_clock_is_right(tmp_path, count):
    ahead = NOW + timedelta(days=3653)
    with open_demo(tmp_path / "state", count=count) as store:
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        (message,) = flight.messages
        commit(store, msgspec.structs.replace(received(message), received_at=ahead), [message], LISTS, ahead)
        sweep_at(store, count, NOW + HOUR)
        sweep_at(store, count, SIX_MONTHS - HOUR)
        assert rows(store)["record_head"] == 2
        sweep_at(store, count, SIX_MONTHS)
        assert rows(store)["record_head"] == 0


@pytest.mark.law("RET-9")
def test_what_came_in_under_a_clock_ten_years_behind_does_not_go_early(tmp_path, count):
    behind = NOW - timedelta(days=3653)
    with open_demo(tmp_path / "state", count=count) as store:
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        (message,) = flight.messages
        commit(store, msgspec.structs.replace(received(message), received_at=behind), [message], LISTS, behind)
        sweep_at(store, count, SIX_MONTHS - HOUR)
        assert rows(store)["record_head"] == 2
        sweep_at(store, count, SIX_MONTHS)
        assert rows(store)["record_head"] == 0


@pytest.mark.law("RET-9")
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 230), st.timedeltas(timedelta(days=-3653), timedelta(days=3653))), max_size=6))
def test_clocks_that_jump_by_ten_years_delete_no_letter_early_nor_a_day_late(tmp_path_factory, jumps):
    count = Count()
    with open_demo(tmp_path_factory.mktemp("jumps") / "state", count=count) as store:
        commit(store, UNREADABLE, [Message("bad:1", "UNREADABLE")], LISTS)
        gone = None
        for hours in range(0, 240, 6):
            truth = NOW + hours * HOUR
            wrong = [by for at, by in jumps if at // 24 == hours // 24]
            sweep_at_wall = truth + (wrong[0] if wrong else timedelta())
            count.now = truth
            if store.retention.sweep(sweep_at_wall).count("dead_letters"):
                gone = hours
        assert gone is not None
        assert gone >= 72
        right = next(h for h in range(72, 400) if h // 24 not in {at // 24 for at, _ in jumps})
        assert gone <= right + 24


@pytest.mark.law("RET-7")
def test_after_six_months_every_table_of_the_classes_of_records_is_empty(store, count):
    sweep_at(store, count, SIX_MONTHS)
    db = store._ground.db
    told = "SELECT table_name FROM retention_class WHERE class IN ('record', 'ingest')"
    left = {
        table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for (table,) in db.execute(told).fetchall()
    }
    assert {table for table, number in left.items() if number} == set()
    assert len(left) > 15


@pytest.mark.law("LOG-3")
def test_receipts_and_hashes_of_messages_go_after_five_years_and_not_before(store, count):
    store._ground.db.execute("INSERT INTO leg_name VALUES ('a', 'a', 'QX', '101', 0, '2026-02-28T09:05:00.000000Z')")
    kept = [store._ground.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in LOGS]
    assert min(kept) > 0
    for at, left in ((datetime(2031, 2, 28, tzinfo=UTC), kept), (datetime(2031, 3, 3, tzinfo=UTC), [0] * len(LOGS))):
        sweep_at(store, count, at)
        assert [store._ground.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in LOGS] == left
