"""`pnr retain`: the calendar, the sweep and the clock, as a data-protection officer uses them."""

import json

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.approver_half import signed_card
from pnr_pipeline.stores.staff_file import exercise_key

WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
LISTS = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])
LATER = "2026-08-28T01:00:00"


@pytest.fixture
def state(tmp_path):
    root = tmp_path / "state"
    with open_demo(root) as store:
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        for message in flight.messages:
            commit(store, received(message), [message], LISTS)
    return root


@pytest.fixture
def month_card():
    """Lays the approver's card of the month into a store."""

    def lay(store):
        seal_to = X25519PrivateKey.generate().public_key().public_bytes_raw()
        card = signed_card("court-1", exercise_key("court-1"), {"2026-02": seal_to})
        store._ground.state.approver_card.write_bytes(msgspec.json.encode(card))

    return lay


def pnr(*arguments, state):
    return CliRunner().invoke(app, ["retain", *arguments, "--state", str(state)])


def test_the_calendar_says_what_is_due_when_and_by_which_article(state):
    told = pnr("calendar", "--format", "json", "--now", NOW.isoformat(), state=state)
    (line,) = json.loads(told.stdout)["lines"]
    assert (told.exit_code, line["at"], line["what"], line["state"]) == (0, "2026-08-28T00:00:00Z", "delete", "to come")
    assert line["counts"] == {"records": 2, "hits": 1, "messages": 1}
    assert "C-817/19" in line["because"]
    shown = pnr("calendar", "--now", LATER, state=state)
    assert shown.exit_code == 1
    assert "S/2026-02-28" in shown.stdout


def test_an_exercise_in_the_future_deletes_nothing_until_a_person_confirms_the_clock(state):
    held = pnr("sweep", "--now", LATER, state=state)
    assert held.exit_code == 1
    assert "pnr retain clock --confirm" in held.stdout
    assert (
        pnr("clock", "--confirm", "--as", "retention-1", "--case", "outage-3", "--now", LATER, state=state).exit_code
        == 0
    )
    swept = pnr("sweep", "--now", LATER, "--format", "json", state=state)
    (ended,) = json.loads(swept.stdout)["ended"]
    assert (swept.exit_code, ended["period"], ended["counts"]["records"]) == (0, "S/2026-02-28", 2)
    again = pnr("calendar", "--now", LATER, state=state)
    assert (again.exit_code, "Ended periods: 1" in again.stdout) == (0, True)


@pytest.mark.law("RET-8")
def test_the_doctor_alarms_for_what_is_due_and_not_swept(state):
    def doctor():
        told = CliRunner().invoke(app, ["doctor", "--state", str(state), "--format", "json"])
        return {one["subject"]: one["mark"] for one in json.loads(told.stdout)}

    # the records of the fixture were due months before the tests are run, and no sweep was: the clock is not confirmed
    assert doctor()["deletion"] == "fault"
    pnr("clock", "--confirm", "--as", "retention-1", "--case", "outage-3", state=state)
    assert pnr("sweep", state=state).exit_code == 0
    after = doctor()
    assert (after["deletion"], after.get("clock", "ok")) == ("ok", "ok")


def test_a_record_is_promoted_listed_and_erased_from_the_command_line(state, month_card):
    with open_demo(state) as store:
        month_card(store)
        (record,) = store._ground.db.execute("SELECT record_id FROM hit").fetchone()
    who = ("--as", "retention-1", "--case", "2026-17", "--now", NOW.isoformat())
    grounds = ("--evidence", "check:2026-17", "--reason", "verified-check", "--review", "2027-01-31")
    promoted = pnr("promote", record, *grounds, *who, state=state)
    assert (promoted.exit_code, promoted.stdout) == (0, "Promoted: 1; to be reviewed by 2027-01-31\n")
    kept = ("copy", record, "--authority", "court-1", "--until", "2027-03-01", "--review", "2027-02-01")
    assert pnr(*kept, *who, state=state).exit_code == 0
    early, late = (pnr("promotions", "--now", day, state=state) for day in ("2027-01-30", "2027-01-31"))
    assert (early.exit_code, late.exit_code) == (0, 1)
    assert "Reviews that are past: 1" in late.stdout
    erased = pnr("erase", record, "--why", "request", *who, state=state)
    assert (erased.exit_code, erased.stdout) == (0, "Erased: 2 records, 1 hits\n")


def test_a_message_is_recalled_from_the_command_line(state):
    with open_demo(state) as store:
        (message,) = store._ground.db.execute("SELECT message_id FROM push").fetchone()
    who = ("--as", "retention-1", "--case", "2026-17", "--now", NOW.isoformat())
    recalled = pnr("recall", message, *who, state=state)
    assert (recalled.exit_code, recalled.stdout) == (0, "Erased: 2 records, 1 hits\n")


def test_the_border_police_is_asked_at_the_border_alone(state):
    told = pnr("presented", "0" * 32, "--as", "officer-7", "--case", "desk-1", state=state)
    assert isinstance(told.exception, UsageFault)
    assert "SCR-12" in str(told.exception)
