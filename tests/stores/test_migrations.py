"""Numbered files, each once and whole, in both databases."""

import psycopg
import pytest

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.sql.migrations import as_written, in_postgres, migrate, version_of
from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase
from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase

FIRST = """
CREATE TABLE flight (
    row    INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL,                      -- a remark; with a semicolon
    sealed BLOB
) STRICT;
CREATE TABLE body (name TEXT, period TEXT, PRIMARY KEY (name, period)) STRICT, WITHOUT ROWID /* BY PERIOD */;
"""
SECOND = "ALTER TABLE flight ADD COLUMN carrier TEXT NOT NULL DEFAULT '';\nUPDATE flight SET carrier = 'QX';\n"
BROKEN = "CREATE TABLE third (name TEXT) STRICT;\nINSERT INTO nowhere VALUES (1);\n"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    """An empty database, and how its statements are said."""
    if request.param == "sqlite":
        db = SqliteDatabase(tmp_path / "some.sqlite")
        yield db, as_written
        db.close()
        return
    server = request.getfixturevalue("postgres_server")
    with server.administrator() as admin:
        admin.execute("CREATE DATABASE to_migrate")
    with server.administrator("to_migrate") as admin:
        admin.execute("CREATE SCHEMA pnr")
    db = PostgresDatabase(server.address("to_migrate", "admin"), None)
    yield db, in_postgres
    db.close()
    with server.administrator() as admin:
        admin.execute("DROP DATABASE to_migrate WITH (FORCE)")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "schema"
    place.mkdir()
    (place / "0001.sql").write_text(FIRST)
    return place


def test_an_older_state_is_brought_to_the_newest_with_its_rows(database, folder):
    db, said = database
    migrate(db, said, folder)
    db.execute("INSERT INTO flight (number, sealed) VALUES (?, ?)", ("101", b"\0?%"))
    (folder / "0002.sql").write_text(SECOND)
    migrate(db, said, folder)
    assert db.execute("SELECT row, number, sealed, carrier FROM flight").fetchall() == [(1, "101", b"\0?%", "QX")]
    assert version_of(db) == 2
    migrate(db, said, folder)
    assert db.execute("SELECT version FROM schema_version ORDER BY version").fetchall() == [(1,), (2,)]


def test_a_file_that_fails_leaves_nothing_of_it_and_can_be_run_again(database, folder):
    db, said = database
    (folder / "0002.sql").write_text(BROKEN)
    with pytest.raises(StoreFault):
        migrate(db, said, folder)
    assert version_of(db) == 1
    (folder / "0002.sql").write_text(BROKEN.replace("nowhere VALUES (1)", "third VALUES ('x')"))
    migrate(db, said, folder)
    assert db.execute("SELECT name FROM third").fetchall() == [("x",)]


def test_what_a_newer_version_wrote_is_refused(database, folder):
    db, said = database
    (folder / "0002.sql").write_text(SECOND)
    migrate(db, said, folder)
    (folder / "0002.sql").unlink()
    with pytest.raises(StoreFault, match="newer version"):
        migrate(db, said, folder)


def test_text_sorts_by_code_point_in_both(database, folder):
    db, said = database
    migrate(db, said, folder)
    for number in ("b", "A", "a", "É", "1"):
        db.execute("INSERT INTO flight (number) VALUES (?)", (number,))
    assert [n for (n,) in db.execute("SELECT number FROM flight ORDER BY number").fetchall()] == [
        "1",
        "A",
        "a",
        "b",
        "É",
    ]


def test_the_schema_of_postgres_has_the_tables_and_columns_of_sqlite(postgres_server, tmp_path):
    import store_setup
    from store_setup import open_demo

    def columns(store, query):
        return {(table, column) for table, column in store._ground.db.execute(query).fetchall()}

    with open_demo(tmp_path / "file") as store:
        of_file = columns(
            store, "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
        )  # fmt: skip
    store_setup.server = postgres_server
    try:
        with open_demo(tmp_path / "server") as store:
            of_server = columns(
                store, "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN pg_class r"
                " ON r.oid = to_regclass('pnr.' || c.table_name) WHERE c.table_schema = 'pnr' AND NOT r.relispartition",
            )  # fmt: skip
            classed = {
                name for (name,) in store._ground.db.execute("SELECT table_name FROM retention_class").fetchall()
            }
    finally:
        store_setup.server = None
        postgres_server.drop_given()
    assert len(of_file) > 150 and of_file == {told for told in of_server if told[0] != "gate_key"}
    assert classed == {table for table, _ in of_file} | {"gate_key"}


def test_who_asks_for_a_database_that_was_not_prepared_is_told_what_to_do(postgres_server, tmp_path, monkeypatch):
    from store_setup import open_demo

    with postgres_server.administrator() as admin:
        admin.execute("DROP DATABASE IF EXISTS unprepared WITH (FORCE)")
        admin.execute("CREATE DATABASE unprepared")
    monkeypatch.setenv("PNR_DATABASE", postgres_server.address("unprepared"))
    with pytest.raises(StoreFault, match="pnr database prepare"):
        open_demo(tmp_path / "state")
    with postgres_server.administrator() as admin, pytest.raises(psycopg.errors.UndefinedTable):
        admin.execute("SELECT 1 FROM pnr.record_head")
