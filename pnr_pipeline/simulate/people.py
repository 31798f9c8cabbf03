"""Invented persons: names by language, ages, documents; spouses and children who bear each other's names."""

from datetime import date, timedelta
from random import Random

import msgspec

from pnr_pipeline.records.traveller import Document
from pnr_pipeline.simulate.scenario import TrueName
from pnr_pipeline.simulate.stock import NameStock, Spelt, languages_of, name_stock, states, world
from pnr_pipeline.wire.mrz_letters import machine_readable

DIGITS = "0123456789"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
DIASPORA_SHARE = 0.17
TYPED_SHARE = 0.15
CARD_SHARE = 0.12
YOUNGEST, OLDEST = 18, 84


class Person(msgspec.Struct, frozen=True):
    """Someone, wherever they travel. `given` is the wire form of each given name; `typed` is entered by hand."""

    person: str
    language: str
    sex: str
    born: date
    nationality: str
    name: TrueName
    surname: str
    given: tuple[str, ...]
    document: Document
    typed: bool
    stem: str
    """The family's surname as the stock spells it, before it is put into the feminine."""
    spelt: tuple[Spelt, ...]
    """Surname and given names with the spellings that also occur."""
    planted: str = ""
    spelling: str = ""
    decoy_of: str = ""

    @property
    def given_names(self) -> str:
        """The given names as one string."""
        return " ".join(self.given)


class People:
    """Draws persons from one source of randomness; `day` is the day on which they are as old as asked."""

    def __init__(self, random: Random, day: date, prefix: str) -> None:
        self._random = random
        self.day = day
        self._prefix = prefix
        self._count = 0

    def nationality(self, states_and_weights: tuple[tuple[str, ...], tuple[float, ...]]) -> tuple[str, str]:
        """A nationality by weight, and the language of the name that goes with it."""
        state = self._random.choices(*states_and_weights)[0]
        abroad = world().diaspora.get(state)
        if abroad and self._random.random() < DIASPORA_SHARE:
            return state, self._random.choice(abroad)
        names, weights = languages_of(state)
        return state, self._random.choices(names, weights)[0]

    def adult(self, nationality: str, language: str, *, sex: str = "", stem: str = "", oldest: int = OLDEST) -> Person:
        """Someone of 18 or more; `stem` gives the surname of the family."""
        age = min(oldest, max(YOUNGEST, round(self._random.gauss(41, 15))))
        return self.someone(nationality, language, sex=sex, born=self._born(age), stem=stem)

    def child(self, nationality: str, language: str, ages: tuple[int, int], *, stem: str) -> Person:
        """Someone whose completed years are within `ages`; (0, 1) gives an infant of at least ten days."""
        return self.someone(nationality, language, sex="", born=self._born(self._random.randint(*ages)), stem=stem)

    def someone(self, nationality: str, language: str, *, sex: str, born: date, stem: str = "") -> Person:
        """A person with the given birth date, a name of the language and a document of the State."""
        random, stock = self._random, name_stock(language)
        sex = sex or random.choice("MF")
        stem = stem or random.choice(stock.surnames)
        surname = stock.spelt(stock.feminine(stem) if sex == "F" else stem)
        given = self._given(stock, sex)
        typed = random.random() < TYPED_SHARE
        self._count += 1
        return Person(
            f"{self._prefix}{self._count:04d}",
            language,
            sex,
            born,
            nationality,
            TrueName(surname.native, " ".join(name.native for name in given), stock.script),
            surname.wire if typed else machine_readable(surname.wire),
            tuple([name.wire if typed else machine_readable(name.wire) for name in given]),
            self.document(nationality),
            typed,
            stem,
            (surname, *given),
        )

    def spouse(self, of: Person) -> Person:
        """Husband or wife: the woman's surname is his, her own, or both joined by a hyphen, as the language has it."""
        husband = of.sex == "M"
        stock = name_stock(of.language)
        habit = self._random.choices(*stock.married)[0] if husband else "keeps"
        other = self.adult(
            of.nationality, of.language, sex="F" if husband else "M", stem="" if habit == "keeps" else of.stem
        )
        return self.with_double_name(other, of.stem) if habit == "double" else other

    def with_double_name(self, person: Person, joined: str) -> Person:
        """The person with an own surname, then the joined one, hyphenated in the truth."""
        stock = name_stock(person.language)
        own = person.stem if person.stem != joined else self._random.choice(self.stems(person))
        parts = [stock.spelt(stock.feminine(name) if person.sex == "F" else name) for name in (own, joined)]
        wire = "-".join(part.wire for part in parts)
        name = TrueName("-".join(part.native for part in parts), person.name.given_names, person.name.script)
        return msgspec.structs.replace(
            person, name=name, surname=wire if person.typed else machine_readable(wire), stem=own
        )

    def stems(self, person: Person) -> list[str]:
        """Surnames of the person's language other than their own."""
        return [name for name in name_stock(person.language).surnames if name != person.stem]

    def document(self, state: str) -> Document:
        """A passport, or an identity card where the State has one people travel on; valid for months to ten years."""
        random = self._random
        pattern, kind = states()[state].passport, "P"
        if states()[state].card and random.random() < CARD_SHARE:
            pattern, kind = states()[state].card, "I"
        expires = self.day + timedelta(days=random.randint(45, 3650))
        return Document(
            type=kind, number=self.number(pattern), issuer=state, issuer_alpha3=state, expires=expires.isoformat()
        )

    def number(self, pattern: str) -> str:
        """A pattern of `states.yaml` filled in."""
        choice = self._random.choice
        drawn = [choice(DIGITS) if mark == "9" else choice(LETTERS) if mark == "@" else mark for mark in pattern]
        return "".join(drawn)

    def _given(self, stock: NameStock, sex: str) -> list[Spelt]:
        """Given names, with the father's name where the passports of the language carry it."""
        random = self._random
        given = [stock.spelt(random.choice(stock.male if sex == "M" else stock.female))]
        if stock.patronymic:
            father = random.choice(stock.male)
            suffix = stock.patronymic["male" if sex == "M" else "female"]
            given.append(stock.spelt(patronymic(father, suffix)))
        elif stock.lineage and random.random() < stock.lineage:
            given.append(stock.spelt(random.choice(stock.male)))
        elif stock.second_given and random.random() < stock.second_given:
            second = stock.spelt(random.choice(stock.male if sex == "M" else stock.female))
            if second not in given:
                given.append(second)
        return given

    def _born(self, age: int) -> date:
        oldest = 355 if age else 345
        return self.day - timedelta(days=int(age * 365.25) + self._random.randint(10, oldest))


def patronymic(father: str, suffix: str) -> str:
    """Bulgarian: Иван gives Иванов, Никола Николов, Георги Георгиев, Николай Николаев (feminine with -а)."""
    stem = father.removesuffix(father[-1]) if father[-1] in "аоюяй" else father
    soft = stem[-1] == "и" or father[-1] in "юй"
    return stem + ("е" + suffix[1:] if soft else suffix)
