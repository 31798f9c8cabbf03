"""Everybody who asks in their own letters meets what a carrier wrote of them, by the index's tokens alone (RGT-2)."""

from datetime import date
from random import Random

import pytest

from pnr_pipeline.records import Name, Traveller
from pnr_pipeline.records.same_person import Listing, Person
from pnr_pipeline.simulate.people import People
from pnr_pipeline.simulate.stock import states
from pnr_pipeline.stores.sql.rights_index import Question, asked, tokens_of

NUMBER = 1500


def invented():
    people, given = People(Random(11), date(2026, 1, 10), "rights"), (tuple(states()), (1.0,) * len(states()))
    for _ in range(NUMBER):
        yield people.adult(*people.nationality(given))


def told(person, born=True):
    name = Name(person.surname, person.given_names)
    traveller = Traveller(1, "passenger", surname=name.surname, given_names=name.given_names,
                          date_of_birth=person.born.isoformat() if born else None)  # fmt: skip
    return tokens_of(Person(pnr=Listing("1", "m", traveller)))


def question(person):
    return asked(Question(person.name.surname, person.name.given_names, person.born.isoformat()))


@pytest.mark.law("RGT-2")
def test_all_of_many_invented_people_are_found_in_their_own_letters_with_a_birth_date_told_or_not():
    people = list(invented())
    assert len({one.language for one in people}) > 10
    missed = [
        (one.language, born) for one in people for born in (True, False) if not question(one).meets(told(one, born))
    ]
    assert missed == []


def test_hardly_anybody_else_is_found_with_them():
    people = list(invented())[:300]
    stored = [told(one) for one in people]
    others = sum(
        bool(question(one).meets(tokens))
        for at, one in enumerate(people)
        for to, tokens in enumerate(stored)
        if at != to
    )
    assert others <= 3
