"""A disk that is full at any moment: nothing corrupt is accepted, nothing is lost, and the work goes on (DESIGN 4).

Full is a file that may not grow any more (RLIMIT_FSIZE) for the database and its log, and an `fsync` that the system
refuses for want of space, at a random one, for keys, tiles and queue files. Each point is a process of its own.
"""

import errno
import multiprocessing
import os
import random
import resource
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_setup import ACCESS, NOW, Count, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit.verifying import verify
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Message, Received
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.root_files import FileKeystore

POINTS = int(os.environ.get("DISK_FULL_POINTS", "10"))
RESUMED_WITHIN = 60.0
"""Seconds, once there is room."""
SIX_MONTHS = datetime(2026, 8, 28, tzinfo=UTC)
PEOPLE = [
    Truth(number, f"KELMENDI{chr(65 + number)}", "ELIRA", "1990-01-01", "F", f"U{number:07}", "document", "KAB123")
    for number in range(20)
]
LISTS = index_of([entry("E1", PEOPLE[0].surname, "ELIRA", "1990-01-01", PEOPLE[0].document)])
TROUBLE, DONE = 3, 0
COUNTED = ("record_head", "body", "push_body", "hit", "unit_queue", "dead_letter", "receipt", "message")


def work(root: Path, upto: str = "sweep") -> None:
    """Commits, a decision, a queue, the log, a sweep; what was done before is not done again."""
    count = Count()
    with open_demo(root, count=count, sweeps=False) as store:
        flight = Flight()
        flight.add("PNRGOV", PEOPLE)
        flight.add("PAXLST", PEOPLE, function="745")
        for place, message in enumerate(flight.messages):
            commit(store, received(message, place), [message], LISTS)
        commit(store, Received("spool", "x.edi", b"?", NOW), [Message("bad:1", "UNREADABLE")], LISTS)
        for line in store.hits("new", now=NOW)[:1]:
            if not store.hits("sent", now=NOW) and not store.hits("confirmed", now=NOW):
                decision = Decision(line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4",
                                    "flight-as-means")  # fmt: skip
                store.decide(decision, review_codes(), case="case-1")
        store.relay(NOW)
        if store.hits("sent", now=NOW):
            (unit,) = {path.stem for path in store._ground.state.queues.glob("*.jsonl")}
            store.queue(unit, ACCESS, NOW)
        store.log.publish(NOW)
        if upto == "sweep":
            count.now = SIX_MONTHS
            store.retention.sweep(SIX_MONTHS)
            store.log.publish(SIX_MONTHS)


def _with_little_room(root: Path, kilobytes: int, fsyncs: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, resource.RLIM_INFINITY))
    real, left = os.fsync, fsyncs

    def fsync(handle: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    os.fsync = fsync
    try:
        work(root)
    except StoreFault:
        os._exit(TROUBLE)
    os._exit(DONE)


def run_short_of_room(root: Path, kilobytes: int, fsyncs: int) -> int:
    process = multiprocessing.get_context("fork").Process(target=_with_little_room, args=(root, kilobytes, fsyncs))
    process.start()
    process.join(120)
    return process.exitcode if process.exitcode is not None else -1


def assert_sound(root: Path) -> None:
    """The database is whole, every key opens or is marked as gone, the log verifies against the rows."""
    keystore = FileKeystore(root.with_name(f"{root.name}-keys"))
    for name in keystore.names():
        assert len(keystore.unwrap(name)) == 32
    with open_demo(root, sweeps=False) as store:
        assert store._ground.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store._ground.db.execute("PRAGMA foreign_key_check").fetchall() == []
        log = store.log
        verdict = verify(log.tiles.read, log.tiles.files(), log.tiles.key, rows=log.rows(), seen=[],
                         kept_until=log.kept_until)  # fmt: skip
        published = log.tiles.checkpoint(log.tiles.key) is not None
        assert verdict.breaks == [] or not published


def told_at_the_end(root: Path) -> tuple[object, ...]:
    with open_demo(root, sweeps=False) as store:
        db = store._ground.db
        rows = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED]
        receipts = [body for (body,) in db.execute("SELECT body FROM audit_entry").fetchall() if '"erasure"' in body]
        return rows, len(receipts)


@pytest.fixture(scope="module")
def unhurried(tmp_path_factory):
    """The end of the same work on a disk with room, and how large its largest file was."""
    root = tmp_path_factory.mktemp("roomy") / "state"
    work(root, upto="log")
    largest = max(path.stat().st_size for path in root.rglob("*") if path.is_file()) >> 10
    work(root)
    return told_at_the_end(root), largest


@pytest.mark.parametrize("point", range(POINTS))
def test_whatever_the_moment_the_disk_is_full_nothing_is_corrupt_and_the_work_goes_on(tmp_path, unhurried, point):
    end, largest = unhurried
    dice = random.Random(point)  # chooses moments
    root = tmp_path / "state"
    with open_demo(root):  # the schema is there, as on the day before
        pass
    room = dice.randrange(largest // 4, largest + largest // 4) if point % 2 else largest * 8
    code = run_short_of_room(root, room, 10**6 if point % 2 else dice.randrange(1, 60))
    assert code in (TROUBLE, DONE)
    begun = time.monotonic()
    assert_sound(root)
    work(root)
    assert time.monotonic() - begun < RESUMED_WITHIN
    assert_sound(root)
    assert told_at_the_end(root) == end


def test_most_points_do_stop_the_work(tmp_path, unhurried):
    """The control: a disk with room for nothing, and one that refuses the first key, are in trouble."""
    for name, room, fsyncs in (("one", unhurried[1] // 4, 10**6), ("two", unhurried[1] * 8, 0)):
        root = tmp_path / name
        with open_demo(root):
            pass
        assert run_short_of_room(root, room, fsyncs) == TROUBLE
