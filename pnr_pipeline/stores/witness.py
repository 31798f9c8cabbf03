"""The witness: the DPO's or a supervisor's own memory of the log, on another machine (LOG-5).

It keeps each checkpoint it saw and cosigns only one that continues the last: a log that was rolled back or written
anew is refused, and what it claimed is kept as evidence. The folder must be out of reach of whoever runs the log.
"""

import base64
from datetime import datetime
from pathlib import Path

from pnr_pipeline.audit.note import WITNESS, Checkpoint, NoteFault, Signer, VerifierKey, cosigned_at, opened
from pnr_pipeline.audit.proofs import consistency_proof, proves_consistency
from pnr_pipeline.audit.verifying import Seen
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.durable_file import alone, private_folder, publish
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.tile_log import LogFiles

_DIGITS = 19


class Refused(StoreFault):
    """The log does not continue what the witness saw; says how."""


class Witness:
    """One witness of one log: its folder holds `keys/`, `checkpoints/<size>`, and `refused/`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._kept, self._refused = folder / "checkpoints", folder / "refused"
        for place in (folder, self._kept, self._refused):
            private_folder(place)
        self._folder = folder
        self._signer = Signer(name, WITNESS, FileKeystore(folder / "keys").create("witness/ed25519"))

    @property
    def key(self) -> VerifierKey:
        """What others verify the cosignatures with."""
        return self._signer.key

    def see(self, log: LogFiles, key: VerifierKey, now: datetime) -> tuple[Checkpoint, str]:
        """Look at the log once: its checkpoint and our cosignature line, kept before it is returned.

        Raises Refused where the log was rolled back or written anew, StoreFault where there is nothing to see.
        """
        note = log.read("checkpoint")
        if note is None:
            raise Refused("the log shows no checkpoint") if self.last(key) else StoreFault("the log has no checkpoint")
        try:
            new = opened(note, key)
        except NoteFault as fault:
            raise StoreFault(f"the log's checkpoint: {fault}") from None
        with alone(self._folder / ".lock"):
            last = self.last(key)
            if last is not None:
                self._continues(log, last, new, note)
            line = self._signer.cosign(new, now)
            place = self._kept / f"{new.size:0{_DIGITS}d}"
            publish(place, note + line.encode())
            return new, line

    def last(self, key: VerifierKey) -> Checkpoint | None:
        """The largest checkpoint seen; None before the first."""
        names = sorted(path.name for path in self._kept.iterdir() if path.name.isdecimal())
        return opened((self._kept / names[-1]).read_bytes(), key) if names else None

    def _continues(self, log: LogFiles, last: Checkpoint, new: Checkpoint, note: bytes) -> None:
        if new.size < last.size:
            self._refuse(new, note, f"rolled back: {last.size} entries were seen, the log shows {new.size}")
        if new.size == last.size and new.root != last.root:
            self._refuse(new, note, f"written anew: another root over the same {new.size} entries")
        try:
            proof = consistency_proof(last.size, new.size, log.tree(new).span)
        except ValueError as fault:
            raise StoreFault(f"the log's tiles do not prove that it continues: {fault}; nothing is cosigned") from None
        if not proves_consistency(last.size, new.size, proof, last.root, new.root):
            told = f"the first {last.size} entries of the {new.size} are not those that were seen"
            self._refuse(new, note, f"written anew, or tiles damaged: {told}")

    def _refuse(self, new: Checkpoint, note: bytes, why: str) -> None:
        name = f"{new.size:0{_DIGITS}d}-{base64.b32encode(new.root).decode()[:16].lower()}"
        publish(self._refused / name, note)
        raise Refused(why)


def seen_by(folder: Path, log: VerifierKey, witness: VerifierKey) -> list[Seen]:
    """What a witness kept, from its folder `checkpoints` or a copy of it, each cosignature verified.

    Raises StoreFault for a file that is no checkpoint of this log cosigned by this witness.
    """
    found = []
    for path in sorted(path for path in folder.glob("*") if path.name.isdecimal()):
        note = path.read_bytes()
        try:
            at = cosigned_at(note, witness)
            if at is None:
                raise NoteFault("bears no cosignature by the witness's key")
            found.append(Seen(opened(note, log), at))
        except NoteFault as fault:
            raise StoreFault(f"witness's checkpoint {path.name}: {fault}") from None
    return found
