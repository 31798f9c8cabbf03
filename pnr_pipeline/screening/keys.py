"""Keys under which differently spelled name words meet.

`folded` undoes conventions of spelling (KH and H, Y and I, doubled letters); `phonetic` also what sounds alike;
`consonants` keeps those alone, so that words of scripts that write no short vowels (`unvowelled`) meet others. All take
and give A to Z. A key proposes, `vocabulary` decides.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_CONVENTIONS = (
    ("TSCH", "C"), ("SHCH", "SC"), ("SCH", "S"), ("CHR", "HR"), ("KH", "H"), ("GH", "G"), ("SH", "S"), ("ZH", "Z"),
    ("CH", "C"), ("TH", "T"), ("PH", "F"), ("DH", "D"), ("CK", "K"), ("CZ", "C"), ("SZ", "S"), ("TZ", "C"),
    ("TS", "C"), ("X", "KS"), ("Q", "K"), ("KW", "KU"), ("GW", "GU"), ("W", "V"),
    ("Y", "I"), ("J", "I"), ("OU", "U"), ("OO", "U"), ("EE", "I"), ("IE", "E"),
)  # fmt: skip
_ABD = re.compile(r"^(?:ABD|ABED|ABT)(?:OUL|[AEIOU]L|(?:[AEIOU]|OU)([DNRSTZ])(?=\1|H))(?=[A-Z]{3})")
_DOUBLED = re.compile(r"(.)\1+")
_HARD_C = re.compile(r"C(?![EI])")
_UMLAUT = re.compile("([AOU])E")
_SILENT = re.compile(r"(?<=[AEIOU][BDFGKLMNPRSTVZ])E$")
_INNER_H = re.compile(r"(?<=.)H")
_SOUNDS = str.maketrans({"E": "A", "I": "A", "O": "U", "C": "S", "Z": "S"})

SAME_CONSONANT: Final[Mapping[str, str]] = MappingProxyType({
    "SCH": "S", "TCH": "S", "SH": "S", "CH": "S", "ZH": "Z", "TH": "T", "DH": "D", "KH": "K", "GH": "G", "PH": "F",
    "CK": "K", "DJ": "J", "TZ": "TS", "P": "B", "V": "F", "Q": "K", "X": "KS", "C": "K",
})  # fmt: skip
"""Which consonants are one for `consonants`: letters that spellings of Arabic, Persian and foreign names exchange."""
_CONSONANT = re.compile("|".join(SAME_CONSONANT))
_SOFT_C = re.compile("C(?=[EIY])")
_START = re.compile(r"^(?:OU(?=[AEIO])|W)")
_NO_CONSONANTS = re.compile(r"(?<=.)[AEIOUYW]")
_BARE = re.compile(r"A[BDFGHJ-NRSTZ]{2,}|[BDFGHJ-NRSTWYZ][BDFGHJ-NRSTZ]+")


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """One spelling for the ways in which one name is commonly spelled: KHALID, HALID; YOUSSEF, IUSEF."""
    if word.startswith("AB"):
        word = _ABD.sub("ABDUL", word)
    for written, common in _CONVENTIONS:
        if written in word:
            word = word.replace(written, common)
    return _DOUBLED.sub(r"\1", word)


def phonetic(fold: str) -> str:
    """One form for what sounds alike, of a folded word: vowels in three classes, hard C as K."""
    hard = _HARD_C.sub("K", _SILENT.sub("", _UMLAUT.sub(r"\1", fold)))
    return _DOUBLED.sub(r"\1", _INNER_H.sub("", hard).translate(_SOUNDS))


def unvowelled(form: str) -> bool:
    """Whether a form is of consonants alone, but for an A at the beginning: so are words of Arabic and Hebrew spelled.

    Such a form *is* its consonants; it should meet other forms by `consonants`, as the script tells no more.
    """
    return _BARE.fullmatch(form) is not None


@lru_cache(maxsize=65536)
def consonants(form: str) -> str:
    """The consonants of a form as far as Arabic and Hebrew spellings keep them apart; an unvowelled form is itself.

    An article after ABD goes; an initial vowel is A; vowels, Y and W within, H at the end and doubled letters go; Z at
    the end is S; P is B and V is F, as Arabic has neither. MOHAMMED and MUHAMAD are MHMD. A form with too few
    consonants to be told by them is itself in small letters, and meets nothing else.
    """
    if unvowelled(form):
        return form
    word = _ABD.sub("ABD", form) if form.startswith("AB") else form
    word = _SOFT_C.sub("S", _START.sub("W", word))
    word = _CONSONANT.sub(lambda found: SAME_CONSONANT[found.group()], word)
    word = _NO_CONSONANTS.sub("", word)
    if word[:1] in ("A", "E", "I", "O", "U"):
        word = "A" + word[1:]
    word = _DOUBLED.sub(r"\1", word)
    word = without_weak_end(word)
    return word if 2 <= len(word) < len(form) else form.lower()


def without_weak_end(bare: str) -> str:
    """Consonants without H at the end, and with S for Z there: both come and go between spellings."""
    end = bare[1:].removesuffix("H")
    return bare[:1] + (f"{end[:-1]}S" if end.endswith("Z") else end)


def deletions(fold: str) -> set[str]:
    """The word and all it can become by losing one letter: two words within one slip share one of these."""
    return {fold, *(fold[:at] + fold[at + 1 :] for at in range(len(fold)))}
