"""The SQLite file: one writer at a time, nothing acknowledged that a power cut could take back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pnr_pipeline.errors import StoreFault

_SCHEMA = Path(__file__).parent / "schema"
_BUSY_SECONDS = 60.0


def connect(path: Path) -> sqlite3.Connection:
    """The database at `path`, made with mode 0600 where missing and brought to the newest schema.

    Raises StoreFault where it cannot be opened or was written by a newer version.
    """
    try:
        path.touch(mode=0o600)
        # autocommit: transactions are begun by `transaction` alone, never by the driver
        # an engine may call from thread after thread; its callers take turns (see Store)
        db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked (RET-8)
        _migrate(db)
    except (sqlite3.Error, OSError) as fault:
        raise StoreFault(f"database {path.name} cannot be opened: {fault}") from None
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, with the write lock from the start (BEGIN IMMEDIATE): what is read stays true until commit.

    SQLite has one writer, so this is also the lock on the leg. Raises StoreFault where the database is in trouble.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
    except sqlite3.Error as fault:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise StoreFault(f"database: {type(fault).__name__}: {fault}") from None


def utc_text(at: datetime) -> str:
    """`2026-01-10T09:00:00.000000Z`: sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc_time(text: str) -> datetime:
    """The time that `utc_text` wrote."""
    return datetime.fromisoformat(text)


def _migrate(db: sqlite3.Connection) -> None:
    """Run each numbered file that this database has not seen, each in a transaction with its number."""
    files = {int(path.stem): path for path in sorted(_SCHEMA.glob("[0-9]*.sql"))}
    with transaction(db):
        db.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY) STRICT")
        (done,) = db.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
        if done > max(files):
            raise StoreFault("the database was written by a newer version of pnr-pipeline")
        for number, path in files.items():
            if number > done:
                for statement in _statements(path.read_text("utf-8")):
                    db.execute(statement)
                db.execute("INSERT INTO schema_version VALUES (?)", (number,))


def _statements(text: str) -> Iterator[str]:
    """The statements of a script; `executescript` would end our transaction."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
