"""Backups: whole or refused, unreadable after their time, and restored to no more than what may still be read."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
import store_setup
from store_setup import NOW, commit, dump, entry, index_of, open_demo

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, StoreFault, UsageFault
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Received
from pnr_pipeline.retention.high_water import Elapsed
from pnr_pipeline.stores import backups, sealed_stream
from pnr_pipeline.stores.backups import check_backup, read_head
from pnr_pipeline.stores.copies import backups_of
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.restored import restore_backup
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql.database_rows import rows_in
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.stores.tile_log import LogFiles
from pnr_pipeline.stores.witness import Witness, seen_by

VECTORS = Path(__file__).parent.parent / "vectors"
LISTS = index_of([entry("E1", "NOBODY", "AT ALL")])
BODY = (VECTORS / "paxlst" / "full_traveller.edi").read_bytes().replace(b"\n", b"")

SMALL = 512
"""Bytes of a chunk here: the archive ends in more zeros than that, and what is cut there is cut too."""

pytestmark = pytest.mark.law("RET-8", "RET-1")


def counted(now):
    """The machine's count of time, gone on since NOW as the wall clock did."""
    return lambda: Elapsed("a machine", (now - NOW).total_seconds() + 1_000)


def opened(root, now=NOW, **how):
    return open_demo(root, now, count=counted(now), **how)


@pytest.fixture
def state(tmp_path):
    with opened(tmp_path / "state") as store:
        received = Received(source="s", item="a", body=BODY, received_at=NOW)
        commit(store, received, decode(BODY, rulebook=load_rulebook(), now=NOW), LISTS)
    return StateFolder(tmp_path / "state")


def made(state, now=NOW):
    with opened(state.root, now) as store:
        return store.backups.make(None, now)


def place_for(root, state):
    """A folder to restore into, over the same keys, and the address by which its database is filled."""
    os.environ["PNR_KEYS"] = str(state.keys)
    if store_setup.server is None:
        return StateFolder(root), ""
    return StateFolder(root), store_setup.server.address(store_setup.server.give(root), "admin")


def restored(path, state, root, now, seen=()):
    """A new state folder over the same keys, as `pnr backup restore` makes it."""
    place, administrator = place_for(root, state)
    restore_backup(path, open_keystore(state), place, now, seen=seen, administrator=administrator)
    return place


@pytest.fixture(autouse=True)
def _no_keys_of_another_test(monkeypatch):
    monkeypatch.delenv("PNR_KEYS", raising=False)
    yield
    os.environ.pop("PNR_KEYS", None)


def records(store):
    return store._ground.db.execute("SELECT count(*) FROM record_head").fetchone()[0]


def test_a_backup_restored_is_the_same_store_with_log_lists_and_rules(state, tmp_path):
    with opened(state.root) as store:
        before = dump(store)
    path = made(state)
    assert path.stat().st_mode & 0o777 == 0o600
    assert check_backup(path, open_keystore(state))[0] > 20
    place = restored(path, state, tmp_path / "new", NOW)
    with opened(place.root) as store:
        assert dump(store) == before
        assert store.log.publish(NOW) >= 0
    assert (place.root / "rules" / "profiles" / "eu.yaml").is_file()
    assert all(one.stat().st_mode & 0o077 == 0 for one in place.root.rglob("*"))


@pytest.mark.law("SEC-2")
def test_no_key_and_no_clear_byte_of_the_database_is_in_the_file(state):
    content = made(state).read_bytes()
    keystore = open_keystore(state)
    for name in keystore.names():
        assert keystore.unwrap(name) not in content
    assert b"SQLite format" not in content
    assert b"record_head" not in content
    assert not [path for path in state.root.iterdir() if path.name.startswith(".unfinished")]


@pytest.mark.law("RET-8")
def test_after_35_days_the_key_is_gone_and_no_copy_of_the_file_opens(state, tmp_path):
    path = made(state)
    kept = tmp_path / "kept.pnr-backup"
    kept.write_bytes(path.read_bytes())
    last = NOW.replace(hour=0) + timedelta(days=35)
    assert read_head(path).expires_at == last
    opened(state.root, last - timedelta(seconds=1)).close()
    assert check_backup(kept, open_keystore(state))
    opened(state.root, last).close()
    assert backups_of(state.backups) == []
    with pytest.raises(KeyGone):
        check_backup(kept, open_keystore(state))
    with pytest.raises(KeyGone):
        restored(kept, state, tmp_path / "new", last)
    assert not (tmp_path / "new" / "log").exists()


