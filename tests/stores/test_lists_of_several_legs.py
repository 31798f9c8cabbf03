"""A passenger list of several legs: each traveller on the own ones, all in one transaction."""

import json
from datetime import date, datetime, timedelta

import pytest
from store_setup import commit, entry, index_of, open_demo
from told_flights import START, received
from told_parts import replace

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Document, FlightLeg, Message, Traveller
from pnr_pipeline.stores.sql import leg_fold, message_commit
from pnr_pipeline.stores.sql.hits import read_hits

FIRST = FlightLeg("QX", "101", "VIE", "SKP", datetime.fromisoformat("2026-03-02T10:00"))
SECOND = FlightLeg("QX", "101", "SKP", "SOF", datetime.fromisoformat("2026-03-02T13:00"))
FIRST_DAY = date(2026, 3, 2)
WANTED = index_of([entry("E-DOC", "SOMEBODY", "ELSE", document="U0000003")])


def person(number: int, surname: str, start: str, end: str) -> Traveller:
    return Traveller(
        number, "passenger", surname, "BOJANA", date_of_birth=f"1990-02-{number:02}", embarkation=start,
        disembarkation=end, documents=(Document("P", f"U000000{number}", "TUR", "TUR"),),
    )  # fmt: skip


PEOPLE = (
    person(1, "DRAGANOVA", "VIE", "SKP"),
    person(2, "KELMENDI", "SKP", "SOF"),
    person(3, "OZTURKMEN", "VIE", "SOF"),
)
LIST = Message(
    "several:1", "PAXLST", function="266+CLOB", prepared_at=START, flights=(FIRST, SECOND), travellers=PEOPLE
)


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as store:
        yield store


def on_legs(store) -> dict[str, set[int]]:
    told: dict[str, set[int]] = {}
    for key, ordinal in store._ground.db.execute(
        "SELECT leg_key, ordinal FROM leg LEFT JOIN listing USING (leg_id)"
    ).fetchall():
        told.setdefault(key, set()).update([ordinal] if ordinal else [])
    return told


def test_each_traveller_is_stored_and_screened_on_the_own_legs(store):
    receipt = commit(store, received(LIST), [LIST], WANTED)
    assert on_legs(store) == {FIRST.key: {1, 3}, SECOND.key: {2, 3}}
    assert {hit.leg_key for hit in read_hits(store._ground, None)} == {FIRST.key, SECOND.key}
    assert (receipt.messages[0].travellers, receipt.messages[0].hits) == (3, 2)


def test_a_later_list_takes_whoever_left_at_the_stop_off_the_second_leg_alone(store):
    commit(store, received(LIST), [LIST], WANTED)
    shorter = replace(PEOPLE[2], ordinal=2, disembarkation="SKP")
    later = replace(LIST, message_id="later:1", prepared_at=START + timedelta(hours=1), travellers=(PEOPLE[0], shorter))
    commit(store, received(later), [later], WANTED)
    ids = dict(store._ground.db.execute("SELECT leg_id, leg_key FROM leg").fetchall())
    listed = {ids[leg_id]: told.now for (leg_id, source), told in store.listed_by_source().items() if source == "api"}
    assert listed == {FIRST.key: 2, SECOND.key: 0}


def test_a_list_of_one_leg_meets_the_list_of_several_on_that_leg(store):
    commit(store, received(LIST), [LIST], WANTED)
    alone = replace(
        LIST, message_id="alone:1", function="745", prepared_at=START + timedelta(hours=1), flights=(SECOND,),
        travellers=(replace(PEOPLE[2], ordinal=1),),
    )  # fmt: skip
    commit(store, received(alone), [alone], WANTED)
    (live,) = store._ground.db.execute("SELECT count(*) FROM record_head WHERE kind = 'traveller'").fetchone()
    assert live == 4


def test_a_fault_on_the_second_leg_leaves_nothing_on_the_first(store, monkeypatch):
    done = []

    def fails(*given):
        done.append(given)
        if len(done) == 2:
            raise StoreFault("disk")
        return settle(*given)

    settle = leg_fold.settle_hits
    monkeypatch.setattr(leg_fold, "settle_hits", fails)
    with pytest.raises(StoreFault):
        commit(store, received(LIST), [LIST], WANTED)
    assert on_legs(store) == {}


def test_legs_are_taken_in_the_order_of_their_keys_however_a_list_tells_them(store, monkeypatch):
    taken = []
    lock = message_commit.lock_leg
    monkeypatch.setattr(message_commit, "lock_leg", lambda *given: taken.append(given[2]) or lock(*given))
    commit(store, received(LIST), [LIST], WANTED)
    turned = replace(LIST, message_id="turned:1", flights=(SECOND, FIRST))
    commit(store, received(turned), [turned], WANTED)
    assert taken == [*sorted([FIRST.key, SECOND.key])] * 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_counted_list_in_parts_over_two_legs_is_whole_once_the_message_is(store, order):
    whole = replace(LIST, total=3)
    parts = [
        replace(whole, message_id=f"part{number}:1", prepared_at=START + timedelta(minutes=number), travellers=some)
        for number, some in enumerate([PEOPLE[:2], (replace(PEOPLE[2], ordinal=1),)])
    ]
    for count, number in enumerate(order):
        commit(store, received(parts[number]), [parts[number]], WANTED)
        assert floors(store) == [count, count]
        waiting = [one.message.waits for one in store.feed_messages(FIRST_DAY, FIRST_DAY)]
        assert any(waiting) == (count == 0)


def floors(store) -> list[int]:
    """How many full lists of passengers each leg had."""
    rows = store._ground.db.execute("SELECT floors FROM leg").fetchall()
    return [len(json.loads(told).get("api", ())) for (told,) in rows]
