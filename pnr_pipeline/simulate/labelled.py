"""A labelled set for screening: invented sought persons, the same persons as they travel, look-alikes and strangers.

Every population of the stock bears the same share, both sexes alike. Surnames have the long tail of real ones: a third
of the people bear one of the stock, by Zipf and Mandelbrot's law (the commonest about 1.5 in 100), the others one put
together anew of two, as surnames are made of stems and endings, or a forefather's given name where the script is
Arabic. So two people of one population share their surname once in 200 to 1,000 pairs. Given names are drawn evenly
from 60 to 150. The same seed gives the same set.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from random import Random

import msgspec

from pnr_pipeline.records.traveller import Document, Traveller
from pnr_pipeline.records.watchlist import EntryName, ListEntry, ListRegistration
from pnr_pipeline.screening.evaluation import Case
from pnr_pipeline.simulate.people import DIGITS, People, Person
from pnr_pipeline.simulate.spelling import NEAR, misspelt, respelt
from pnr_pipeline.simulate.stock import LANGUAGES, NameStock, name_stock

LIST_ID = "labelled"
REGISTRATION = ListRegistration(
    LIST_ID, "Invented persons, labelled", "the simulator", "none: an exercise", ("4",), "law_enforcement", "persons",
    "invented", "none", "2099-12-31",
)  # fmt: skip
DAY = date(2026, 6, 1)
_OF_STOCK, _WITHOUT_DATE, _TRIES = 0.35, 0.2, 60
_TITLES = {"M": ("MR", "DR"), "F": ("MRS", "MS", "MISS")}
_OCR = str.maketrans("OISBZG", "015826")
_VOWELS = frozenset("aeiouyáéíóúâêîôûäöüëăîıəаеиоуюяєіїъαεηιουωάέήίόύώաեէըիոօ")
_RANKS_BEFORE = 8
"""Mandelbrot's constant: that many ranks flatten the head of the frequencies."""
_KUNYA = (("", "", ""), ("", "", ""), ("أبو_", "Abou-", "Abu-"), ("بن_", "Ben-", "Bin-"))
"""Before a forefather's name: mostly nothing, father of, son of; in Arabic letters and two spellings."""

Change = Callable[[Person, Random, People], Person | None]


class LabelledSet(msgspec.Struct, frozen=True):
    """The list and the cases without the strangers, of whom `strangers` gives any number."""

    entries: tuple[ListEntry, ...]
    cases: tuple[Case, ...]


def labelled_set(seed: int, *, entries: int, of_each: int) -> LabelledSet:
    """A list of `entries` persons, and `of_each` travellers of each population and category that its names allow."""
    random = Random(f"{seed}:labelled")
    people = People(random, DAY, "E")
    numbers = count(1)
    listed: list[ListEntry] = []
    cases: list[Case] = []
    for population in LANGUAGES:
        for category, change in CHANGES.items():
            for _ in range(of_each):
                entry_id = f"L-{next(numbers):06d}"
                changed = _changed(people, population, random, change)
                if changed is None:
                    break
                sought, travelling = changed
                native = category in ("own_letters", "diacritics")
                entry = _entry(entry_id, sought, random, native=native, category=category)
                listed.append(entry)
                cases.append(_case(travelling, entry, category, random))
        for category, other in LOOK_ALIKES.items():
            for _ in range(of_each):
                sought = person_of(people, population, random)
                entry = _entry(f"L-{next(numbers):06d}", sought, random, native=False, category=category)
                listed.append(entry)
                lookalike = other(sought, random, people)
                cases.append(Case(_traveller(lookalike), "", category, population, lookalike.sex, "LATIN"))
    while len(listed) < entries:
        population = LANGUAGES[len(listed) % len(LANGUAGES)]
        stranger = person_of(people, population, random)
        listed.append(_entry(f"L-{next(numbers):06d}", stranger, random, native=random.random() < 0.1, category=""))
    return LabelledSet(tuple(listed), tuple(cases))


def strangers(seed: int, number: int) -> Iterator[Case]:
    """So many random travellers who are on no list, one in five without a birth date (`random_no_date`)."""
    random = Random(f"{seed}:strangers")
    people = People(random, DAY, "N")
    for at in range(number):
        population = LANGUAGES[at % len(LANGUAGES)]
        person = person_of(people, population, random)
        traveller = _traveller(person)
        dated = random.random() >= _WITHOUT_DATE
        if not dated:
            traveller = msgspec.structs.replace(traveller, date_of_birth=None)
        yield Case(traveller, "", "random" if dated else "random_no_date", population, person.sex, "LATIN")


