"""Acts that must outlive the data: what was erased, recalled or restricted by hand, who was suspended, what was done to
the keys. A database from before such an act, out of a backup or an old disk, does it again (RET-8, RGT-4, ING-8).

One JSON line an act, in a file beside the keys, on their volume and in their two copies, so that losing the data volume
does not lose it. It tells what the audit log tells, no name: random ids of records, hashes of messages, ids of staff.
An act stands here, durable, before it is committed: what a crash took back in between is done at the next sweep.
"""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from pnr_pipeline.stores.durable_file import alone, private_folder, sync, trouble_in, written

Kind = Literal[
    "erase", "recall", "restrict", "lift", "suspend", "reinstate", "staff.add", "staff.remove",
    "keys.backup", "keys.restore", "keys.rotate-root",
]  # fmt: skip


class KeptAct(msgspec.Struct, frozen=True):
    """Who did what to what, when (UTC), by which case; `reference` is as the log has it, `record:…`, `message:…`."""

    act_id: str
    at: datetime
    kind: Kind
    reference: str
    actor: str
    case: str


def new_act(at: datetime, kind: Kind, reference: str, actor: str, case: str) -> KeptAct:
    """An act with an id of its own."""
    return KeptAct(secrets.token_hex(16), at, kind, reference, actor, case)


class ActLedger:
    """The file; several processes may append at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def acts(self) -> list[KeptAct]:
        """Every act, oldest first; a line that a crash left unfinished is none."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return []
        return list(_read(text))

    def append(self, act: KeptAct) -> None:
        """Add one act, durably. Raises StoreFault where the disk does not take it."""
        with trouble_in("ledger of acts"):
            private_folder(self._path.parent)
            with alone(self._path.with_name(f".{self._path.name}.lock")):
                fresh = not self._path.exists()
                handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
                with os.fdopen(handle, "r+b") as file:
                    whole = file.read().rpartition(b"\n")  # what stands behind the last line's end is torn
                    file.seek(len(whole[0]) + len(whole[1]))
                    file.write(msgspec.json.encode(act) + b"\n")
                    file.truncate()
                    file.flush()
                    os.fsync(file.fileno())
                if fresh:
                    sync(self._path.parent)

    def merge(self, others: Iterable[bytes]) -> None:
        """Take in what ledgers of other copies of the keys hold."""
        known = {act.act_id: act for text in others for act in _read(text)}
        with trouble_in("ledger of acts"), alone(self._path.with_name(f".{self._path.name}.lock")):
            self._put(sorted((known | {act.act_id: act for act in self.acts()}).values(), key=_in_time))

    def prune(self, before: datetime) -> int:
        """Remove the acts of before a moment; returns how many."""
        with trouble_in("ledger of acts"):
            if not self._path.exists() or all(act.at >= before for act in self.acts()):
                return 0
            with alone(self._path.with_name(f".{self._path.name}.lock")):
                acts = self.acts()
                kept = [act for act in acts if act.at >= before]
                self._put(kept)
        return len(acts) - len(kept)

    def _put(self, acts: Iterable[KeptAct]) -> None:
        content = b"".join(msgspec.json.encode(act) + b"\n" for act in acts)
        written(self._path, content).replace(self._path)
        sync(self._path.parent)


def _read(text: bytes) -> Iterable[KeptAct]:
    for line in text.split(b"\n")[:-1]:
        with suppress(msgspec.MsgspecError):
            yield msgspec.json.decode(line, type=KeptAct)


def _in_time(act: KeptAct) -> datetime:
    return act.at
