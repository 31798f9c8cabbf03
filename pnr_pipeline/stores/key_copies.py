"""Two copies of the keystore, and how one is taken back without bringing a destroyed key to life (RET-8).

A copy holds what the folder of keys holds, under the passphrase, with the names of all keys destroyed by then. Whoever
holds an old copy and the passphrase holds the keys of then: so a copy is part of the keystore, there are two of them
with known places, each is overwritten by the next, and after a destruction both are behind until that is done.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.act_ledger import ActLedger
from pnr_pipeline.stores.durable_file import overwrite_and_remove, private_folder, publish, sync, written
from pnr_pipeline.stores.keystore import WrappedKeys
from pnr_pipeline.stores.root_files import protected, unprotected

COPY_NAME = "pnr-keys.copy"
_FORM = 1
_PLACES = "copies.json"
_ACTS = "acts.jsonl"
_NOT_COPIED = frozenset(("periods", "unfinished", ".lock", _PLACES, _ACTS, f".{_ACTS}.lock"))


class CopyHead(msgspec.Struct, frozen=True):
    """What a copy tells without the passphrase: when it was made (UTC), how many keys are in it and were gone then.

    `wrapped` is a hash of the wrapped keys in it: another one after they were wrapped anew. `acts` is how many the
    ledger had (`act_ledger`).
    """

    form: int
    made_at: datetime
    keys: int
    gone: int
    wrapped: str
    acts: int = 0


class CopyState(msgspec.Struct, frozen=True):
    """A place of a copy and how it is: '' where it is up to date."""

    place: str
    made_at: datetime | None
    behind: str


class _Body(msgspec.Struct, frozen=True):
    head: CopyHead
    keys: dict[str, bytes]
    gone: tuple[str, ...]
    files: dict[str, bytes]
    acts: bytes


def places_of(folder: Path) -> tuple[Path, ...]:
    """The folders that this keystore's copies lie in; none before the first."""
    path = folder / _PLACES
    return tuple(map(Path, msgspec.json.decode(path.read_bytes(), type=list[str]))) if path.is_file() else ()


def copy_keys(keystore: WrappedKeys, places: Sequence[Path], passphrase: bytes, now: datetime) -> CopyHead:
    """Write the copies anew in these folders, or in those known; the former copies are overwritten.

    One after the other, so that one whole copy stands at any moment. Raises UsageFault where there are not two places,
    StoreFault where one is out of reach.
    """
    places = [place.absolute() for place in places] or list(places_of(keystore.folder))
    if len(set(places)) < 2:
        raise UsageFault("two copies are kept: name two folders, on two media that are kept apart")
    for place in places:
        if not place.is_dir():
            raise StoreFault(f"{place}: out of reach; the copy there is as it was")
        if keystore.folder in (place, *place.parents):
            raise UsageFault(f"{place}: a copy beside the keys is lost with them")
    gone = tuple(keystore.gone())
    keys = keystore.sealed_keys()
    acts = _acts(keystore.folder)
    head = CopyHead(_FORM, now, len(keys), len(gone), _hashed(keys), acts.count(b"\n"))
    content = _packed(_Body(head, keys, gone, _other_files(keystore.folder), acts), passphrase)
    for place in places:
        _put(place / COPY_NAME, content)
    listed = keystore.folder / _PLACES
    written(listed, msgspec.json.encode([str(place) for place in places])).replace(listed)
    sync(keystore.folder)
    return head


def copy_states(keystore: WrappedKeys) -> list[CopyState]:
    """How each known copy is; nobody is asked for a passphrase."""
    keys, gone, acts = keystore.sealed_keys(), len(keystore.gone()), _acts(keystore.folder).count(b"\n")
    return [_state(place, keys, gone, acts) for place in places_of(keystore.folder)]


def take_back(
    keystore: WrappedKeys, copies: Sequence[Path], passphrase: bytes, gone_since: Iterable[str], now: datetime
) -> tuple[int, int]:
    """Take the newest of these copies into the keystore; how many keys came, and how many stayed gone for all that.

    First every key is marked destroyed of which any copy, the marks that stand here or `gone_since` (the ledger in the
    state folder, the database) say that it was. Raises StoreFault for a damaged copy or where another keystore stands
    here, UsageFault for another passphrase or a clock behind the copy's.
    """
    bodies = sorted((_unpacked(path, passphrase) for path in copies), key=lambda body: body.head.made_at)
    newest = bodies[-1]
    if now < newest.head.made_at:
        raise UsageFault("the clock is behind the copy: set it right, or what is due would not be known (RET-9)")
    gone = {name for body in bodies for name in body.gone} | set(gone_since) | set(keystore.gone())
    taken = keystore.take_back(newest.keys, sorted(gone))
    ActLedger(keystore.folder / _ACTS).merge(body.acts for body in bodies)
    return taken, len(gone & newest.keys.keys())


def lay_files(folder: Path, copies: Sequence[Path], passphrase: bytes) -> None:
    """Put what else the newest copy holds (roots, keys of units) into a folder that has no roots yet.

    Raises StoreFault where other content stands there already.
    """
    newest = max((_unpacked(path, passphrase) for path in copies), key=lambda body: body.head.made_at)
    for name, content in newest.files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise StoreFault("the copy names a file outside the keys: it is not taken")
        private_folder(path.parent)
        if not publish(path, content) and path.read_bytes() != content:
            raise StoreFault(f"{path}: another keystore stands here; move it away first")


def _other_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in _NOT_COPIED
    }


def _acts(folder: Path) -> bytes:
    path = folder / _ACTS
    return path.read_bytes() if path.is_file() else b""


def _packed(body: _Body, passphrase: bytes) -> bytes:
    return msgspec.json.encode(body.head) + b"\n" + protected(msgspec.msgpack.encode(body), passphrase)


def _unpacked(path: Path, passphrase: bytes) -> _Body:
    try:
        head, _, sealed = path.read_bytes().partition(b"\n")
        body = msgspec.msgpack.decode(unprotected(sealed, passphrase), type=_Body)
        if body.head != msgspec.json.decode(head, type=CopyHead) or body.head.form != _FORM:
            raise ValueError
    except (OSError, ValueError, msgspec.MsgspecError):
        raise StoreFault(f"{path}: no copy of keys, or damaged; take the other one") from None
    return body


def _put(path: Path, content: bytes) -> None:
    """The new copy is durable before the old one is overwritten."""
    fresh = written(path, content)
    overwrite_and_remove(path)
    fresh.replace(path)
    sync(path.parent)


def _state(place: Path, keys: dict[str, bytes], gone: int, acts: int) -> CopyState:
    path = place / COPY_NAME
    try:
        with path.open("rb") as file:
            head = msgspec.json.decode(file.readline(), type=CopyHead)
    except (OSError, msgspec.MsgspecError):
        return CopyState(str(place), None, "out of reach, or no copy")
    if head.gone < gone:
        return CopyState(str(place), head.made_at, f"holds keys destroyed since: up to {gone - head.gone}")
    if head.keys != len(keys):
        return CopyState(str(place), head.made_at, f"knows {head.keys} of {len(keys)} keys")
    if head.acts < acts:
        return CopyState(str(place), head.made_at, f"knows {head.acts} of {acts} acts that a restore does again")
    behind = "" if head.wrapped == _hashed(keys) else "the keys were wrapped anew since"
    return CopyState(str(place), head.made_at, behind)


def _hashed(keys: dict[str, bytes]) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(sorted(keys.items()))).hexdigest()
