"""The name field of a machine readable zone: `PRIMARY<IDENTIFIER<<SECONDARY<IDENTIFIER` (Doc 9303-3, 4.6)."""

import re
from typing import Final

_LONGER_WORD: Final = re.compile(r"[A-Z]{2,}")
_WORDS: Final = re.compile(r"[A-Z]+(?: [A-Z]+)*")


def names_of(field: str) -> tuple[str, str, bool]:
    """Surname, given names, and whether the field is full, so that either may have been cut.

    Without `<<` between letters there is no secondary identifier: the person has one name only, or it was cut off.
    """
    surname, _, given = field.strip("<").partition("<<")
    return _words(surname), _words(given), not field.endswith("<")


def name_field(surname: str, given_names: str, length: int) -> str:
    """The field of this length, filled up or cut: then its last position is a letter, and each name keeps a part.

    Names are words of A to Z with single blanks; ValueError for others, and where there is no surname.
    """
    for name in (surname, given_names or surname):
        if not _WORDS.fullmatch(name):
            raise ValueError("a name in a machine readable zone has words of A to Z only (Doc 9303-3, 4.6)")
    primary, secondary = surname.replace(" ", "<"), given_names.replace(" ", "<")
    whole = f"{primary}<<{secondary}" if secondary else primary
    if len(whole) <= length:
        return whole.ljust(length, "<")
    room = length - (len("<<") + 1 if secondary else 0)
    if len(primary) > room:
        primary = _cut(primary, room)
        whole = f"{primary}<<{secondary}" if secondary else primary
    return _cut(whole, length)


def _cut(text: str, length: int) -> str:
    """The beginning of a text, its last position a letter: where a filler would stand, a word before gives up a letter.

    Only a name of nothing but single letters may still end in a filler.
    """
    while len(text) > length and text[length - 1] == "<":
        ends = [word.end() for word in _LONGER_WORD.finditer(text, 0, length)]
        if not ends:
            break
        text = text[: ends[-1] - 1] + text[ends[-1] :]
    return text[:length]


def _words(part: str) -> str:
    return " ".join(part.replace("<", " ").split())
