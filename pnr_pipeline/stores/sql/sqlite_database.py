"""The SQLite file: one writer at a time, nothing acknowledged that a power cut could take back."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.sql.database import Locks, Rows
from pnr_pipeline.stores.sql.migrations import migrate

_BUSY_SECONDS = 60.0
_RECLAIM_WAIT_MS = 250


class SqliteDatabase:
    """See Database. The write lock is taken where a transaction begins, so it needs no other (BEGIN IMMEDIATE)."""

    def __init__(self, path: Path, *, reads_only: bool = False) -> None:
        place = f"{path.absolute().as_uri()}?mode={'ro' if reads_only else 'rwc'}"
        try:
            # autocommit: transactions are begun by `transaction` alone, never by the driver
            # an engine may call from thread after thread; its callers take turns (see Store)
            self._db = sqlite3.connect(
                place, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._db.create_function("unhex", 1, bytes.fromhex, deterministic=True)  # SQLite has it from 3.41 on
        except sqlite3.Error as fault:
            raise StoreFault(f"database {path.name} cannot be opened: {fault}") from None

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """See Database."""
        try:
            return self._db.execute(sql, values)
        except sqlite3.Error as fault:
            raise _trouble(fault) from None

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """See Database."""
        try:
            self._db.executemany(sql, rows)
        except sqlite3.Error as fault:
            raise _trouble(fault) from None

    def begin(self, locks: Locks | None, access: Access | None = None) -> None:
        """See Database."""
        self.execute("BEGIN IMMEDIATE")

    def serve(self, reach: Callable[[str], str]) -> None:
        """Who opens the file sees all of it: the store's own gate asks for the States (`ground.write_access`)."""

    def begin_reading(self) -> None:
        """See Database."""
        self.execute("BEGIN")
        self.execute("SELECT 1 FROM schema_version").fetchone()  # the moment is that of the first read

    def stream(self, sql: str) -> Iterator[Any]:
        """See Database."""
        try:
            yield from self._db.execute(sql)
        except sqlite3.Error as fault:
            raise _trouble(fault) from None

    def renumber(self) -> None:
        """AUTOINCREMENT goes on after the largest by itself."""

    def server(self) -> str:
        """See Database: where the file lies its folder tells."""
        return ""

    def hold(self, names: Iterable[str]) -> None:
        """Nothing is left to lock."""

    def commit(self) -> None:
        """See Database."""
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as fault:
            self.rollback()
            raise _trouble(fault) from None

    def rollback(self) -> None:
        """See Database."""
        if self._db.in_transaction:  # a full disk ends some transactions by itself
            self.execute("ROLLBACK")

    def reclaim(self) -> None:
        """See Database. Deleted rows are overwritten in the file (secure_delete); here the log that had them goes.

        Where another connection reads at the moment, as a backup does for long, the log stays until the next time.
        """
        self.execute(f"PRAGMA busy_timeout = {_RECLAIM_WAIT_MS}").fetchall()
        try:
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}").fetchall()

    def open_period(self, period: str) -> None:
        """All periods lie in one file."""

    def part_period(self, table: str, period: str) -> None:
        """See Database."""

    def clear_period(self, table: str, column: str, period: str, most: int) -> int:
        """See Database."""
        (last,) = self.execute(
            f"SELECT max({column}) FROM (SELECT {column} FROM {table} WHERE period = ? ORDER BY {column} LIMIT ?)",  # noqa: S608  # names of ours, here and below
            (period, most),
        ).fetchone()
        return self.execute(f"DELETE FROM {table} WHERE period = ? AND {column} <= ?", (period, last)).rowcount  # noqa: S608

    def close(self) -> None:
        """See Database."""
        self._db.close()


def connect(path: Path) -> SqliteDatabase:
    """The database at `path`, made with mode 0600 where missing and brought to the newest schema.

    Raises StoreFault where it cannot be opened or was written by a newer version.
    """
    try:
        path.touch(mode=0o600)
    except OSError as fault:
        raise StoreFault(f"database {path.name} cannot be opened: {fault}") from None
    db = SqliteDatabase(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked (RET-8)
    migrate(db)
    return db


def _trouble(fault: sqlite3.Error) -> StoreFault:
    return StoreFault(f"database: {type(fault).__name__}: {fault}")
