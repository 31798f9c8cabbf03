"""Rows told together to PostgreSQL are the rows told one by one: no value is read as another, no row is left out."""

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase

_TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
_HARD = st.sampled_from(["", "NULL", "null", "{}", '{"a,b"}', "a,b", '"', "\\", "?", "%s", "'; --", " "])
_ROW = st.tuples(
    st.one_of(_TEXT, _HARD),
    st.one_of(st.none(), _TEXT, _HARD),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    st.one_of(st.none(), st.binary(max_size=20)),
)
_KEEP = (
    "INSERT INTO told (one, kind, two, number, bytes) VALUES (?, 'kept', ?, ?, ?)"
    " ON CONFLICT (one) DO UPDATE SET two = excluded.two, number = excluded.number, bytes = excluded.bytes"
)


@pytest.fixture(scope="module")
def database(postgres_server):
    with postgres_server.administrator() as db:
        db.execute("CREATE DATABASE rows_at_once")
    address = postgres_server.address("rows_at_once", "admin")
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("CREATE SCHEMA pnr")
        db.execute(
            "CREATE TABLE pnr.told (one text PRIMARY KEY, kind text NOT NULL, two text, number bigint, bytes bytea)"
        )
    opened = PostgresDatabase(address, None)
    yield opened
    opened.close()
    with postgres_server.administrator() as db:
        db.execute("DROP DATABASE rows_at_once")


def kept(database):
    return {
        (one, kind, two, number, None if blob is None else bytes(blob))
        for one, kind, two, number, blob in database.execute(
            "SELECT one, kind, two, number, bytes FROM told"
        ).fetchall()
    }


@given(st.lists(_ROW, max_size=12, unique_by=lambda row: row[0]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_many_rows_and_the_same_rows_one_by_one_leave_the_same_table(database, rows):
    database.execute("DELETE FROM told")
    for row in rows:
        database.execute(_KEEP, row)
    one_by_one = kept(database)
    database.execute("DELETE FROM told")
    database.executemany(_KEEP, rows)
    assert kept(database) == one_by_one == {(one, "kept", *rest) for one, *rest in rows}
    database.executemany(_KEEP, [(one, "again", None, None) for one, *_ in rows])
    assert {two for _, _, two, *_ in kept(database)} <= {"again"}


def test_an_insert_that_names_no_columns_takes_the_first_ones_in_their_order(database):
    database.execute("DELETE FROM told")
    database.executemany("INSERT INTO told VALUES (?, ?, ?)", [(f"k{n}", "given", None) for n in range(9)])
    assert kept(database) == {(f"k{n}", "given", None, None, None) for n in range(9)}


def test_a_row_that_the_table_refuses_is_told_without_its_value(database):
    database.execute("DELETE FROM told")
    with pytest.raises(StoreFault) as fault:
        database.executemany("INSERT INTO told VALUES (?, ?)", [("SURNAME-" + str(n // 2), "k") for n in range(9)])
    assert "SURNAME" not in str(fault.value)
    assert kept(database) == set()


def test_other_statements_are_run_for_each_row(database):
    database.execute("DELETE FROM told")
    database.executemany("INSERT INTO told VALUES (?, ?)", [(f"k{n}", "x") for n in range(9)])
    database.executemany("DELETE FROM told WHERE one = ?", [(f"k{n}",) for n in range(8)])
    assert {one for one, *_ in kept(database)} == {"k8"}