@pytest.mark.law("RET-8")
def test_restored_after_the_records_ended_nothing_of_them_is_readable_and_no_row_is_left(state, tmp_path):
    ends = NOW.replace(hour=0) + timedelta(days=181)
    before = ends - timedelta(days=5)
    path = made(state, before)
    place = restored(path, state, tmp_path / "before", before)
    with opened(place.root, before) as store:
        assert records(store) > 0, "the backup holds them, so the next look would find them"
    opened(state.root, ends + timedelta(days=1)).close()  # the live store deletes
    place = restored(path, state, tmp_path / "after", ends + timedelta(days=2))
    behind = ends - timedelta(days=30)  # a new machine, whose clock even is a month behind
    with open_demo(place.root, behind, count=lambda: Elapsed("another machine", 7.0)) as store:
        assert records(store) == 0
        for table in ("body", "push", "hit", "join_key"):
            assert store._ground.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    for one in place.root.rglob("*"):
        assert one.is_dir() or b'"seat"' not in one.read_bytes(), "an open part in clear"


def test_what_is_over_by_the_clock_alone_is_not_served_before_a_person_confirms_it(state, tmp_path):
    path = made(state, NOW + timedelta(days=170))
    place = restored(path, state, tmp_path / "new", NOW)
    later = NOW + timedelta(days=200)

    def machine():
        return Elapsed("another machine", 7.0)

    with pytest.raises(StoreFault, match="retain clock"):
        open_demo(place.root, later, count=machine)
    with open_demo(place.root, later, count=machine, sweeps=False) as store:
        store.retention.confirm_clock(Access("retention-1", "a", "case-9"), later)
    with open_demo(place.root, later, count=machine) as store:
        assert records(store) == 0


