"""The lake: a closed day of receipt as two Parquet files, `<class>/<day>/open/` and `…/identity/`, and a manifest.

Every value but ids, kind, version and who answers for the row is sealed before Parquet sees it, by the keys of the day
that the database uses too: their destruction ends the lake's copy with the database's. Cells are bound to record,
column, version and profile.
"""

import hashlib
import os
import secrets
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records.unit_event import AnswersFor
from pnr_pipeline.stores.durable_file import private_folder, sync, written
from pnr_pipeline.stores.lake_columns import COLUMNS, LakePart
from pnr_pipeline.stores.seal import Sealer

ROWS_AT_ONCE = 5_000
"""Of a row group: what writer and reader hold in memory."""
_FORM = 1
_MANIFEST = "manifest.json"
_ANSWERS = ("states", "controllers", "legal_basis")
"""In clear: for which States a row is kept, who answers for it, by which act (ING-1)."""


class LakeFile(msgspec.Struct, frozen=True):
    """One part of a day: its file below the day's folder, rows, bytes, SHA-256 in hex."""

    name: str
    rows: int
    size: int
    sha256: str


class LakeDay(msgspec.Struct, frozen=True):
    """A closed day. `versions` is the sum of its records' versions: with the count it tells whether any changed."""

    period: str
    closed_at: datetime
    records: dict[str, int]
    versions: int
    files: dict[str, LakeFile]
    form: int = _FORM


class LakeRow(msgspec.Struct, frozen=True):
    """One record on its way into the lake: clear values by column, an absent one where there is nothing to tell."""

    record_id: str
    kind: str
    version: int
    open: Mapping[str, bytes]
    identity: Mapping[str, bytes]
    kept_for: tuple[AnswersFor, ...]


class LakeCells(msgspec.Struct, frozen=True):
    """One record as read: the columns that were asked for and have a value, opened."""

    record_id: str
    kind: str
    version: int
    columns: dict[str, bytes]


def write_day(lake: Path, sealer: Sealer, period: str, rows: Iterable[LakeRow], now: datetime) -> LakeDay:
    """Write the day, in place of what stood there; it is there whole or not at all, the manifest last."""
    folder = private_folder(lake / period)
    generation = secrets.token_hex(4)
    paths = {part: private_folder(folder / part) / f"{generation}.parquet" for part in get_args(LakePart)}
    records: dict[str, int] = {}
    versions = 0
    with ExitStack() as open_files:
        writers = {part: open_files.enter_context(_writer(path, part)) for part, path in paths.items()}
        for batch in _batches(rows):
            for row in batch:
                records[row.kind] = records.get(row.kind, 0) + 1
                versions += row.version
            for part, writer in writers.items():
                writer.write_table(_table(sealer, period, part, batch), row_group_size=ROWS_AT_ONCE)
    total = sum(records.values())
    files = {part: _described(folder, path, total) for part, path in paths.items()}
    day = LakeDay(period, now, records, versions, files)
    place = folder / _MANIFEST
    written(place, msgspec.json.format(msgspec.json.encode(day))).replace(place)
    sync(folder)
    for path in folder.rglob("*.parquet"):
        if path not in paths.values():
            path.unlink()  # of a former closing, or of one that did not come to its end
    return day


def days(lake: Path) -> list[LakeDay]:
    """The closed days that stand in the lake, by class and day. Raises StoreFault for a manifest that is none."""
    return [_manifest(path) for path in sorted(lake.glob(f"*/*/{_MANIFEST}"))]


def day(lake: Path, period: str) -> LakeDay | None:
    """The closed day of this period; None where there is none."""
    path = lake / period / _MANIFEST
    return _manifest(path) if path.is_file() else None


