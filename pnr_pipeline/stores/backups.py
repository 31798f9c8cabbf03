"""Sealed backups: database, audit log, lists and rules in one file, under a key of its day that ends within 35 days.

No key is in a backup: those of records have their own copies (`key_copies`), and what was destroyed since it was made
stays unreadable in it. The database is read row by row, as of one moment, into the sealed stream: it never lies on a
disk in clear, and a backup of either kind of database is taken back by either. How: `restored`.
"""

import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Domain
from pnr_pipeline.retention import KeyPeriod
from pnr_pipeline.stores.copies import BACKUP_ENDING, UNFINISHED
from pnr_pipeline.stores.durable_file import alone, private_folder, sync
from pnr_pipeline.stores.keystore import Keystore
from pnr_pipeline.stores.rule_files import rules_root
from pnr_pipeline.stores.seal import Part, Sealer
from pnr_pipeline.stores.sealed_stream import CHUNK_BYTES, SealedReader, SealedWriter, head_of
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.database_rows import take_rows, told_rows
from pnr_pipeline.stores.state import StateFolder

_FORM = 1
_PART: Part = "open"
_RESTORING = ".restoring-"
_DATABASE = "database/"
_NOT_OURS = "the backup holds what no backup of ours does"


class BackupHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup tells in clear: the period of its key, when it was made and until when it opens (UTC), for whom."""

    form: int = _FORM
    period: str
    made_at: datetime
    expires_at: datetime
    profile: str
    domain: Domain
    stream: str
    """Random; the key is of this one file."""


def make_backup(
    state: StateFolder, db: Database, sealer: Sealer, period: KeyPeriod, profile: str, domain: Domain, folder: Path,
    now: datetime,
) -> Path:  # fmt: skip
    """Seal the state as it is now into one file of `folder`; it stands there whole or not at all.

    The log goes first, so that the database is never behind it. Raises StoreFault where nothing was made.
    """
    head = BackupHead(
        period=period.id, made_at=now, expires_at=period.expires_at, profile=profile, domain=domain,
        stream=secrets.token_hex(32),
    )  # fmt: skip
    line = msgspec.json.encode(head)
    private_folder(folder)
    path = folder / f"{now:%Y-%m-%dT%H-%M-%S}{BACKUP_ENDING}"
    with alone(folder / ".lock"), _whole(path) as file:
        writer = SealedWriter(file, _key(sealer, head), line)
        with tarfile.open(fileobj=cast(BinaryIO, writer), mode="w|", bufsize=CHUNK_BYTES) as tar:
            for place, name in _files(state):
                with suppress(FileNotFoundError), place.open("rb") as content:  # a partial tile that was filled since
                    _add(tar, name, content)
            for name, told in told_rows(db, sealer):
                _add(tar, f"{_DATABASE}{name}", BytesIO(told))
        writer.finish()
    return path


def read_head(path: Path) -> BackupHead:
    """What a backup tells in clear; StoreFault where it is none."""
    with path.open("rb") as file:
        try:
            head = msgspec.json.decode(head_of(file), type=BackupHead)
        except (msgspec.MsgspecError, StoreFault):
            raise StoreFault(f"{path.name}: no backup, or damaged") from None
    if head.form != _FORM:
        raise StoreFault(f"{path.name}: of a newer version of pnr-pipeline")
    return head


def check_backup(path: Path, keystore: Keystore) -> tuple[int, int]:
    """Open every chunk and leave nothing behind; files and bytes in it. Raises StoreFault, KeyGone past its time."""
    files = size = 0
    with _opened(path, keystore) as (_, tar):
        for member in tar:
            files, size = files + 1, size + member.size
    return files, size


def pieces(path: Path, keystore: Keystore) -> Iterator[tuple[str, bytes]]:
    """(table and number, rows) of each piece of the database in a backup, as `database_rows` tells them."""
    with _opened(path, keystore) as (_, tar):
        for member in tar:
            if member.name.startswith(_DATABASE):
                yield member.name.removeprefix(_DATABASE), _content(tar, member).read()


def unpack_backup(path: Path, keystore: Keystore, folder: Path, db: Database) -> None:
    """Put the files of a backup into this folder and its rows into this empty database, in the caller's transaction.

    Raises StoreFault for a damaged file, KeyGone past its time.
    """
    with _opened(path, keystore) as (head, tar):
        sealer = Sealer(keystore, head.profile)
        for member in tar:
            if member.name.startswith(_DATABASE):
                take_rows(db, member.name.removeprefix(_DATABASE), _content(tar, member).read(), sealer)
            else:
                _take(tar, member, folder)
    db.renumber()


def folder_aside(state: StateFolder) -> Path:
    """A new folder beside the state folder; what a crash left of an earlier one is removed."""
    for left in state.root.parent.glob(f".{state.root.name}{_RESTORING}*"):
        shutil.rmtree(left)
    return private_folder(state.root.with_name(f".{state.root.name}{_RESTORING}{secrets.token_hex(8)}"))


@contextmanager
def _opened(path: Path, keystore: Keystore) -> Iterator[tuple[BackupHead, tarfile.TarFile]]:
    head = read_head(path)
    keystore.unwrap(f"{head.period}/{_PART}")  # KeyGone past its time; a sealer would make one that is missing
    with path.open("rb") as file:
        line = head_of(file)
        reader = SealedReader(file, _key(Sealer(keystore, head.profile), head), line)
        try:
            with tarfile.open(fileobj=cast(BinaryIO, reader), mode="r|", bufsize=CHUNK_BYTES) as tar:
                yield head, tar
        except tarfile.TarError:
            raise StoreFault(f"{path.name}: what was sealed in it is no backup") from None
        reader.finish()


def _key(sealer: Sealer, head: BackupHead) -> bytes:
    return sealer.record_key(head.period, _PART, f"backup {head.stream}")


def _files(state: StateFolder) -> Iterator[tuple[Path, str]]:
    """Everything but the database, with its name in the backup."""
    for below, root in ((state.log, "log"), (state.lists, "lists"), (rules_root(), "rules")):
        # the checkpoint first: the tiles that it covers stand already
        for path in sorted(below.rglob("*"), key=lambda path: (path.name != "checkpoint", path)):
            if path.is_file() and not path.name.startswith("."):
                yield path, f"{root}/{path.relative_to(below).as_posix()}"
    for path in (state.settings, state.deaths, state.staff, state.staff_signature):
        if path.is_file():
            yield path, path.name


def _add(tar: tarfile.TarFile, name: str, content: BinaryIO) -> None:
    member = tarfile.TarInfo(name)
    member.size = content.seek(0, os.SEEK_END)
    content.seek(0)
    tar.addfile(member, content)


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One file, 0600; what is no plain file or leads out of the folder was not put there by us."""
    path = folder / member.name
    content = _content(tar, member)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise StoreFault(_NOT_OURS)
    private_folder(path.parent)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, CHUNK_BYTES)
        file.flush()
        os.fsync(file.fileno())


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise StoreFault(_NOT_OURS)
    return content


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name once it is complete and durable."""
    for left in path.parent.glob(f"{UNFINISHED}*"):
        left.unlink()
    unfinished = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        raise StoreFault(f"{path.name} stands there already") from None
    finally:
        unfinished.unlink(missing_ok=True)
        sync(path.parent)