def person_of(people: People, population: str, random: Random) -> Person:
    """Someone of a population, with a surname as frequent as in life."""
    stock = name_stock(population)
    countries = stock.countries
    state = random.choices(list(countries), list(countries.values()))[0]
    return people.adult(state, population, stem=_surname(stock, random))


def _surname(stock: NameStock, random: Random) -> str:
    """A third are common names, the front of the stock the commonest; the rest are put together anew."""
    names = stock.surnames
    common = random.choices(names, [1 / (_RANKS_BEFORE + rank) for rank in range(1, len(names) + 1)])[0]
    if random.random() < _OF_STOCK:
        return common
    if "=" in common:
        native, _, latin = random.choice(stock.male).partition("=")
        before, one, other = random.choice(_KUNYA)
        spellings = latin.split("/")
        return f"{before}{native}={one}{spellings[0]}/{other}{spellings[-1]}"
    for _ in range(20):
        first, last = random.choice(names), random.choice(names)
        cuts = [at for at in range(2, len(first) - 1) if first[at].lower() in _VOWELS]
        starts = [at for at in range(2, len(last) - 2) if last[at].lower() in _VOWELS]
        made = first[: random.choice(cuts)] + last[random.choice(starts) :] if cuts and starts else ""
        if 5 <= len(made) <= 14 and made.isalpha():
            return made
    return common


def _changed(people: People, population: str, random: Random, change: Change) -> tuple[Person, Person] | None:
    """Someone as sought and as they travel, tried until the name varies so; None where names of a population do not."""
    for _ in range(_TRIES):
        sought = person_of(people, population, random)
        travelling = change(sought, random, people)
        if travelling is not None:
            return sought, travelling
    return None


def _entry(entry_id: str, person: Person, random: Random, *, native: bool, category: str) -> ListEntry:
    surname, given = (
        (person.name.surname, person.name.given_names)
        if native
        else (person.surname.title(), person.given_names.title())
    )
    born = person.born.isoformat()
    vague = random.random()
    dates = {"dob_year_only": (born[:4],), "list_without_date": ()}.get(
        category, (born,) if category or vague > 0.2 else (born[:4],) if vague > 0.1 else ()
    )
    return ListEntry(
        id=entry_id,
        list=LIST_ID,
        names=(EntryName(f"{given} {surname}", surname, given, script=person.name.script if native else "LATIN"),),
        dob=dates,
        gender=person.sex if random.random() > 0.2 else None,
        nationality=(person.nationality,) if random.random() > 0.3 else (),
        documents=(person.document,) if category.startswith("document") else (),
    )


def _case(person: Person, entry: ListEntry, category: str, random: Random) -> Case:
    traveller = _traveller(person)
    if category in _DATES:
        traveller = msgspec.structs.replace(traveller, date_of_birth=_DATES[category](person.born, random))
    return Case(traveller, entry.id, category, person.language, person.sex, entry.names[0].script)


def _traveller(person: Person) -> Traveller:
    return Traveller(
        0, "passenger", person.surname, person.given_names, date_of_birth=person.born.isoformat(), sex=person.sex,
        nationality=person.nationality, documents=(person.document,),
    )  # fmt: skip


def _same(person: Person, _random: Random, _people: People) -> Person:
    return person


def _typo(person: Person, random: Random, _people: People) -> Person | None:
    return misspelt(person, random)


def _two_typos(person: Person, random: Random, _people: People) -> Person | None:
    changed = misspelt(person, random)
    if changed is None or len(changed.given[0]) < 4:
        return None
    at = random.randrange(1, len(changed.given[0]))
    first = changed.given[0]
    wrong = first[:at] + random.choice(NEAR.get(first[at], "E")) + first[at + 1 :]
    return msgspec.structs.replace(changed, given=(wrong, *changed.given[1:]))


def _spelt(how: str) -> Change:
    return lambda person, random, people: respelt(person, how, random, people)  # type: ignore[arg-type]  # a Spelling


def _title(person: Person, random: Random, _people: People) -> Person:
    last = person.given[-1] + random.choice(_TITLES[person.sex])
    return msgspec.structs.replace(person, given=(*person.given[:-1], last))


def _cut(person: Person, random: Random, _people: People) -> Person | None:
    """The zone of a card: 30 letters with two fillers between the fields."""
    given = person.given_names
    room = 28 - len(person.surname)
    if len(given) <= room or room < 2:
        return None
    return msgspec.structs.replace(person, given=tuple(given[:room].split()))


