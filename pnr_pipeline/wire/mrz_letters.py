"""Names of any script in the letters of a machine readable zone (ICAO Doc 9303-3, sections 4.6 and 6).

`spelt` is the form that Doc 9303 prefers, `spellings` all forms that documents are issued under; the tables are data
(`letter_tables`).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice, product
from typing import Final, TypeVar

from anyascii import anyascii

from pnr_pipeline.wire.letter_tables import TABLES, stacked

SPELLINGS_MAX: Final = 32
LETTERS_MAX: Final = 80
"""Of a longer name only the beginning is spelt: no zone holds more than 39 letters."""

_ACUTE: Final = "\u0301"
_SHADDA: Final = re.compile("([\u0621-\u0628\u062a-\u064a\u0671-\u06d3])\u0651")
"""It doubles the letter before it, ة excepted."""
_SILENT: Final = re.compile("[\u0640\u064b-\u0652\u200c-\u200f]")
_APOSTROPHES: Final = str.maketrans("’‘`´ʼʹ", "''''''")
_NOT_IN_ZONE: Final = re.compile(r"[^A-Z ]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_BETWEEN_WORDS: Final = " -"

_Reading = TypeVar("_Reading")


def spell(text: str, table: Mapping[str, str]) -> str:
    """The upper-cased text through the table, longest match first; `^` and `$` in a key stand for the ends of a word.

    What the table does not name is kept if it is A-Z, blank, hyphen or apostrophe, else reduced to its base letter.
    Raises ValueError for a letter that has none: the table is incomplete.
    """
    pieces = _pieces(_unaccented(text.upper()), table)
    return "".join(_base(piece) if reading is None else reading for piece, reading in pieces)


def machine_readable(name: str) -> str:
    """The name as a machine reads it from the document: no apostrophe, a blank for the hyphen (Doc 9303-3, 4.6)."""
    return name.replace("'", "").replace("-", " ")


def spelt(name: str, language: str = "") -> str:
    """The name in A to Z and single blanks, as Doc 9303 prefers it; '' where no letter is left. See `spellings`."""
    return next(iter(spellings(name, language)), "")


def spellings(name: str, language: str = "") -> tuple[str, ...]:
    """All forms in A to Z and blanks under which documents carry the name, at most 32, the preferred one first.

    `language` (ISO 639-1) chooses the tables of be, bg, mk, sr or uk; without it all of them count, behind the default.
    One letter is read in one way throughout a form. Letters of a script without a table are read by their sound
    (anyascii); what is no letter is left out.
    """
    text = unicodedata.normalize("NFC", name[:LETTERS_MAX]).upper().translate(_APOSTROPHES)
    text = _unaccented(_SILENT.sub("", _SHADDA.sub(r"\1\1", text)))
    found: dict[str, None] = {}
    for table in _stacks(language) if _CYRILLIC.search(text) else _stacks(_NO_CYRILLIC):
        pieces = [(piece, readings or (anyascii(piece).upper(),)) for piece, readings in _pieces(text, table)]
        kinds = list(dict.fromkeys(pieces))
        for chosen in islice(product(*(readings for _, readings in kinds)), SPELLINGS_MAX):
            reading = dict(zip(kinds, chosen, strict=True))
            words = _NOT_IN_ZONE.sub("", machine_readable("".join(reading[piece] for piece in pieces))).split()
            if words:
                found[" ".join(words)] = None
        if len(found) >= SPELLINGS_MAX:
            break
    return tuple(found)[:SPELLINGS_MAX]


_NO_CYRILLIC: Final = "-"


@cache
def _stacks(language: str) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """The tables to read by: the default of every script, and over it those of the language, or of each of them."""
    (default,) = TABLES[""]
    if language in TABLES and language:
        return tuple(stacked((*default, *stack)) for stack in TABLES[language])
    others = () if language == _NO_CYRILLIC else tuple(stack for stacks in TABLES.values() for stack in stacks)[1:]
    return (stacked(default), *(stacked((*default, *stack)) for stack in others))


def _pieces(text: str, table: Mapping[str, _Reading]) -> Iterator[tuple[str, _Reading | None]]:
    """The text cut into the longest pieces that the table has, with their readings; None for a letter it lacks."""
    longest = max((len(key) for key in table), default=0)
    at = 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 0, -1):
            reading = _reading(text, at, at + length, table)
            if reading is not None:
                yield text[at : at + length], reading
                at += length
                break
        else:
            yield text[at], None
            at += 1


def _reading(text: str, at: int, end: int, table: Mapping[str, _Reading]) -> _Reading | None:
    piece = text[at:end]
    if (at == 0 or text[at - 1] in _BETWEEN_WORDS) and (initial := table.get("^" + piece)) is not None:
        return initial
    if (end == len(text) or text[end] in _BETWEEN_WORDS) and (final := table.get(piece + "$")) is not None:
        return final
    return table.get(piece)


def _unaccented(text: str) -> str:
    """Greek stress marks removed, as they decide nothing; all other marks stay."""
    if text.isascii():
        return text
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", split.replace(_ACUTE, "")) if _is_greek(split) else text


def _is_greek(text: str) -> bool:
    return any("\u0370" <= letter <= "\u03ff" for letter in text)


def _base(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    if base.isascii() and (base.isalpha() or base in " -'"):
        return base
    raise ValueError(f"no wire form for {letter!r}")
