"""Name fields taken apart: words with their forms, without titles and fillers.

A part may be read in several ways (Ü as UE or U, AHMEDMR also as AHMED). Neighbouring parts, and whole fields, also
count as one merged part, so that AL TAWEEL meets ALTAWEEL and ANNAMARIA meets ANNA MARIA.

What an index may rely on: at most `PARTS_MAX` parts of a name and `FORMS_MAX` forms of a part, all forms of A to Z and
not empty, the same text giving the same name in every process and version of the rules; no text raises.
"""

import re
import unicodedata
from itertools import groupby
from typing import Literal

import msgspec

from pnr_pipeline.records import EntryName
from pnr_pipeline.screening.letters import FORMS_MAX, script
from pnr_pipeline.screening.name_forms import WordForms
from pnr_pipeline.screening.rules import NameForms, NameWords
from pnr_pipeline.screening.scripts import han

Field = Literal["surname", "given", "either"]
Kind = Literal["name", "patronymic", "particle", "honorific", "generation", "initial"]

PARTS_MAX, LETTERS_MAX = 12, 40
"""Of longer names and words only the beginning is compared, so that the cost of a name is bounded."""

_TEXT_MAX = 1000
_MERGED_MAX = 4
"""Carriers write a whole field as one word; of longer fields only neighbours are read as one."""

_LIGHT: tuple[Kind, ...] = ("particle", "generation")
_APOSTROPHES = re.compile(r"['’‘`´ʼʹʻʽ.\u200c-\u200f\u0640]")
_REMARK = re.compile(r"[(\[][^()\[\]]*\s[^()\[\]]*[)\]]")
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_ZONE_ENDS = (28, 29, 30, 37, 38, 39)
"""Letters of a name, with the two fillers between its fields, that fill a line of an identity card (30) or passport
(39), Doc 9303-4 and -5; up to two may be fillers or blanks at the end."""
_FIELD_FULL = (28, 35)
_GLUED_BEFORE = re.compile(r"(?:PROF|(?:DR|MR|HR)(?=[BCDFGHJKLMNPQRSTVWXZ][A-Z]{3}))(?=[A-Z]{3})")
_SURE_ENDS = ("MSTR", "MISS", "PROF", "MRS", "CHD", "INF", "MR", "DR")


