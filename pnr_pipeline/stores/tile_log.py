"""The log's files: tiles and entry bundles in a folder, and the checkpoint that covers them (LOG-5).

Tiles are on the disk before the checkpoint that counts them; a crash before it leaves files that the next publication
writes again with the same bytes. Partial tiles of earlier checkpoints stay until the full tile stands, as
c2sp.org/tlog-tiles asks.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pnr_pipeline.audit.note import Checkpoint, NoteFault, Signer, VerifierKey, opened
from pnr_pipeline.audit.tiles import WIDTH, RightEdge, TileTree, bundle, tile_path
from pnr_pipeline.audit.tree import leaf_hash
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.durable_file import alone, private_folder, sync, written


class LogFiles:
    """The log as anybody reads it: a folder of files, or a copy of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes | None:
        """The bytes at a path below the folder; None where there is no such file."""
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def files(self) -> Iterator[str]:
        """The paths of all files below `tile/`."""
        for path in sorted((self.folder / "tile").rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix()

    def checkpoint(self, key: VerifierKey) -> Checkpoint | None:
        """The newest checkpoint, its signature verified; None where none was published. Raises StoreFault."""
        note = self.read("checkpoint")
        if note is None:
            return None
        try:
            return opened(note, key)
        except NoteFault as fault:
            raise StoreFault(f"the log's checkpoint: {fault}; see `pnr audit verify`") from None

    def tree(self, checkpoint: Checkpoint) -> TileTree:
        """The tree under a checkpoint; calls of it raise ValueError where a tile is missing."""
        return TileTree(self.read, checkpoint.size)


class TileLog(LogFiles):
    """The one log of a deployment, to be continued under its signing key."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        super().__init__(folder)
        self._signer = signer

    @property
    def key(self) -> VerifierKey:
        """What third parties verify the log with."""
        return self._signer.key

    def extend(self, entries_after: Callable[[Checkpoint, TileTree], Iterable[bytes]]) -> Checkpoint:
        """Continue the log with what `entries_after` gives for its checkpoint and tree; returns the new checkpoint.

        One process at a time does so. Raises StoreFault where the files do not carry the checkpoint they claim, and
        signs nothing then.
        """
        private_folder(self.folder)
        with alone(self.folder / ".lock"):
            old = self.checkpoint(self.key) or Checkpoint(self._signer.name, 0, RightEdge().root())
            tree = self.tree(old)
            try:
                edge = RightEdge.of(tree)
                pending = tree.entries(old.size // WIDTH) if old.size % WIDTH else []
            except ValueError as fault:
                raise StoreFault(f"the log's files: {fault}; see `pnr audit verify`") from None
            if edge.root() != old.root or [leaf_hash(one) for one in pending] != (edge.rows or [[]])[0]:
                raise StoreFault("the log's tiles are not those of its checkpoint; see `pnr audit verify`")
            filled = self._grow(edge, pending, entries_after(old, tree))
            new = Checkpoint(old.origin, edge.size, edge.root())
            if new.size > old.size:
                self._publish(new)
                self._drop_partial(filled)
            return new

    def prune(self, bundles: int) -> None:
        """Remove the entries of the first `bundles` bundles; their hashes stay (LOG-3)."""
        with alone(self.folder / ".lock"):
            for index in range(bundles):
                path = self.folder / tile_path(None, index)
                path.unlink(missing_ok=True)

    def _grow(self, edge: RightEdge, pending: list[bytes], entries: Iterable[bytes]) -> list[str]:
        """Write what the entries fill and what stays partial, all durable; returns the paths of the full tiles."""
        filled: list[str] = []
        folders: set[Path] = set()
        changed = -1
        for entry in entries:
            pending.append(entry)
            changed = edge.size
            for level, index, hashes in edge.append(leaf_hash(entry)):
                if level == 0:
                    filled.append(self._put(tile_path(None, index), bundle(pending), folders))
                    pending = []
                filled.append(self._put(tile_path(level, index), b"".join(hashes), folders))
        if changed < 0:
            return []
        if pending:
            self._put(tile_path(None, edge.size // WIDTH, len(pending)), bundle(pending), folders)
        for level, row in enumerate(edge.rows):
            path = tile_path(level, edge.size // WIDTH ** (level + 1), len(row)) if row else ""
            if path and not (self.folder / path).exists():
                self._put(path, b"".join(row), folders)
        for folder in folders:
            sync(folder)
        return filled

    def _put(self, path: str, content: bytes, folders: set[Path]) -> str:
        """One file, whole; its folder, and each that had to be made, is noted to be made durable."""
        place = self.folder / path
        folder = place.parent
        while folder != self.folder and not folder.exists():
            folders.add(folder.parent)
            folder = folder.parent
        private_folder(place.parent)
        written(place, content).replace(place)
        folders.add(place.parent)
        return path

    def _publish(self, checkpoint: Checkpoint) -> None:
        place = self.folder / "checkpoint"
        written(place, self._signer.sign(checkpoint).encode()).replace(place)
        sync(self.folder)

    def _drop_partial(self, filled: Iterable[str]) -> None:
        for path in filled:
            shutil.rmtree(self.folder / f"{path}.p", ignore_errors=True)
