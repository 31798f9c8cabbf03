"""Files that are there whole or not at all, also after a power cut; readable by their owner alone."""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pnr_pipeline.errors import StoreFault

_BLOCK = 1 << 20
_AT_ONCE = 32
"""Syncs under way at a time."""


def written(path: Path, content: bytes) -> Path:
    """A durable file with `content` beside `path`, mode 0600, under a name nobody else has."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # a full disk is not to be filled with drafts
        fresh.unlink(missing_ok=True)
        raise
    return fresh


@contextmanager
def trouble_in(what: str) -> Iterator[None]:
    """Let what the system refuses (a full disk, a lost one) be a store in trouble: nobody's message is to blame."""
    try:
        yield
    except OSError as fault:
        raise StoreFault(f"{what}: {fault.strerror or type(fault).__name__}") from None


def publish(path: Path, content: bytes) -> bool:
    """Put `content` at `path`, whole and durable, unless something stands there; says whether it was put."""
    fresh = written(path, content)
    try:
        os.link(fresh, path)  # atomic, and refuses to replace: of two at once one wins, none is read half-written
        return True
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
        sync(path.parent)


def sync(path: Path) -> None:
    """Make a file's content, or a folder's entries, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Iterable[Path]) -> None:
    """Make files and folders durable, several at a time: a disk then answers for many at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(sync, paths):
            pass


def overwrite_and_remove(*paths: Path) -> None:
    """Overwrite the files with random bytes, durably, and remove them; no harm where there is none."""
    there = [path for path in paths if _is_overwritten(path)]
    sync_all(there)
    for path in there:
        path.unlink()
    sync_all({path.parent for path in there})


def _is_overwritten(path: Path) -> bool:
    try:
        with path.open("r+b", buffering=0) as file:
            for start in range(0, path.stat().st_size, _BLOCK):
                file.write(secrets.token_bytes(min(_BLOCK, path.stat().st_size - start)))
    except FileNotFoundError:
        return False
    return True


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time, and one thread of it, holds the lock at this path; a process that ends lets go of it."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def private_folder(path: Path) -> Path:
    """Make the folder and each missing one above it, mode 0700 (`mkdir` alone gives it to the last only)."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path