class Part(msgspec.Struct, frozen=True):
    """One word of a name: as written, its forms in A to Z, the field it stood in, its kind.

    The first `spelled` of `readings` are spellings of the word, that of documents first; the others are words it may
    stand for (its name in other spellings, without a glued title or article). `in_full` are names it may be short for.
    `cut`: the field ended with it and looks full.
    """

    written: str
    readings: tuple[str, ...]
    field: Field
    kind: Kind = "name"
    spelled: int = 1
    cut: bool = False
    in_full: tuple[str, ...] = ()

    @property
    def particle(self) -> bool:
        """Whether the part weighs nothing alone: it comes and goes between documents."""
        return self.kind in _LIGHT

    @property
    def script(self) -> str:
        """LATIN, CYRILLIC, ARABIC … (`letters.script`)."""
        return script(self.written)


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
    """Takes name fields apart by the words and forms of `rules/screening/`.

    Remembers single words only, never a name.
    """

    def __init__(self, words: NameWords, forms: NameForms) -> None:
        self._words = words
        self._forms = WordForms(forms).of

    def traveller(self, surname: str, given: str) -> PersonName:
        """The name of a traveller; all in one field when the carrier left the other empty."""
        letters = len(surname) + 2 + len(given)
        full = letters in _ZONE_ENDS or letters > _ZONE_ENDS[-1]
        if surname and given:
            return _with_units((
                *self._parts(surname, "surname", len(surname) in range(*_FIELD_FULL)),
                *self._parts(given, "given", full),
            ))  # fmt: skip
        return _with_units(self._parts(surname or given, "either", full))

    def entry(self, name: EntryName) -> PersonName:
        """The name of a list entry; without surname and given name, `full` (SURNAME, GIVEN or one run of words)."""
        if name.surname and name.given:
            return self._entry(name.surname, name.given)
        surname, comma, given = name.full.partition(",")
        if comma and given.strip():
            return self._entry(surname, given)
        return _with_units(self._parts(name.full or name.surname or name.given, "either"))

    def _entry(self, surname: str, given: str) -> PersonName:
        return _with_units((*self._parts(surname, "surname"), *self._parts(given, "given")))

    def _parts(self, text: str, field: Field, full: bool = False) -> tuple[Part, ...]:
        parts = [part for word in _words(text)[:PARTS_MAX] if (part := self._part(word, field))]
        named = self._without_titles(
            [part for part in parts if part.readings[0] not in self._words.placeholders], field
        )
        if named and all(part.particle for part in named):  # LE, DO and LA are surnames too
            named = [msgspec.structs.replace(part, kind="name") for part in named]
        if field == "given":
            named = [*named[:1], *(self._patronymic(part) for part in named[1:])]
        if named:
            named[0] = _with_word(named[0], _GLUED_BEFORE.sub("", named[0].readings[0]))
            named[-1] = self._without_glued_title(named[-1])
            if full:
                named[-1] = msgspec.structs.replace(named[-1], cut=True)
        return tuple(named)

    def _part(self, word: str, field: Field) -> Part | None:
        forms, spelled, in_full = self._forms(word[:LETTERS_MAX])
        if not forms:
            return None
        canonical, words = forms[0], self._words
        kind: Kind = "name"
        if canonical in words.particles:
            kind = "particle"
        elif canonical in words.honorifics:
            kind = "honorific"
        elif canonical in words.generations:
            kind = "generation"
        elif len(canonical) == 1:
            kind = "initial"
        elif len(canonical) == 2 and canonical[0] == canonical[1]:  # carriers double a name of one letter
            return Part(word, (*forms, canonical[0]), field, "name", spelled)
        return Part(word, forms, field, kind, spelled, in_full=in_full)

    def _patronymic(self, part: Part) -> Part:
        ends = any(part.readings[0].endswith(end) for end in self._words.patronymics)
        return msgspec.structs.replace(part, kind="patronymic") if ends and part.kind == "name" else part

    def _without_titles(self, parts: list[Part], field: Field) -> list[Part]:
        """The parts that are no titles; all of them where that leaves none, as a name may be spelled like a title."""
        named = [part for part in parts if part.written.upper() not in self._words.titles]
        if named or (field == "given" and all(part.written.upper() in self._words.salutations for part in parts)):
            return named
        return parts

    def _without_glued_title(self, part: Part) -> Part:
        word = part.readings[0]
        for title in self._words.glued_titles:
            if word.endswith(title) and len(word) > len(title):
                return part if part.field == "surname" and title not in _SURE_ENDS else (
                    _with_word(part, word.removesuffix(title))
                )  # fmt: skip
        return part


def _words(text: str) -> list[str]:
    """The words of a field. Several words in brackets are a remark; dots and apostrophes join; marks are left out."""
    text = text[:_TEXT_MAX]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(one for one in text if one.isalnum() or unicodedata.category(one) not in ("Mn", "Mc", "Cf"))
    if "(" in text or "[" in text:
        text = _REMARK.sub(" ", text)
    words = _WORD.findall(_APOSTROPHES.sub("", _INITIALS.sub(r"\1 ", text)))
    return [name for word in words for name in han.split(word)]


def _with_word(part: Part, word: str) -> Part:
    """The part with one more word that it may stand for; it takes the place of the last form where there are eight."""
    if not word or word in part.readings:
        return part
    kept = part.readings[: FORMS_MAX - 1]
    return msgspec.structs.replace(part, readings=(*kept, word), spelled=min(part.spelled, len(kept)))


def _with_units(parts: tuple[Part, ...]) -> PersonName:
    parts = parts[:PARTS_MAX]
    singles = [Unit(part.readings, 1 << at) for at, part in enumerate(parts)]
    spans = dict.fromkeys((at, at + 2) for at in range(len(parts) - 1))
    for _, run in groupby(enumerate(parts), key=lambda one: one[1].field):
        places = [at for at, _ in run]
        if 3 <= len(places) <= _MERGED_MAX:
            spans[places[0], places[-1] + 1] = None
        for at in places[:-2]:  # DE LA CRUZ, ABD AL RAHMAN
            if parts[at].kind == parts[at + 1].kind == "particle":
                spans[at, at + 3] = None
    return PersonName(parts, (*singles, *(_joined(parts, start, end) for start, end in spans)))


def _joined(parts: tuple[Part, ...], start: int, end: int) -> Unit:
    """The parts as one word: in their first readings, in their last ones, and with the last part's last reading."""
    run = [part.readings for part in parts[start:end]]
    first, last = "".join(one[0] for one in run), "".join(one[-1] for one in run)
    head = "".join(one[0] for one in run[:-1])
    return Unit(tuple(dict.fromkeys((first, last, head + run[-1][-1]))), (1 << end) - (1 << start), merged=True)
