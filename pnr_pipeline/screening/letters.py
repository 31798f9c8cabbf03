"""Name words of any script as documents and bookings spell them in Latin capitals.

One word has several readings where States or carriers spell it in several ways: Ü is UE by ICAO Doc 9303-3 and U in
most bookings, Ђ is D in passports and DJ in bookings. Source: Doc 9303-3 section 6; Bulgarian law of 2009; Ukrainian
Resolution 55 of 2010. Scripts without a table of ours go through anyascii.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from anyascii import anyascii

from pnr_pipeline.wire import letter_tables as tables

_READINGS_MAX = 6


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


_LATIN = str.maketrans(tables.LATIN.first | tables.AZERBAIJANI.first | {"ĸ": "K"})
_LATIN_PLAIN = str.maketrans(
    {letter: tables.LATIN.letters[letter][1] for letter in "ÄÅÖÜ"} | {"Ø": "O", "Đ": "DJ", "Ə": "E"}
)

_CYRILLIC = tables.CYRILLIC.first
_SERBIAN = tables.SERBIAN.first
_MACEDONIAN = tables.MACEDONIAN.first
_BULGARIAN = tables.BULGARIAN.first | tables.BULGARIAN_2009.first
_UKRAINIAN = tables.UKRAINIAN.first
_UKRAINIAN_INITIALS = {
    letter[1:]: latin for letter, latin in tables.UKRAINIAN_2010.first.items() if letter.startswith("^")
}
_BOOKED = _table("Ё=YO Й=Y Ю=YU Я=YA Щ=SCH Ї=YI Є=YE")
_SERBIAN_BOOKED = _SERBIAN | _table("Ђ=DJ Ч=CH Ш=SH Ж=ZH")

_OWN_LETTERS = (
    ("ЌЃЅ", (_MACEDONIAN, _MACEDONIAN | _table("Ѓ=G Ќ=K Џ=DZH"))),
    ("ЂЋ", (_SERBIAN, _SERBIAN_BOOKED)),
    ("ЈЉЊЏ", (_SERBIAN, _MACEDONIAN, _SERBIAN_BOOKED)),
    ("ІЇЄҐ", (_UKRAINIAN, _UKRAINIAN | _UKRAINIAN_INITIALS)),
)
"""Letters that only these languages have; a word without them is read by all of the other tables."""
_ANY_LANGUAGE: tuple[dict[str, str], ...] = ({}, _BULGARIAN, _BOOKED, _SERBIAN, _UKRAINIAN)

_GREEK_PAIRS = tables.GREEK_PAIRS.first
_GREEK_PAIRS_SPOKEN = _GREEK_PAIRS | _table("ΜΠ=B ΝΤ=D ΓΚ=G ΑΥ=AF ΕΥ=EF ΗΥ=IF")
_GREEK = tables.GREEK.first
_GREEK_SPOKEN = _GREEK | _table("Χ=H Υ=I Γ=Y Ξ=KS")

_ARABIC = _table(
    "ا=A آ=A أ=A إ=I ب=B ت=T ث=TH ج=J ح=H خ=KH د=D ذ=DH ر=R ز=Z س=S ش=SH ص=S ض=D ط=T ظ=Z ع= غ=GH ف=F ق=Q ك=K ل=L م=M"
    " ن=N ه=H و=W ي=Y ى=A ة=A ء= ئ=Y ؤ=W پ=P چ=CH ژ=ZH گ=G ک=K ی=Y ھ=H ہ=H ۃ=A ے=Y ٹ=T ڈ=D ڑ=R ں=N"
)

_ARMENIAN_PAIRS = tables.ARMENIAN_PAIRS.first

_MISREAD = str.maketrans("0135682", "OIESGBZ")
"""Digits that a reader of documents puts for letters."""

_NOT_LATIN = re.compile(r"[^A-Z]")
_SCRIPTS = (("CYRILLIC", "\u0400", "\u052f"), ("GREEK", "\u0370", "\u03ff"), ("ARABIC", "\u0600", "\u06ff"))


def script(word: str) -> str:
    """LATIN, CYRILLIC, GREEK, ARABIC or OTHER, by the word's first letter."""
    letter = next((one for one in word if one.isalpha()), "A")
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "LATIN"
    return next((name for name, first, last in _SCRIPTS if first <= letter <= last), "OTHER")


@lru_cache(maxsize=65536)
def readings(word: str) -> tuple[str, ...]:
    """The spellings of one word in A to Z, the documents' own first; () where it has no letter.

    At most six. Readings of a reading are itself: `readings(r)[0] == r`.
    """
    upper = unicodedata.normalize("NFC", word).upper()
    if not any(letter.isalpha() for letter in upper):
        return ()
    match script(upper):
        case "LATIN":
            spellings = _latin(upper)
        case "CYRILLIC":
            spellings = _cyrillic(upper)
        case "GREEK":
            spellings = _greek(upper)
        case "ARABIC":
            spellings = _arabic(upper)
        case _:
            spellings = (anyascii(_replaced_pairs(upper, _ARMENIAN_PAIRS)).upper(),)
    letters = (_NOT_LATIN.sub("", spelling) for spelling in spellings)
    return tuple(dict.fromkeys(spelling for spelling in letters if spelling))[:_READINGS_MAX]


def _latin(upper: str) -> tuple[str, ...]:
    if upper.isascii():
        return (upper.translate(_MISREAD),)
    plain = upper.translate(_LATIN_PLAIN).translate(_LATIN)
    return anyascii(upper.translate(_LATIN)).upper(), anyascii(plain).upper()


def _cyrillic(upper: str) -> tuple[str, ...]:
    tables = next((tables for own, tables in _OWN_LETTERS if any(letter in upper for letter in own)), _ANY_LANGUAGE)
    return tuple(anyascii(_replaced(upper, _CYRILLIC | table)).upper() for table in tables)


def _greek(upper: str) -> tuple[str, ...]:
    bare = "".join(one for one in unicodedata.normalize("NFD", upper) if not unicodedata.combining(one))
    spellings = []
    for pairs, letters in ((_GREEK_PAIRS, _GREEK), (_GREEK_PAIRS_SPOKEN, _GREEK), (_GREEK_PAIRS_SPOKEN, _GREEK_SPOKEN)):
        spellings.append(anyascii(_replaced(_replaced_pairs(bare, pairs), letters)).upper())
    return tuple(spellings)


def _arabic(upper: str) -> tuple[str, ...]:
    """Short vowels are not written, و and ي may be consonants or long vowels, and the article is written on."""
    words = (upper, upper.removeprefix("ال")) if len(upper) > 4 else (upper,)
    spellings = []
    for word in words:
        first = "A" if word[0] == "ع" else _replaced(word[0], _ARABIC)
        rest = _replaced(word[1:], _ARABIC)
        spellings += [first + rest.replace("W", "U").replace("Y", "I"), first + rest]
    return tuple(anyascii(spelling).upper() for spelling in spellings)


def _replaced_pairs(text: str, pairs: Mapping[str, str]) -> str:
    for pair, latin in pairs.items():
        text = text.replace(pair, latin)
    return text


def _replaced(text: str, letters: Mapping[str, str]) -> str:
    return "".join(letters.get(letter, letter) for letter in text)
