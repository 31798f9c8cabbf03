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

_READINGS_MAX = 6


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


_LATIN = str.maketrans(
    {"Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Ü": "UE", "Þ": "TH"}
    | {"ẞ": "SS", "Ə": "A", "Ĳ": "IJ", "Ł": "L", "İ": "I", "Ħ": "H", "Ŧ": "T", "Ŋ": "N", "ĸ": "K"}
)
_LATIN_PLAIN = str.maketrans({"Ä": "A", "Å": "A", "Ö": "O", "Ø": "O", "Ü": "U", "Đ": "DJ", "Ə": "E"})

_CYRILLIC = _table(
    "А=A Б=B В=V Г=G Д=D Е=E Ж=ZH З=Z И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH Щ=SHCH"
    " Ъ=IE Ы=Y Ь= Э=E Ю=IU Я=IA Ё=E І=I Ї=I Є=IE Ґ=G Ў=U Ђ=D Ѓ=G Ѕ=DZ Ј=J Ќ=K Љ=LJ Њ=NJ Ћ=C Џ=DZ Ѫ=U"
)
_SERBIAN = _table("Ж=Z Х=H Ц=C Ч=C Ћ=C Ш=S")
_MACEDONIAN = _table("Ѓ=GJ Ќ=KJ Џ=DJ Х=H Ц=C")
_BULGARIAN = _table("Щ=SHT Х=H Й=Y Ъ=A Ь=Y Ю=YU Я=YA")
_UKRAINIAN = _table("И=Y Г=H")
_BOOKED = _table("Ё=YO Й=Y Ю=YU Я=YA Щ=SCH Ї=YI Є=YE")
_SERBIAN_BOOKED = _SERBIAN | _table("Ђ=DJ Ч=CH Ш=SH Ж=ZH")

_OWN_LETTERS = (
    ("ЌЃЅ", (_MACEDONIAN, _MACEDONIAN | _table("Ѓ=G Ќ=K Џ=DZH"))),
    ("ЂЋ", (_SERBIAN, _SERBIAN_BOOKED)),
    ("ЈЉЊЏ", (_SERBIAN, _MACEDONIAN, _SERBIAN_BOOKED)),
    ("ІЇЄҐ", (_UKRAINIAN, _UKRAINIAN | _table("Й=Y Ю=YU Я=YA Ї=YI Є=YE"))),
)
"""Letters that only these languages have; a word without them is read by all of the other tables."""
_ANY_LANGUAGE: tuple[dict[str, str], ...] = ({}, _BULGARIAN, _BOOKED, _SERBIAN, _UKRAINIAN)

_GREEK_PAIRS = _table("ΟΥ=OU ΜΠ=MP ΝΤ=NT ΓΓ=NG ΓΚ=GK ΓΞ=NX ΓΧ=NCH ΑΥ=AV ΕΥ=EV ΗΥ=IV")
_GREEK_PAIRS_SPOKEN = _GREEK_PAIRS | _table("ΜΠ=B ΝΤ=D ΓΚ=G ΑΥ=AF ΕΥ=EF ΗΥ=IF")
_GREEK = _table("Α=A Β=V Γ=G Δ=D Ε=E Ζ=Z Η=I Θ=TH Ι=I Κ=K Λ=L Μ=M Ν=N Ξ=X Ο=O Π=P Ρ=R Σ=S Τ=T Υ=Y Φ=F Χ=CH Ψ=PS Ω=O")
_GREEK_SPOKEN = _GREEK | _table("Χ=H Υ=I Γ=Y Ξ=KS")

_ARABIC = _table(
    "ا=A آ=A أ=A إ=I ب=B ت=T ث=TH ج=J ح=H خ=KH د=D ذ=DH ر=R ز=Z س=S ش=SH ص=S ض=D ط=T ظ=Z ع= غ=GH ف=F ق=Q ك=K ل=L م=M"
    " ن=N ه=H و=W ي=Y ى=A ة=A ء= ئ=Y ؤ=W پ=P چ=CH ژ=ZH گ=G ک=K ی=Y ھ=H ہ=H ۃ=A ے=Y ٹ=T ڈ=D ڑ=R ں=N"
)

_ARMENIAN_PAIRS = _table("ՈՒ=U ԵՒ=EV")
"""One vowel written with two letters, and the ligature և in capitals: letter by letter they read OW and EW."""

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
