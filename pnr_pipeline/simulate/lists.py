"""Invented watchlists, some of whose members travel, and travellers who only resemble them."""

from datetime import date, timedelta
from random import Random
from typing import Literal, NamedTuple

import msgspec

from pnr_pipeline.records.traveller import Document
from pnr_pipeline.records.watchlist import EntryName, ListEntry, ListRegistration
from pnr_pipeline.simulate.people import People, Person
from pnr_pipeline.simulate.scenario import Scenario
from pnr_pipeline.simulate.spelling import Spelling, respelt
from pnr_pipeline.simulate.stock import LANGUAGES, name_stock

PERSONS, DOCUMENTS = "simulated-persons", "simulated-documents"

KINDS: tuple[Spelling | Literal["document"], ...] = (
    "exact", "transliteration", "document", "diacritics", "typo", "own_letters", "document", "second_name_missing",
    "swapped", "double_surname",
)  # fmt: skip
"""What is planted, in turn; `document` is on the list of documents, under whatever name the bearer has."""

STRANGERS_PER_MEMBER = 3
STRANGERS_MIN = 20


class Planted(NamedTuple):
    """Both lists, and who of them and who resembling them is on which flight."""

    persons: tuple[ListEntry, ...]
    documents: tuple[ListEntry, ...]
    guests: dict[int, list[Person]]


def plant(scenario: Scenario) -> Planted:
    """The lists of a scenario and its guests by flight index.

    Each member is sought under one spelling and travels under another; for each there is a decoy: of the same name and
    another birth date, a brother or sister, or the bearer of a document with a number nearly the same.
    """
    random = Random(f"{scenario.seed}:lists")
    people = People(random, scenario.day, "L")
    persons: list[ListEntry] = []
    documents: list[ListEntry] = []
    guests: dict[int, list[Person]] = {}
    for at in range(scenario.planted if scenario.flights else 0):
        kind = KINDS[at % len(KINDS)]
        flight, other = random.randrange(scenario.flights), random.randrange(scenario.flights)
        if kind == "document":
            entry_id = f"D-{at + 1:04d}"
            member = people.adult(*_origin(random))
            documents.append(_document_entry(entry_id, member.document, random))
            decoy = _near_document(people, member, random)
            where = f"{DOCUMENTS}/{entry_id}"
        else:
            entry_id = f"P-{at + 1:04d}"
            sought, member = _member(people, kind, random)
            persons.append(_person_entry(entry_id, sought, random, native=kind in ("diacritics", "own_letters")))
            decoy = _lookalike(people, sought, random, at)
            where = f"{PERSONS}/{entry_id}"
        guests.setdefault(flight, []).append(msgspec.structs.replace(member, planted=where))
        guests.setdefault(other, []).append(msgspec.structs.replace(decoy, decoy_of=where))
    for at in range(max(STRANGERS_MIN, STRANGERS_PER_MEMBER * scenario.planted)):
        stranger = people.adult(*_origin(random))
        persons.append(_person_entry(f"S-{at + 1:04d}", stranger, random, native=False))
        document = people.adult(*_origin(random)).document
        documents.append(_document_entry(f"T-{at + 1:04d}", document, random))
    random.shuffle(persons)
    random.shuffle(documents)
    return Planted(tuple(persons), tuple(documents), guests)


def registrations(day: date) -> tuple[ListRegistration, ListRegistration]:
    """What the register says of both lists, for an exercise that begins on `day`."""
    review_by = (day + timedelta(days=365)).isoformat()
    persons = ListRegistration(
        id=PERSONS,
        title="Exercise: persons sought",
        owner="Exercise unit, invented",
        legal_basis="Directive (EU) 2016/681 art. 6(3)(a): exercise with invented persons, to be confirmed",
        offences=("terrorism", "2", "4", "11"),
        domain="law_enforcement",
        kind="persons",
        quality="Invented; names as a clerk would have entered them",
        update_duty="With each exercise",
        review_by=review_by,
        instruction="Stop and identify; call the passenger information unit",
    )
    documents = ListRegistration(
        id=DOCUMENTS,
        title="Exercise: lost and stolen documents",
        owner="Exercise unit, invented",
        legal_basis="Directive (EU) 2016/681 art. 6(3)(a): exercise with invented documents, to be confirmed",
        offences=("2", "11", "18"),
        domain="law_enforcement",
        kind="documents",
        quality="Invented; numbers as reported by the holders",
        update_duty="With each exercise",
        review_by=review_by,
        instruction="Withdraw the document and identify its bearer",
    )
    return persons, documents


def _origin(random: Random) -> tuple[str, str]:
    language = random.choice(LANGUAGES)
    countries = name_stock(language).countries
    return random.choices(list(countries), list(countries.values()))[0], language


def _member(people: People, how: Spelling, random: Random) -> tuple[Person, Person]:
    """Someone as sought, and the same one as they travel; languages are tried until the name can vary so."""
    while True:
        sought = people.adult(*_origin(random))
        if sought.typed:
            continue
        travelling = respelt(sought, how, random, people)
        if travelling is not None:
            return sought, travelling


def _lookalike(people: People, sought: Person, random: Random, at: int) -> Person:
    """Someone else: a namesake born in another year, or a brother or sister."""
    years = random.choice((-11, -7, 6, 9))
    born = sought.born + timedelta(days=round(365.25 * years) + random.randrange(200))
    oldest, youngest = people.day - timedelta(days=84 * 365), people.day - timedelta(days=18 * 366)
    born = min(max(born, oldest), youngest)
    other = people.someone(sought.nationality, sought.language, sex=sought.sex, born=born, stem=sought.stem)
    if at % 2:
        return other
    return msgspec.structs.replace(other, name=sought.name, surname=sought.surname, given=sought.given)


def _near_document(people: People, member: Person, random: Random) -> Person:
    """The bearer of a document of the same State whose number differs in one digit."""
    other = people.adult(member.nationality, member.language)
    number = member.document.number
    place = random.choice([at for at, sign in enumerate(number) if sign.isdigit()])
    changed = number[:place] + str((int(number[place]) + random.randint(1, 9)) % 10) + number[place + 1 :]
    return msgspec.structs.replace(other, document=msgspec.structs.replace(member.document, number=changed))


def _person_entry(entry_id: str, person: Person, random: Random, *, native: bool) -> ListEntry:
    surname, given = (
        (person.name.surname, person.name.given_names)
        if native
        else (person.surname.title(), person.given_names.title())
    )
    born = person.born.isoformat()
    return ListEntry(
        id=entry_id,
        list=PERSONS,
        names=(EntryName(f"{given} {surname}", surname, given, script=person.name.script if native else "LATIN"),),
        dob=(born[:4] if random.random() < 0.1 else born,),
        gender=person.sex,
        nationality=(person.nationality,),
        category=random.choice(("suspect", "convicted")),
    )


def _document_entry(entry_id: str, document: Document, random: Random) -> ListEntry:
    return ListEntry(
        id=entry_id,
        list=DOCUMENTS,
        documents=(Document(type=document.type, number=document.number, issuer=document.issuer),),
        category=random.choice(("lost", "stolen")),
    )
