from datetime import timedelta

import pytest
from store_setup import NOW, Count, commit, index_of, open_demo
from told_flights import Flight, Truth

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, UsageFault
from pnr_pipeline.records import Finding, Message, Received
from pnr_pipeline.stores.sql.dead_letters import bytes_of

LISTS = index_of([])
ACCESS = Access("engineer-1", "a", "case-1")
HEAD = b"UNB+UNOA:4+QX+MK+260228:0900+1'"
GOOD, BAD = b"UNH+1+PNRGOV:13:1:IA'TIF+KELMENDI+ELIRA'UNT+3+1'", b"UNH+2+PAXLST'NAD+FL+++MARKOVSKI:GORDANA'"
FILE = Received("spool", "mixed.edi", HEAD + GOOD + BAD, NOW)
UNREADABLE = Message("bad:2", "UNREADABLE", findings=(Finding("SYN-03", "E", 90, "cut"),), offset=len(HEAD + GOOD))


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def good() -> Message:
    flight = Flight()
    flight.add("PNRGOV", [Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U1", "name", "KAB123")])
    return flight.messages[0]


def whole(kind="UNREADABLE") -> Message:
    return Message("whole:1", kind, offset=0)


def test_a_letter_keeps_its_own_bytes_with_the_head_and_not_those_of_its_neighbours():
    first = Message("good:1", "PNRGOV", offset=len(HEAD))
    assert bytes_of(FILE.body, UNREADABLE, [first, UNREADABLE]) == HEAD + BAD
    assert bytes_of(FILE.body, first, [first, UNREADABLE]) == HEAD + GOOD
    assert bytes_of(FILE.body, UNREADABLE, [UNREADABLE]) == FILE.body


def test_the_letter_lists_its_reason_and_places_and_comes_back_as_it_came(store):
    commit(store, FILE, [whole()], LISTS)
    assert [one.item for one in store.dead_letters()] == [""]
    (letter,) = store.dead_letters(ACCESS, NOW)
    assert (letter.reason, letter.item, letter.replayed_at) == ("unreadable", "mixed.edi", None)
    again = store.replay(letter.dead_id, ACCESS, NOW)
    assert (again.body, again.source, again.item) == (FILE.body, "dead-letters", letter.dead_id)


def test_a_letter_that_is_stored_after_mending_is_done_with_and_its_bytes_are_gone(store):
    commit(store, FILE, [whole()], LISTS)
    (letter,) = store.dead_letters()
    again = store.replay(letter.dead_id, ACCESS, NOW)
    commit(store, again, [whole()], LISTS)  # not mended yet
    assert [one.replayed_at for one in store.dead_letters()] == [None]
    receipt = commit(store, store.replay(letter.dead_id, ACCESS, NOW), [good()], LISTS)
    assert receipt.messages[0].travellers == 1
    assert [one.replayed_at for one in store.dead_letters()] == [NOW]
    with pytest.raises(UsageFault):
        store.replay(letter.dead_id, ACCESS, NOW)


def test_the_same_bad_message_in_another_file_is_the_same_letter(store):
    for item in ("a.edi", "b.edi"):
        commit(store, Received("spool", item, FILE.body, NOW), [whole()], LISTS)
    assert len(store.dead_letters()) == 1


def test_a_file_that_cannot_be_processed_is_buried_whole_with_a_receipt(store):
    receipt = store.bury(FILE, "third-attempt", [Finding("POISON", "E", -1, "ValueError at place:1")], NOW)
    assert [(one.dead_letter, one.findings) for one in receipt.messages] == [("third-attempt", 1)]
    assert store.seen(FILE.source, FILE.item, receipt.digest)
    assert store.bury(FILE, "third-attempt", [], NOW) == receipt


@pytest.mark.law("ING-2")
def test_after_72_hours_the_key_is_destroyed_and_a_copy_of_the_row_cannot_be_opened(store):
    commit(store, FILE, [whole()], LISTS)
    row = store._ground.db.execute("SELECT * FROM dead_letter").fetchone()
    dead_id = row[0]
    for hours, gone in ((71, 0), (72, 1)):
        store.retention.confirm_clock(Access("retention-1", "a", "outage-1"), NOW + timedelta(hours=hours))
        assert store.retention.sweep(NOW + timedelta(hours=hours)).count("dead_letters") == gone
    assert store.dead_letters() == []
    store._ground.db.execute(f"INSERT INTO dead_letter VALUES ({','.join('?' * len(row))})", row)  # as a backup would
    with pytest.raises(KeyGone):
        store.replay(dead_id, ACCESS, NOW)


def test_opening_the_store_sweeps_first(tmp_path):
    count, later = Count(), NOW + timedelta(days=4)
    with open_demo(tmp_path / "state", count=count) as store:
        commit(store, FILE, [whole()], LISTS)
    count.now = later
    with open_demo(tmp_path / "state", later, count=count, sweeps=False) as store:
        assert len(store.dead_letters()) == 1
    with open_demo(tmp_path / "state", later, count=count) as store:
        assert store.dead_letters() == []


@pytest.mark.law("LOG-2")
def test_to_look_into_a_letter_is_noted(store):
    commit(store, FILE, [whole()], LISTS)
    store.replay(store.dead_letters()[0].dead_id, ACCESS, NOW)
    (body,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
    assert '"consultation"' in body
    assert '"engineer-1"' in body
