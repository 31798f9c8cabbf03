"""A small log with its database, and every way to tamper with it; each returns None where it found nothing to do."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from store_setup import NOW, open_demo

from pnr_pipeline.audit.note import Signer, VerifierKey
from pnr_pipeline.audit.tiles import RightEdge, bundle, entries_of, tile_path, tiles_of
from pnr_pipeline.audit.tree import leaf_hash
from pnr_pipeline.audit.verifying import Verdict, verify
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import write_entry
from pnr_pipeline.stores.sql.log_publisher import log_of
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.tile_log import LogFiles
from pnr_pipeline.stores.witness import Witness, seen_by

Tampering = Callable[["Copy", random.Random], str | None]


def write(store: Store, count: int, start: int = 0, now: datetime = NOW) -> None:
    """So many acts, each of them its own row."""
    with transaction(store._ground.db):
        for number in range(start, start + count):
            write_entry(
                store._ground, "consultation", now=now + timedelta(seconds=number % 3600), article="PNR 6(2)(a)",
                case=f"case-{number}", references=(f"record:{number:032x}",),
            )  # fmt: skip


class Copy:
    """A log, its rows and the witness's memory in one folder, to be tampered with."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log, self.rows, self.old = root / "log", root / "rows.sqlite", root / "old"

    def entries(self) -> list[bytes]:
        size = int((self.log / "checkpoint").read_text().split("\n")[1])
        packed = [
            (self.log / tile_path(None, index, width)).read_bytes()
            for level, index, width in tiles_of(size)
            if level == 0
        ]
        return [entry for one in packed for entry in entries_of(one)]

    def needed(self) -> list[Path]:
        """The files that the checkpoint rests on."""
        size = int((self.log / "checkpoint").read_text().split("\n")[1])
        paths = [tile_path(*one) for one in tiles_of(size)]
        paths += [tile_path(None, index, width) for level, index, width in tiles_of(size) if level == 0]
        return [self.log / "checkpoint", *(self.log / path for path in paths)]


