"""Lists and pushes that come in parts, each in a file of its own, leave the store that the one message leaves."""

import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import RECEIVED, SURNAMES, Flight, Truth, flights, received
from told_parts import NUMBERINGS, cuts, in_parts, replace

from pnr_pipeline.records import Received
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.full_list import Floors, taken_off
from pnr_pipeline.records.same_person import Listing
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql.hits import read_hits
from pnr_pipeline.stores.sql.travellers import open_traveller

RULEBOOK = load_rulebook()
WANTED = index_of(
    [entry(f"E{place}{letter}", f"{surname}AA{letter}", "ARBEN", born="1961-02-02")
     for place, surname in enumerate(SURNAMES) for letter in "BCD"]
    + [entry("E-DOC", "SOMEBODY", "ELSE", document="U0000002"), entry("E-NAME", "NAMESAKE", "JORDAN")]
)  # fmt: skip
NOBODY = index_of([entry("E-NOBODY", "NOBODY", "ATALL")])
A, B, C = (
    Truth(number, f"DRAGANOV{letter}", "ARBEN", "1961-02-02", "M", f"U000000{number}", "document", f"K{letter}B123")
    for number, letter in enumerate("XYZ", 1)
)


def persons(store, who):
    """What the store says of each true person: contents, standing, whether listed, hits; no id, no place in a file."""
    ground = store._ground
    floors = from_json(Floors, ground.db.execute("SELECT floors FROM leg").fetchone()[0].encode())
    told, hits = defaultdict(set), defaultdict(list)
    for record_id, message_id, ordinal in ground.db.execute("SELECT record_id, message_id, ordinal FROM listing"):
        told[record_id].add(who[message_id, ordinal])
    for hit in read_hits(ground, None):
        if hit.state not in ("excluded", "superseded"):
            hits[hit.record_id].append((hit.match.entry_id, hit.match.score))
    live = "SELECT record_id FROM record_head WHERE status = 'live' AND kind = 'traveller'"
    found = []
    for (record_id,) in ground.db.execute(live).fetchall():
        person = open_traveller(ground, record_id).person
        listings = [(_content(listing), not taken_off(source, listing, floors)) for source, listing in person.by_source]
        found.append((sorted(told[record_id]), listings, sorted(hits[record_id])))
    bookings = ground.db.execute(
        "SELECT open FROM record_head JOIN body USING (record_id) WHERE kind = 'booking'"
    ).fetchall()
    return sorted(found, key=str), sorted(bookings)


def _content(listing: Listing):
    bare = msgspec.structs.replace(listing.traveller, ordinal=0, booking=None)
    return msgspec.structs.replace(listing, traveller=bare, order="", message_id="")


def stored(messages, who, wanted=NOBODY):
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "state") as store:
        for place, message in enumerate(messages):
            commit(store, received(message, place), [message], wanted)
        return persons(store, who), open_sets(store)


def open_sets(store) -> int:
    (count,) = store._ground.db.execute("SELECT count(*) FROM open_set").fetchone()
    return count


def cut(flight: Flight, parts):
    """All parts one after the other, and the true person of each of their listings."""
    told, who = [], {}
    for message, pieces in zip(flight.messages, parts, strict=True):
        for piece, was in pieces:
            told.append(piece)
            who |= {(piece.message_id, place): flight.who[message.message_id, before] for place, before in was.items()}
    return told, who


# a counterexample is a few small messages already: shrinking would fill some thousand stores more
@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(flights(), st.data())
def test_any_cut_any_order_and_any_duplication_leave_what_the_whole_messages_leave(flight, data):
    numbering = data.draw(st.sampled_from(NUMBERINGS))
    told, who = cut(flight, [data.draw(cuts(message, numbering)) for message in flight.messages])
    places = [*data.draw(st.permutations(range(len(told)))), *data.draw(st.lists(st.integers(0, len(told) - 1)))]
    whole, _ = stored(flight.messages, flight.who, WANTED)
    assert stored([told[place] for place in places], who, WANTED) == (whole, 0)


@settings(max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(flights(), st.data())
def test_any_parts_in_any_number_of_files_leave_what_the_whole_messages_leave(flight, data):
    numbering = data.draw(st.sampled_from(NUMBERINGS))
    told, who = cut(flight, [data.draw(cuts(message, numbering)) for message in flight.messages])
    told = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=3))]))
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "state") as store:
        place = 0
        while place < len(told):
            some = told[place : place + data.draw(st.integers(1, 5))]
            item = Received("spool", f"{place}.edi", f"file {place}".encode(), RECEIVED + timedelta(minutes=place))
            commit(store, item, some, WANTED)
            place += len(some)
        assert (persons(store, who), open_sets(store)) == (stored(flight.messages, flight.who, WANTED)[0], 0)


