"""Everybody who asks in their own letters meets what a carrier wrote of them, by the index's tokens alone (RGT-2)."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.records import Document, Name, Traveller
from pnr_pipeline.records.same_person import Listing, Person
from pnr_pipeline.simulate.people import People
from pnr_pipeline.simulate.stock import states
from pnr_pipeline.stores.sql.rights_index import Question, asked, difference, tokens_of

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


def named(*told):
    def listing(number, surname, given, born, *documents):
        return Listing(str(number), "m", Traveller(
            1, "passenger", surname=surname, given_names=given, date_of_birth=born,
            documents=tuple(Document("P", one) for one in documents),
        ))  # fmt: skip

    api, *pnr = (listing(at, *one) for at, one in enumerate(told))
    return Person(api=api, pnr=pnr[0] if pnr else None)


_WORD = st.sampled_from(["HOXHA", "MARIA", "ANNA MARIA", "AL TAWEEL", "ÖZGÜR", "DE LA CRUZ", ""])
_TOLD = st.tuples(_WORD, _WORD, st.sampled_from([None, "1980-02-03", "1980-03-02"]), st.sampled_from(["K1", "K2"]))
_PERSON = st.lists(_TOLD, min_size=1, max_size=2).map(lambda told: named(*told))


@given(_PERSON, _PERSON)
def test_a_record_told_anew_loses_and_gains_tokens_so_that_it_has_those_of_the_person_as_told_now(before, now):
    lost, gained = difference(before, now)
    assert (tokens_of(before) - lost) | gained == tokens_of(now)
    assert not lost & tokens_of(now)
    assert difference(None, now) == (set(), tokens_of(now))
