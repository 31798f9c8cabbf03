"""Whatever the functions of its lists, a true person is one record, and none holds two."""

from collections import defaultdict

from hypothesis import given, settings
from told_flights import LEG, WAIT
from told_functions import Lists, lists

from pnr_pipeline.records.join import fold
from pnr_pipeline.records.push import push_of
from pnr_pipeline.records.push_sets import sets_of


@settings(max_examples=300)
@given(lists())
def test_every_person_stays_one_through_corrections_cancellations_and_closing_lists(flight: Lists):
    persons, members, doubtful = fold(sets_of((push_of(message, LEG) for message in flight.messages), WAIT))
    told = {record: {flight.who[member] for member in listed} for record, listed in members.items()}
    records = defaultdict(set)
    for record, people in told.items():
        for person in people:
            records[person].add(record)
    assert all(len(people) == 1 for people in told.values())
    assert all(len(held) == 1 for held in records.values())
    assert doubtful == set()
    assert all(person.view.surname or not _is_named(flight, told[record]) for record, person in persons.items())


def _is_named(flight: Lists, people: set[int]) -> bool:
    """Whether any message tells a name of these people."""
    return any(
        traveller.surname
        for message in flight.messages
        for traveller in message.travellers
        if flight.who[message.message_id, traveller.ordinal] in people
    )
