import json
import signal
import subprocess
import sys
import time

import psutil
import pytest
from store_setup import open_demo

PNR = "from pnr_pipeline.cli.main import main; main()"
PAXLST = """UNA:+.? 'UNB+UNOA:4+QXCARR+PNRGOV+260108:0900+{number}'UNG+PAXLST+QXCARR+PNRGOV+260108:0900+1+UN+D:12B'\
UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'TDT+20+QX{number}'LOC+125+IST'DTM+189:2601101000:201'LOC+87+SKP'\
DTM+232:2601101040:201'NAD+FL+++{surname}:ARBEN'ATT+2++M'DTM+329:610202'LOC+178+IST'LOC+179+SKP'NAT+2+TUR'\
DOC+P:110:111+U{number:07}'DTM+36:300101'LOC+91+TUR'CNT+42:1'UNT+18+1'UNE+1+1'UNZ+1+{number}'"""


def message(number: int, surname: str = "DRAGANOV") -> bytes:
    return PAXLST.format(number=number, surname=surname).encode()


def drop(folder, name: str, body: bytes) -> None:
    """As a carrier's link does: written under another name, then there at once."""
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(body)
    unfinished.rename(folder / name)


def wait_for(what, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def spool(tmp_path):
    (tmp_path / "spool").mkdir()
    return tmp_path / "spool"


@pytest.fixture
def follow(tmp_path, spool):
    """Start `pnr run --follow` and wait until it took a first file, so that all is warm."""
    started = []

    def begin(*more: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", PNR, "run", str(spool), "--follow", "--state", str(tmp_path / "state"),
             "--profile", "demo", "--format", "json", "--log-level", "info", *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def stopped(process: subprocess.Popen, number: int = signal.SIGTERM) -> tuple[dict, float]:
    """The account, and the seconds from the signal to the end."""
    begun = time.monotonic()
    process.send_signal(number)
    told, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    return json.loads(told), time.monotonic() - begun


def travellers(state) -> int:
    with open_demo(state) as store:
        held = "SELECT count(*) FROM record_head WHERE status = 'live' AND kind = 'traveller'"
        return store._ground.db.execute(held).fetchone()[0]


def test_it_takes_what_comes_deletes_what_it_has_and_stops_at_once_when_idle(tmp_path, spool, follow):
    process = follow()
    drop(spool, "a.edi", message(1))
    wait_for(lambda: not list(spool.iterdir()))
    (spool / "unfinished.edi.part").write_bytes(b"UNB+")
    drop(spool, "b.edi", message(2))
    wait_for(lambda: not (spool / "b.edi").exists())
    account, seconds = stopped(process)
    assert seconds < 10  # a run that does not hear the signal never ends
    assert account["files"] == {"committed": 2}
    assert [path.name for path in spool.iterdir()] == ["unfinished.edi.part"]
    assert travellers(tmp_path / "state") == 2


def test_a_stop_amid_many_files_commits_what_was_taken_and_leaves_the_rest_for_the_next_run(tmp_path, spool, follow):
    for number in range(1, 301):
        drop(spool, f"{number:03}.edi", message(number))
    process = follow()
    wait_for(lambda: len(list(spool.iterdir())) < 290)
    account, seconds = stopped(process, signal.SIGINT)
    left = len(list(spool.iterdir()))
    assert seconds < 10  # a run that does not hear the signal never ends
    assert 0 < left < 290
    assert account["files"]["committed"] == 300 - left
    process = follow()
    wait_for(lambda: not list(spool.iterdir()), 60)
    assert stopped(process)[0]["files"] == {"committed": left}
    assert travellers(tmp_path / "state") == 300


def test_idle_it_uses_less_than_three_percent_of_a_core(spool, follow):
    process = follow()
    drop(spool, "a.edi", message(1))
    wait_for(lambda: not list(spool.iterdir()))
    watched = psutil.Process(process.pid)
    time.sleep(1)
    before, begun = watched.cpu_times(), time.monotonic()
    time.sleep(10)
    after, seconds = watched.cpu_times(), time.monotonic() - begun
    share = (after.user + after.system - before.user - before.system) / seconds
    print(f"idle: {share:.2%} of a core; {before.user:.1f} s before")
    assert before.user > 0.1  # it is the process that did the work
    assert share < 0.03
    stopped(process)


def test_kept_files_stay_and_are_taken_once(tmp_path, spool, follow):
    process = follow("--keep")
    drop(spool, "a.edi", message(1))
    wait_for(lambda: (tmp_path / "state" / "pnr.sqlite").exists() and travellers(tmp_path / "state") == 1)
    drop(spool, "b.edi", message(2))
    wait_for(lambda: travellers(tmp_path / "state") == 2)
    assert stopped(process)[0]["files"] == {"committed": 2}
    assert sorted(path.name for path in spool.iterdir()) == ["a.edi", "b.edi"]


def test_a_file_left_over_by_a_crash_after_its_commit_is_deleted_and_not_counted_twice(tmp_path, spool, follow):
    drop(spool, "a.edi", message(1))
    process = follow("--keep")
    wait_for(lambda: (tmp_path / "state" / "pnr.sqlite").exists() and travellers(tmp_path / "state") == 1)
    stopped(process)
    process = follow()
    wait_for(lambda: not list(spool.iterdir()))
    assert stopped(process)[0]["files"] == {"done before": 1}
