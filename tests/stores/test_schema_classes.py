import pytest

from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase, connect


def _unclassed(db: SqliteDatabase) -> set[str]:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    classed = {name for (name,) in db.execute("SELECT table_name FROM retention_class")}
    return {name for name in tables if not name.startswith("sqlite_")} ^ classed


def _unanswered(db: SqliteDatabase) -> set[str]:
    """Tables that hold anything of travellers and lack the number that says for whom, by whom, on which basis."""
    classes = "SELECT table_name FROM retention_class WHERE class IN ('record', 'ingest')"
    told = {name for (name,) in db.execute(classes)} | {"leg"}
    columns = "SELECT 1 FROM pragma_table_info(?) WHERE name = 'basis' AND \"notnull\" = 1"
    refers = "SELECT 1 FROM pragma_foreign_key_list(?) WHERE \"from\" = 'basis' AND \"table\" = 'basis'"
    return {
        name
        for name in told
        if not (db.execute(columns, (name,)).fetchone() and db.execute(refers, (name,)).fetchone())
    }


@pytest.mark.law("ING-1")
def test_every_row_of_a_table_of_travellers_must_tell_state_controller_and_legal_basis(tmp_path):
    assert _unanswered(connect(tmp_path / "pnr.sqlite")) == set()


@pytest.mark.law("ING-1")
def test_a_table_of_travellers_without_it_is_found(tmp_path):
    db = connect(tmp_path / "pnr.sqlite")
    db.execute("CREATE TABLE forgotten (name TEXT, basis INTEGER)")
    db.execute("CREATE TABLE loose (name TEXT, basis INTEGER NOT NULL)")
    db.execute("INSERT INTO retention_class VALUES ('forgotten', 'record', ''), ('loose', 'ingest', '')")
    assert _unanswered(db) == {"forgotten", "loose"}


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
