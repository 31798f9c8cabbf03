"""Proofs as text that stands by itself: an entry in the log, the log continuing an earlier size, a period's entries.

The forms are those of c2sp.org/tlog-proof (the entry itself is its `extra` line) and of the request in
c2sp.org/tlog-witness; each ends with the signed checkpoint it leads to.
"""

import base64
from collections.abc import Iterator
from datetime import datetime

import msgspec

from pnr_pipeline.audit.note import Checkpoint, NoteFault, VerifierKey, opened
from pnr_pipeline.audit.proofs import (
    consistency_proof,
    inclusion_proof,
    proves_consistency,
    proves_inclusion,
)
from pnr_pipeline.audit.tiles import WIDTH, tile_path
from pnr_pipeline.audit.tree import leaf_hash
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.tile_log import LogFiles

_HEAD = "c2sp.org/tlog-proof@v1"


class LogProofs:
    """What can be proved under the newest checkpoint of a log. Raises StoreFault where the log's files do not hold."""

    def __init__(self, log: LogFiles, key: VerifierKey) -> None:
        checkpoint = log.checkpoint(key)
        if checkpoint is None:
            raise StoreFault("nothing was published yet: the log has no checkpoint")
        self.checkpoint: Checkpoint = checkpoint
        self.note = (log.read("checkpoint") or b"").decode()
        self._log, self._tree = log, log.tree(checkpoint)

    def inclusion(self, index: int) -> str:
        """The entry `index` (from 0) with its path to the root. Raises UsageFault where it is not in the log."""
        if not 0 <= index < self.checkpoint.size:
            raise UsageFault(f"the log holds the entries 0 to {self.checkpoint.size - 1}")
        entry = self._entries(index // WIDTH)[index % WIDTH]
        head = [_HEAD, f"extra {_base64(entry)}", f"index {index}"]
        return "\n".join([*head, *self._path(index), "", self.note])

    def consistency(self, old: int) -> str:
        """That the log still begins with its first `old` entries. Raises UsageFault where it never had as many."""
        if not 0 < old <= self.checkpoint.size:
            raise UsageFault(f"the log holds {self.checkpoint.size} entries")
        try:
            proof = consistency_proof(old, self.checkpoint.size, self._tree.span)
        except ValueError as fault:
            raise StoreFault(f"the log's files: {fault}") from None
        return "\n".join([f"old {old}", *map(_base64, proof), "", self.note])

    def period(self, first: datetime, end: datetime) -> Iterator[bytes]:
        """JSON Lines of the entries from `first` to before `end` (aware), each with its path; then the checkpoint.

        Pruned entries are left out.
        """
        for bundle in range(-(-self.checkpoint.size // WIDTH)):
            if self._log.read(tile_path(None, bundle)) is None and (bundle + 1) * WIDTH <= self.checkpoint.size:
                continue  # pruned
            entries = self._entries(bundle)
            for inside, entry in enumerate(entries):
                if first <= datetime.fromisoformat(msgspec.json.decode(entry)["at"]) < end:
                    index = bundle * WIDTH + inside
                    line = {"index": index, "entry": entry.decode(), "proof": self._path(index)}
                    yield msgspec.json.encode(line)
        yield msgspec.json.encode({"checkpoint": self.note})

    def _entries(self, bundle: int) -> list[bytes]:
        try:
            return self._tree.entries(bundle)
        except ValueError as fault:
            raise StoreFault(f"the log's files: {fault}; entries over five years old are pruned (LOG-3)") from None

    def _path(self, index: int) -> list[str]:
        try:
            return [_base64(one) for one in inclusion_proof(index, self.checkpoint.size, self._tree.span)]
        except ValueError as fault:
            raise StoreFault(f"the log's files: {fault}") from None


def checked_inclusion(proof: str, key: VerifierKey) -> tuple[int, bytes, Checkpoint]:
    """Index, entry and checkpoint of a proof that holds, from its text alone. Raises UsageFault for any other."""
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    try:
        if (
            len(lines) < 3
            or lines[0] != _HEAD
            or not lines[1].startswith("extra ")
            or not lines[2].startswith("index ")
        ):
            raise ValueError("not a tlog-proof with its entry")
        checkpoint = opened(note.encode(), key)
        entry, index = base64.b64decode(lines[1][6:], validate=True), int(lines[2][6:])
        path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    except (NoteFault, ValueError) as fault:
        raise UsageFault(f"the proof does not hold: {fault}") from None
    if not proves_inclusion(leaf_hash(entry), index, checkpoint.size, path, checkpoint.root):
        raise UsageFault("the proof does not hold: the path does not lead from the entry to the root")
    return index, entry, checkpoint


def checked_consistency(proof: str, old: bytes, key: VerifierKey) -> tuple[Checkpoint, Checkpoint]:
    """The old checkpoint (a signed note kept from then) and the new one that continues it. Raises UsageFault."""
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    try:
        before, after = opened(old, key), opened(note.encode(), key)
        path = [base64.b64decode(line, validate=True) for line in lines[1:]]
    except (NoteFault, ValueError) as fault:
        raise UsageFault(f"the proof does not hold: {fault}") from None
    if lines[0] != f"old {before.size}" or not proves_consistency(
        before.size, after.size, path, before.root, after.root
    ):
        raise UsageFault("the proof does not hold: the newer log does not begin with the older one")
    return before, after


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
