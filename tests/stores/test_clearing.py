"""Rows of a period that is over in law go in batches, which stop nobody, and are met by nobody (RET-8)."""

from contextlib import contextmanager

import msgspec
import pytest
import store_setup
from store_setup import Count, commit, open_demo
from test_sweep import LISTS, SIX_MONTHS, WHO, Crash, filled, rows, sweep_at
from told_flights import Flight, Truth, received

from pnr_pipeline.errors import KeyGone
from pnr_pipeline.stores.sql import period_rows
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.travellers import open_traveller

OTHER = Truth(2, "MARKOVSKI", "BOJANA", "1980-01-01", "F", "U0000002", "document", "KAB124")


@pytest.fixture
def count():
    return Count()


@pytest.fixture
def store(tmp_path, count):
    with open_demo(tmp_path / "state", count=count) as opened:
        filled(opened)
        yield opened


def message_of_today(number: int):
    flight = Flight()
    flight.add("PNRGOV", [OTHER])
    (told,) = flight.messages
    leg = msgspec.structs.replace(told.flights[0], number=f"{500 + number}")
    message = msgspec.structs.replace(told, message_id=f"{number:064}:1", flights=(leg,))
    return msgspec.structs.replace(received(message), received_at=SIX_MONTHS), message


def test_commits_pass_between_the_batches_and_their_rows_stay(tmp_path, store, count, monkeypatch):
    passed = 0
    with open_demo(tmp_path / "state", count=count) as writer:

        @contextmanager
        def and_then_a_commit(db, locks):
            nonlocal passed
            with transaction(db, locks):
                yield
            file, message = message_of_today(passed)
            commit(writer, file, [message], LISTS, SIX_MONTHS)
            passed += 1

        monkeypatch.setattr(period_rows, "_AT_ONCE", 1)
        monkeypatch.setattr(period_rows, "transaction", and_then_a_commit)
        swept = sweep_at(store, count, SIX_MONTHS)
        assert (swept.count("records"), swept.count("hits")) == (2, 1)
        assert passed > 10
        assert rows(store)["record_head"] == 2 * passed


def interrupted(store, count, monkeypatch) -> None:
    """A sweep that ends when all is over in law, and no row has gone yet."""

    def crash(*_: object) -> None:
        raise Crash

    monkeypatch.setattr("pnr_pipeline.stores.sql.sweep.clear_rows", crash)
    with pytest.raises(Crash):
        sweep_at(store, count, SIX_MONTHS)
    monkeypatch.undo()


@pytest.mark.law("RET-1", "RET-8")
def test_heads_that_are_still_there_open_nothing_and_are_told_as_ending(store, count, monkeypatch):
    (record,) = store._ground.db.execute("SELECT record_id FROM hit").fetchone()
    interrupted(store, count, monkeypatch)
    assert rows(store)["record_head"] == 2
    with pytest.raises(KeyGone, match="deleted on 2026-08-28"):
        open_traveller(store._ground, record)
    assert store.lake.closed(SIX_MONTHS) == []
    assert {line.state for line in store.retention.calendar(SIX_MONTHS).late} == {"ending"}


def test_a_message_for_a_flight_whose_heads_are_still_there_begins_anew(store, count, monkeypatch):
    interrupted(store, count, monkeypatch)
    late = Flight()
    late.add("PNRGOV", [WHO])
    message = msgspec.structs.replace(late.messages[0], message_id="late:1")
    commit(store, msgspec.structs.replace(received(message), received_at=SIX_MONTHS), [message], LISTS, SIX_MONTHS)
    assert store._ground.db.execute("SELECT count(*) FROM leg").fetchone() == (2,)
    sweep_at(store, count, SIX_MONTHS)
    assert rows(store)["record_head"] == 2


def test_a_hit_of_a_later_day_goes_with_its_record(store, count):
    store._ground.db.execute("UPDATE hit SET period = 'S/2026-03-01'")
    sweep_at(store, count, SIX_MONTHS)
    assert set(rows(store).values()) == {0}


@pytest.mark.law("RET-8")
def test_in_postgresql_the_rows_by_period_are_out_of_reach_at_once_and_the_files_go_later(store, count, monkeypatch):
    interrupted(store, count, monkeypatch)
    db = store._ground.db
    left = {table: rows(store)[table] for table in ("body", "listing", "join_key")}
    if store_setup.server is None:
        assert min(left.values()) > 0
        return
    assert set(left.values()) == {0}
    there = "SELECT count(*) FROM pg_class WHERE relname = 'body_s_2026_02_28'"
    assert db.execute(there).fetchone() == (1,)
    sweep_at(store, count, SIX_MONTHS)
    assert db.execute(there).fetchone() == (0,)