@pytest.mark.law("LOG-5")
def test_a_rollback_is_seen_against_the_witness_and_serves_nobody_before_the_officer_answers(state, tmp_path):
    witness = Witness(tmp_path / "dpo", "dpo.example")
    path = made(state)
    later = NOW + timedelta(hours=2)
    with opened(state.root, later) as store:
        store.log.note_reading(Access("dpo-1", "a", "case-1"), later)
        store.log.note_reading(Access("dpo-1", "a", "case-2"), later)
        store.log.publish(later)
        key = store.log.tiles.key
        newest, _ = witness.see(LogFiles(state.log), key, later)
    seen = seen_by(tmp_path / "dpo" / "checkpoints", key, witness.key)
    place = restored(path, state, tmp_path / "new", later, seen)
    with pytest.raises(StoreFault, match=r"lacks [1-9] entries"):
        opened(place.root, later)
    with opened(place.root, later, sweeps=False) as store:
        told = store.backups.accept("dpo-1", "case-7", later)
        assert told.lost == newest.size - LogFiles(place.log).checkpoint(key).size
        (body,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
        assert '"actor":"dpo-1"' in body
    opened(place.root, later).close()


def test_a_backup_whose_log_was_written_anew_is_not_restored(state, tmp_path):
    witness = Witness(tmp_path / "dpo", "dpo.example")
    with opened(state.root) as store:
        store.log.publish(NOW)
        key = store.log.tiles.key
        witness.see(LogFiles(state.log), key, NOW)
        store._ground.db.execute("UPDATE audit_entry SET body = replace(body, 'collection', 'alteration')")
        store._ground.db.execute("UPDATE audit_entry SET seq = NULL")
    for one in sorted(state.log.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() else one.unlink()
    path = made(state)
    with pytest.raises(StoreFault, match="written anew"):
        restored(path, state, tmp_path / "new", NOW, seen_by(tmp_path / "dpo" / "checkpoints", key, witness.key))


def test_cut_swapped_or_mixed_chunks_are_refused_and_leave_nothing_behind(state, tmp_path, monkeypatch):
    for module in (sealed_stream, backups):
        monkeypatch.setattr(module, "CHUNK_BYTES", SMALL)
    path, other = made(state), made(state, NOW + timedelta(seconds=1))
    line, _, body = path.read_bytes().partition(b"\n")
    others = other.read_bytes().partition(b"\n")[2]
    size = SMALL + 16
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert len(chunks) > 10
    spoilt = [
        body[:-size],
        b"".join(chunks[:-1]),
        b"".join([chunks[1], chunks[0], *chunks[2:]]),
        b"".join([*chunks[:5], others[5 * size : 6 * size], *chunks[6:]]),
        body + chunks[-1],
    ]
    spoilt_file = tmp_path / "spoilt.pnr-backup"
    for content in spoilt:
        spoilt_file.write_bytes(line + b"\n" + content)
        with pytest.raises(StoreFault):
            check_backup(spoilt_file, open_keystore(state))
        with pytest.raises(StoreFault):
            restored(spoilt_file, state, tmp_path / "new", NOW)
        assert [one.name for one in tmp_path.iterdir() if "restoring" in one.name] == []
        assert not (tmp_path / "new" / "log").exists()
    spoilt_file.write_bytes(other.read_bytes().partition(b"\n")[0] + b"\n" + body)
    with pytest.raises(StoreFault):
        check_backup(spoilt_file, open_keystore(state))


def test_killed_at_any_moment_of_a_backup_or_a_restore_there_is_no_file_and_no_state_that_is_not_whole(state, tmp_path):
    first = made(state)
    for number in range(8):
        place_for(tmp_path / f"new{number}", state)
        child = os.fork()
        if child == 0:
            try:
                made(state, NOW + timedelta(minutes=number + 1))
                restored(first, state, tmp_path / f"new{number}", NOW)
            finally:
                os._exit(0)
        time.sleep(0.02 + 0.06 * number)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for path in backups_of(state.backups):
            assert check_backup(path, open_keystore(state))
        new = tmp_path / f"new{number}"
        if new.exists():
            opened(restored_root(state, new)).close()
    last = made(state, NOW + timedelta(hours=1))
    assert [one.name for one in state.backups.iterdir() if one.name.startswith(".unfinished")] == []
    assert check_backup(last, open_keystore(state))


def restored_root(state, root):
    os.environ["PNR_KEYS"] = str(state.keys)
    return root


def test_a_backup_is_not_restored_over_what_stands_there(state, tmp_path):
    path = made(state)
    with pytest.raises(UsageFault):
        restore_backup(path, open_keystore(state), state, NOW, seen=())
    with pytest.raises(StoreFault):
        read_head(state.log / "checkpoint")


@pytest.mark.law("SEC-2")
def test_while_a_backup_is_made_nothing_of_the_database_lies_on_a_disk_but_what_is_sealed(state, tmp_path, monkeypatch):
    before, seen = {path for path in tmp_path.rglob("*") if path.is_file()}, set()
    told = backups.told_rows

    def watched(*given):
        for piece in told(*given):
            yield piece
            seen.update(path for path in tmp_path.rglob("*") if path.is_file())

    monkeypatch.setattr(backups, "told_rows", watched)
    path = made(state)
    fresh = {one for one in seen - before if one.parent == state.backups and one.name != ".lock"}
    assert [one.name.startswith(".unfinished-") for one in fresh] == [True]
    assert {one.name for one in seen - before - fresh} <= {".lock"} | {
        one.name for folder in (state.log, state.keys) for one in folder.rglob("*")
    } | {"pnr.sqlite-wal", "pnr.sqlite-shm"}
    assert b"record_head" not in path.read_bytes()


def test_a_backup_is_as_of_one_moment_whatever_is_written_meanwhile(state, tmp_path, monkeypatch):
    told = backups.told_rows

    def meanwhile(*given):
        for number, piece in enumerate(told(*given)):
            if number == 1:
                with opened(state.root) as store:
                    for (one,) in store._ground.db.execute("SELECT record_id FROM record_head").fetchall():
                        store.retention.erase(one, "request", Access("retention-1", "b", "case-2"), NOW)
            yield piece

    with opened(state.root) as store:
        before = records(store)
    monkeypatch.setattr(backups, "told_rows", meanwhile)
    path = made(state)
    held = [rows_in(content) for name, content in backups.pieces(path, open_keystore(state)) if "record_head" in name]
    assert sum(map(len, held)) == before > 0
    with opened(restored(path, state, tmp_path / "new", NOW).root) as store:
        assert records(store) == 0, "what was erased since is erased again"


def test_a_backup_of_either_database_is_taken_back_into_a_file(state, tmp_path):
    with opened(state.root) as store:
        before = dump(store)
    path = made(state)
    place = StateFolder(tmp_path / "file", keys=state.keys)
    place.root.mkdir()
    place.settings.write_text("")
    restore_backup(path, open_keystore(state), place, NOW, seen=())
    os.environ["PNR_KEYS"] = str(state.keys)
    with opened(place.root) as store:
        assert dump(store) == before
        row = store._ground.db.execute("SELECT max(row) FROM audit_entry").fetchone()[0]
        store.log.note_reading(Access("dpo-1", "a", "case-1"), NOW)
        assert store._ground.db.execute("SELECT max(row) FROM audit_entry").fetchone()[0] > row


def test_a_backup_is_not_restored_into_a_database_that_holds_a_store(state, tmp_path):
    path = made(state)
    place = restored(path, state, tmp_path / "new", NOW)
    opened(place.root).close()
    for one in sorted(place.root.rglob("*"), reverse=True):
        if one != place.settings:
            one.rmdir() if one.is_dir() else one.unlink()
    if store_setup.server is not None:
        with pytest.raises(UsageFault, match="empty"):
            restored(path, state, tmp_path / "new", NOW)
