"""What somebody holds who took every copy before masking day, and a search of it with the keys that are left.

`PROOF_RECORDS` says how many records there are, of travellers and bookings; a hundred thousand and more are searched by
two processes. A control, where all keys are there, then looks at a sample: each cell of it must open.
"""

import base64
import hmac
import mmap
import os
import re
import shutil
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from store_setup import NOW, Count, commit, entry, index_of, open_demo, review_codes
from told_flights import RECEIVED, Flight, Truth

from pnr_pipeline.audit import Access
from pnr_pipeline.records import Message, Received
from pnr_pipeline.retention.promotion import Grounds
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.approver_half import from_halves, half_of, signed_card
from pnr_pipeline.stores.backups import pieces
from pnr_pipeline.stores.lake_columns import COLUMNS
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import Part
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.database_rows import MARK, rows_in
from pnr_pipeline.stores.sql.migrations import tables
from pnr_pipeline.stores.sql.sqlite_database import connect
from pnr_pipeline.stores.staff_file import exercise_key

RECORDS = int(os.environ.get("PROOF_RECORDS", "30"))
PEOPLE = RECORDS * 4 // 5
"""Four to a booking."""
A_FLIGHT = 200
"""Travellers of one message."""
SIX_MONTHS = datetime(2026, 8, 28, tzinfo=UTC)
SHORTLY_BEFORE = SIX_MONTHS - timedelta(days=5)
"""When lake and backup are made, so that the backup's own key is not due when the records are."""
KEEPER = Access("retention-1", "b", "case-9")
SURNAME, GIVEN, LOCATOR = "VRNOSUR", "VRNOGIV", "VRN"
"""Begin every value planted: of identity the first two, of the open part the last."""

