"""`pnr database`, and other commands over PostgreSQL, as an operator uses them."""

import json

import pytest
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app

READS = ("--as", "officer-7", "--purpose", "a", "--case", "case-1")

WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
LISTS = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])


@pytest.fixture
def place(postgres_server):
    """An empty database of the server."""
    with postgres_server.administrator() as db:
        db.execute("CREATE DATABASE at_work")
    yield postgres_server
    with postgres_server.administrator() as db:
        db.execute("DROP DATABASE at_work WITH (FORCE)")


def pnr(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_a_database_is_prepared_chosen_filled_and_looked_after(place, tmp_path):
    state, admin, ours = tmp_path / "state", place.address("at_work", "admin"), place.address("at_work")
    early = pnr("database", "use", ours, "--state", state)
    assert "pnr database prepare" in str(early.exception)
    made = pnr("database", "prepare", admin, "--state", state)
    assert made.exit_code == 0 and "GRANT pnr_law_enforcement_writer TO" in made.stdout
    with place.administrator() as db:
        for role in ("writer", "publisher", "retention"):
            db.execute(f"GRANT pnr_law_enforcement_{role} TO pnr_run")
    assert pnr("database", "use", ours, "--state", state).exit_code == 0
    with open_demo(state) as store:
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        for message in flight.messages:
            commit(store, received(message), [message], LISTS)
    assert not (state / "pnr.sqlite").exists()
    hits = pnr("hits", "list", "--state", state, "--now", NOW.isoformat(), "--format", "json", *READS)
    assert hits.exit_code == 0 and len(hits.stdout.splitlines()) == 1
    calendar = pnr("retain", "calendar", "--state", state, "--now", NOW.isoformat(), "--format", "json")
    assert json.loads(calendar.stdout)["lines"][0]["counts"]["records"] == 2

    assert marks(state)["row-level security"] == "ok"
    assert marks(state)["PostgreSQL"] == "ok"
    with place.administrator("at_work") as db:
        db.execute("ALTER TABLE pnr.body NO FORCE ROW LEVEL SECURITY")
    assert marks(state)["row-level security"] == "fault"
    assert pnr("database", "prepare", admin, "--state", state).exit_code == 0  # as after an update: nothing is lost
    assert marks(state)["row-level security"] == "ok"
    again = pnr("hits", "list", "--state", state, "--now", NOW.isoformat(), "--format", "json", *READS)
    assert again.stdout == hits.stdout


def marks(state):
    told = pnr("doctor", "--state", state, "--profile", "demo", "--format", "json")
    return {one["subject"]: one["mark"] for one in json.loads(told.stdout)}


@pytest.mark.law("SEC-2")
@pytest.mark.parametrize("command", [["run", "."], ["database", "prepare"], ["database", "use"]])
def test_a_password_in_an_address_is_refused_and_never_shown(tmp_path, command):
    address = "postgresql://someone:pass-1234@localhost/pnr"
    given = ["--database", address, "--profile", "demo"] if command[0] == "run" else [address]
    told = pnr(*command, *given, "--state", tmp_path / "state")
    assert "PGPASSFILE" in str(told.exception)
    assert "pass-1234" not in told.output + str(told.exception)
    assert not any(b"pass-1234" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
