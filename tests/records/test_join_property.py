from collections import defaultdict

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from told_flights import LEG, WAIT, Flight, flights

from pnr_pipeline.records.join import fold
from pnr_pipeline.records.push import push_of
from pnr_pipeline.records.push_sets import sets_of


def _pushes(flight: Flight):
    return [push_of(message, LEG) for message in flight.messages]


def _folded(pushes):
    return fold(sets_of(pushes, WAIT))


def _faults(members, who) -> list[str]:
    """Records that hold two persons, and persons who are in two records."""
    persons_of, records_of = defaultdict(set), defaultdict(set)
    for record, listed in members.items():
        for member in listed:
            persons_of[record].add(who[member])
            records_of[who[member]].add(record)
    merged = [f"record {record} holds persons {sorted(held)}" for record, held in persons_of.items() if len(held) > 1]
    return merged + [f"person {one} is in {len(held)} records" for one, held in records_of.items() if len(held) > 1]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flights())
def test_every_true_person_is_one_record_and_no_record_holds_two(flight):
    _, members, doubtful = _folded(_pushes(flight))
    assert _faults(members, flight.who) == []
    assert doubtful == set()


@settings(max_examples=100, deadline=None)
@given(flights(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(flight, random):
    pushes = _pushes(flight)
    mixed = random.sample(pushes, len(pushes))
    assert _folded(mixed) == _folded(pushes)


def test_a_join_by_ordinal_fails_the_property():
    def by_ordinal(flight: Flight):
        members = defaultdict(list)
        for member in flight.who:
            members[member[1]].append(member)
        return members

    try:
        find(flights(), lambda flight: bool(_faults(by_ordinal(flight), flight.who)))
    except NoSuchExample:
        pytest.fail("the property cannot tell a join by ordinal from a true one")
