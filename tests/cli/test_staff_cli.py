import json

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.rulebooks import load_profile
from pnr_pipeline.stores.staff_file import load_staff
from pnr_pipeline.stores.state import StateFolder


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
