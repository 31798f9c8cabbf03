"""Keys of periods, outside the database, and their destruction: deletion by law is the end of a key (RET-8).

A key's name says its class, its period and its part: `S/2026-01-10/identity`. Each is 256 random bits, wrapped, in a
file of its own; a `Wrapping` does the wrapping: root keys in files (`root_files`), one key a period in Vault or OpenBao
(`transit_keys`), one key a period in a PKCS#11 token (`token_keys`). Where the wrapping key serves one period alone,
destruction ends both halves: whoever would undo it needs an old copy of the files *and* one of the Vault or token.
"""

import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.durable_file import (
    alone,
    overwrite_and_remove,
    private_folder,
    publish,
    sync,
    sync_all,
    written,
)

KEY_BYTES = 32
NONCE_BYTES = 12
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")


class Keystore(Protocol):
    """The five calls, and a look. A destroyed key stays destroyed: every call on it but `destroy` raises KeyGone."""

    def create(self, name: str) -> bytes:
        """The key of this name, made now if there is none; of two that make it at once both get the same."""

    def wrap(self, name: str, key: bytes) -> None:
        """Take a given key under this name (a restore, a key made elsewhere); StoreFault where one stands already."""

    def unwrap(self, name: str) -> bytes:
        """The key of this name; StoreFault where there was never one."""

    def rewrap(self, name: str) -> None:
        """Wrap the key anew under a new root or wrapping key; the key itself stays."""

    def destroy(self, *names: str) -> None:
        """End these keys for ever, in one act; to destroy one again, or one that was never made, does no harm."""

    def destructions(self) -> int:
        """Another number after each destruction, whoever did it: who holds keys in memory forgets them then."""


class Wrapping(Protocol):
    """What wraps keys. A *handle* (letters, digits, `.`, `_`, `-`) names one wrapping key."""

    apart: bool
    """Whether each key has a wrapping key of its own, so that one may be left over by a crash."""

    def fresh(self) -> str:
        """The handle of the wrapping key for the next key; it is made by `seal` where it does not stand yet."""

    def seal(self, handle: str, name: str, key: bytes) -> bytes:
        """The key wrapped, bound to its name."""

    def open(self, handle: str, name: str, sealed: bytes) -> bytes:
        """What `seal` wrapped; StoreFault where it does not open."""

    def end(self, handle: str) -> None:
        """Destroy the wrapping key where it serves one key alone; no harm where there is none."""

    def renew(self) -> None:
        """Make a new root for what is wrapped from now on, where many keys share one."""

    def retire(self, in_use: set[str]) -> int:
        """Destroy each wrapping key that wraps nothing any more; returns how many."""

    def unused(self, in_use: set[str]) -> int:
        """How many `retire` would destroy."""

    def reached(self) -> str:
        """What wraps the keys and how it is, in words; StoreFault where it is out of reach."""


class KeysApart(ABC):
    """What all wrappings share in which each key has a wrapping key of its own."""

    apart = True

    @abstractmethod
    def end(self, handle: str) -> None:
        """See Wrapping."""

    @abstractmethod
    def standing(self) -> set[str]:
        """The handles of all wrapping keys of ours."""

    def renew(self) -> None:  # noqa: B027 nothing to do is what all of them do
        """See Wrapping: nothing is shared, and `rewrap` makes a new wrapping key."""

    def retire(self, in_use: set[str]) -> int:
        """See Wrapping."""
        left = self.standing() - in_use
        for handle in left:
            self.end(handle)
        return len(left)

    def unused(self, in_use: set[str]) -> int:
        """See Wrapping."""
        return len(self.standing() - in_use)


class _Unfinished(msgspec.Struct, frozen=True):
    """A note of what is under way, so that the next call ends it after a crash: a destruction, or a wrapping."""

    names: tuple[str, ...]
    handles: tuple[str, ...]
    destroys: bool = False


