"""Arabic and Persian words: long vowels and consonants are written, short vowels are not.

So a word has forms with its long vowels (SLIM for Salim) and *bare* forms of consonants alone (SLM), to be met with
`keys.consonants` of a Latin word: `keys.unvowelled` knows them. The article is written on: both with and without it.
"""

import re

from pnr_pipeline.screening.keys import SAME_CONSONANT, without_weak_end
from pnr_pipeline.screening.scripts.reading import Reading
from pnr_pipeline.wire import letter_tables as tables

_SPOKEN = Reading(tables.ARABIC_SPOKEN)
_EASTERN = Reading(tables.ARABIC_SPOKEN, tables.ARABIC_EASTERN)
_HARD = Reading(tables.ARABIC_SPOKEN, tables.ARABIC_HARD)
_BOTH = Reading(tables.ARABIC_SPOKEN, tables.ARABIC_EASTERN, tables.ARABIC_HARD)
_WAW, _VE = "و", "\u06a4"
_SPOKEN_WAW = re.compile(f"(?<=\u0627){_WAW}|^{_WAW}|{_WAW}(?=[\u0627\u0649\u064a\u06cc])")
"""Where waw is a consonant, V in Persian, Turkish and foreign names: beside an alef, before a ya, at the beginning."""
_ARTICLE = "ال"
_SERVANT_OF = re.compile("^عبدال(?=...)")
_PUT_BEFORE = re.compile(
    "^[\u0627\u0623\u0625](?=[\u0633\u0634][\u062a\u067e\u0628\u0641\u0642\u06a9\u0643\u0644\u0645\u0646\u062f\u0637])"
)
"""The alef that Persian and Arabic put before S and a consonant at the beginning of a foreign name."""
_SUN_LETTERS = frozenset("تثدذرزسشصضطظلن")
_UNWRITTEN = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f]")
_ONE_LETTER = str.maketrans("أإآٱىیېئيکڪةہھۃەۀؤ", "ااااييييي" + "كك" + "هههههه" + "و", "ء")
_FIRST = {"و": "W", "ي": "Y", "ی": "Y", "ع": "A"}
_MRZ = {
    latin[0]: letter for table in (tables.PERSIAN_URDU, tables.ARABIC) for letter, latin in table.letters.items()
} | {"XAH": "ة"}
_MRZ_LETTER = re.compile("|".join(sorted(_MRZ, key=lambda latin: (-len(latin), latin))))
_MRZ_WORD = re.compile(r"(?=.*X(?:[HKSDTZJC]|GG|YA))[A-HJ-NQ-TW-Z]+")
"""A word of Latin may have the other escapes, but not these pairs without any of I, O and U."""
_VOWEL = re.compile("[AEIOU]")


def forms(word: str) -> list[str]:
    """The forms of a word, by sound first; with an article also those without it."""
    word = _UNWRITTEN.sub("", word)
    if not word:
        return []
    stem = word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word
    spoken = [_with_vowels(word)]
    if stem != word:
        spoken.append(_with_vowels(stem))
        spoken.append(
            "A" + (bare(stem[0] + stem, _SPOKEN)[:1] if stem[0] in _SUN_LETTERS else "L") + bare(stem, _SPOKEN)
        )
    stem = _SERVANT_OF.sub("عبد", stem)
    if _PUT_BEFORE.match(stem):
        spoken.append(bare(stem[1:], _SPOKEN))
    found = [*spoken, *(bare(stem, reading) for reading in (_SPOKEN, _EASTERN, _HARD))]
    if _WAW in stem:
        consonantal = _SPOKEN_WAW.sub(_VE, stem)
        found += [bare(consonantal, _SPOKEN), bare(stem.replace(_WAW, _VE), _SPOKEN), bare(consonantal, _EASTERN)]
    found.append(bare(stem, _BOTH))
    found.append(re.sub("(?<=[DTSKGZ])H", "", found[len(spoken)]))
    return found


def plain(word: str) -> str:
    """One spelling for the ways in which Arabic, Persian and Urdu texts write one word, without its article."""
    word = _UNWRITTEN.sub("", word).translate(_ONE_LETTER)
    return word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word


def bare(word: str, reading: Reading) -> str:
    """The consonants of a word as `keys.consonants` has them; A for a vowel at the beginning."""
    first, *rest = [SAME_CONSONANT.get(latin, latin) for latin in map(reading, word)]
    if not first or _VOWEL.match(first):
        first = _FIRST.get(word[0], "A")
    letters = [first, *(_VOWEL.sub("", latin) for latin in rest)]
    joined = re.sub(r"(.)\1+", r"\1", "".join(letters))
    return without_weak_end(joined)


def out_of_zone(word: str) -> str:
    """The Arabic word that a machine readable zone spells by Doc 9303-3 section 6 C (MXHMD); '' if it spells none."""
    if not _MRZ_WORD.fullmatch(word):
        return ""
    rest = _MRZ_LETTER.sub("", word)
    return "" if rest else _MRZ_LETTER.sub(lambda found: _MRZ[found.group()], word)


def _with_vowels(word: str) -> str:
    return _FIRST.get(word[0], _SPOKEN(word[0])) + _SPOKEN(word[1:])
