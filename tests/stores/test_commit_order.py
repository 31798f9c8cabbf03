"""Replays, duplicates and any order of arrival leave the same store; people stay themselves and keep their hits."""

import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_setup import commit, dump, entry, index_of, open_demo
from told_flights import SURNAMES, Flight, flights, received

from pnr_pipeline.stores.sql.hits import read_hits

WANTED = index_of(
    [entry(f"E{place}{letter}", f"{surname}AA{letter}", "ARBEN", born="1961-02-02")
     for place, surname in enumerate(SURNAMES) for letter in "BCD"]
    + [entry("E-DOC", "SOMEBODY", "ELSE", document="U0000002"), entry("E-NAME", "NAMESAKE", "JORDAN")]
)  # fmt: skip


def _stored(flight: Flight, order: list[int]):
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "state") as store:
        for place, number in enumerate(order):
            commit(store, received(flight.messages[number], place), [flight.messages[number]], WANTED)
        assert _records_of_two(store, flight) == []
        return dump(store)


def _records_of_two(store, flight: Flight) -> list[str]:
    persons_of, records_of = defaultdict(set), defaultdict(set)
    for record_id, message_id, ordinal in store._ground.db.execute(
        "SELECT record_id, message_id, ordinal FROM listing"
    ):
        persons_of[record_id].add(flight.who[message_id, ordinal])
        records_of[flight.who[message_id, ordinal]].add(record_id)
    return [str(held) for held in (*persons_of.values(), *records_of.values()) if len(held) > 1]


@pytest.mark.law("ING-8")
@settings(max_examples=25)
@given(flights(), st.data())
def test_any_order_of_arrival_leaves_the_same_store(flight, data):
    places = list(range(len(flight.messages)))
    straight = _stored(flight, places)
    mixed = data.draw(st.permutations(places))
    again = data.draw(st.lists(st.sampled_from(places), max_size=3))
    assert _stored(flight, [*mixed, *again]) == straight


@settings(max_examples=25)
@given(flights())
def test_a_person_keeps_one_surrogate_id_and_a_hit_stays_with_its_person(flight):
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "state") as store:
        ids, owners = {}, {}
        for message in flight.messages:
            commit(store, received(message), [message], WANTED)
            for record_id, message_id, ordinal in store._ground.db.execute(
                "SELECT record_id, message_id, ordinal FROM listing"
            ).fetchall():
                person = flight.who[message_id, ordinal]
                assert ids.setdefault(person, record_id) == record_id
            person_of = {record_id: person for person, record_id in ids.items()}
            for hit in read_hits(store._ground, None):
                assert owners.setdefault(hit.hit_id, person_of[hit.record_id]) == person_of[hit.record_id]
