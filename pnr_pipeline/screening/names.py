"""Name fields taken apart: words with their forms, without titles and fillers.

A part may be read in several ways (Ü as UE or U, AHMEDMR also as AHMED). Neighbouring parts, and whole fields, also
count as one merged part, so that AL TAWEEL meets ALTAWEEL and ANNAMARIA meets ANNA MARIA.

What an index may rely on: at most `PARTS_MAX` parts of a name, `FORMS_MAX` forms of a part and few names in full, all
forms of A to Z and not empty, the same text giving the same name in every process and version of the rules; no text
raises.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
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
_REMEMBERED = 65_536
_MERGED_MAX = 6
"""Carriers write a whole field as one word; of longer fields only neighbours are read as one."""

_LIGHT: tuple[Kind, ...] = ("particle", "generation")
_APOSTROPHES = re.compile(r"['’‘`´ʼʹʻʽ.\u200c-\u200f\u0640]")
_REMARK = re.compile(r"[(\[][^()\[\]]*\s[^()\[\]]*[)\]]")
_PLAIN = re.compile(r"[A-Za-z0-9 -]*")
_MISDECODED = str.maketrans("ªº", "Şş")
"""Letters of Turkish and Romanian code pages that were read as Western; they are in no name."""
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<=\w)\.(?=[^\W\d_]{3})")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_ZONE_ENDS = (28, 29, 30, 37, 38, 39)
"""Letters of a name, with the two fillers between its fields, that fill a line of an identity card (30) or passport
(39), Doc 9303-4 and -5; up to two may be fillers or blanks at the end."""
_FIELD_FULL = (28, 35)
_GLUED_BEFORE = re.compile(r"(?:PROF|(?:DR|MR|HR)(?=[BCDFGHJKLMNPQRSTVWXZ][A-Z]{3}))(?=[A-Z]{3})")


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
    """One part, or several neighbours read as one (`merged`); `mask` has a bit for each part it covers.

    Readings in small letters are names in full that the part may be short for.
    """

    readings: tuple[str, ...]
    mask: int
    merged: bool = False


class PersonName(msgspec.Struct, frozen=True):
    """A name ready to be compared: its parts in the order written, and its units."""

    parts: tuple[Part, ...]
    units: tuple[Unit, ...]


class NameReader:
    """Takes name fields apart by the words and forms of `rules/screening/`.

    Remembers single words only, never a name: a word alone is nobody.
    """

    def __init__(self, words: NameWords, forms: NameForms) -> None:
        self._words = words
        self._forms = WordForms(forms).of
        self._part = lru_cache(maxsize=_REMEMBERED)(self._read)

    def traveller(self, surname: str, given: str) -> PersonName:
        """The name of a traveller; all in one field when the carrier left the other empty.

        One field may hold both as a booking (SURNAME/GIVEN) or a machine readable zone (SURNAME<<GIVEN) writes them.
        """
        if not (surname and given):
            surname, given = _fields(surname or given)
        letters = len(surname) + 2 + len(given)
        full = letters in _ZONE_ENDS or letters > _ZONE_ENDS[-1]
        if surname and given:
            return _with_units((
                *self._parts(surname, "surname", len(surname) in range(*_FIELD_FULL)),
                *self._parts(given, "given", full),
            ))  # fmt: skip
        return _with_units(self._parts(surname, "either", full))

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
        words = self._named([word for word in _words(text)[:PARTS_MAX] if word.upper() not in self._words.placeholders],
                            field)  # fmt: skip
        last = len(words) - 1
        found = (self._part(word, field, at == 0, at == last) for at, word in enumerate(words))
        parts = tuple(part for part in found if part is not None)
        if field == "either" and len(parts) < 3:  # one of two is the surname
            parts = tuple(msgspec.structs.replace(part, kind="name") if part.kind == "patronymic" else part
                          for part in parts)  # fmt: skip
        if parts and all(part.particle for part in parts):  # LE, DO and LA are surnames too
            parts = tuple(msgspec.structs.replace(part, kind="name") for part in parts)
        if full and parts:
            parts = (*parts[:-1], msgspec.structs.replace(parts[-1], cut=True))
        return parts

    def _named(self, words: list[str], field: Field) -> list[str]:
        """The words that are no titles; all of them where that leaves none, as a name may be spelled like a title."""
        named = [word for word in words if word.upper() not in self._words.titles]
        if named or (field == "given" and all(word.upper() in self._words.salutations for word in words)):
            return named
        return words

    def _read(self, word: str, field: Field, first: bool, last: bool) -> Part | None:
        """A word as a part of this field; None where it has no letter."""
        forms, spelled, in_full = self._forms(word[:LETTERS_MAX])
        if not forms:
            return None
        canonical = forms[0]
        others = [_GLUED_BEFORE.sub("", canonical)] if first else []
        if (
            last
            and canonical.endswith(self._words.glued_titles)
            and (title := next((one for one in self._words.glued_titles if _ends(canonical, one)), ""))
        ):
            others.append(canonical.removesuffix(title))
        if len(canonical) == 2 and canonical[0] == canonical[1]:  # carriers double a name of one letter
            others.append(canonical[0])
        others = [one for one in dict.fromkeys(others) if one not in forms]
        kept = forms[: FORMS_MAX - len(others)]
        kind = self._kind(canonical, field, first)
        return Part(word, (*kept, *others), field, kind, min(spelled, len(kept)), in_full=in_full)

    def _kind(self, word: str, field: Field, first: bool) -> Kind:
        words = self._words
        if word in words.particles:
            return "particle"
        if word in words.honorifics:
            return "honorific"
        if word in words.generations:
            return "generation"
        if len(word) == 1:
            return "initial"
        if field == "surname" or first or not word.endswith(words.patronymics):
            return "name"
        return "patronymic"


def _ends(word: str, title: str) -> bool:
    """Whether a title is glued to the word; SIR is the end of many names, so that it needs a long one before it."""
    return word.endswith(title) and len(word) > len(title) + 3 * (title == "SIR")


def _fields(text: str) -> tuple[str, str]:
    """Surname and given names where one text marks them off; else all of it, and ''."""
    for mark in ("<<", "/"):
        surname, _, given = text.partition(mark)
        if surname.strip(" <") and given.strip(" <"):
            return surname, given
    return text, ""


def _words(text: str) -> list[str]:
    """The words of a field. Several words in brackets are a remark; apostrophes join, and so do dots but
    for those after initials and before a word; marks are left out."""
    text = text[:_TEXT_MAX]
    if _PLAIN.fullmatch(text):
        return text.replace("-", " ").split()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_MISDECODED))
        text = "".join(one for one in text if one.isalnum() or unicodedata.category(one) not in ("Mn", "Mc", "Cf"))
    if "(" in text or "[" in text:
        text = _REMARK.sub(" ", text)
    words = _WORD.findall(_APOSTROPHES.sub("", _DOTTED.sub(" ", _INITIALS.sub(r"\1 ", text))))
    return [name for word in words for name in han.split(word)]


def _with_units(parts: tuple[Part, ...]) -> PersonName:
    parts = parts[:PARTS_MAX]
    units = [Unit((*part.readings, *(name.lower() for name in part.in_full)), 1 << at) for at, part in enumerate(parts)]
    units += [_joined(parts, start, end) for start, end in _spans(parts)]
    return PersonName(parts, tuple(units))


def _spans(parts: tuple[Part, ...]) -> Iterable[tuple[int, int]]:
    """First and last places (exclusive) of neighbours that are also read as one word."""
    spans = dict.fromkeys((at, at + 2) for at in range(len(parts) - 1))
    if len(parts) < 3:
        return spans
    for _, run in groupby(range(len(parts)), key=lambda at: parts[at].field):
        places = list(run)
        if 3 <= len(places) <= _MERGED_MAX:
            spans[places[0], places[-1] + 1] = None
        for initials, same in groupby(places, key=lambda at: parts[at].kind == "initial"):  # A K M, AKM
            if initials and len(letters := list(same)) in (3, 4):
                spans[letters[0], letters[-1] + 1] = None
        for at in places[:-2]:  # DE LA CRUZ, ABD AL RAHMAN
            if parts[at].kind == parts[at + 1].kind == "particle":
                spans[at, at + 3] = None
    return spans


def _joined(parts: tuple[Part, ...], start: int, end: int) -> Unit:
    """The parts as one word: in their first readings, in their last ones, and with the last part's last reading."""
    run = [part.readings for part in parts[start:end]]
    first = "".join([one[0] for one in run])
    if all(len(one) == 1 for one in run):
        joined: tuple[str, ...] = (first,)
    else:
        head = first.removesuffix(run[-1][0])
        joined = tuple(dict.fromkeys((first, "".join([one[-1] for one in run]), head + run[-1][-1])))
    return Unit(joined, (1 << end) - (1 << start), merged=True)