class WrappedKeys:
    """The five calls over a folder (0700): `periods/<name>.key`, and a `.gone` mark for each ended key.

    One process at a time makes, rewraps or destroys keys (a lock on the folder); reading takes no lock. `deaths` is a
    file outside the folder that the names of destroyed keys are added to, so that an older copy of the folder cannot
    bring them back (see `key_copies`).
    """

    def __init__(self, folder: Path, wrapping: Wrapping, deaths: Path | None = None) -> None:
        self.folder, self.wrapping, self.deaths = folder, wrapping, deaths
        self._periods, self._unfinished, self._ends = folder / "periods", folder / "unfinished", folder / ".ends"
        for place in (folder, self._periods, self._unfinished):
            private_folder(place)
        if any(self._unfinished.iterdir()):
            with self._alone():
                pass

    def create(self, name: str) -> bytes:
        """See Keystore."""
        if not self._path(name).exists():
            with self._alone():
                self._refuse_gone(name)
                if not self._path(name).exists():
                    self._put(name, secrets.token_bytes(KEY_BYTES))
        return self.unwrap(name)

    def wrap(self, name: str, key: bytes) -> None:
        """See Keystore."""
        with self._alone():
            self._refuse_gone(name)
            if self._path(name).exists():
                raise StoreFault(f"key {name}: there is one already")
            self._put(name, key)

    def unwrap(self, name: str) -> bytes:
        """See Keystore."""
        sealed = self._read(name)
        try:
            return self._open(name, sealed)
        except StoreFault:
            newer = self._read(name)
            if newer == sealed:
                raise
            return self._open(name, newer)  # it was wrapped anew, or destroyed, in between

    def rewrap(self, name: str) -> None:
        """See Keystore."""
        with self._alone():
            self._put(name, self.unwrap(name))

    def destroy(self, *names: str) -> None:
        """See Keystore. The note of all comes first: after a crash halfway none of them could be used again.

        Raises StoreFault where Vault or token is out of reach: the keys are marked and their files gone, and the next
        call ends their wrapping keys.
        """
        for name in names:
            self._path(name)
        if not names:
            return
        with self._alone():
            handles = tuple(sorted({handle for name in names if (handle := self._handle(name))}))
            with self._noted(_Unfinished(names, handles, destroys=True)):
                self._end(names)
                for handle in handles:
                    self.wrapping.end(handle)

    def destructions(self) -> int:
        """See Keystore: the size of a file that grows by a byte with each; it need not outlive the processes."""
        try:
            return self._ends.stat().st_size
        except FileNotFoundError:
            return 0

    def names(self) -> list[str]:
        """The keys that there are, sorted."""
        return sorted(path.relative_to(self._periods).with_suffix("").as_posix() for path in self._files())

    def gone(self) -> list[str]:
        """The keys that were destroyed, sorted."""
        marks = self._periods.rglob("*.gone")
        return sorted(path.relative_to(self._periods).with_suffix("").as_posix() for path in marks)

    def unused(self) -> int:
        """How many wrapping keys wrap nothing: left by a crash or an old root."""
        return self.wrapping.unused(self._handles())

    def wrapped_since(self) -> datetime | None:
        """When the key that was wrapped anew least lately was wrapped, UTC; None where there are no keys."""
        times = [path.stat().st_mtime for path in self._files()]
        return datetime.fromtimestamp(min(times), UTC) if times else None

    def rotate(self) -> int:
        """Wrap every key under a new root or wrapping key of its own, and destroy the old ones; returns how many.

        A crash halfway leaves every key readable; done again, it is done.
        """
        self.wrapping.renew()
        names = self.names()
        for name in names:
            with suppress(KeyGone):  # destroyed meanwhile
                self.rewrap(name)
        with self._alone():
            self.wrapping.retire(self._handles())
        return len(names)

    def sealed_keys(self) -> dict[str, bytes]:
        """The content of each key's file by name, wrapped as it is."""
        return {name: self._path(name).read_bytes() for name in self.names()}

    def take_back(self, sealed: dict[str, bytes], gone: Iterable[str]) -> int:
        """Mark each of `gone` destroyed, then take the files that are neither marked nor there; returns how many."""
        self.destroy(*gone)
        taken = 0
        for name, content in sealed.items():
            path = self._path(name)
            if not path.with_suffix(".gone").exists():
                private_folder(path.parent)
                taken += publish(path, content)
        return taken

    def _put(self, name: str, key: bytes) -> None:
        """Wrap the key under a fresh handle and put it in place; what wrapped it before is ended."""
        handles = tuple(filter(None, (self._handle(name), self.wrapping.fresh())))
        path = self._path(name)
        private_folder(path.parent)
        with self._noted(_Unfinished((name,), handles)) if self.wrapping.apart else nullcontext():
            sealed = self.wrapping.seal(handles[-1], name, key)
            written(path, f"{handles[-1]}:".encode() + sealed).replace(path)
            sync(path.parent)
            self._end_unused((name,), handles)

    def _open(self, name: str, content: bytes) -> bytes:
        handle, colon, sealed = content.partition(b":")
        if not colon or not handle.isascii():
            raise StoreFault(f"key {name}: its file is damaged")
        return self.wrapping.open(handle.decode(), name, sealed)

    def _read(self, name: str) -> bytes:
        self._refuse_gone(name)
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            self._refuse_gone(name)
            raise StoreFault(f"key {name}: there is none") from None

    def _end(self, names: Iterable[str]) -> None:
        """Mark the keys ended and overwrite their files; of an old block that a disk kept, the wrapping is all."""
        paths = {name: self._path(name) for name in names}
        for path in paths.values():
            private_folder(path.parent)
        fresh = [name for name, path in paths.items() if _is_marked_now(path.with_suffix(".gone"))]
        sync_all({path.parent for path in paths.values()})
        if fresh and self.deaths is not None:
            _append(self.deaths, fresh)
        overwrite_and_remove(*paths.values())
        with os.fdopen(os.open(self._ends, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
            file.write(b".")

    def _end_unused(self, names: Iterable[str], handles: Iterable[str]) -> None:
        current = {self._handle(name) for name in names}
        for handle in handles:
            if handle not in current:
                self.wrapping.end(handle)

    def _handle(self, name: str) -> str:
        """The handle that the key's file names; '' where there is no file."""
        try:
            return self._path(name).read_bytes().partition(b":")[0].decode("ascii", "replace")
        except FileNotFoundError:
            return ""

    def _handles(self) -> set[str]:
        return {self._handle(name) for name in self.names()}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The folder's lock; what a crash left halfway is ended first."""
        with alone(self.folder / ".lock"):
            for note in self._unfinished.glob("*.json"):
                self._finish(msgspec.json.decode(note.read_bytes(), type=_Unfinished))
                note.unlink()
            yield

    def _finish(self, left: _Unfinished) -> None:
        if left.destroys:
            self._end(left.names)
        self._end_unused(left.names, left.handles)

    @contextmanager
    def _noted(self, what: _Unfinished) -> Iterator[None]:
        note = self._unfinished / f"{secrets.token_hex(8)}.json"
        publish(note, msgspec.json.encode(what))
        yield
        note.unlink()  # not after a fault: the next call finishes what it says

    def _files(self) -> Iterator[Path]:
        return self._periods.rglob("*.key")

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise StoreFault("a key's name is words of letters, digits, - and _, parted by /")
        return self._periods / f"{name}.key"

    def _refuse_gone(self, name: str) -> None:
        if self._path(name).with_suffix(".gone").exists():
            raise KeyGone(f"key {name} was destroyed")


def _is_marked_now(mark: Path) -> bool:
    """Put an empty file there, not yet durable; False where one stood."""
    try:
        mark.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True


def _append(path: Path, names: Iterable[str]) -> None:
    private_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, "".join(f"{name}\n" for name in names).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
