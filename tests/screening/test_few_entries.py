"""What changed of a list is searched by itself, and weighed as in the whole."""

from random import Random

import msgspec
import pytest
from invented_persons import NOW, person, register, traveller

from pnr_pipeline.records import Document
from pnr_pipeline.screening import Index, screen, screen_among

SURNAMES = ["Kelmendi", "Kelmendy", "Đorđević", "Al Sayed", "Alsayed", "Hoxha", "Hodža", "Strumenko"]
GIVEN = ["Arben", "Miloš", "Milosh", "Anna Maria", "Misha", "Mikhail", "A", ""]
BORN = ["1980-03-02", "1980-02-03", "1980-03-12", "1980", ""]


def invented(number, random):
    said = (random.choice(SURNAMES), random.choice(GIVEN), random.choice(BORN))
    documents = (Document("P", f"X{random.randrange(400):07}"),) if random.random() < 0.1 else ()
    return person(f"e{number:05}", *said, documents=documents)


@pytest.mark.parametrize("seed", range(3))
def test_a_few_entries_give_the_matches_and_evidence_of_the_whole_index(rules, seed):
    random = Random(seed)
    entries = [invented(number, random) for number in range(600)]
    index = Index.build([(register(), "v2", entries)], rules)
    changed = random.sample(entries, 25)
    few = Index.build([(register(), "v2", changed)], rules)
    people = [
        msgspec.structs.replace(
            traveller(one.names[0].surname, one.names[0].given, one.dob[0] if one.dob else None),
            documents=one.documents,
        )
        for one in (invented(number, random) for number in range(200))
    ]
    people = [msgspec.structs.replace(one, ordinal=place) for place, one in enumerate(people)]
    ids = {one.id for one in changed}
    whole = {(one.traveller, one.entry_id): one for one in screen(people, index, NOW) if one.entry_id in ids}
    among = {(one.traveller, one.entry_id): one for one in screen_among(people, few, index, NOW)}
    assert whole
    assert {key: among.get(key) for key in whole} == whole


def test_nobody_is_asked_of_the_index_where_the_few_propose_nobody(rules):
    index = Index.build([(register(), "v2", [person("e1", "Hoxha", "Drita", "1980-01-02")])], rules)
    assert screen_among([traveller("KELMENDI", "ARBEN", "1982-11-30")], index, index, NOW) == []
    assert screen_among([], index, index, NOW) == []
