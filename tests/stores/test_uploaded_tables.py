"""A table through the store: it lists a flight as a complete PAXLST does, and a listed traveller in it is a hit."""

from datetime import timedelta

import pytest
from store_setup import NOW, commit, entry, index_of, open_demo

from pnr_pipeline.intake import decode
from pnr_pipeline.intake.csv_columns import COLUMNS
from pnr_pipeline.intake.feed_board import Listed
from pnr_pipeline.records import Received
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql.hits import read_hits

RULEBOOK = load_rulebook()
LISTS = index_of([entry("E1", "DRAGANOV", "ARBEN", born="1961-02-02", document="U0000001")])
FLIGHT = {
    "flight_no": "TK1883",
    "dep_airport": "IST",
    "dep_local": "2026-03-01T07:05",
    "arr_airport": "TIA",
    "arr_local": "2026-03-01T08:00",
}
SOUGHT = {
    "role": "PAX",
    "surname": "Draganov",
    "given_names": "Arben",
    "birth_date": "1961-02-02",
    "sex": "M",
    "nationality": "TUR",
    "doc_type": "P",
    "doc_number": "U0000001",
    "doc_issuer": "TUR",
    "doc_expiry": "2030-01-01",
}
OTHER = SOUGHT | {"surname": "Markov", "given_names": "Ivo", "birth_date": "1985-05-05", "doc_number": "U0000002"}
PILOT = OTHER | {"role": "CREW", "surname": "Kovac", "given_names": "Luka", "doc_number": "U0000003"}


def table(*rows: dict[str, str]) -> bytes:
    lines = [[column.name for column in COLUMNS]]
    lines += [[(FLIGHT | row).get(column.name, "") for column in COLUMNS] for row in rows]
    return "\r\n".join(map(";".join, lines)).encode()


def upload(store, body: bytes, at=NOW):
    messages = decode(body, rulebook=RULEBOOK, now=at)
    commit(store, Received("upload", f"{at:%H%M}.csv", body, at), messages, LISTS, at)
    return messages


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def test_a_listed_traveller_in_a_table_is_a_hit_by_document_and_name(store):
    upload(store, table(OTHER, SOUGHT))
    (hit,) = read_hits(store._ground, None)
    assert (hit.state, hit.match.by_document, hit.match.entry_id) == ("new", True, "E1")
    assert {one.field: one.verdict for one in hit.match.evidence}["birth date"] == "same"


def test_the_same_table_again_changes_nothing(store):
    upload(store, table(OTHER, SOUGHT))
    upload(store, table(OTHER, SOUGHT), NOW + timedelta(minutes=5))
    assert len(list(read_hits(store._ground, None))) == 1
    assert store._ground.db.execute("SELECT count(*) FROM push").fetchone() == (1,)


def test_a_later_table_is_the_full_list_of_its_flight(store):
    upload(store, table(OTHER, SOUGHT))
    assert list(store.listed_by_source().values()) == [Listed(2, 0)]
    upload(store, table(OTHER), NOW + timedelta(hours=1))
    assert list(store.listed_by_source().values()) == [Listed(1, 1)]


def test_a_table_of_crew_alone_takes_no_passenger_off_the_list_nor_one_of_passengers_crew(store):
    upload(store, table(SOUGHT))
    upload(store, table(PILOT), NOW + timedelta(hours=1))
    assert list(store.listed_by_source().values()) == [Listed(2, 0)]
    upload(store, table(OTHER), NOW + timedelta(hours=2))
    assert list(store.listed_by_source().values()) == [Listed(2, 1)]


def test_what_a_table_tells_stands_in_no_clear_byte_of_the_store(store, tmp_path):
    upload(store, table(SOUGHT | {"phone": "+900000000001", "remarks": "asked for a kosher meal"}))
    stored = b"".join(path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file())
    for value in (b"Draganov", b"DRAGANOV", b"U0000001", b"+900000000001", b"kosher"):
        assert value not in stored
