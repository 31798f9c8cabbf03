"""The schema by numbered files, each run once, in a transaction with its number."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.sql.database import Database, transaction

SCHEMA = Path(__file__).parent / "schema"


def migrate(db: Database, folder: Path = SCHEMA) -> None:
    """Run each numbered file that this database has not seen; StoreFault where a newer version wrote it."""
    files = {int(path.stem): path for path in sorted(folder.glob("[0-9]*.sql"))}
    with transaction(db):
        db.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY) STRICT")
        (done,) = db.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    if done > max(files):
        raise StoreFault("the database was written by a newer version of pnr-pipeline")
    for number, path in files.items():
        if number > done:
            with transaction(db):
                _run(db, number, path)


def _run(db: Database, number: int, path: Path) -> None:
    if db.execute("SELECT 1 FROM schema_version WHERE version = ?", (number,)).fetchone():
        return  # another process was first
    for statement in _statements(path.read_text("utf-8")):
        db.execute(statement)
    db.execute("INSERT INTO schema_version VALUES (?)", (number,))


def _statements(text: str) -> Iterator[str]:
    """The statements of a script, one at a time: `executescript` would end our transaction."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
