import pytest

from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase, connect


def _unclassed(db: SqliteDatabase) -> set[str]:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    classed = {name for (name,) in db.execute("SELECT table_name FROM retention_class")}
    return {name for name in tables if not name.startswith("sqlite_")} ^ classed


@pytest.mark.law("RET-7")
def test_every_table_declares_its_retention_class_and_no_other_is_declared_ret_7(tmp_path):
    assert _unclassed(connect(tmp_path / "pnr.sqlite")) == set()


@pytest.mark.law("RET-7")
def test_a_table_without_a_class_is_found(tmp_path):
    db = connect(tmp_path / "pnr.sqlite")
    db.execute("CREATE TABLE forgotten (name TEXT)")
    assert _unclassed(db) == {"forgotten"}


def test_the_database_is_opened_again_as_it_is_with_full_durability_and_foreign_keys(tmp_path):
    connect(tmp_path / "pnr.sqlite").close()
    db = connect(tmp_path / "pnr.sqlite")
    settings = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert settings == ["wal", 2, 1]
    assert (tmp_path / "pnr.sqlite").stat().st_mode & 0o777 == 0o600
