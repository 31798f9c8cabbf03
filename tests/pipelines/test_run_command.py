import json
from datetime import date
from hashlib import sha256

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.run import app
from pnr_pipeline.pipelines import run as pipelines_run
from pnr_pipeline.simulate import Scenario, simulate


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    for file in simulate(Scenario(seed=3, flights=1, day=date(2026, 1, 10), travellers=3, planted=0)):
        (tmp_path / "in" / file.name).write_bytes(file.body)
    return tmp_path / "in"


def run(folder, *more: str):
    state = str(folder.with_name("state"))
    return CliRunner().invoke(app, [str(folder), "--state", state, "--profile", "demo", "--now", "2026-01-08", *more])


def test_the_account_names_no_file_and_says_where_dead_letters_are_named(folder):
    (folder / "[bold]notes\x1b[31m.txt").write_text("not a message\n")
    told = run(folder)
    assert told.exit_code == 0, told.output
    assert "notes" not in told.stdout + run(folder, "--format", "json").stdout
    assert sha256(b"[bold]notes\x1b[31m.txt").hexdigest()[:12] in told.stdout
    assert "unreadable" in told.stdout
    assert "pnr dead list --state" in told.stdout


def test_every_file_of_the_folder_is_in_the_sums(folder):
    (folder / "unfinished.edi.part").write_bytes(b"UNB+")
    told = json.loads(run(folder, "--format", "json").stdout)
    assert told["files"].pop("left out") == 1
    assert sum(told["files"].values()) == len(told["each"]) == len(list(folder.iterdir())) - 1


def test_a_run_that_was_stopped_tells_what_it_did_not_take(folder, monkeypatch):
    account = pipelines_run._account

    def stop_after_one(done, options):
        account(done, options)
        pipelines_run._intake_of(options).at.stop.ask()

    monkeypatch.setattr(pipelines_run, "_account", stop_after_one)
    first = json.loads(run(folder, "--format", "json").stdout)
    assert first["files"] == {"committed": 1, "not taken": len(list(folder.iterdir())) - 1}
    monkeypatch.undo()
    second = json.loads(run(folder, "--format", "json").stdout)
    assert second["files"] == {"committed": len(list(folder.iterdir())) - 1, "done before": 1}


def test_a_file_that_cannot_be_opened_gives_exit_code_one(folder, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "no")

    monkeypatch.setattr("pnr_pipeline.pipelines.spool.Waiting.read", refuse)
    told = run(folder)
    assert told.exit_code == 1
    assert "PermissionError" in told.stdout
