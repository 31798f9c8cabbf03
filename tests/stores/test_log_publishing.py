"""From committed audit rows to the signed log: nothing lost, nothing twice, whenever a process ends."""

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from logs import write
from store_setup import NOW, open_demo

from pnr_pipeline.audit.verifying import Verdict, verify
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores import durable_file, tile_log
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import write_entry
from pnr_pipeline.stores.sql.log_publisher import log_of
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.tile_log import TileLog
from pnr_pipeline.stores.witness import Refused, Witness, seen_by

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_demo(tmp_path / "state") as opened:
        yield opened


def verdict_of(store: Store) -> Verdict:
    log = store.log.tiles
    return verify(log.read, log.files(), log.key, rows=store.log.rows(), kept_until=store.log.kept_until)


def cases(store: Store) -> list[str]:
    """The case of each entry in the log's files, in their order; none before the first publication."""
    checkpoint = store.log.tiles.checkpoint(store.log.tiles.key)
    if checkpoint is None:
        return []
    tree = store.log.tiles.tree(checkpoint)
    entries = [entry for index in range(-(-checkpoint.size // 256)) for entry in tree.entries(index)]
    return [entry.split(b'"case":"')[1].split(b'"')[0].decode() for entry in entries]


def test_committed_rows_are_numbered_from_nought_and_published_in_the_order_of_commit(store: Store) -> None:
    before = store._ground.db.execute("SELECT count(*) FROM audit_entry").fetchone()[0]
    write(store, 300)
    assert store.log.publish(NOW) == before + 300
    assert cases(store)[before:] == [f"case-{number}" for number in range(300)]
    assert store.log.publish(NOW) == 0
    assert (verdict_of(store).size, verdict_of(store).breaks) == (before + 300, [])


def test_a_row_committed_while_the_log_is_published_waits_for_the_next_publication(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = TileLog.extend

    def extend_and_commit(log: TileLog, entries_after: object) -> object:
        monkeypatch.setattr(TileLog, "extend", real)
        write(store, 1, 3)
        return log.extend(entries_after)  # type: ignore[arg-type]

    write(store, 3)
    monkeypatch.setattr(TileLog, "extend", extend_and_commit)
    assert (store.log.publish(NOW), store.log.publish(NOW)) == (3, 1)


def test_the_log_in_many_steps_is_the_log_in_one(tmp_path: Path) -> None:
    roots = []
    for name, steps in (("one", [700]), ("many", [1, 254, 1, 1, 255, 188])):
        with open_demo(tmp_path / name) as store:
            done = 0
            for step in steps:
                write(store, step, done)
                store.log.publish(NOW)
                done += step
            checkpoint = store.log.tiles.checkpoint(store.log.tiles.key)
            assert checkpoint and not verdict_of(store).breaks
            roots.append((checkpoint.size, checkpoint.root))
    assert roots[0] == roots[1]


def test_partial_tiles_go_when_their_full_tile_stands_and_not_before(store: Store) -> None:
    write(store, 200)
    store.log.publish(NOW)
    write(store, 50, 200)
    store.log.publish(NOW)
    assert {"tile/0/000.p/200", "tile/0/000.p/250"} <= set(store.log.tiles.files())
    write(store, 50, 250)
    store.log.publish(NOW)
    assert sorted(store.log.tiles.files()) == [
        "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44",
    ]  # fmt: skip


def test_keys_and_files_of_the_log_are_the_owners_alone(store: Store) -> None:
    write(store, 3)
    store.log.publish(NOW)
    (key,) = store._ground.state.keys.rglob("log/*.key")
    paths = [key, *(path for path in store._ground.state.log.rglob("*") if path.is_file())]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


class Died(BaseException):
    """The process ended here."""


def test_wherever_a_publication_ends_the_next_one_completes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each write, rename and sync in turn, until a publication comes through without the death."""
    real_written, real_sync = durable_file.written, durable_file.sync
    for death in range(60):
        with open_demo(tmp_path / str(death)) as store:
            write(store, 250)
            store.log.publish(NOW)
            write(store, 270, 250)
            left = [death]

            def step(left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] < 0:
                    raise Died

            def dying_written(path: Path, content: bytes) -> Path:
                step()
                return real_written(path, content)

            def dying_sync(folder: Path) -> None:
                step()
                real_sync(folder)

            monkeypatch.setattr(tile_log, "written", dying_written)
            monkeypatch.setattr(tile_log, "sync", dying_sync)
            try:
                store.log.publish(NOW)
                through = True
            except Died:
                through = False
            monkeypatch.setattr(tile_log, "written", real_written)
            monkeypatch.setattr(tile_log, "sync", real_sync)
            assert not verdict_of(store).breaks
            write(store, 7, 520)
            store.log.publish(NOW)
            assert cases(store) == [f"case-{number}" for number in range(527)]
            assert not verdict_of(store).breaks
        if through:
            return
    raise AssertionError("no publication came through")


def test_killed_between_commit_numbering_and_publishing_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    dice, published = random.Random(9), 0
    for _ in range(12):
        child = os.fork()
        if child == 0:
            with open_demo(tmp_path / "state") as store:
                (start,) = store._ground.db.execute("SELECT count(*) FROM audit_entry").fetchone()
                while True:
                    write(store, 40, start)
                    start += 40
                    store.log.publish(NOW)
        time.sleep(0.2 + dice.random() * 0.4)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with open_demo(tmp_path / "state") as store:
            (rows,) = store._ground.db.execute("SELECT count(*) FROM audit_entry").fetchone()
            store.log.publish(NOW + timedelta(hours=1))  # the lease of the one that was killed has run out
            assert cases(store) == [f"case-{number}" for number in range(rows)]
            assert not verdict_of(store).breaks
            published = rows
    assert published > 40


def test_one_publisher_works_at_a_time_and_a_dead_one_loses_its_turn(store: Store) -> None:
    write(store, 3)
    with transaction(store._ground.db):
        store._ground.db.execute("INSERT INTO lease VALUES ('log', 'another', '2026-02-28T10:00:20.000000Z')")
    assert store.log.publish(NOW) == 0
    assert store.log.publish(NOW + timedelta(seconds=30)) == 3


def test_an_older_database_beside_the_log_is_refused_and_nothing_is_numbered_or_signed(store: Store) -> None:
    write(store, 30)
    store.log.publish(NOW)
    note = store.log.tiles.read("checkpoint")
    with transaction(store._ground.db):
        store._ground.db.execute("DELETE FROM audit_entry WHERE seq >= 20")
    write(store, 5, 90)
    with pytest.raises(StoreFault, match="older database"):
        store.log.publish(LATER)
    assert store.log.tiles.read("checkpoint") == note
    assert store._ground.db.execute("SELECT count(*) FROM audit_entry WHERE seq IS NULL").fetchone() == (5,)


@pytest.mark.parametrize("path", ["tile/0/000.p/30", "tile/entries/000.p/30", "checkpoint"])
def test_a_log_whose_files_were_changed_is_not_continued(store: Store, path: str) -> None:
    write(store, 30)
    store.log.publish(NOW)
    place = store._ground.state.log / path
    raw = bytearray(place.read_bytes())
    raw[-9] ^= 1
    place.write_bytes(raw)
    write(store, 5, 30)
    with pytest.raises(StoreFault, match="audit verify"):
        store.log.publish(LATER)


@pytest.mark.law("LOG-3")
def test_after_five_years_entries_go_and_what_is_left_still_verifies(store: Store) -> None:
    write(store, 600)
    store.log.publish(NOW)
    old = store.log.tiles.checkpoint(store.log.tiles.key)
    then = NOW.replace(year=2031)
    assert store.log.prune(then - timedelta(seconds=1)) == 0
    write(store, 10, 600, now=then)
    assert store.log.prune(then + timedelta(hours=2)) == 512
    told = verdict_of(store)
    assert (told.pruned_to, told.breaks, told.size) == (512, [], 611)
    assert store._ground.db.execute("SELECT min(seq) FROM audit_entry").fetchone() == (512,)
    assert old and store.log.tiles.tree(old).root() == old.root
    assert store.log.prune(then + timedelta(hours=3)) == 0


def test_entries_that_are_gone_without_an_entry_that_says_so_are_a_break(store: Store) -> None:
    write(store, 600)
    store.log.publish(NOW)
    (store._ground.state.log / "tile/entries/000").unlink()
    with transaction(store._ground.db):
        store._ground.db.execute("DELETE FROM audit_entry WHERE seq < 256")
    assert [one.place for one in verdict_of(store).breaks] == ["tile/entries/000"]


@pytest.mark.law("LOG-3")
def test_a_pruning_before_its_time_is_told_by_what_the_witness_saw(store: Store, tmp_path: Path) -> None:
    watcher = Witness(tmp_path / "witness", "dpo")
    write(store, 600)
    store.log.publish(NOW)
    watcher.see(store.log.tiles, store.log.tiles.key, NOW)
    with transaction(store._ground.db):
        write_entry(
            store._ground, "erasure", now=NOW, article="PNR 13(6)", case="log:768", purpose="admin",
            counts={"log.pruned_to": 768},
        )  # fmt: skip
    write(store, 400, 600)
    store.log.publish(NOW)
    log = store.log.tiles
    seen = seen_by(tmp_path / "witness" / "checkpoints", log.key, watcher.key)
    told = verify(log.read, log.files(), log.key, seen=seen, kept_until=store.log.kept_until)
    assert [one.what for one in told.breaks] == ["entries up to 768 were pruned before their time"]


@pytest.mark.law("LOG-5")
def test_a_witness_cosigns_what_continues_and_refuses_what_does_not(store: Store, tmp_path: Path) -> None:
    watcher, key = Witness(tmp_path / "witness", "dpo"), store.log.tiles.key
    write(store, 300)
    store.log.publish(NOW)
    saved = store.log.tiles.read("checkpoint")
    assert watcher.see(store.log.tiles, key, NOW)[0].size == 300
    write(store, 300, 300)
    store.log.publish(LATER)
    assert watcher.see(store.log.tiles, key, LATER)[0].size == 600
    assert watcher.see(store.log.tiles, key, LATER)[0].size == 600
    assert [one.checkpoint.size for one in seen_by(tmp_path / "witness" / "checkpoints", key, watcher.key)] == [
        300,
        600,
    ]
    assert saved
    (store._ground.state.log / "checkpoint").write_bytes(saved)
    with pytest.raises(Refused, match="rolled back: 600 entries were seen, the log shows 300"):
        watcher.see(store.log.tiles, key, LATER)
    with open_demo(tmp_path / "another") as other:
        write(other, 700, 1)
        forged = TileLog(other._ground.state.log, store.log.tiles._signer)
        forged.extend(lambda *_: [b"another %d" % number for number in range(700)])
        with pytest.raises(Refused, match="written anew"):
            watcher.see(forged, key, LATER)
    (store._ground.state.log / "checkpoint").unlink()
    with pytest.raises(Refused, match="no checkpoint"):
        watcher.see(store.log.tiles, key, LATER)
    assert len(list((tmp_path / "witness" / "refused").iterdir())) == 2
    assert watcher.last(key).size == 600  # type: ignore[union-attr]


def test_an_act_on_very_many_records_is_told_in_several_entries(store: Store) -> None:
    with transaction(store._ground.db):
        write_entry(
            store._ground, "consultation", now=NOW, article="PNR 7(1)", case="case-1", counts={"hits": 700},
            references=[f"hit:{number:0128d}" for number in range(700)],
        )  # fmt: skip
    assert store.log.publish(NOW) == 3
    assert not verdict_of(store).breaks
    assert max(len(body) for _, body in log_rows(store)) < 65_536


def log_rows(store: Store) -> list[tuple[int, bytes]]:
    assert log_of(store._ground).key == store.log.tiles.key
    return list(store.log.rows())
