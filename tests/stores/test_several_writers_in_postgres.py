"""Several writers in one PostgreSQL database: who waits for whom, and that nothing is lost or doubled by it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import store_setup
from store_setup import NOW, dump, open_demo
from told_lists import ARBEN, BOJANA, LISTS, PILOT, START, paxlst, pnrgov, send

from pnr_pipeline.errors import PnrFault, StoreFault
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Received
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql import transmission
from pnr_pipeline.stores.sql.database import Contention, again_if_in_the_way, no_locks, transaction
from pnr_pipeline.stores.sql.ground import write_entry
from pnr_pipeline.stores.sql.lease import take_lease

BODIES = [
    pnrgov(0, ARBEN, BOJANA),
    paxlst(1, "745", ARBEN),
    paxlst(2, "745", BOJANA),
    paxlst(3, "250", PILOT, role="FM"),
    pnrgov(4, BOJANA),
    paxlst(5, "745", ARBEN, flight="QX202"),
    paxlst(6, "266", ARBEN, BOJANA),
]


@pytest.fixture(autouse=True)
def in_postgres(postgres_server):
    store_setup.server = postgres_server
    yield
    postgres_server.drop_given()
    store_setup.server = None


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def contents(root):
    with open_demo(root) as store:
        held = dump(store)
        held["legs"].sort()
        return held


def by_four_writers(root):
    """All messages by each of four, in another order each, at once."""
    with open_demo(root):
        pass  # the database and the keys stand

    def writer(number: int) -> None:
        with open_demo(root) as mine:
            for body in [*BODIES[number:], *BODIES[:number]]:  # each sends all of them, in another order
                place = BODIES.index(body)
                at = START.replace(day=28, hour=9, minute=place)
                messages = decode(body, rulebook=load_rulebook(), now=at)
                store_setup.commit(mine, Received("spool", f"{place}.edi", body, at), messages, LISTS, NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(writer, range(4)))
    return contents(root)


def test_messages_of_one_leg_committed_by_four_writers_at_once_leave_what_one_writer_leaves(tmp_path):
    with open_demo(tmp_path / "one") as store:
        send(store, *BODIES)
    assert by_four_writers(tmp_path / "four") == contents(tmp_path / "one")


def test_without_the_locks_they_would_not(tmp_path, monkeypatch):
    with open_demo(tmp_path / "one") as store:
        send(store, *BODIES)
    monkeypatch.setattr(transmission, "legs_of_messages", lambda *_: set())
    for attempt in range(5):  # chance has a part in it
        try:
            if by_four_writers(tmp_path / f"four {attempt}") != contents(tmp_path / "one"):
                return
        except (PnrFault, KeyError):  # they stood in each other's way for good, or saw half of what another wrote
            return
    pytest.fail("four writers without locks left what one leaves, five times")


def test_who_works_on_another_leg_does_not_wait_and_who_works_on_the_same_does(tmp_path, store):
    with open_demo(tmp_path / "state") as other:
        got = threading.Event()

        def same() -> None:
            with transaction(other._ground.db, lambda: {"leg 1"}):
                got.set()

        with transaction(store._ground.db, lambda: {"leg 1"}):
            with transaction(other._ground.db, lambda: {"leg 2"}):
                pass
            waiting = threading.Thread(target=same)
            waiting.start()
            assert not got.wait(0.3)
        assert got.wait(10)
        waiting.join()


def test_a_transaction_without_names_waits_for_all_others(tmp_path, store):
    with open_demo(tmp_path / "state") as other:
        got = threading.Event()

        def alone() -> None:
            with transaction(other._ground.db):
                got.set()

        with transaction(store._ground.db, lambda: {"leg 1"}):
            waiting = threading.Thread(target=alone)
            waiting.start()
            assert not got.wait(0.3)
        assert got.wait(10)
        waiting.join()


def test_of_two_that_wait_for_each_other_one_is_taken_back_and_done_again(tmp_path, store):
    both, done, taken_back = threading.Barrier(2, timeout=10), [], []

    def work(db, first, second):
        @again_if_in_the_way
        def act():
            try:
                with transaction(db, lambda: {first}):
                    if not taken_back:
                        both.wait()
                    db.hold({second})
                    done.append(first)
            except Contention:
                taken_back.append(first)
                raise

        act()

    with open_demo(tmp_path / "state") as other, ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, store._ground.db, "leg 1", "leg 2")
        two = pool.submit(work, other._ground.db, "leg 2", "leg 1")
        one.result(30), two.result(30)
    assert len(taken_back) == 1 and sorted(done) == ["leg 1", "leg 2"]


def note(store, case: str) -> None:
    write_entry(store._ground, "consultation", now=NOW, article="PNR 13(6)", case=case, purpose="admin")


@pytest.mark.law("LOG-3")
def test_a_row_that_commits_late_is_numbered_after_those_that_were_published_before(tmp_path, store):
    store.log.publish(NOW)
    with open_demo(tmp_path / "state") as other:
        with transaction(store._ground.db, no_locks):
            note(store, "late-1")
            with transaction(other._ground.db, no_locks):
                note(other, "early-1")
            before = other.log.publish(NOW)
        assert before >= 1
        assert other.log.publish(NOW) == 1
        seqs = dict(other._ground.db.execute("SELECT json_extract(body, '$.case'), seq FROM audit_entry").fetchall())
        rows = dict(other._ground.db.execute("SELECT json_extract(body, '$.case'), row FROM audit_entry").fetchall())
    assert rows["late-1"] < rows["early-1"] and seqs["late-1"] == seqs["early-1"] + 1


def test_one_of_many_gets_a_lease(tmp_path, store):
    def take(number: int) -> bool:
        with open_demo(tmp_path / "state") as mine, transaction(mine._ground.db, no_locks):
            return take_lease(mine._ground, "task", f"holder {number}", NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]


def test_a_server_that_goes_is_told_without_a_value_and_nothing_is_half_there(tmp_path, store):
    (process,) = store._ground.db.execute("SELECT pg_backend_pid()").fetchone()
    with pytest.raises(StoreFault) as fault, transaction(store._ground.db, no_locks):
        note(store, "lost-1")
        with store_setup.server.administrator() as db:
            db.execute("SELECT pg_terminate_backend(%s)", (process,))
        time.sleep(0.2)
        note(store, "lost-2")
    assert "lost" not in str(fault.value)
    with open_demo(tmp_path / "state") as again:
        told = again._ground.db.execute("SELECT json_extract(body, '$.case') FROM audit_entry").fetchall()
    assert not [case for (case,) in told if case.startswith("lost")]
