"""How the same person's name comes to be written in two ways."""

from random import Random
from typing import Literal

import msgspec

from pnr_pipeline.simulate.people import People, Person
from pnr_pipeline.wire.mrz_letters import machine_readable

Spelling = Literal[
    "exact", "transliteration", "diacritics", "swapped", "own_letters", "typo", "second_name_missing", "double_surname"
]

NEAR = {
    "A": "SE", "B": "VN", "C": "KS", "D": "FS", "E": "IA", "F": "DV", "G": "HJ", "H": "GJ", "I": "YE", "J": "IY",
    "K": "CL", "L": "K", "M": "N", "N": "M", "O": "UP", "P": "OB", "Q": "K", "R": "TE", "S": "ZA", "T": "RD", "U": "OI",
    "V": "BW", "W": "V", "X": "Z", "Y": "IU", "Z": "SX",
}  # fmt: skip
"""Neighbours on the keyboard or in the ear."""


def respelt(person: Person, how: Spelling, random: Random, people: People) -> Person | None:
    """The person as their document has the name, once the list has it otherwise; None if this name cannot vary so.

    `diacritics` and `own_letters` vary the list's side: the document is left as it is.
    """
    changed: Person | None = person
    if how == "transliteration":
        changed = _otherwise(person, random)
    elif how == "swapped":
        changed = msgspec.structs.replace(person, surname=person.given_names, given=tuple(person.surname.split()))
    elif how == "typo":
        changed = misspelt(person, random)
    elif how == "second_name_missing":
        changed = msgspec.structs.replace(person, given=person.given[:1]) if len(person.given) > 1 else None
    elif how == "double_surname":
        changed = people.with_double_name(person, random.choice(people.stems(person))) if person.sex == "F" else None
    elif how == "diacritics":
        changed = person if person.name.script == "LATIN" and not person.name.surname.upper().isascii() else None
    elif how == "own_letters":
        changed = person if person.name.script != "LATIN" else None
    return msgspec.structs.replace(changed, spelling=how) if changed is not None else None


def misspelt(person: Person, random: Random) -> Person | None:
    """One letter of the surname doubled, lost, exchanged with the next or replaced; None for a short surname."""
    surname = person.surname
    if len(surname) < 5:
        return None
    at = random.randrange(1, len(surname) - 1)
    here, there = surname[at], surname[at + 1]
    if not (here + there).isalpha():
        return None
    wrong = {
        "doubled": here + here + there,
        "lost": there,
        "exchanged": there + here,
        "replaced": random.choice(NEAR.get(here, "E")) + there,
    }[random.choice(("doubled", "lost", "exchanged", "replaced"))]
    spoiled = surname[:at] + wrong + surname[at + 2 :]
    return msgspec.structs.replace(person, surname=spoiled) if spoiled != surname else None


def _otherwise(person: Person, random: Random) -> Person | None:
    """Every part that has another spelling takes it."""
    surname, *given = [
        machine_readable(random.choice(part.otherwise) if part.otherwise else part.wire) for part in person.spelt
    ]
    changed = msgspec.structs.replace(person, surname=surname, given=tuple(given))
    return changed if changed.surname != person.surname or changed.given != person.given else None
