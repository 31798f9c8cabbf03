"""Folders and files of received transmissions: what waits there, in which order, and how it is taken away.

One `Spool` serves both sources: the bounded one over given folders and files, and the one that follows a folder.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from pnr_pipeline.errors import UsageFault

TRANSMISSION_BYTES_MAX = 64 * 1024 * 1024
_UNFINISHED = (".part", ".tmp", ".draft")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One complete file: `source` and `item` name its position, `mark` tells it from a later file of its name."""

    path: Path
    source: str
    item: str
    mark: tuple[int, int, int]

    def read(self) -> bytes:
        """Its bytes, at most one more than a transmission may have: intake refuses those. Raises OSError."""
        with self.path.open("rb") as file:
            return file.read(TRANSMISSION_BYTES_MAX + 1)

    def remove(self) -> None:
        """Delete the file, unless it was replaced since, or is too long to have been read whole. Raises OSError."""
        now = _mark(self.path)
        if now == self.mark and now[1] <= TRANSMISSION_BYTES_MAX:
            self.path.unlink()


def waiting(places: Iterable[Path]) -> Iterator[Waiting]:
    """Every complete file of these folders and files, in the order given; in a folder by age, then name.

    Hidden files and those that end in .part, .tmp or .draft are still being written and are left out. Folders are
    searched to the bottom; links to folders are not followed. Raises UsageFault where a place does not exist.
    """
    for place in places:
        root = place.absolute()
        if root.is_file():
            found = [root]
            root = root.parent
        elif root.is_dir():
            found = list(_files_below(root))
        else:
            raise UsageFault(f"{place}: no such file or folder")
        marked = [(mark, path) for path in found if (mark := _mark(path)) is not None]
        for mark, path in sorted(marked, key=lambda one: (one[0][0], str(one[1]))):
            yield Waiting(path, f"folder:{_text(root)}", _text(path.relative_to(root)), mark)


def left_out(places: Iterable[Path]) -> int:
    """How many entries of these folders `waiting` does not take: hidden, unfinished, or no regular files."""
    counted = 0
    for place in places:
        if place.is_dir():
            every = sum(len(names) for _, _, names in os.walk(place))
            counted += every - sum(1 for path in _files_below(place) if _mark(path))
    return counted


def _files_below(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and not name.endswith(_UNFINISHED):
                yield Path(folder, name)


def _text(path: Path) -> str:
    """The path with `/`; bytes of a name that are no UTF-8 as `\\xe9`: a position is text in every store."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Time of change (ns), length, inode; None for what is gone or no regular file."""
    try:
        state = path.stat()
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size, state.st_ino) if S_ISREG(state.st_mode) else None
