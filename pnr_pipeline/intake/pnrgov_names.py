"""Names inside one booking: titles off, and whether two spellings in the same message mean the same person.

This compares only what one sender wrote twice (TIF, DOCS, INFT); names against lists are the matter of `screening`.
"""

import re
import unicodedata

_GLUED = ("MSTR", "MISS", "PROF", "MRS", "MR", "MS", "DR")  # the longest first
_APART = frozenset((*_GLUED, "MASTER", "CAPT", "SIR", "MME", "MLLE", "CHD", "INF", "REV"))
_NEVER_KEPT = frozenset(("REV",))  # tells a belief (Art. 13(4))
_ENDS_IN_ANDR = re.compile(r"(?:[SXZ]|LE)ANDR$")  # Aleksandr, Oleksandr, Leandr: no doctors
_NOT_LETTERS = str.maketrans("", "", " -'./()*,&0123456789")


def split_title(given: str) -> tuple[str, str]:
    """Given names and the title behind them: `MOLLYMRS` and `MOLLY MRS` are (`MOLLY`, `MRS`).

    A glued title comes off only if two letters remain, and one title at most (FORMATS 4.5).
    """
    words = given.split()
    if not words:
        return "", ""
    last = words[-1].strip("().").upper()
    if len(words) > 1 and last in _APART:
        return " ".join(words[:-1]), "" if last in _NEVER_KEPT else last
    if last.endswith(_GLUED):
        title = next(title for title in _GLUED if last.endswith(title))
        rest = words[-1].rstrip("().")[: -len(title)]
        if len(rest) >= 2 and not (title == "DR" and _ENDS_IN_ANDR.search(last)):
            return " ".join((*words[:-1], rest)), title
    return " ".join(words), ""


def letters(name: str) -> str:
    """A name as bare upper-case letters without accents, blanks and signs."""
    if name.isascii():
        if name.isalpha():
            return name.upper()
    else:
        name = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return name.upper().translate(_NOT_LETTERS)


def same_given(given: str, title: str, other: str) -> bool:
    """Whether `other` may be the given names `given` of the same person, who was written with `title` behind them.

    `SOPHY` is `SOPHY OLIVIA`, `KEVINMICHAEL` is `KEVIN MICHAEL`; `ANA` is not `ANASTASIA`.
    """
    mine, theirs = letters(given), letters(other)
    if mine == theirs or mine + title == theirs:
        return True
    if not mine or not theirs:
        return False
    first, other_first = letters(given.split()[0]), letters(other.split()[0])
    return bool(first) and other_first in (first, first + title)
