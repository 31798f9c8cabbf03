"""A state that came back from a backup: what ended meanwhile ends again, and nobody is served before that is seen to.

The mark `restored.json` stands in the folder from the start. Opening the store sweeps, and refuses while the sweep
holds anything back or while nobody answers for what the log has lost: a backup is older than what a witness saw.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from pnr_pipeline.audit.note import LOG, Signer
from pnr_pipeline.audit.verifying import Seen, verify
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.backup_bodies import reopen_open_parts
from pnr_pipeline.stores.backups import BackupHead
from pnr_pipeline.stores.durable_file import sync, written
from pnr_pipeline.stores.keystore import WrappedKeys
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.stores.tile_log import LogFiles

_LAST_KEY = "/open"
"""Of the keys of a period, one that ends with the whole of it only."""


class Restored(msgspec.Struct, frozen=True):
    """When the backup was made and restored (UTC), how many log entries were seen since, and who answers for that.

    `lost` is None where no witness was asked.
    """

    made_at: datetime
    restored_at: datetime
    lost: int | None
    accepted_by: str = ""


def restored_state(state: StateFolder) -> Restored | None:
    """What the mark tells; None where the state is no restored one."""
    try:
        return msgspec.json.decode(state.restored.read_bytes(), type=Restored)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError:
        raise StoreFault(f"{state.restored.name} cannot be read: restore the backup again") from None


def refuse_unless_seen_to(state: StateFolder, held: int) -> None:
    """Raises StoreFault where this is a restored state in which periods are `held` by the sweep, or losses are open."""
    told = restored_state(state)
    if told is None:
        return
    if held:
        what = f"{held} periods that are over wait for the clock"
        raise StoreFault(f"restored from a backup: {what}: `pnr retain clock --confirm` (RET-9)")
    if told.lost != 0 and not told.accepted_by:
        lost = "nobody compared the log with a witness" if told.lost is None else f"the log lacks {told.lost} entries"
        raise StoreFault(f"restored from a backup, and {lost}: the data-protection officer says `pnr backup accept`")


def accept(state: StateFolder, told: Restored, by: str) -> None:
    """Note who answers for what was lost."""
    _mark(state.restored, msgspec.structs.replace(told, accepted_by=by))


def end_what_ended(aside: Path, keystore: WrappedKeys, head: BackupHead, now: datetime) -> int:
    """In the unpacked folder, let the next sweep end each period whose keys were destroyed; returns how many.

    Whatever the clock says: they were over once. Open parts of the other periods are opened again.
    """
    ledger = aside / "destroyed-keys"
    known = ledger.read_text("utf-8").split() if ledger.is_file() else []
    written(ledger, "".join(f"{name}\n" for name in sorted({*known, *keystore.gone()})).encode()).replace(ledger)
    gone = [name.removesuffix(_LAST_KEY) for name in keystore.gone() if name.endswith(_LAST_KEY)]
    at = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with closing(sqlite3.connect(aside / "pnr.sqlite", isolation_level=None)) as db:
        reopen_open_parts(db, Sealer(keystore, head.profile))
        return sum(
            db.execute(
                "UPDATE key_period SET ending_at = coalesce(ending_at, ?) WHERE period = ? AND ended_at IS NULL",
                (at, period),
            ).rowcount
            for period in gone
        )


def compare_log(aside: Path, keystore: WrappedKeys, head: BackupHead, seen: Iterable[Seen]) -> int:
    """How many entries a witness saw beyond the restored log. Raises StoreFault where the log is not the one seen."""
    seen = list(seen)
    key = Signer(f"pnr-pipeline/{head.profile}/{head.domain}", LOG, keystore.unwrap("log/ed25519")).key
    files = LogFiles(aside / "log")
    checkpoint = files.checkpoint(key)
    size = checkpoint.size if checkpoint else 0
    known = [one for one in seen if one.checkpoint.size <= size]
    with closing(sqlite3.connect(aside / "pnr.sqlite")) as db:
        rows = db.execute("SELECT seq, body FROM audit_entry WHERE seq IS NOT NULL ORDER BY seq")
        verdict = verify(files.read, files.files(), key, rows=((seq, body.encode()) for seq, body in rows), seen=known)
    if verdict.breaks and (checkpoint or known):
        first = verdict.breaks[0]
        raise StoreFault(f"the log in the backup is broken: {first.place}: {first.what}")
    return max((one.checkpoint.size for one in seen), default=size) - size if seen else 0


def put_in_place(aside: Path, state: StateFolder, restored: Restored) -> None:
    """Mark the unpacked folder and make it the state folder; settings that stand there stay."""
    _mark(aside / state.restored.name, restored)
    if state.settings.is_file():
        written(aside / state.settings.name, state.settings.read_bytes()).replace(aside / state.settings.name)
        state.settings.unlink()
    os.sync()  # the whole of it, before it has its name
    if state.root.exists():
        state.root.rmdir()
    aside.rename(state.root)
    sync(state.root.parent)


def _mark(path: Path, restored: Restored) -> None:
    written(path, msgspec.json.encode(restored)).replace(path)
    sync(path.parent)
