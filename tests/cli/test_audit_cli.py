"""`pnr audit` as the DPO and an expert use it."""

import json
from pathlib import Path

import pytest
from logs import write
from store_setup import NOW, open_demo
from typer.testing import CliRunner, Result

from pnr_pipeline.cli.audit import app
from pnr_pipeline.errors import PnrFault

WHO = ["--as", "dpo-1", "--case", "audit-2026"]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    with open_demo(tmp_path / "state") as store:
        write(store, 300)
        store.log.publish(NOW)
    return tmp_path / "state"


def pnr(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*map(str, arguments), *(() if arguments[0] == "check" else ("--now", str(NOW)))])
    assert result.exit_code == code, result.output
    return result


def key_of(state: Path) -> str:
    return pnr("key", "--state", state).stdout.strip()


@pytest.mark.law("LOG-5")
def test_the_dpo_watches_from_elsewhere_and_verifies_against_what_was_seen(state: Path, tmp_path: Path) -> None:
    key, folder = key_of(state), tmp_path / "witness"
    seen = pnr("witness", "--log", state / "log", "--key", key, "--folder", folder, "--name", "dpo")
    assert seen.stdout.startswith("— dpo ")
    witness_key = seen.stderr.split("witness's key ")[1].strip()
    against = ["--witness", folder / "checkpoints", "--witness-key", witness_key]
    told = pnr("verify", "--state", state, *against).stdout
    assert "300 entries under the checkpoint\n1 checkpoints of the witness compared\nwhole" in told
    assert "whole" in pnr("verify", "--log", state / "log", "--key", key, *against).stdout
    (state / "log/tile/entries/000").unlink()
    told = pnr("verify", "--state", state, *against, code=1).stdout
    assert "broken tile/entries/000: missing" in told


def test_without_a_witness_it_says_what_was_not_checked(state: Path) -> None:
    assert "no witness was asked" in pnr("verify", "--state", state).stderr


@pytest.mark.law("LOG-4")
def test_a_proof_is_checked_from_its_text_alone_and_its_making_is_noted(state: Path, tmp_path: Path) -> None:
    key, file = key_of(state), tmp_path / "17.tlog-proof"
    file.write_text(pnr("prove", 17, *WHO, "--state", state).stdout)
    told = pnr("check", file, "--key", key)
    assert "holds: entry 17 of the 301" in told.stderr
    assert json.loads(told.stdout)["case"] == "case-17"
    file.write_text(file.read_text().replace("index 17", "index 18"))
    result = CliRunner().invoke(app, ["check", str(file), "--key", key])
    assert isinstance(result.exception, PnrFault) and "does not hold" in str(result.exception)
    entry = json.loads(pnr("check", _proved(state, tmp_path, 300), "--key", key).stdout)
    assert (entry["act"], entry["actor"], entry["purpose"]) == ("consultation", "dpo-1", "admin")


def _proved(state: Path, tmp_path: Path, entry: int) -> Path:
    file = tmp_path / f"{entry}.tlog-proof"
    file.write_text(pnr("prove", entry, *WHO, "--state", state).stdout)
    return file


def test_growth_is_proved_against_the_checkpoint_of_then(state: Path, tmp_path: Path) -> None:
    key, old, file = key_of(state), tmp_path / "then", tmp_path / "since"
    old.write_bytes((state / "log/checkpoint").read_bytes())
    file.write_text(pnr("prove", "--since", 300, *WHO, "--state", state).stdout)
    assert "the log of 301 entries begins with the 300 of then" in pnr("check", file, "--old", old, "--key", key).stdout


@pytest.mark.law("LOG-5")
def test_a_period_is_exported_with_proofs_and_the_checkpoint(state: Path) -> None:
    told = pnr("export", *WHO, "--from", "2026-02-28T10:00:10", "--to", "2026-02-28T10:00:20", "--state", state)
    *entries, last = [json.loads(line) for line in told.stdout.splitlines()]
    assert [json.loads(one["entry"])["case"] for one in entries] == [f"case-{number}" for number in range(10, 20)]
    assert all(len(one["proof"]) == 9 for one in entries) and last["checkpoint"].split("\n")[1] == "301"


@pytest.mark.parametrize("arguments", [["verify", "--log", "x"], ["verify", "--witness", "x"], ["prove", *WHO]])
def test_half_a_question_is_refused(state: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, [*arguments, "--state", str(state)])
    assert isinstance(result.exception, PnrFault)
