"""Every row of a database as of one moment, out of it and into an empty one, SQLite or PostgreSQL: for backups.

Open parts stand in the database in clear and go with their rows. A backup that is younger than 35 days may hold rows
that were dropped since: under its own key alone they would be readable for as long. So each open part is sealed here by
the key of its day, and opened again where that key still stands when the backup is restored.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sql.bodies import BY_PERIOD
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.migrations import newest, tables

MARK = "sealed:"
_LEFT_OUT = ("retention_class", "schema_version", "lease", "restored")
"""What a prepared database brings with it, or is of its own."""
_BYTES_AT_ONCE = 1 << 20
_NOTHING = "{}"

Row = Sequence[Any]


def told_rows(db: Database, sealer: Sealer) -> Iterator[tuple[str, bytes]]:
    """(name, content) of pieces of about 1 MiB: all rows of all tables as of one moment, referred-to tables first.

    Others go on writing meanwhile. Nothing else may be done with `db` before the last piece.
    """
    db.begin_reading()
    try:
        yield "schema", str(newest()).encode()
        for table, columns in tables().items():
            if table not in _LEFT_OUT:
                rows = db.stream(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608  # names of ours
                sealed = (_sealed(columns, row, sealer) for row in rows) if table == "body" else rows
                for number, content in enumerate(_pieces(sealed)):
                    yield f"{table}/{number:08}", content
    finally:
        db.rollback()


def take_rows(db: Database, name: str, content: bytes, sealer: Sealer) -> int:
    """Put one piece into a database, in the caller's transaction; returns how many open parts could not be opened."""
    if name == "schema":
        if int(content) != newest():
            raise StoreFault("the backup is of another version of the schema: restore it with the version that made it")
        return 0
    table = name.partition("/")[0]
    columns = tables().get(table)
    if columns is None or table in _LEFT_OUT:
        raise StoreFault("the backup holds what no backup of ours does")
    rows = rows_in(content)
    if table in BY_PERIOD:
        for period in sorted({row[columns.index("period")] for row in rows}):
            db.open_period(period)
    gone = 0
    if table == "body":
        opened = [_opened(columns, row, sealer) for row in rows]
        gone = sum(row[columns.index("open")] == _NOTHING for row in opened)
        rows = opened
    places = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608  # names of ours
    return gone


def rows_in(content: bytes) -> list[Row]:
    """The rows of one piece."""
    return list(msgspec.msgpack.decode(content, type=list[tuple[Any, ...]]))


def _pieces(rows: Iterable[Row]) -> Iterator[bytes]:
    some: list[Row] = []
    size = 0
    for row in rows:
        some.append(row)
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if size >= _BYTES_AT_ONCE:
            yield msgspec.msgpack.encode(some)
            some, size = [], 0
    if some:
        yield msgspec.msgpack.encode(some)


def _sealed(columns: Sequence[str], row: Row, sealer: Sealer) -> Row:
    told = dict(zip(columns, row, strict=True))
    try:
        sealed = sealer.seal(told["period"], "open", f"{told['record_id']}/backup", 0, told["open"].encode())
    except KeyGone:  # its day ended a moment ago
        told["open"] = _NOTHING
    else:
        told["open"] = MARK + base64.b64encode(sealed).decode()
    return tuple(told.values())


def _opened(columns: Sequence[str], row: Row, sealer: Sealer) -> Row:
    told = dict(zip(columns, row, strict=True))
    try:
        sealed = base64.b64decode(told["open"].removeprefix(MARK))
        if told["open"].startswith(MARK):
            told["open"] = sealer.open(told["period"], "open", f"{told['record_id']}/backup", 0, sealed).decode()
    except KeyGone:
        told["open"] = _NOTHING
    return tuple(told.values())
