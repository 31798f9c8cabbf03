"""`deploy/local/up` and `down`: servers on the loopback, a state folder that works in them, and nothing left behind."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

LOCAL = Path(__file__).parents[2] / "deploy" / "local"


@pytest.fixture
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="pnr-local-"))
    place.chmod(0o755)  # PostgreSQL's own user passes through
    yield place
    run(place, "down", "--remove")
    shutil.rmtree(place, ignore_errors=True)


def run(folder: Path, verb: str, *arguments: str) -> str:
    environment = os.environ | {"PNR_LOCAL": str(folder / "cluster"), "PNR_PYTHON": sys.executable}
    done = subprocess.run([LOCAL / verb, *arguments], env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_servers_come_up_prepared_again_where_they_were_and_go_without_a_trace(folder: Path) -> None:
    told = run(folder, "up", "postgres", "kafka")
    settings = (folder / "cluster" / "state" / "settings.toml").read_text()
    places = [line.split()[-1] for line in told.splitlines() if line.startswith(("PostgreSQL", "Kafka"))]
    assert all(place in settings for place in places)
    assert run(folder, "up", "postgres", "kafka") == told
    environment = os.environ | {"PYTHONPATH": str(LOCAL.parents[1])}
    pnr = [sys.executable, "-c", "from pnr_pipeline.cli.main import main; main()", "doctor", "--profile", "demo"]
    asked = [*pnr, "--format", "json", "--state", str(folder / "cluster" / "state")]
    doctor = subprocess.run(asked, env=environment, capture_output=True, text=True)
    marks = {one["subject"]: one["mark"] for one in json.loads(doctor.stdout)}
    assert marks["PostgreSQL"] == marks["row-level security"] == marks["Kafka"] == marks["topics"] == "ok"
    pids = [int(path.read_text()) for path in (folder / "cluster").glob("*/pid")]
    run(folder, "down", "--remove")
    assert not any(_runs(pid) for pid in pids)
    assert not (folder / "cluster").exists()


def _runs(pid: int) -> bool:
    """Not one that has ended and that the system has not yet taken from its table."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
