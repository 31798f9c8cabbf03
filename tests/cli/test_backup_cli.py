import json

import pytest
from store_setup import open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.backup import app
from pnr_pipeline.errors import StoreFault, UsageFault


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("PNR_KEYS", str(tmp_path / "keys"))
    open_demo(tmp_path / "state").close()
    return tmp_path / "state"


def test_an_operator_makes_lists_checks_and_restores_a_backup_which_serves_once_the_officer_answers(state, tmp_path):
    done = run("make", "--state", state, "--to", tmp_path / "b")
    assert done.exit_code == 0, done.output
    (told,) = [json.loads(line) for line in run("list", "--in", tmp_path / "b", "--format", "json").output.splitlines()]
    assert told["profile"] == "demo"
    assert run("check", told["file"], "--state", state).output.startswith("whole: ")
    done = run("restore", told["file"], "--state", tmp_path / "new", "--no-witness")
    assert done.exit_code == 1
    assert "pnr backup accept" in done.output
    done = run("make", "--state", tmp_path / "new")
    assert isinstance(done.exception, StoreFault)
    assert run("accept", "--as", "dpo-1", "--case", "case-1", "--state", tmp_path / "new").exit_code == 0
    assert run("make", "--state", tmp_path / "new").exit_code == 0


def test_a_restore_says_whether_a_witness_is_asked(state, tmp_path):
    run("make", "--state", state)
    (path,) = (state / "backups").glob("*.pnr-backup")
    for choice in ((), ("--no-witness", "--witness", tmp_path, "--witness-key", "x"), ("--witness", tmp_path)):
        assert isinstance(run("restore", path, "--state", tmp_path / "new", *choice).exception, UsageFault)
    assert not (tmp_path / "new").exists()
