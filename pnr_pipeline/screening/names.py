"""Name fields taken apart: words with their readings, without titles and fillers.

A part may be read in several ways (Ü as UE or U, AHMEDMR also as AHMED). Neighbouring parts, and whole fields, also
count as one merged part, so that AL TAWEEL meets ALTAWEEL and ANNAMARIA meets ANNA MARIA.
"""

import re
from itertools import groupby
from typing import Literal

import msgspec

from pnr_pipeline.records import EntryName
from pnr_pipeline.screening.letters import readings
from pnr_pipeline.screening.rules import NameWords

Field = Literal["surname", "given", "either"]

PARTS_MAX, LETTERS_MAX = 12, 40
"""Of longer names and words only the beginning is compared, so that the cost of a name is bounded."""

_MERGED_MAX = 4
"""Carriers write a whole field as one word; of longer fields only neighbours are read as one."""

_APOSTROPHES = re.compile(r"['’‘`´ʼʹ.]")
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")


class Part(msgspec.Struct, frozen=True):
    """One word of a name: as written, its spellings in A to Z, the field it stood in; particles weigh nothing alone."""

    written: str
    readings: tuple[str, ...]
    field: Field
    particle: bool = False


class Unit(msgspec.Struct, frozen=True):
    """One part, or several neighbours read as one (`merged`); `mask` has a bit for each part it covers."""

    readings: tuple[str, ...]
    mask: int
    merged: bool = False


class PersonName(msgspec.Struct, frozen=True):
    """A name ready to be compared: its parts in the order written, and its units."""

    parts: tuple[Part, ...]
    units: tuple[Unit, ...]


class NameReader:
    """Takes name fields apart by the words of `rules/screening/name_words.yaml`."""

    def __init__(self, words: NameWords) -> None:
        self._words = words

    def traveller(self, surname: str, given: str) -> PersonName:
        """The name of a traveller; all in one field when the carrier left the other empty."""
        if surname and given:
            return _with_units((*self._parts(surname, "surname"), *self._parts(given, "given")))
        return _with_units(self._parts(surname or given, "either"))

    def entry(self, name: EntryName) -> PersonName:
        """The name of a list entry; without surname and given name, `full` (SURNAME, GIVEN or one run of words)."""
        if name.surname and name.given:
            return self.traveller(name.surname, name.given)
        surname, comma, given = name.full.partition(",")
        if comma and given.strip():
            return self.traveller(surname, given)
        return _with_units(self._parts(name.full or name.surname or name.given, "either"))

    def _parts(self, text: str, field: Field) -> tuple[Part, ...]:
        words = _WORD.findall(_APOSTROPHES.sub("", _INITIALS.sub(r"\1 ", text)))
        parts = [Part(word, spelled, field, spelled[0] in self._words.particles)
                 for word in words[:PARTS_MAX] if (spelled := readings(word[:LETTERS_MAX]))]  # fmt: skip
        named = self._without_titles(
            [part for part in parts if part.readings[0] not in self._words.placeholders], field
        )
        if named and all(part.particle for part in named):  # LE, DO and LA are surnames too
            named = [Part(part.written, part.readings, field) for part in named]
        if named and field != "surname":
            named[-1] = self._without_glued_title(named[-1])
        return tuple(named)

    def _without_titles(self, parts: list[Part], field: Field) -> list[Part]:
        """The parts that are no titles; all of them where that leaves none, as a name may be spelled like a title."""
        named = [part for part in parts if part.readings[0] not in self._words.titles]
        if named or (field == "given" and all(part.readings[0] in self._words.glued_titles for part in parts)):
            return named
        return parts

    def _without_glued_title(self, part: Part) -> Part:
        word = part.readings[0]
        for title in self._words.glued_titles:
            if word.endswith(title) and len(word) > len(title):
                return Part(part.written, (*part.readings, word.removesuffix(title)), part.field, part.particle)
        return part


def _with_units(parts: tuple[Part, ...]) -> PersonName:
    parts = parts[:PARTS_MAX]
    singles = [Unit(part.readings, 1 << at) for at, part in enumerate(parts)]
    merged = [_joined(parts, at, at + 2) for at in range(len(parts) - 1)]
    for _, run in groupby(enumerate(parts), key=lambda one: one[1].field):
        places = [at for at, _ in run]
        if 3 <= len(places) <= _MERGED_MAX:
            merged.append(_joined(parts, places[0], places[-1] + 1))
    return PersonName(parts, (*singles, *merged))


def _joined(parts: tuple[Part, ...], start: int, end: int) -> Unit:
    """The parts as one word: in their first readings, in their last ones, and with the last part's last reading."""
    run = [part.readings for part in parts[start:end]]
    first, last = "".join(one[0] for one in run), "".join(one[-1] for one in run)
    head = "".join(one[0] for one in run[:-1])
    return Unit(tuple(dict.fromkeys((first, last, head + run[-1][-1]))), (1 << end) - (1 << start), merged=True)
