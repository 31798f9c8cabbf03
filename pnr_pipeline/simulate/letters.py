"""From a name in its own letters to the A-Z of the wire (ICAO Doc 9303-3), and to spellings that also occur."""

import unicodedata
from collections.abc import Mapping

ACUTE = "\u0301"


def spell(text: str, table: Mapping[str, str]) -> str:
    """The upper-cased text through the table, longest match first; `^` in a key stands for the beginning of a word.

    What the table does not name is kept if it is A-Z, blank, hyphen or apostrophe, else reduced to its base letter.
    Raises ValueError for a letter that has none: the table is incomplete.
    """
    text = _unaccented(text.upper())
    longest = max((len(key) for key in table), default=0)
    parts, at = [], 0
    while at < len(text):
        initial = at == 0 or text[at - 1] in " -"
        for length in range(min(longest, len(text) - at), 0, -1):
            piece = text[at : at + length]
            found = table.get("^" + piece) if initial else None
            found = table.get(piece) if found is None else found
            if found is not None:
                parts.append(found)
                at += length
                break
        else:
            parts.append(_base(text[at]))
            at += 1
    return "".join(parts)


def in_native_letters(text: str, table: Mapping[str, str]) -> str:
    """A name written in the Latin form of its language, in the language's own letters, capitalised."""
    longest = max(map(len, table))
    words = []
    for word in text.lower().split("-"):
        parts, at = [], 0
        while at < len(word):
            length = next(n for n in range(longest, -1, -1) if n == 0 or word[at : at + n] in table)
            if length == 0:
                raise ValueError(f"no letter of its own for {word[at]!r}")
            parts.append(table[word[at : at + length]])
            at += length
        words.append("".join(parts).capitalize())
    return "-".join(words)


def machine_readable(name: str) -> str:
    """The name as a machine reads it from the document: no apostrophe, a blank for the hyphen (Doc 9303-3, 4.6)."""
    return name.replace("'", "").replace("-", " ")


def _unaccented(text: str) -> str:
    """Greek stress marks removed, as they decide nothing; all other marks stay."""
    if text.isascii():
        return text
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", split.replace(ACUTE, "")) if _is_greek(split) else text


def _is_greek(text: str) -> bool:
    return any("\u0370" <= letter <= "\u03ff" for letter in text)


def _base(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    if base.isascii() and (base.isalpha() or base in " -'"):
        return base
    raise ValueError(f"no wire form for {letter!r}")
