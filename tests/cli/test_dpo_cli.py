import json

import pytest
from store_setup import NOW, open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app

HELD = {
    "documentation.json",
    "statistics.json",
    "false-positives.json",
    "false-positives-by-group.json",
    "inbox.json",
    "log.key",
    "log",
    "rules",
}


def _run(*words: str):
    return CliRunner().invoke(app, list(words))


@pytest.mark.law("LOG-8")
def test_the_pack_of_an_audit_holds_all_that_is_asked_and_its_log_verifies_from_it_alone(tmp_path):
    open_demo(tmp_path / "state").close()
    folder = tmp_path / "pack"
    ended = _run(
        "dpo", "pack", "--out", str(folder), "--as", "dpo-1", "--case", "supervisor-7",
        "--state", str(tmp_path / "state"), "--profile", "demo", "--now", NOW.isoformat(),
    )  # fmt: skip
    assert ended.exit_code == 0, ended.output
    assert {path.name for path in folder.iterdir()} == HELD
    for name in HELD:
        if name.endswith(".json"):
            assert json.loads((folder / name).read_bytes()) is not None
    assert (folder / "rules/law/eu/pnr/mask.yaml").is_file()
    key = (folder / "log.key").read_text().strip()
    verified = _run("audit", "verify", "--log", str(folder / "log"), "--key", key)
    assert verified.exit_code == 0, verified.output
    assert "whole" in verified.output


@pytest.mark.law("LOG-8")
def test_nobody_but_the_data_protection_officer_builds_it(tmp_path):
    open_demo(tmp_path / "state").close()
    ended = _run(
        "dpo", "pack", "--out", str(tmp_path / "pack"), "--as", "officer-7", "--case", "supervisor-7",
        "--state", str(tmp_path / "state"), "--profile", "demo", "--now", NOW.isoformat(),
    )  # fmt: skip
    assert type(ended.exception).__name__ == "UsageFault"
    assert not (tmp_path / "pack/documentation.json").exists()