def _initial(person: Person, _random: Random, _people: People) -> Person:
    return msgspec.structs.replace(person, given=(person.given[0][:1], *person.given[1:]))


def _merged(person: Person, _random: Random, _people: People) -> Person | None:
    if len(person.given) > 1:
        return msgspec.structs.replace(person, given=("".join(person.given),))
    whole = person.surname.replace(" ", "").replace("-", "")
    return msgspec.structs.replace(person, surname=whole) if whole != person.surname else None


def _one_field(person: Person, _random: Random, _people: People) -> Person:
    return msgspec.structs.replace(person, surname=f"{person.surname} {person.given_names}", given=())


def _misread(person: Person, random: Random, _people: People) -> Person | None:
    places = [at for at, letter in enumerate(person.surname) if letter in "OISBZG"]
    if not places:
        return None
    at = random.choice(places)
    surname = person.surname[:at] + person.surname[at].translate(_OCR) + person.surname[at + 1 :]
    return msgspec.structs.replace(person, surname=surname)


def _several(person: Person, random: Random, people: People) -> Person | None:
    for change in random.sample((_typo, _title, _spelt("second_name_missing"), _spelt("swapped")), 2):
        changed = change(person, random, people)
        if changed is None:
            return None
        person = changed
    return person


def _other_name(person: Person, random: Random, people: People) -> Person:
    other = person_of(people, person.language, random)
    return msgspec.structs.replace(other, document=person.document, sex=person.sex)


def _both_months(person: Person, _random: Random, _people: People) -> Person | None:
    return person if person.born.day <= 12 and person.born.day != person.born.month else None


def _day_and_month(born: date, _random: Random) -> str:
    return f"{born.year}-{born.day:02}-{born.month:02}"


def _digit(born: date, random: Random) -> str:
    """One digit of the day or the year replaced, a date still."""
    text = born.isoformat()
    while True:
        at = random.choice((2, 3, 8, 9))
        wrong = text[:at] + random.choice(DIGITS) + text[at + 1 :]
        if wrong != text and 1930 <= int(wrong[:4]) <= 2010 and 1 <= int(wrong[8:]) <= 28:
            return wrong


CHANGES: dict[str, Change] = {
    "exact": _same,
    "transliteration": _spelt("transliteration"),
    "diacritics": _spelt("diacritics"),
    "own_letters": _spelt("own_letters"),
    "typo": _typo,
    "two_typos": _two_typos,
    "misread_letters": _misread,
    "swapped": _spelt("swapped"),
    "second_name_missing": _spelt("second_name_missing"),
    "double_surname": _spelt("double_surname"),
    "initial": _initial,
    "merged_parts": _merged,
    "one_field": _one_field,
    "cut_in_zone": _cut,
    "title_glued": _title,
    "several": _several,
    "dob_missing": _same,
    "list_without_date": _same,
    "dob_day_and_month": _both_months,
    "dob_digit": _same,
    "dob_year_only": _same,
    "document_other_name": _other_name,
}
"""Of each category, how the traveller differs from the person sought; dates: `_DATES`, those of lists: `_entry`."""

_DATES: dict[str, Callable[[date, Random], str | None]] = {
    "dob_missing": lambda _born, _random: None,
    "dob_day_and_month": _day_and_month,
    "dob_digit": _digit,
}


def _sibling(person: Person, random: Random, people: People) -> Person:
    return people.adult(person.nationality, person.language, stem=person.stem)


def _namesake(person: Person, random: Random, people: People) -> Person:
    years = random.choice((-11, -7, -4, 5, 8, 13))
    born = person.born + timedelta(days=round(365.25 * years) + random.randrange(30, 300))
    other = people.someone(person.nationality, person.language, sex=person.sex, born=born, stem=person.stem)
    return msgspec.structs.replace(other, surname=person.surname, given=person.given)


def _same_day(person: Person, random: Random, people: People) -> Person:
    return people.someone(person.nationality, person.language, sex="", born=person.born, stem=person.stem)


def _next_document(person: Person, random: Random, people: People) -> Person:
    other = person_of(people, person.language, random)
    number = person.document.number[:-1] + str((ord(person.document.number[-1]) + 1) % 10)
    document = Document(person.document.type, number, person.document.issuer)
    return msgspec.structs.replace(other, document=document)


LOOK_ALIKES: dict[str, Callable[[Person, Random, People], Person]] = {
    "sibling": _sibling,
    "same_name_other_date": _namesake,
    "same_surname_and_date": _same_day,
    "document_next_number": _next_document,
}
"""Of each category of someone else, how they are like the person sought."""
