"""`pnr topics` and what the doctor says of Kafka."""

import json
from pathlib import Path

import pytest
from kafka_server import KafkaServer
from typer.testing import CliRunner

from pnr_pipeline.cli import doctor, topics
from pnr_pipeline.cli.main import main
from pnr_pipeline.stores.state import StateFolder


@pytest.fixture
def state(kafka_server: KafkaServer, tmp_path: Path) -> Path:
    folder = StateFolder(tmp_path / "state")
    folder.prepare()
    told = f'[kafka]\nservers = "{kafka_server.address()}"\nsecurity = "plain"\nreplicas = 1\nprefix = "command"\n'
    folder.settings.write_text(told)
    return folder.root


def pnr(app, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--profile", "demo"])
    return done.exit_code, done.output


def test_topics_are_missing_then_made_then_as_declared(state: Path) -> None:
    asked = ("--state", str(state))
    code, told = pnr(topics.app, "check", *asked)
    assert (code, "command.law-enforcement.receipts: there is none" in told) == (1, True)
    code, told = pnr(doctor.app, *asked, "--format", "json")
    missing = [one for one in json.loads(told) if one["subject"] == "command.law-enforcement.receipts"]
    assert {one["remedy"] for one in missing} == {"an administrator runs pnr topics create"}
    assert pnr(topics.app, "create", *asked)[0] == 0
    assert pnr(topics.app, "create", *asked)[1].strip() == "nothing was missing"
    assert pnr(topics.app, "check", *asked) == (0, "as declared\n")
    found = {one["subject"]: one["mark"] for one in json.loads(pnr(doctor.app, *asked, "--format", "json")[1])}
    assert found["Kafka"] == found["topics"] == "ok"


def test_what_is_declared_is_shown_without_a_broker(tmp_path: Path) -> None:
    code, told = pnr(topics.app, "show", "--state", str(tmp_path), "--format", "json")
    first = json.loads(told.splitlines()[0])
    assert (code, first["name"], first["klass"]) == (0, "pnr.law-enforcement.receipts", "ingest")


def test_a_broker_that_is_away_is_one_line_and_a_fault_of_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PNR_KAFKA_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("PNR_KAFKA_SECURITY", "plain")
    monkeypatch.setattr("sys.argv", ["pnr", "topics", "check", "--state", str(tmp_path), "--profile", "demo"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "Kafka does not answer (127.0.0.1:1 Connection refused)" in capsys.readouterr().err
    told = json.loads(pnr(doctor.app, "--state", str(tmp_path), "--format", "json")[1])
    assert [one["mark"] for one in told if one["subject"] == "Kafka"] == ["fault"]