def make(root: Path, count: int = 600) -> tuple[Copy, Signer, VerifierKey]:
    """A log of `count` entries, seen by a witness at 40 %, 70 % and the end; and its state at 70 %, to roll back to."""
    copy = Copy(root / "whole")
    with open_demo(root / "state") as store:
        log = log_of(store._ground)
        watcher, done = Witness(root / "witness", "dpo/witness"), 0
        for step in (count * 2 // 5, count * 7 // 10, count):
            write(store, step - done, done)
            store.log.publish(NOW)
            watcher.see(LogFiles(log.folder), log.key, NOW)
            done = step
            if done < count:
                shutil.rmtree(copy.old, ignore_errors=True)
                shutil.copytree(log.folder, copy.old / "log")
                _rows(store, copy.old / "rows.sqlite")
        shutil.copytree(log.folder, copy.log)
        _rows(store, copy.rows)
        signer = log._signer
    shutil.copytree(root / "witness" / "checkpoints", copy.root / "checkpoints")
    return copy, signer, watcher.key


def _rows(store: Store, path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE row (seq INTEGER, body BLOB)")
    db.executemany("INSERT INTO row VALUES (?, ?)", list(store.log.rows()))
    db.commit()
    db.close()


def verdict(copy: Copy, key: VerifierKey, witness: VerifierKey | None) -> Verdict:
    """What our verifier says of a copy."""
    db = sqlite3.connect(copy.rows)
    rows = db.execute("SELECT seq, body FROM row ORDER BY seq").fetchall()
    db.close()
    seen = seen_by(copy.root / "checkpoints", key, witness) if witness else []
    files = LogFiles(copy.log)
    return verify(files.read, files.files(), key, rows=rows, seen=seen)


def flip(copy: Copy, dice: random.Random) -> str:
    """One bit of any file, older partial tiles included."""
    path = dice.choice([path for path in sorted(copy.log.rglob("*")) if path.is_file() and path.name != ".lock"])
    raw = bytearray(path.read_bytes())
    place = dice.randrange(len(raw))
    raw[place] ^= 1 << dice.randrange(8)
    path.write_bytes(raw)
    return str(path.relative_to(copy.log))


def cut(copy: Copy, dice: random.Random) -> str:
    """The end of a file that the checkpoint rests on."""
    path = dice.choice(copy.needed())
    raw = path.read_bytes()
    path.write_bytes(raw[: dice.randrange(len(raw))])
    return str(path.relative_to(copy.log))


def delete(copy: Copy, dice: random.Random) -> str:
    """A file that the checkpoint rests on, or a row."""
    if dice.random() < 0.3:
        seq = dice.randrange(len(copy.entries()))
        _sql(copy, "DELETE FROM row WHERE seq = ?", seq)
        return f"entry {seq}"
    path = dice.choice(copy.needed())
    path.unlink()
    return str(path.relative_to(copy.log))


def swap(copy: Copy, dice: random.Random) -> str:
    """Two entries of the log, or two rows, or two tiles of one width."""
    one, other = dice.sample(range(len(copy.entries())), 2)
    what = dice.randrange(3)
    if what == 0:
        entries = copy.entries()
        entries[one], entries[other] = entries[other], entries[one]
        _lay(copy.log, entries, bundles_only=True)
    elif what == 1:
        _sql(copy, "UPDATE row SET seq = -1 WHERE seq = ?", one)
        _sql(copy, "UPDATE row SET seq = ? WHERE seq = ?", one, other)
        _sql(copy, "UPDATE row SET seq = ? WHERE seq = -1", other)
    else:
        full = [path for path in copy.needed() if path.parts[-2] in ("0", "entries")]
        first, second = dice.sample(full, 2)
        raw = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(raw)
    return f"{one} and {other}"


def edit_with_hashes(copy: Copy, dice: random.Random) -> str:
    """One entry, with row, bundle, every hash above it, and the root in the checkpoint: all but the signature."""
    seq, entries = _edited(copy, dice)
    root = _lay(copy.log, entries)
    note = (copy.log / "checkpoint").read_text().split("\n")
    if dice.random() < 0.5:
        import base64

        note[2] = base64.b64encode(root).decode()
        (copy.log / "checkpoint").write_text("\n".join(note))
    return f"entry {seq}"


def roll_back(copy: Copy, dice: random.Random) -> str:
    """Log and database as they were, each part whole and signed."""
    shutil.rmtree(copy.log)
    shutil.copytree(copy.old / "log", copy.log)
    shutil.copy(copy.old / "rows.sqlite", copy.rows)
    return "all"


def rewrite_with_key(signer: Signer) -> Tampering:
    """One entry edited and everything made anew and signed with the log's own key."""

    def rewrite(copy: Copy, dice: random.Random) -> str:
        from pnr_pipeline.audit.note import Checkpoint

        seq, entries = _edited(copy, dice)
        root = _lay(copy.log, entries)
        (copy.log / "checkpoint").write_text(signer.sign(Checkpoint(signer.name, len(entries), root)))
        return f"entry {seq}"

    return rewrite


def _edited(copy: Copy, dice: random.Random) -> tuple[int, list[bytes]]:
    entries = copy.entries()
    seq = dice.randrange(len(entries))
    entries[seq] = entries[seq].replace(b'"case":"case-', b'"case":"case-9', 1)
    _sql(copy, "UPDATE row SET body = ? WHERE seq = ?", entries[seq], seq)
    return seq, entries


def _lay(log: Path, entries: list[bytes], *, bundles_only: bool = False) -> bytes:
    """The files of a log with these entries, older partial tiles made anew too; returns the root."""
    edge, tiles = RightEdge(), {}
    for entry in entries:
        for level, index, hashes in edge.append(leaf_hash(entry)):
            tiles[tile_path(level, index)] = b"".join(hashes)
    for level, row in enumerate(edge.rows):
        if row:
            tiles[tile_path(level, edge.size // 256 ** (level + 1), len(row))] = b"".join(row)
    if bundles_only:
        tiles = {}
    for index in range(0, len(entries), 256):
        some = entries[index : index + 256]
        tiles[tile_path(None, index // 256, len(some))] = bundle(some)
    for older in [path for path in (log / "tile").rglob("*.p/*") if not bundles_only or "entries" in str(path)]:
        path = str(older.relative_to(log))
        base, _, width = path.partition(".p/")
        whole = next((one for name, one in tiles.items() if name.partition(".p/")[0] == base), b"")
        part = bundle(entries_of(whole)[: int(width)]) if "entries" in base else whole[: int(width) * 32]
        older.write_bytes(part)
    for path, content in tiles.items():
        (log / path).write_bytes(content)
    return edge.root()


def _sql(copy: Copy, statement: str, *values: object) -> None:
    db = sqlite3.connect(copy.rows)
    db.execute(statement, values)
    db.commit()
    db.close()
