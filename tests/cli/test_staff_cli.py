import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.rulebooks import load_profile
from pnr_pipeline.stores.staff_file import load_staff
from pnr_pipeline.stores.state import StateFolder

WHO = Truth(1, "ZOGRAFI", "JOVANKA", "1980-03-02", "F", "U0000077", "document", "KAB1")
LISTS = index_of([entry("E1", "ZOGRAFI", "JOVANKA", WHO.born)])
FLIGHT = Flight()
FLIGHT.add("PAXLST", [WHO])


def pnr(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def add(state, person="officer-7", role="officer", name="Invented Person", organisation="the unit", *more):
    days = ("--trained", "2026-01-05", "--until", "2099-12-31")
    return pnr("staff", "add", person, "--name", name, "--role", role, "--organisation", organisation, *days,
               "--state", state, *more)  # fmt: skip


@pytest.fixture
def state(tmp_path):
    assert add(tmp_path / "state").exit_code == 0
    return tmp_path / "state"


def test_people_are_added_shown_and_the_file_is_signed(state):
    assert add(state, "dpo-1", "dpo", "Another Person").exit_code == 0
    shown = json.loads(pnr("staff", "show", "--format", "json", "--state", state).output)
    assert [(one["id"], one["roles"]) for one in shown] == [("officer-7", ["officer"]), ("dpo-1", ["dpo"])]
    assert "Invented Person" not in pnr("staff", "show", "--state", state).output


def test_a_file_changed_by_hand_or_signed_by_another_is_not_in_force(state):
    folder, profile = StateFolder(state), load_profile("eu")
    text = folder.staff.read_text()
    folder.staff.write_text(text.replace('["officer"]', '["supervisor"]'))
    with pytest.raises(StoreFault, match="signature"):
        load_staff(folder, profile)
    folder.staff.write_text(text)
    assert load_staff(folder, profile).members
    folder.staff_root.write_bytes(bytes(32))
    with pytest.raises(StoreFault, match="signature"):
        load_staff(folder, profile)


def test_without_a_file_nobody_acts_but_in_an_exercise(tmp_path):
    folder = StateFolder(tmp_path / "none")
    assert not load_staff(folder, load_profile("eu")).members
    assert "officer-7" in load_staff(folder, load_profile("demo")).members


def test_conflicts_are_refused_before_anything_is_written(state):
    before = StateFolder(state).staff.read_bytes()
    assert add(state, "x-1", "retention", "Another Person", "the unit", "--role", "custodian").exception
    assert isinstance(add(state, "court-1", "approver", "Another Person", "a court").exception, UsageFault)
    assert StateFolder(state).staff.read_bytes() == before


def test_check_tells_the_place_of_a_conflict(tmp_path):
    file = tmp_path / "staff.yaml"
    file.write_text('version: "1"\nstaff:\n  - {id: a-1, name: X, organisation: u, roles: [admin, dpo],'
                    " trained_on: 2026-01-05, valid_until: 2026-12-31}\n")  # fmt: skip
    result = pnr("staff", "check", file)
    assert result.exit_code == 1
    assert f"{file}:3:" in result.output


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("PNR_KEYS", str(tmp_path / "keys"))
    with open_demo(tmp_path / "state") as opened:
        commit(opened, received(FLIGHT.messages[0]), FLIGHT.messages[:1], LISTS)
        for person, role in (
            ("admin-1", "admin"),
            ("dpo-1", "dpo"),
            ("officer-7", "officer"),
            ("officer-8", "officer"),
        ):
            assert (
                add(tmp_path / "state", person, role, f"Invented {person}", "the unit", "--as", "admin-1").exit_code
                == 0
            )
    with open_demo(tmp_path / "state") as opened:
        yield opened


def told(store, what):
    return [
        (entry.actor, entry.references)
        for entry in (json.loads(body, object_hook=lambda told: SimpleNamespace(**told)) for body in bodies(store))
        if what in vars(entry.counts)
    ]


def bodies(store):
    return [body for (body,) in store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()]


@pytest.mark.law("SEC-4", "LOG-2")
def test_a_suspended_persons_next_read_in_an_open_session_is_refused_until_it_is_lifted(store):
    (line,) = store.hits(now=NOW)
    state, by = store._ground.state.root, ("--as", "dpo-1", "--case", "inquiry-3")
    assert store.hit(line.hit_id, ACCESS, NOW)
    assert pnr("staff", "suspend", "officer-7", *by, "--state", state).exit_code == 0
    with pytest.raises(UsageFault, match="suspended"):
        store.hit(line.hit_id, ACCESS, NOW)
    assert "suspended" in pnr("staff", "show", "--state", state).output.replace("\n", "")
    assert pnr("staff", "reinstate", "officer-7", *by, "--state", state).exit_code == 0
    assert store.hit(line.hit_id, ACCESS, NOW)
    assert told(store, "suspend") == told(store, "reinstate") == [("dpo-1", ["staff:officer-7"])]
    assert {"suspend", "reinstate", "staff.add"} <= {item.kind for item in store.inbox(NOW)}


@pytest.mark.law("SEC-4", "LOG-1")
def test_who_is_removed_does_nothing_more_and_stays_on_file_with_their_last_day(store):
    (line,) = store.hits(now=NOW)
    state = store._ground.state.root
    assert (
        pnr("staff", "remove", "officer-7", "--as", "admin-1", "--case", "leaving-7", "--state", state).exit_code == 0
    )
    with pytest.raises(UsageFault, match="taken out"):
        store.hit(line.hit_id, ACCESS, NOW)
    (shown,) = [one for one in json.loads(pnr("staff", "show", "--format", "json", "--state", state).output)
                if one["id"] == "officer-7"]  # fmt: skip
    assert shown["valid_until"] < datetime.now(UTC).date().isoformat()
    assert add(state, "officer-7", "officer", "Invented officer-7", "the unit", "--as", "admin-1").exit_code == 0
    with open_demo(state) as again:
        assert again.hit(line.hit_id, ACCESS, NOW), "who comes back is added anew"


@pytest.mark.law("SEC-4")
def test_who_may_not_changes_nobody_of_the_staff(store):
    state = store._ground.state.root
    for words in (
        ("suspend", "officer-8", "--as", "officer-7", "--case", "case-1"),
        ("suspend", "dpo-1", "--as", "dpo-1", "--case", "case-1"),
        ("suspend", "nobody-1", "--as", "dpo-1", "--case", "case-1"),
        ("remove", "officer-8", "--as", "dpo-1", "--case", "case-1"),
        ("reinstate", "officer-8", "--as", "dpo-1", "--case", "case-1"),
    ):
        assert isinstance(pnr("staff", *words, "--state", state).exception, UsageFault), words
    assert isinstance(add(state, "x-1", "officer", "Invented X", "the unit").exception, UsageFault)
    assert pnr("staff", "suspend", "admin-1", "--as", "dpo-1", "--case", "case-2", "--state", state).exit_code == 0
    assert isinstance(add(state, "x-1", "officer", "Invented X", "the unit", "--as", "admin-1").exception, UsageFault)


@pytest.mark.law("LOG-2")
def test_each_addition_is_in_the_log_once(store):
    references = [references for _, references in told(store, "staff.add")]
    assert references == [[f"staff:{one}"] for one in ("admin-1", "dpo-1", "officer-7", "officer-8")]
