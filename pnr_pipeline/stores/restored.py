"""A backup put back: into an empty place beside the state folder, looked over there, and only then in its place.

What ended meanwhile ends again; the log is held against what a witness saw; the database is marked (`restored_mark`),
so that nobody is served before the first sweep.
"""

import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pnr_pipeline.audit.note import LOG, Signer
from pnr_pipeline.audit.verifying import Seen, verify
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.backups import BackupHead, folder_aside, read_head, unpack_backup
from pnr_pipeline.stores.durable_file import sync, written
from pnr_pipeline.stores.keystore import WrappedKeys
from pnr_pipeline.stores.sql.database import Database, transaction, utc_text
from pnr_pipeline.stores.sql.place import database_address, empty_postgres
from pnr_pipeline.stores.sql.restored_mark import Restored, mark_restored
from pnr_pipeline.stores.sql.sqlite_database import connect
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.stores.tile_log import LogFiles

_LAST_KEY = "/open"
"""Of the keys of a period, one that ends with the whole of it only."""


def restore_backup(
    path: Path, keystore: WrappedKeys, state: StateFolder, now: datetime, *, seen: Iterable[Seen] | None,
    administrator: str = "",
) -> tuple[Restored, int]:  # fmt: skip
    """Put a backup into an empty state folder, and how many periods ended by their keys.

    The database is the one that settings standing in the folder name, which must be prepared and empty; else a file.
    `administrator` is the address by which PostgreSQL is filled. `seen` is what a witness saw, None where none is
    asked. Raises UsageFault where something stands there, StoreFault for a damaged file or another log than was seen,
    KeyGone past its time; nothing is left behind then.
    """
    head = read_head(path)
    address = database_address(state)
    if administrator and not address:
        raise UsageFault(f"no database is named in {state.settings}: pnr database use first")
    aside = _empty_folder_beside(state)
    try:
        place = administrator or address
        db = empty_postgres(place, keystore, head.domain) if place else connect(aside / state.database.name)
        try:
            with transaction(db):
                unpack_backup(path, keystore, aside, db)
                lost = None if seen is None else compare_log(aside, db, keystore, head, seen)
                ended = end_what_ended(aside, db, keystore, now)
                restored = Restored(head.made_at, now, lost)
                mark_restored(db, restored)
        finally:
            db.close()
        if (
            not state.settings.is_file()
            and (aside / state.settings.name).is_file()
            and database_address(StateFolder(aside))
        ):
            raise UsageFault(f"the backup names its former database: write {state.settings} first (pnr database use)")
        _put_in_place(aside, state)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return restored, ended


def _empty_folder_beside(state: StateFolder) -> Path:
    """A new folder beside the state folder, which must be missing or hold settings alone; UsageFault otherwise."""
    if any(one.is_file() and one != state.settings for one in state.root.rglob("*")):
        raise UsageFault(f"{state.root} is not empty: a backup is restored beside what is there, not over it")
    return folder_aside(state)


def compare_log(
    aside: Path, db: Database, keystore: WrappedKeys, head: BackupHead, seen: Iterable[Seen]
) -> int:  # fmt: skip
    """How many entries a witness saw beyond the restored log. Raises StoreFault where the log is not the one seen."""
    seen = list(seen)
    key = Signer(f"pnr-pipeline/{head.profile}/{head.domain}", LOG, keystore.unwrap("log/ed25519")).key
    files = LogFiles(aside / "log")
    checkpoint = files.checkpoint(key)
    size = checkpoint.size if checkpoint else 0
    known = [one for one in seen if one.checkpoint.size <= size]
    rows = db.stream("SELECT seq, body FROM audit_entry WHERE seq IS NOT NULL ORDER BY seq")
    verdict = verify(files.read, files.files(), key, rows=((seq, body.encode()) for seq, body in rows), seen=known)
    if verdict.breaks and (checkpoint or known):
        first = verdict.breaks[0]
        raise StoreFault(f"the log in the backup is broken: {first.place}: {first.what}")
    return max((one.checkpoint.size for one in seen), default=size) - size if seen else 0


def end_what_ended(aside: Path, db: Database, keystore: WrappedKeys, now: datetime) -> int:
    """Let the next sweep end each period whose keys were destroyed; returns how many.

    Whatever the clock says: they were over once.
    """
    ledger = aside / "destroyed-keys"
    known = ledger.read_text("utf-8").split() if ledger.is_file() else []
    written(ledger, "".join(f"{name}\n" for name in sorted({*known, *keystore.gone()})).encode()).replace(ledger)
    gone = [name.removesuffix(_LAST_KEY) for name in keystore.gone() if name.endswith(_LAST_KEY)]
    return sum(
        db.execute(
            "UPDATE key_period SET ending_at = coalesce(ending_at, ?) WHERE period = ? AND ended_at IS NULL",
            (utc_text(now), period),
        ).rowcount
        for period in gone
    )


def _put_in_place(aside: Path, state: StateFolder) -> None:
    """Make the unpacked folder the state folder; settings that stand there stay."""
    if state.settings.is_file():
        written(aside / state.settings.name, state.settings.read_bytes()).replace(aside / state.settings.name)
    os.sync()  # the whole of it, before it has its name
    if state.root.exists():
        shutil.rmtree(state.root)
    aside.rename(state.root)
    sync(state.root.parent)