def broken_files(lake: Path, told: LakeDay) -> list[str]:
    """What of a day's files is missing, damaged or not told by its manifest; no key is needed."""
    folder, found = lake / told.period, []
    for part, file in told.files.items():
        path = folder / file.name
        if not path.is_file():
            found.append(f"{part}: missing")
        elif path.stat().st_size != file.size or _digest(path) != file.sha256:
            found.append(f"{part}: not the file that was written")
        elif pq.read_metadata(path).num_rows != file.rows:
            found.append(f"{part}: other rows than told")
    known = {file.name for file in told.files.values()}
    left = [path for path in folder.rglob("*.parquet") if path.relative_to(folder).as_posix() not in known]
    return found + [f"{len(left)} files that no manifest tells"] * bool(left)


def read_cells(
    lake: Path,
    sealer: Sealer,
    told: LakeDay,
    part: LakePart,
    columns: Iterable[str],
    records: Container[str] | None = None,
    *,
    group: int | None = None,
) -> Iterator[LakeCells]:
    """The records of the day, or of a row group, or those named, with these columns of a part, opened; no others.

    Raises KeyGone where the day's key is destroyed, Masked where only the approver's half is, StoreFault for changes.
    """
    wanted = [column for column in columns if column in COLUMNS[part]]
    file = pq.ParquetFile(lake / told.period / told.files[part].name)
    groups = None if group is None else [group]
    told_of = ["record_id", "kind", "version", *wanted]
    for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=told_of):
        for row in batch.to_pylist():
            record_id, version = row["record_id"], row["version"]
            if records is not None and record_id not in records:
                continue
            opened = {
                column: sealer.open(told.period, part, f"{record_id}/{column}", version, row[column])
                for column in wanted
                if row[column] is not None
            }
            yield LakeCells(record_id, row["kind"], version, opened)


def _table(sealer: Sealer, period: str, part: LakePart, batch: list[LakeRow]) -> pa.Table:
    cells: dict[str, list[Any]] = {
        "record_id": [row.record_id for row in batch],
        "kind": [row.kind for row in batch],
        "version": [row.version for row in batch],
        "states": [_told(one.state for one in row.kept_for) for row in batch],
        "controllers": [_told(one.controller for one in row.kept_for) for row in batch],
        "legal_basis": [_told(one.legal_basis for one in row.kept_for) for row in batch],
    }
    for column in COLUMNS[part]:
        cells[column] = [
            None
            if (clear := (row.open if part == "open" else row.identity).get(column)) is None
            else sealer.seal(period, part, f"{row.record_id}/{column}", row.version, clear)
            for row in batch
        ]
    return pa.table(cells, schema=_schema(part))


def _told(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def _schema(part: LakePart) -> pa.Schema:
    head = [("record_id", pa.string()), ("kind", pa.string()), ("version", pa.int32())]
    head += [(name, pa.string()) for name in _ANSWERS]
    return pa.schema([*head, *((column, pa.binary()) for column in COLUMNS[part])])


def _writer(path: Path, part: LakePart) -> pq.ParquetWriter:
    path.touch(mode=0o600)
    # ciphertext neither compresses nor repeats, and its least and greatest value tell nothing
    return pq.ParquetWriter(
        path, _schema(part), compression="NONE", use_dictionary=["kind", *_ANSWERS], write_statistics=False
    )


def _described(folder: Path, path: Path, rows: int) -> LakeFile:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    sync(path.parent)
    return LakeFile(path.relative_to(folder).as_posix(), rows, path.stat().st_size, _digest(path))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(path: Path) -> LakeDay:
    try:
        told = msgspec.json.decode(path.read_bytes(), type=LakeDay)
    except msgspec.MsgspecError:
        raise StoreFault(f"lake: the manifest of {path.parent.name} cannot be read: close the day again") from None
    if told.form != _FORM or told.period != path.parent.relative_to(path.parents[2]).as_posix():
        raise StoreFault(f"lake: the manifest of {path.parent.name} is of another day or a newer version")
    return told


def _batches(rows: Iterable[LakeRow]) -> Iterator[list[LakeRow]]:
    batch: list[LakeRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
