"""`pnr run --source kafka --workers 2` over real servers: every receipt once, whichever worker is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import store_setup
from kafka_server import KafkaServer
from store_setup import open_demo
from test_run_of_topic import counts, put
from typer.testing import CliRunner

from pnr_pipeline.cli import run as command
from pnr_pipeline.cli import topics
from pnr_pipeline.pipelines.options import RunOptions


@pytest.fixture
def state(
    kafka_server: KafkaServer, postgres_server: store_setup.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A state folder in PostgreSQL, with topics of its own on the broker."""
    store_setup.server, root = postgres_server, tmp_path / "state"
    told = {"SERVERS": kafka_server.address(), "SECURITY": "plain", "REPLICAS": "1", "PREFIX": f"w{os.getpid()}"}
    for name, value in told.items():
        monkeypatch.setenv(f"PNR_KAFKA_{name}", value)
    open_demo(root).close()
    asked = ["create", "--state", str(root), "--profile", "demo"]
    assert CliRunner().invoke(topics.app, asked).exit_code == 0
    yield root
    store_setup.server = None
    postgres_server.drop_given()


def until(holds: Callable[[], bool], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def committed(options: RunOptions) -> int:
    return counts(options)[1]


def workers_of(parent: psutil.Process) -> list[psutil.Process]:
    found = parent.children()
    return [one for one in found if "spawn_main" in " ".join(one.cmdline())]


def test_a_killed_worker_is_begun_again_and_every_receipt_is_committed_once(state: Path, tmp_path: Path) -> None:
    options = RunOptions(state=state, profile="demo")
    told = [str(Path(sys.executable).with_name("pnr")), "run", "--source", "kafka", "--workers", "2"]
    run = subprocess.Popen(
        [*told, "--state", str(state), "--profile", "demo", "--format", "json", "--log-level", "error"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        put(options, tmp_path / "first", range(1, 21))
        until(lambda: committed(options) >= 5)
        workers = workers_of(psutil.Process(run.pid))
        assert len(workers) == 2
        workers[0].kill()
        put(options, tmp_path / "second", range(21, 41))
        until(lambda: committed(options) == 40)
        until(lambda: len(workers_of(psutil.Process(run.pid))) == 2)
        run.send_signal(signal.SIGTERM)
        _, errors = run.communicate(timeout=90)
    finally:
        run.kill()
    assert run.returncode == 0, errors
    assert "worker died" in errors
    assert counts(options)[1:] == [40, 40, 0, 0]


def test_workers_end_with_a_parent_that_is_killed(state: Path) -> None:
    told = [str(Path(sys.executable).with_name("pnr")), "run", "--source", "kafka", "--workers", "2"]
    run = subprocess.Popen([*told, "--state", str(state), "--profile", "demo"], stdout=subprocess.DEVNULL)
    until(lambda: len(workers_of(psutil.Process(run.pid))) == 2)
    workers = workers_of(psutil.Process(run.pid))
    run.kill()
    run.wait()
    until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in workers))


def test_a_folder_is_for_one_process(tmp_path: Path) -> None:
    asked = [str(tmp_path), "--workers", "2", "--state", str(tmp_path / "state"), "--profile", "demo"]
    done = CliRunner().invoke(command.app, asked)
    assert done.exit_code != 0
