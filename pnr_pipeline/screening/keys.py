"""Keys under which differently spelled name words meet.

`folded` undoes conventions of spelling (KH and H, Y and I, doubled letters); `phonetic` also what sounds alike;
`skeleton` keeps consonants only. All take and give A to Z. A key proposes, `vocabulary` decides.
"""

import re
from functools import lru_cache

_CONVENTIONS = (
    ("TSCH", "C"), ("SHCH", "SC"), ("SCH", "S"), ("KH", "H"), ("GH", "G"), ("SH", "S"), ("ZH", "Z"), ("CH", "C"),
    ("TH", "T"), ("PH", "F"), ("DH", "D"), ("CK", "K"), ("CZ", "C"), ("SZ", "S"), ("TZ", "C"), ("TS", "C"),
    ("X", "KS"), ("Q", "K"), ("W", "V"), ("Y", "I"), ("J", "I"), ("OU", "U"), ("OO", "U"), ("EE", "I"), ("IE", "E"),
    ("UE", "U"), ("OE", "O"), ("AE", "A"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_HARD_C = re.compile(r"C(?![EI])")
_INNER_H = re.compile(r"(?<=.)H")
_SOUNDS = str.maketrans({"E": "A", "O": "U", "C": "S", "Z": "S"})
_VOWELS = re.compile(r"(?<=.)[AEIOU]")


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """One spelling for the ways in which one name is commonly spelled: KHALID, HALID; YOUSSEF, IUSEF."""
    for written, common in _CONVENTIONS:
        if written in word:
            word = word.replace(written, common)
    return _DOUBLED.sub(r"\1", word)


def phonetic(fold: str) -> str:
    """One form for what sounds alike, of a folded word: vowels in three classes, hard C as K."""
    hard = _HARD_C.sub("K", fold)
    return _DOUBLED.sub(r"\1", _INNER_H.sub("", hard).translate(_SOUNDS))


def skeleton(sound: str) -> str:
    """The consonants of a phonetic form; an initial vowel counts as A."""
    start = "A" if sound[:1] in "AEIOU" else sound[:1]
    return start + _VOWELS.sub("", sound)[1:]


def deletions(fold: str) -> set[str]:
    """The word and all it can become by losing one letter: two words within one slip share one of these."""
    return {fold, *(fold[:at] + fold[at + 1 :] for at in range(len(fold)))}
