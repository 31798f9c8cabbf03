"""What is wrong or lacks is put right in the messages themselves, screened anew, flagged, told to who received it."""

import json

import pytest
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, UsageFault
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.sql.hits import read_hits
from pnr_pipeline.stores.sql.rectification import Particulars
from pnr_pipeline.stores.sql.travellers import open_traveller

DPO = Access("dpo-1", "dpo", "R-1")
PEOPLE = [
    Truth(1, "ZOGRAFIDI", "JOVANKA", "1971-01-11", "F", "U0000001", "document", "KAB123"),
    Truth(2, "HALILAJ", "FATMIR", "1958-05-05", "M", "U0000002", "document", "KAB124"),
]
LISTS = index_of(
    [entry("E1", "ZOGRAFIDI", "JOVANKA", "1971-01-11"), entry("E2", "DRAGANOVIKJ", "BLAGOJCHE", "1961-02-02")]
)


@pytest.fixture
def flight():
    flight = Flight()
    for kind in ("PNRGOV", "PAXLST"):
        flight.add(kind, PEOPLE)
    return flight


@pytest.fixture
def store(tmp_path, flight):
    with open_demo(tmp_path / "state") as opened:
        for place, message in enumerate(flight.messages):
            commit(opened, received(message, place), [message], LISTS)
        yield opened


def person(store, surname):
    rows = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchall()
    return next(
        one for (one,) in rows
        if any(listing.traveller.surname == surname for listing in open_traveller(store._ground, one).person.listings)
    )  # fmt: skip


def states(store, record):
    return {hit.match.entry_id: hit.state for hit in read_hits(store._ground, None) if hit.record_id == record}


def entries(store, act):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [one for (body,) in rows if (one := json.loads(body))["act"] == act]


@pytest.mark.law("RGT-4")
def test_a_birth_date_put_right_settles_the_hit_that_stood_on_the_wrong_one(store):
    record = person(store, "ZOGRAFIDI")
    assert states(store, record) == {"E1": "new"}
    done = store.rights.rectify(record, Particulars(date_of_birth="1990-12-24"), DPO, LISTS, NOW)
    assert done.fields == ("date_of_birth",) and done.messages >= 1
    assert open_traveller(store._ground, record).person.view.date_of_birth == "1990-12-24"
    assert states(store, record)["E1"] != "new"
    assert set(store.rights.flags(record)) == {"date_of_birth"}
    (told,) = [one for one in entries(store, "alteration") if "rectified" in one["counts"]]
    assert (told["article"], told["purpose"], told["references"]) == ("LED 16(1)", "dpo", [f"record:{record}"])
    assert "1990-12-24" not in json.dumps(entries(store, "alteration"))


@pytest.mark.law("RGT-4", "SCR-1")
def test_the_flagged_version_is_screened_anew_and_a_later_message_of_others_leaves_it(store, flight):
    record = person(store, "HALILAJ")
    assert states(store, record) == {}
    changes = Particulars(surname="DRAGANOVIKJ", given_names="BLAGOJCHE", date_of_birth="1961-02-02")
    store.rights.rectify(record, changes, DPO, LISTS, NOW)
    assert states(store, record) == {"E2": "new"}
    flight.add("PAXLST", PEOPLE[:1])
    commit(store, received(flight.messages[-1], 9), [flight.messages[-1]], LISTS)
    view = open_traveller(store._ground, record).person.view
    assert (view.surname, view.date_of_birth) == ("DRAGANOVIKJ", "1961-02-02")


@pytest.mark.law("RGT-4")
def test_only_what_is_told_is_put_right_and_only_what_lacks_is_added(store):
    record = person(store, "HALILAJ")
    with pytest.raises(UsageFault, match="nothing that is kept is completed"):
        store.rights.complete(record, Particulars(surname="DRAGANOVIKJ"), DPO, LISTS, NOW)
    with pytest.raises(UsageFault, match="nothing is told"):
        store.rights.rectify(record, Particulars(), DPO, LISTS, NOW)
    done = store.rights.complete(
        record, Particulars(document_number="NEW0000009", document_issuer="MK"), DPO, LISTS, NOW
    )
    assert done.fields == ("documents",)
    numbers = {one.number for one in open_traveller(store._ground, record).person.view.documents}
    assert {"U0000002", "NEW0000009"} <= numbers
    changes = Particulars(document_number="RIGHT00001", instead_of="NEW0000009")
    store.rights.rectify(record, changes, DPO, LISTS, NOW)
    numbers = {one.number for one in open_traveller(store._ground, record).person.view.documents}
    assert numbers == {"U0000002", "RIGHT00001"}
    other = open_traveller(store._ground, person(store, "ZOGRAFIDI")).person.view
    assert {one.number for one in other.documents} == {"U0000001"}, "nobody else is touched"


@pytest.mark.law("RGT-4")
def test_recipients_and_the_carrier_wait_in_the_queue_of_notices_until_they_are_told(store):
    record = person(store, "ZOGRAFIDI")
    (line,) = store.hits(now=NOW)
    store.hit(line.hit_id, ACCESS, NOW)
    confirmed = Decision(
        line.hit_id, line.version, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means"
    )
    unit = store.decide(confirmed, review_codes(), case="case-1").hit.unit
    store.relay(NOW)
    done = store.rights.rectify(record, Particulars(given_names="JOANNA"), DPO, LISTS, NOW)
    waiting = store.rights.notices()
    assert {one.recipient for one in waiting} == set(done.notices)
    assert f"unit:{unit}" in done.notices and any(one.startswith("carrier:") for one in done.notices)
    for one in waiting:
        store.rights.note_told(one.notice_id[:12], DPO, NOW)
    assert not store.rights.notices() and len(store.rights.notices(done=True)) == len(waiting)
    assert [one["recipient"] for one in entries(store, "disclosure") if "right.notice" in one["counts"]]
    with pytest.raises(UsageFault, match="no notices"):
        store.rights.note_told(waiting[0].notice_id, DPO, NOW)


@pytest.mark.law("RGT-4", "SEC-4")
def test_the_officer_for_data_protection_alone_does_it_and_never_where_the_messages_have_ended(store):
    record = person(store, "HALILAJ")
    with pytest.raises(UsageFault):
        store.rights.rectify(record, Particulars(surname="OTHER"), ACCESS, LISTS, NOW)
    with pytest.raises(UsageFault, match="no live record"):
        store.rights.rectify("0" * 32, Particulars(surname="OTHER"), DPO, LISTS, NOW)
    store._ground.sealer.destroy([("S/2026-02-28", "push")])
    with pytest.raises(Masked, match="restrict"):
        store.rights.rectify(record, Particulars(surname="OTHER"), DPO, LISTS, NOW)
    store.rights.restrict(record, DPO, NOW)
    assert [one.what for one in store.rights.notices()] == ["restricted"]


@pytest.mark.law("RGT-4", "RET-3")
def test_the_flags_go_with_the_record(store):
    record = person(store, "HALILAJ")
    store.rights.rectify(record, Particulars(surname="OTHER"), DPO, LISTS, NOW)
    store.retention.erase(record, "request", Access("retention-1", "b", "R-1"), NOW)
    assert store._ground.db.execute("SELECT count(*) FROM rectification").fetchone() == (0,)
