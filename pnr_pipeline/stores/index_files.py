"""Built indexes as folders of flat arrays: written once, checked on opening, mapped read-only by all workers.

Layout below the root, one folder an index, named by what it was made of (lists and versions, rules, engine)::

    <name>/<group>.<field>.npy    the arrays of `screening.gathering.Gathered`
    <name>/head.json              lists, versions, registrations; type, shape and SHA-256 of each array

The processes of a machine that map one folder share its memory. A folder may be deleted while others still map it.
The files hold personal data of the listed persons: owner-only modes, and they go when their lists do.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.screening import ENGINE, Index, ScreeningRules
from pnr_pipeline.screening.index import Head, arrays_by_name, gathered_from


class _ArrayFile(msgspec.Struct, frozen=True):
    sha256: str
    dtype: str
    shape: tuple[int, ...]


class _HeadFile(msgspec.Struct, frozen=True):
    reader: str
    head: Head
    arrays: dict[str, _ArrayFile]


def reader_version(rules: Mapping[str, str]) -> str:
    """A hash of these rule texts and of this very engine: what they read may be taken over into a later index."""
    return hashlib.sha256(repr((ENGINE, sorted(rules.items()))).encode()).hexdigest()[:16]


def opened(
    root: Path,
    versions: Mapping[str, str],
    texts: Mapping[str, str],
    rules: ScreeningRules,
    build: Callable[[Index | None], Index],
) -> Index:
    """The index of the lists in these versions by these rules; built and kept where it is not there yet, once for all.

    `build` gets the index that was kept until now, where the same engine read it by the same `texts` of rules. Indexes
    of other names are deleted when a new one is kept. Raises StoreFault where a file was changed.
    """
    reader = reader_version(texts)
    folder = root / hashlib.sha256(repr((reader, sorted(versions.items()))).encode()).hexdigest()[:16]
    if not (folder / "head.json").is_file():
        with _alone(root):
            if not (folder / "head.json").is_file():
                _keep(build(nearest(root, texts, rules)), reader, folder)
                _delete_others(root, folder.name)
    return _mapped(folder, rules)


def nearest(root: Path, texts: Mapping[str, str], rules: ScreeningRules) -> Index | None:
    """An index below `root` by this engine and these rules; None where there is none, or it was changed."""
    for file in sorted(root.glob("*/head.json"), key=lambda one: one.stat().st_mtime_ns, reverse=True):
        with suppress(StoreFault, msgspec.DecodeError):
            if msgspec.json.decode(file.read_bytes(), type=_HeadFile).reader == reader_version(texts):
                return _mapped(file.parent, rules)
    return None


def _keep(index: Index, reader: str, folder: Path) -> None:
    draft = folder.with_name(f"{folder.name}.{os.getpid()}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    files = {}
    for name, values in arrays_by_name(index.arrays).items():
        np.save(draft / f"{name}.npy", values, allow_pickle=False)
        files[name] = _ArrayFile(_digest(draft / f"{name}.npy"), values.dtype.str, values.shape)
    (draft / "head.json").write_bytes(msgspec.json.encode(_HeadFile(reader, index.head, files)))
    for path in draft.iterdir():
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    draft.rename(folder)


def _mapped(folder: Path, rules: ScreeningRules) -> Index:
    told = msgspec.json.decode((folder / "head.json").read_bytes(), type=_HeadFile)
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, file in told.arrays.items():
        path = folder / f"{name}.npy"
        if not path.is_file() or _digest(path) != file.sha256:
            raise StoreFault(f"index {folder.name} was changed after it was built: delete its folder to build it again")
        arrays[name] = np.asarray(np.load(path, mmap_mode="r" if 0 not in file.shape else None, allow_pickle=False))
    return Index(told.head, gathered_from(arrays), rules)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _delete_others(root: Path, name: str) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.name != name:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One process builds; the others wait for it."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
