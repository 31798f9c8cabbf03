"""What of a swept period is left in the files of a PostgreSQL server: read as bytes, below all its permissions."""

import subprocess
from datetime import UTC, datetime

import pytest
import store_setup
from store_setup import NOW, Count, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received

SIX_MONTHS = datetime(2026, 8, 28, tzinfo=UTC)  # after NOW: its period is over
WHO = Truth(1, "KELMENDIVA", "ELIRANDA", "1990-01-01", "F", "U7654321", "document", "KZB987")
LISTS = index_of([entry("E1", "KELMENDIVA", "ELIRANDA", "1990-01-01", "U7654321")])
IDENTITY = (b"KELMENDIVA", b"ELIRANDA", b"U7654321")
OPEN = b"KZB987"  # the locator stays open until the period ends (RET-2)


def files_with(server, name: str, *tokens: bytes) -> set[str]:
    """The files of this database, its tables, indexes and maps, that hold one of these."""
    with server.administrator(name) as db:
        db.execute("CHECKPOINT")
        (number,) = db.execute("SELECT oid FROM pg_database WHERE datname = %s", (name,)).fetchone()
    folder = server.folder / "data" / "base" / str(number)
    return {path.name for path in folder.iterdir() if any(token in path.read_bytes() for token in tokens)}


@pytest.mark.law("RET-3", "RET-8")
def test_a_dropped_period_leaves_no_open_part_in_any_file_and_never_an_identity(postgres_server, tmp_path):
    store_setup.server, count = postgres_server, Count()
    try:
        with open_demo(tmp_path / "state", count=count) as store:
            name = postgres_server.give(tmp_path / "state")
            flight = Flight()
            flight.add("PNRGOV", [WHO])
            flight.add("PAXLST", [WHO])
            for place, message in enumerate(flight.messages):
                commit(store, received(message, place), [message], LISTS, NOW)
            assert store._ground.db.execute("SELECT count(*) FROM hit").fetchone() != (0,)
            assert files_with(postgres_server, name, OPEN)
            assert not files_with(postgres_server, name, *IDENTITY)
            count.now = SIX_MONTHS
            store.retention.sweep(SIX_MONTHS)
            assert not files_with(postgres_server, name, OPEN, *IDENTITY)
    finally:
        store_setup.server = None
        postgres_server.drop_given()


def test_an_update_would_have_left_it(postgres_server, tmp_path):
    store_setup.server = postgres_server
    try:
        with open_demo(tmp_path / "state") as store:
            name = postgres_server.give(tmp_path / "state")
            flight = Flight()
            flight.add("PNRGOV", [WHO])
            commit(store, received(flight.messages[0]), [flight.messages[0]], LISTS, NOW)
            store._ground.db.execute("UPDATE body SET open = '{}'")
            assert files_with(postgres_server, name, OPEN)
    finally:
        store_setup.server = None
        postgres_server.drop_given()


def test_the_server_writes_what_it_does_in_production_and_is_not_root(postgres_server):
    with postgres_server.administrator() as db:
        told = dict(
            db.execute("SELECT name, setting FROM pg_settings WHERE name ~ 'full_page|synchronous_c'").fetchall()
        )
    assert told == {"full_page_writes": "on", "synchronous_commit": "on"}
    pid = (postgres_server.folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    assert subprocess.run(["ps", "-o", "user=", "-p", pid], capture_output=True, text=True).stdout.strip() != "root"