def two_pushes(kind="PAXLST", function="266+CLOB") -> Flight:
    """A, B and C are listed, and an hour later B and C alone."""
    flight = Flight()
    flight.add(kind, [A, B, C], function=function)
    flight.add(kind, [B, C], function=function)
    return flight


def listed(found) -> dict[int, bool]:
    return {number: listings[0][1] for (number,), listings, _ in found[0][0]}


@pytest.mark.parametrize("numbering", NUMBERINGS)
@pytest.mark.parametrize(("kind", "function"), [("PAXLST", "266+CLOB"), ("PNRGOV", "22")])
def test_a_set_takes_nobody_off_before_its_last_part_and_whom_it_left_out_from_then_on(kind, function, numbering):
    flight = two_pushes(kind, function)
    told, who = cut(
        flight, [in_parts(flight.messages[0], [1, 1], numbering), in_parts(flight.messages[1], [1], numbering)]
    )
    assert len(told) == 5
    for came in range(1, 5):
        assert all(listed(stored(told[:came], who)).values())
    assert listed(stored(told, who)) == {1: False, 2: True, 3: True}


@pytest.mark.parametrize(("kind", "function"), [("PAXLST", "266+CLOB"), ("PNRGOV", "22")])
def test_a_part_that_never_came_takes_nobody_off_though_the_list_before_had_one_of_its_number(kind, function):
    flight = two_pushes(kind, function)
    told, who = cut(flight, [in_parts(flight.messages[0], [1, 1]), in_parts(flight.messages[1], [1])])
    found = stored([*told[:3], told[4]], who)
    assert listed(found) == {1: True, 2: True, 3: True}
    assert found[1] == 1


def test_a_part_replaced_takes_off_whom_it_no_longer_names():
    flight = Flight()
    flight.add("PAXLST", [A, B, C], function="266+CLOB")
    parts = in_parts(flight.messages[0], [1, 1])
    told, who = cut(flight, [parts])
    mended = replace(
        told[1], message_id="mended:1", travellers=(), prepared_at=told[1].prepared_at + timedelta(minutes=3)
    )
    for order in ([*told, mended], [mended, *told], [told[0], mended, told[2], told[1]]):
        assert listed(stored(order, who)) == {1: True, 2: False, 3: True}


def test_a_cut_part_counts_as_missing_until_it_comes_whole():
    flight = two_pushes()
    told, who = cut(flight, [in_parts(flight.messages[0], [1, 1]), in_parts(flight.messages[1], [1])])
    broken = replace(told[4], message_id="broken:1", findings=(RULEBOOK.finding("ENV-08", offset=0),), complete=False)
    who |= {("broken:1", 1): 3}
    found = stored([*told[:4], broken], who)
    assert (listed(found), found[1]) == ({1: True, 2: True, 3: True}, 1)
    again = replace(told[4], prepared_at=told[4].prepared_at + timedelta(minutes=1))
    assert listed(stored([*told[:4], broken, again], who)) == {1: False, 2: True, 3: True}


def test_a_push_that_holds_more_bookings_than_it_says_takes_nobody_off():
    flight = two_pushes("PNRGOV", "22")
    wrong = replace(flight.messages[1], total=1, findings=(RULEBOOK.finding("CNT-02", offset=0),))
    assert all(listed(stored([flight.messages[0], wrong], flight.who)).values())
    parts, who = cut(flight, [in_parts(flight.messages[0], [3]), in_parts(flight.messages[1], [1])])
    told = [*parts[:1], *(replace(one, total=7) for one in parts[1:])]
    assert all(listed(stored(told, who)).values())


def test_an_incomplete_set_is_marked_once_after_its_time_and_completed_late(tmp_path):
    flight = two_pushes()
    told, _ = cut(flight, [in_parts(flight.messages[0], [3]), in_parts(flight.messages[1], [1])])
    with open_demo(tmp_path / "state") as store:
        commit(store, received(told[0]), [told[0]], NOBODY)
        first = received(told[1])
        commit(store, first, [told[1]], NOBODY, first.received_at)
        minutes = [store.mark_incomplete_sets(first.received_at + timedelta(minutes=late)) for late in (0, 30, 31, 90)]
        assert minutes == [0, 0, 1, 0]
        assert ("QX", "ENV-09", 1) in store.finding_counts()
        assert open_sets(store) == 1
        commit(store, received(told[2]), [told[2]], NOBODY, NOW + timedelta(hours=5))
        assert open_sets(store) == 0


def test_the_commit_of_another_file_marks_what_waits_too_long(tmp_path):
    flight = two_pushes()
    told, _ = cut(flight, [in_parts(flight.messages[0], [1, 1]), in_parts(flight.messages[1], [3])])
    with open_demo(tmp_path / "state") as store:
        first = received(told[0])
        commit(store, first, [told[0]], NOBODY, first.received_at)
        commit(store, received(told[3], 1), [told[3]], NOBODY, first.received_at + timedelta(hours=1))
        assert ("QX", "ENV-09", 1) in store.finding_counts()
