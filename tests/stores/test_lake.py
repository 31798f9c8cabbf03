"""Closed days in the lake: whole, sealed, opened by column and for a purpose, and gone with their keys."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from orders_setup import Court, ordered
from store_setup import NOW, commit, entry, index_of, open_demo

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, OrderFault, StoreFault, UsageFault
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Received
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.stores import lake
from pnr_pipeline.stores.copies import end_copies
from pnr_pipeline.stores.lake_columns import joined, split
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql.bookings import KeptBooking
from pnr_pipeline.stores.sql.travellers import open_traveller

VECTORS = Path(__file__).parent.parent / "vectors"
LISTS = index_of([entry("E1", "NOBODY", "AT ALL")])
PERIOD = "S/2026-02-28"
LATER = NOW + timedelta(days=60)
CRITERIA, REQUEST = Access("lead-2", "c", "case-2"), Access("officer-7", "b", "case-3")

pytestmark = pytest.mark.law("RET-1", "RET-8")


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as store:
        for name in ("paxlst/full_traveller.edi", "pnrgov/family-codeshare-history.edi"):
            body = (VECTORS / name).read_bytes().replace(b"\n", b"")
            received = Received(source="s", item=name, body=body, received_at=NOW)
            commit(store, received, decode(body, rulebook=load_rulebook(), now=NOW), LISTS)
        yield store


def heads(store, kind="traveller"):
    rows = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = ?", (kind,)).fetchall()
    return [record_id for (record_id,) in rows]


def clear_values(store):
    """Names, documents and contacts as bytes, of which none may lie in a file."""
    for record_id in heads(store):
        person = open_traveller(store._ground, record_id).person
        for listing in person.listings:
            traveller = listing.traveller
            yield from (traveller.surname, *traveller.contacts, *(one.number for one in traveller.documents))


def test_a_closed_day_holds_every_record_whole_and_no_value_in_clear(store):
    (day,) = store.lake.close(LATER)
    assert day.period == PERIOD
    assert day.records == {kind: len(heads(store, kind)) for kind in ("traveller", "booking")}
    root, sealer = store._ground.state.lake, store._ground.sealer
    cells = list(lake.read_cells(root, sealer, day, "identity", ("person", "contact", "payment", "rest")))
    for cell in cells:
        if cell.kind == "traveller":
            told = msgspec.convert(joined(cell.columns), Person)
            assert told == open_traveller(store._ground, cell.record_id).person
        else:
            assert msgspec.convert(joined(cell.columns), KeptBooking).booking.locator
    assert len(cells) == sum(day.records.values())
    values = [value.encode() for value in clear_values(store) if len(value) > 3]
    assert len(values) > 5
    for path in root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(value in content for value in values), path.name
            assert b"PRN" not in content, "an airport of the open part"
            assert path.stat().st_mode & 0o077 == 0


def last_entry(store):
    (body,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
    return msgspec.json.decode(body)


@pytest.mark.law("LOG-2")
def test_a_job_over_journeys_gets_the_columns_it_names_and_its_act_is_in_the_log_before_the_first_record(store):
    store.lake.close(LATER)
    before = store._ground.db.execute("SELECT count(*) FROM audit_entry").fetchone()[0]
    cells = store.lake.read(PERIOD, ("flight",), CRITERIA, LATER)
    assert store._ground.db.execute("SELECT count(*) FROM audit_entry").fetchone()[0] == before + 1
    told = last_entry(store)
    assert (told["act"], told["purpose"], told["actor"], told["case"]) == ("consultation", "c", "lead-2", "case-2")
    assert told["references"] == [f"key:{PERIOD}"]
    opened = [cell.columns for cell in cells]
    assert len(opened) == len(heads(store)) + len(heads(store, "booking"))
    assert all(set(one) == {"flight"} for one in opened)


@pytest.mark.law("DIS-3", "SCR-1")
def test_under_purpose_b_only_records_that_the_order_names_are_opened(store, tmp_path):
    store.lake.close(LATER)
    one, other = heads(store)[:2] if len(heads(store)) > 1 else (*heads(store), heads(store, "booking")[0])
    court = Court(tmp_path / "court")
    court.publish(store)
    order = ordered(store, court, LATER, records=[one])
    asks = Access("officer-7", "b", "case-3", order)
    (cell,) = store.lake.read(PERIOD, ("person",), asks, LATER, records=[one])
    assert (cell.record_id, set(cell.columns)) == (one, {"person"})
    assert b"contacts" not in cell.columns["person"]
    assert {f"record:{one}", f"order:{order}"} <= set(last_entry(store)["references"])
    for access, records in ((asks, [one, other]), (REQUEST, [one])):
        with pytest.raises(OrderFault):
            store.lake.read(PERIOD, ("person",), access, LATER, records=records)
    for access, records in ((asks, []), (CRITERIA, [one])):
        with pytest.raises(UsageFault):
            store.lake.read(PERIOD, ("flight",), access, LATER, records=records)


@pytest.mark.law("SCR-1")
@pytest.mark.parametrize(
    ("columns", "access"),
    [
        (("person",), Access("officer-7", "a", "case-1")),
        (("person",), CRITERIA),
        (("flight", "person"), REQUEST),
        (("surname",), REQUEST),
        ((), REQUEST),
    ],
)
def test_purpose_a_is_over_criteria_see_no_names_and_no_read_is_of_both_parts(store, columns, access):
    store.lake.close(LATER)
    with pytest.raises(UsageFault):
        store.lake.read(PERIOD, columns, access, LATER)


def test_a_day_is_not_closed_before_its_last_flight_is_a_day_past(store):
    (last,) = store._ground.db.execute("SELECT max(assess_until) FROM leg").fetchone()
    assert last is not None
    store._ground.db.execute("UPDATE leg SET assess_until = '2026-03-10T10:00:00.000000Z'")
    assert store.lake.close(NOW + timedelta(days=10)) == []
    assert len(store.lake.close(NOW + timedelta(days=12))) == 1
    assert store.lake.close(LATER) == [], "it stands already"


def test_what_differs_between_files_manifest_and_database_is_told_and_closing_again_mends_it(store):
    (day,) = store.lake.close(LATER)
    assert store.lake.check(LATER, values=True) == []
    folder = store._ground.state.lake / PERIOD
    file = folder / day.files["identity"].name
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert store.lake.check(LATER) == [f"{PERIOD}: identity: not the file that was written"]
    file.unlink()
    assert store.lake.check(LATER) == [f"{PERIOD}: identity: missing"]
    store._ground.db.execute("UPDATE record_head SET version = version + 1 WHERE kind = 'booking'")
    assert "records changed since" in store.lake.check(LATER)[0]


def test_a_changed_day_is_written_again_and_its_former_files_go(store):
    (before,) = store.lake.close(LATER)
    record_id = heads(store)[0]
    store._ground.db.execute("DELETE FROM join_key WHERE record_id = ?", (record_id,))
    store._ground.db.execute("DELETE FROM listing WHERE record_id = ?", (record_id,))
    store._ground.db.execute("DELETE FROM body WHERE record_id = ?", (record_id,))
    store._ground.db.execute("DELETE FROM record_head WHERE record_id = ?", (record_id,))
    (after,) = store.lake.close(LATER)
    assert after.records["traveller"] == before.records["traveller"] - 1
    assert store.lake.check(LATER, values=True) == []
    assert len(list(store._ground.state.lake.rglob("*.parquet"))) == 2


def test_a_cell_moved_to_another_record_or_column_does_not_open(store):
    (day,) = store.lake.close(LATER)
    root, sealer = store._ground.state.lake, store._ground.sealer
    file = root / PERIOD / day.files["identity"].name
    table = pq.read_table(file)
    people = table.column("person").to_pylist()
    moved = table.set_column(table.schema.get_field_index("person"), "person", [[*people[1:], people[0]]])
    swapped = table.set_column(table.schema.get_field_index("rest"), "rest", [people])
    for broken in (moved, swapped):
        pq.write_table(broken, file)
        with pytest.raises(StoreFault):
            list(lake.read_cells(root, sealer, day, "identity", ("person", "rest")))


@pytest.mark.law("RET-1")
def test_with_the_keys_of_its_day_the_lake_is_gone_in_every_copy(store, tmp_path):
    (day,) = store.lake.close(LATER)
    root, sealer = store._ground.state.lake, store._ground.sealer
    kept = tmp_path / "kept"
    root.rename(kept)  # somebody's copy
    for part in ("open", "identity"):
        sealer.destroy([(PERIOD, part)])
        with pytest.raises(KeyGone):
            list(lake.read_cells(kept, sealer, day, part, ("flight", "person")))
    kept.rename(root)
    assert end_copies(store._ground.state, PERIOD) == {"lake.files": 3}
    assert lake.days(root) == []


def test_killed_while_it_is_written_the_former_day_stands(store, monkeypatch):
    (day,) = store.lake.close(LATER)
    store._ground.db.execute("UPDATE record_head SET version = version WHERE kind = 'booking'")
    monkeypatch.setattr(lake, "_described", lambda *_: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(MemoryError):
        lake.write_day(store._ground.state.lake, store._ground.sealer, PERIOD, (), LATER)
    monkeypatch.undo()
    assert lake.days(store._ground.state.lake) == [day]
    assert [one.partition(": ")[2] for one in store.lake.check(LATER)] == ["2 files that no manifest tells"]
    cells = lake.read_cells(store._ground.state.lake, store._ground.sealer, day, "identity", ("person",))
    assert len(list(cells)) == sum(day.records.values())


_field = st.sampled_from(["surname", "documents", "contacts", "address", "payments", "seat", "locator", "order"])
_plain = st.dictionaries(_field, st.text(max_size=5), max_size=6)


@given(
    api=_plain, pnr=_plain, traveller=_plain, also=st.dictionaries(st.sampled_from(["order", "third_party"]), st.text())
)
def test_columns_put_together_are_the_record_and_none_holds_what_another_is_for(api, pnr, traveller, also):
    record = {"api": api | {"traveller": traveller}, "pnr": pnr} | also
    columns = split(msgspec.json.encode(record))
    put_together = joined(columns)
    for key in ("api", "pnr"):
        assert put_together.get(key, {}).get("surname") == record[key].get("surname")
    assert put_together.get("api", {}).get("traveller", {}) == traveller
    assert {key: put_together[key] for key in also} == also
    assert not any(word in columns.get("person", b"") for word in (b'"contacts"', b'"payments"', b'"seat"'))
    assert b'"surname"' not in b"".join(told for name, told in columns.items() if name != "person")