_SAMPLE = max(1, RECORDS // 20_000)
_PAIRS_SAMPLE = max(1, RECORDS // 10_000)
_PROCESSES = 2 if RECORDS >= 50_000 else 0
_CHUNK = 5_000

Cell = tuple[str, str, str, str, int, bytes]
"""Where it is counted, part, id, what follows the id in the name that the key is derived by, version, bytes."""
Keys = dict[str, bytes]


def letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number:07}")


def somebody(number: int) -> Truth:
    """The one of number 0 is on the list, and like nobody else."""
    name = letters(number) if number else "KELMENDIOVSKA"
    born = "1990-01-01" if number else "1961-07-23"
    locator = LOCATOR + (letters(number // 4)[-3:] if number else "SKA")
    return Truth(number, SURNAME + name, GIVEN + name[::-1], born, "F", f"V{number:08}", "document", locator)


def bookings() -> int:
    return len({(number // A_FLIGHT, somebody(number).locator) for number in range(PEOPLE)})


def filled(root: Path, count: Count) -> None:
    """Flights with everybody on them, a confirmed hit whose record is promoted, a letter that nobody can read."""
    lists = index_of([entry("E1", somebody(0).surname, somebody(0).given, somebody(0).born, somebody(0).document)])
    with open_demo(root, count=count) as store:
        seal_to = X25519PrivateKey.generate().public_key().public_bytes_raw()
        card = signed_card("court-1", exercise_key("court-1"), {"2026-02": seal_to})
        store._ground.state.approver_card.write_bytes(msgspec.json.encode(card))
        for first in range(0, PEOPLE, A_FLIGHT):
            flight = Flight()
            flight.add("PNRGOV", [somebody(number) for number in range(first, min(first + A_FLIGHT, PEOPLE))])
            (told,) = flight.messages
            leg = msgspec.structs.replace(told.flights[0], number=f"{100 + first // A_FLIGHT}")
            message = msgspec.structs.replace(told, message_id=f"{first:064}:1", flights=(leg,))
            commit(store, Received("spool", f"{first}.edi", f"{first}".encode(), RECEIVED), [message], lists)
        letter = Received("spool", "x.edi", f"{SURNAME}LETTER".encode(), NOW)
        commit(store, letter, [Message("bad:1", "UNREADABLE")], lists)
        (line,) = store.hits("new", now=NOW)
        decision = Decision(line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4",
                            "flight-as-means", note=f"{SURNAME} NOTE")  # fmt: skip
        store.decide(decision, review_codes(), case="case-1")
        (record,) = store._ground.db.execute("SELECT record_id FROM hit WHERE hit_id = ?", (line.hit_id,)).fetchone()
        store.retention.promote([record], Grounds("check:2026-17", "verified-check", SIX_MONTHS.date()), KEEPER, NOW)
        shutil.copytree(root, root.with_name("copied"))  # with its write-ahead log, as a thief would


def masked(root: Path, count: Count) -> None:
    count.now = SIX_MONTHS
    with open_demo(root, SIX_MONTHS, count=count):
        return


_stolen: list[Path] = []


def stolen_once(folder: Path) -> Path:
    """The state folder after masking day; beside it `copied`, `lake`, `backup`, its content, and all keys."""
    if not _stolen:
        root, count = folder / "state", Count()
        filled(root, count)
        shutil.copytree(root.with_name("state-keys"), root.with_name("keys-at-first"))
        count.now = SHORTLY_BEFORE
        with open_demo(root, SHORTLY_BEFORE, count=count) as store:
            assert len(store.lake.close(SHORTLY_BEFORE)) == 2
            shutil.copy(store.backups.make(None, SHORTLY_BEFORE), root.with_name("backup"))
        shutil.copytree(root / "lake", root.with_name("lake"))
        keys = root.with_name("state-keys")
        shutil.copytree(keys, root.with_name("keys-before"))
        _unpack(root.with_name("backup"), keys, folder / "unpacked")
        masked(root, count)
        _stolen.append(root)
    return _stolen[0]


def _unpack(backup: Path, keys: Path, to: Path) -> None:
    """Lay out what is in a backup as a database, open parts sealed as they are in it."""
    to.mkdir()
    db = connect(to / "pnr.sqlite")
    with transaction(db):
        for name, content in pieces(backup, FileKeystore(keys)):
            columns = tables().get(name.partition("/")[0])
            if columns is not None:
                places = ", ".join("?" * len(columns))
                table = f"{name.partition('/')[0]} ({', '.join(columns)})"
                db.executemany(f"INSERT INTO {table} VALUES ({places})", rows_in(content))
    db.close()


def keys_left(keys: Path) -> Keys:
    """Every key that can still be had, by name."""
    keystore = FileKeystore(keys)
    return {name: keystore.unwrap(name) for name in keystore.names()}


_SEALED_IN: tuple[tuple[str, Part, str, str], ...] = (
    ("push", "push", "", "SELECT leg_id || '/' || message_id, 1, sealed FROM push_body"),
    ("hit", "hits", "", "SELECT hit_id, version, sealed FROM hit"),
    ("hit_version", "hits", "/match", "SELECT hit_id, version, sealed FROM hit_version"),
    ("decision", "hits", "/note", "SELECT hit_id, version, sealed FROM decision"),
    ("dead_letter", "dead", "", "SELECT dead_id, 1, sealed FROM dead_letter"),
    ("body", "identity", "", "SELECT record_id, version, identity FROM record_head JOIN body USING (record_id, period)"
                             " ORDER BY period"),
)  # fmt: skip
"""Table, part, what follows the id, and the cells: id, version, bytes; those of class L come first."""


def cells_of_database(folder: Path) -> Iterator[Cell]:
    """Every sealed cell of a copy of the database."""
    with closing(sqlite3.connect(folder / "pnr.sqlite")) as db:
        for table, part, ending, query in _SEALED_IN:
            for one, version, sealed in db.execute(query):
                yield table, part, one, ending, version, sealed


def cells_of_backup(folder: Path) -> Iterator[Cell]:
    """The same of an unpacked backup, and its open parts by class."""
    yield from cells_of_database(folder)
    with closing(sqlite3.connect(folder / "pnr.sqlite")) as db:
        for record_id, period, told in db.execute("SELECT record_id, period, open FROM body"):
            sealed = base64.b64decode(told.removeprefix(MARK))
            yield f"{period[0]} open", "open", record_id, "/backup", 0, sealed


def cells_of_lake(lake: Path) -> Iterator[Cell]:
    """Every sealed cell of the lake, by class and part."""
    for path in sorted(lake.rglob("*.parquet")):
        key_class, part = path.relative_to(lake).parts[0], path.parent.name
        for batch in pq.ParquetFile(path).iter_batches(_CHUNK):
            for row in batch.to_pylist():
                for column in COLUMNS[part]:
                    if row[column] is not None:
                        yield f"{key_class} {part}", part, row["record_id"], f"/{column}", row["version"], row[column]


def tried(cells: Iterable[Cell], keys: Keys, *, sample: bool = False) -> tuple[dict[str, int], dict[str, int]]:
    """How many cells were tried with every key, and how many opened, by place; those of a sample alone, if asked.

    Each key is tried alone on every cell; each two as halves on every cell of few, and on a sample where they are many.
    """
    chosen = islice(cells, 0, None, _SAMPLE) if sample else iter(cells)
    work = partial(_tried, keys)
    of, opened = Counter[str](), Counter[str]()
    if not _PROCESSES:
        told: Iterable[Any] = map(work, _chunks(chosen))
        for tries, found in told:
            of, opened = of + tries, opened + found
        return dict(of), dict(opened)
    with ProcessPoolExecutor(_PROCESSES) as pool:
        waiting = []
        for chunk in _chunks(chosen):
            waiting.append(pool.submit(work, chunk))
            if len(waiting) > 4 * _PROCESSES:  # the cells are not all to lie in memory
                tries, found = waiting.pop(0).result()
                of, opened = of + tries, opened + found
        for one in waiting:
            tries, found = one.result()
            of, opened = of + tries, opened + found
    return dict(of), dict(opened)


def is_found_in(cells: Iterable[Cell], keys: Keys) -> bool:
    """Whether anything at all opens."""
    return any(_opens(keys, cell, pairs=True) for cell in cells)


def _chunks(cells: Iterator[Cell]) -> Iterator[list[Cell]]:
    while chunk := list(islice(cells, _CHUNK)):
        yield chunk


def _tried(keys: Keys, cells: list[Cell]) -> tuple[Counter[str], Counter[str]]:
    of, opened = Counter[str](), Counter[str]()
    for number, cell in enumerate(cells):
        of[cell[0]] += 1
        opened[cell[0]] += _opens(keys, cell, pairs=not number % _PAIRS_SAMPLE or cell[0].startswith(("L ", "hit")))
    return of, +opened


def _opens(keys: Keys, cell: Cell, *, pairs: bool) -> bool:
    """Whether any key, or any two as halves, opens this cell, whatever period it says it is of."""
    place, part, one, ending, version, sealed = cell
    subject = one + ending
    bound = "\0".join((subject, part, str(version), "demo")).encode()
    own = [hmac.digest(key, subject.encode(), "sha256") for key in keys.values()]
    if any(_decrypts(key, sealed, bound, place, part) for key in own):
        return True
    halves = [half_of(key, one) for key in keys.values()] if pairs else []
    return any(_decrypts(from_halves(half, other), sealed, bound, place, part) for half in own for other in halves)


def _decrypts(key: bytes, sealed: bytes, bound: bytes, place: str, part: str) -> bool:
    try:
        clear = AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
    except InvalidTag:
        return False
    if place in ("body", "push", "dead_letter"):
        clear = zlib.decompress(clear) if part in ("push", "dead") else clear
        assert any(value.encode() in clear for value in (SURNAME, LOCATOR))
    return True


def clear_in(folder: Path, pattern: str) -> set[str]:
    """Every run of bytes in any file that fits this pattern, as text."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                found.update(one.decode("ascii") for one in re.findall(pattern.encode(), content))
    return found
