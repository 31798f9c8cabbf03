import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from exercise import NOW, PNR, contents, finish, kill, scenario, start, wait_until_done, write_files
from store_setup import open_demo

POISONED = (str(Path(__file__).with_name("poisoned.py")),)


@pytest.fixture
def spool(tmp_path):
    """A few flights."""
    write_files(scenario(4, planted=0), tmp_path / "in")
    return tmp_path / "in"


def test_a_file_that_kills_its_process_is_buried_at_the_third_start_and_its_neighbours_are_committed(tmp_path, spool):
    finish(spool, tmp_path / "undisturbed")
    (spool / "poison.edi").write_bytes(b"UNA:+.? 'UNB+MARKKILLS'")
    state = tmp_path / "state"
    for _ in range(2):
        process = start(spool, state, entry=POISONED)
        process.communicate(timeout=60)
        assert process.returncode == 9
    account = finish(spool, state, entry=POISONED)
    assert account["dead_letters"] == {"third-attempt": 1}
    held, wanted = contents(state), contents(tmp_path / "undisturbed")
    assert held.pop("dead") == [*wanted.pop("dead"), "third-attempt"]
    assert held == wanted


def test_a_file_on_which_the_decoder_hangs_is_buried_at_the_third_start_when_its_time_is_over(tmp_path, spool):
    for path in spool.iterdir():
        path.unlink()
    (spool / "poison.edi").write_bytes(b"UNA:+.? 'UNB+MARKHANGS'")
    state = tmp_path / "state"
    for attempt in (1, 2):
        process = start(spool, state, entry=POISONED)
        while attempts(state) < attempt:
            assert process.poll() is None
            time.sleep(0.05)
        assert kill(process)
    account = finish(spool, state, entry=POISONED)
    assert account["dead_letters"] == {"third-attempt": 1}


def attempts(state: Path) -> int:
    if not (state / "pnr.sqlite").exists():
        return 0
    with closing(sqlite3.connect(state / "pnr.sqlite")) as db, suppress(sqlite3.OperationalError):
        return sum(count for (count,) in db.execute("SELECT count FROM attempt"))
    return 0  # the tables are being made


def test_a_file_that_makes_the_decoder_raise_is_buried_within_one_run_and_nothing_of_it_is_told(tmp_path, spool):
    (spool / "poison.edi").write_bytes(b"UNA:+.? 'UNB+MARKRAISES+HUSHHUSH'")
    process = start(spool, tmp_path / "state", entry=POISONED)
    told, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert '"third-attempt": 1' in told
    assert "ValueError at poisoned.py:" in told
    assert "HUSH" not in told + log


def test_a_dead_letter_can_be_replayed_once_the_fault_is_mended(tmp_path, spool):
    state, sound = tmp_path / "state", tmp_path / "undisturbed"
    finish(spool, sound)
    first = min(spool.iterdir())
    first.write_bytes(first.read_bytes() + b"\n\nMARKRAISES")  # dirt after the interchange
    finish(spool, state, entry=POISONED)
    with open_demo(state, NOW) as store:
        (letter,) = [one for one in store.dead_letters() if one.reason == "third-attempt"]
    arguments = ["dead", "replay", letter.dead_id, "--as", "engineer-1", "--case", "ticket-9", "--state", str(state)]
    arguments += ["--profile", "demo", "--now", NOW.isoformat()[:19]]
    subprocess.run([sys.executable, "-c", PNR, *arguments], check=True, capture_output=True, timeout=60)
    assert contents(state)["persons"] == contents(sound)["persons"]


def test_a_store_that_cannot_be_opened_ends_the_run_with_two(tmp_path, spool):
    with open_demo(tmp_path / "state", NOW):
        pass
    with locked(tmp_path / "state"):
        log = finish(spool, tmp_path / "state", entry=("-c", IMPATIENT), expect=2)
    assert "StoreFault" in log


def test_a_store_that_fails_amid_a_run_ends_it_with_two_and_the_next_run_loses_nothing(tmp_path, spool):
    state = tmp_path / "state"
    finish(spool, tmp_path / "undisturbed")
    process = start(spool, state, entry=("-c", IMPATIENT))
    assert wait_until_done(process, 2)
    with locked(state):
        _, log = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "StoreFault" in log and "start it again" in log
    finish(spool, state)
    assert contents(state) == contents(tmp_path / "undisturbed")


@contextmanager
def locked(state: Path):
    other = sqlite3.connect(state / "pnr.sqlite", isolation_level=None)
    other.execute("PRAGMA busy_timeout = 5000")
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


IMPATIENT = """
from pnr_pipeline.stores.sql import sqlite_database
sqlite_database._BUSY_SECONDS = 0.2
from pnr_pipeline.cli.main import main
main()
"""
