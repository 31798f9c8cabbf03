"""No traveller's value in any clear byte of the database or of the queue files (DESIGN 6, LAW 9)."""

import re

import msgspec
import pytest
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import LEG, START, received

from pnr_pipeline.records import (
    Bags,
    Booking,
    Contact,
    Document,
    HistoryEntry,
    Message,
    Name,
    Payment,
    Place,
    Traveller,
)
from pnr_pipeline.records.clear import FORMS
from pnr_pipeline.review import Decision

PLANTED = {
    "surname": "VRNOPLANTSUR", "given": "VRNOPLANTGIV", "other": "VRNOPLANTOTH", "born": "1961-07-23",
    "document": "VRNODOC7781", "reference": "VRNOREF5512", "phone": "+38970VRNO881", "address": "VRNO STREET 9",
    "flyer": "VRNOFF33190", "card": "411111XXVRNO8", "holder": "VRNO CARD HOLDER", "billing": "VRNO BILLING",
    "remark": "VRNO MINOR REMARK", "group": "VRNOGROUP", "history": "VRNOHISTORY", "town": "VRNOTOWN",
    "redress": "VRNOREDRESS", "apiseat": "VRNO77Q", "note": "VRNO NOTE OF OFFICER", "tag": "VRNOTAG123",
}  # fmt: skip


def person(**journey) -> Traveller:
    return Traveller(
        1, "passenger", PLANTED["surname"], PLANTED["given"],
        other_names=(Name(PLANTED["other"], PLANTED["given"], "DOCS"),),
        date_of_birth=PLANTED["born"], sex="F", nationality="TUR", residence=Place("TUR", "TUR", PLANTED["town"]),
        documents=(Document("P", PLANTED["document"], "TUR", "TUR"),), locator="KAB123",
        carrier_reference=PLANTED["reference"], contacts=(PLANTED["phone"],), address=PLANTED["address"],
        frequent_flyer=(PLANTED["flyer"],), redress=PLANTED["redress"], **journey,
    )  # fmt: skip


def messages(locator="KAB123") -> list[Message]:
    booking = Booking(
        locator=locator, group_name=PLANTED["group"], agency="12345678", party_size=1, travellers=(1,),
        contacts=(Contact("phone", PLANTED["phone"]), Contact("address", PLANTED["address"])),
        payments=(
            Payment("CC", account=PLANTED["card"], holder=PLANTED["holder"], billing_address=PLANTED["billing"]),
        ),
        remarks=(PLANTED["remark"],), history=(HistoryEntry("2026-01-01T00:00:00Z", "A", "name", PLANTED["history"]),),
    )  # fmt: skip
    booked = msgspec.structs.replace(person(seat="12A"), booking=0, locator=locator)
    seen = person(seat=PLANTED["apiseat"], bags=Bags(1, tags=(PLANTED["tag"],)))
    pnr = Message(
        "p:1", "PNRGOV", function="22", prepared_at=START, flights=(LEG,), travellers=(booked,), bookings=(booking,)
    )
    api = Message(
        "q:1", "PAXLST", function="745", prepared_at=START.replace(hour=12), flights=(LEG,), travellers=(seen,)
    )
    unreadable = Message("u:1", "UNREADABLE")
    return [pnr, api, unreadable]


LISTS = index_of([entry("E1", PLANTED["surname"], PLANTED["given"], document=PLANTED["document"])])


def through_everything(root, told) -> None:
    """Commit, again, late, decide, relay, read: what a record meets in its life."""
    with open_demo(root) as store:
        for message in (told[1], told[0], told[2]):
            file = msgspec.structs.replace(
                received(message), body=message.message_id.encode() + PLANTED["surname"].encode()
            )
            commit(store, file, [message], LISTS)
        (line,) = store.hits("new", now=NOW)
        store.hit(line.hit_id, ACCESS, NOW)
        decision = Decision(
            line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4", "flight-as-means",
            note=PLANTED["note"],
        )  # fmt: skip
        store.decide(decision, review_codes(), case="case-1")
        assert store.relay(NOW) == 1
        _search(root)  # with -wal and -shm there


def found_in(root) -> dict[str, list[str]]:
    files = [path for path in root.rglob("*") if path.is_file()]
    clear = {path.name: path.read_bytes() for path in files}
    return {
        what: [name for name, content in clear.items() if value.encode() in content]
        for what, value in PLANTED.items()
        if any(value.encode() in content for content in clear.values())
    }


def _search(root) -> None:
    names = {path.name for path in root.rglob("*") if path.is_file()}
    assert {"pnr.sqlite", "pnr.sqlite-wal", "pnr.sqlite-shm"} <= names
    assert found_in(root) == {}


@pytest.mark.law("LOG-6", "RET-2")
def test_no_planted_value_is_in_a_clear_byte_of_the_state_folder(tmp_path):
    root = tmp_path / "state"
    through_everything(root, messages())
    assert found_in(root) == {}
    assert any(path.suffix == ".jsonl" and path.stat().st_size for path in root.rglob("*"))


def test_a_value_that_the_forms_let_through_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(FORMS, "locator", re.compile(".*"))
    root = tmp_path / "state"
    with pytest.raises(AssertionError):
        through_everything(root, messages(locator=PLANTED["surname"]))
    assert "surname" in found_in(root)


def test_the_journey_stays_open_and_says_nothing_of_who_travels(tmp_path):
    with open_demo(tmp_path / "state") as store:
        for message in messages()[:2]:
            commit(store, received(message), [message], LISTS)
        rows = store._ground.db.execute("SELECT kind, open FROM record_head JOIN body USING (record_id) ORDER BY kind")
        booking, traveller = (msgspec.json.decode(told) for _, told in rows.fetchall())
    assert traveller == {"seat": "12A", "locator": "KAB123", "standing": "listed"}
    assert booking == {
        "locator": "KAB123", "agency": "12345678",
        "history": [{"at": "2026-01-01T00:00:00Z", "action": "A", "element": "name"}],
    }  # fmt: skip


@pytest.mark.law("RET-2")
def test_the_record_of_api_alone_has_no_open_part(tmp_path):
    """Annex I item 18 is identity as a whole, its flight items included (RET-2)."""
    with open_demo(tmp_path / "state") as store:
        message = messages()[1]
        commit(store, received(message), [message], LISTS)
        assert store._ground.db.execute("SELECT open FROM body").fetchall() == [("{}",)]
