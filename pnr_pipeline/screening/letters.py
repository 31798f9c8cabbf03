"""Name words of any script as documents and bookings spell them in Latin capitals.

One word has several forms where States or carriers spell it in several ways: Ü is UE by ICAO Doc 9303-3 and U in
most bookings, Ђ is D in passports and DJ in bookings. Each script has its module in `scripts`, its tables are in
`wire.letter_tables`; scripts without a table of ours go through anyascii.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from pnr_pipeline.screening.scripts import arabic, armenian, cyrillic, georgian, greek, han, hebrew, latin

FORMS_MAX: Final = 8

_NOT_LATIN = re.compile(r"[^A-Z]")
_SCRIPTS = (
    ("GREEK", "\u0370", "\u03ff"), ("CYRILLIC", "\u0400", "\u052f"), ("ARMENIAN", "\u0530", "\u058f"),
    ("HEBREW", "\u0590", "\u05ff"), ("ARABIC", "\u0600", "\u06ff"), ("ARABIC", "\u0750", "\u077f"),
    ("GEORGIAN", "\u10a0", "\u10ff"), ("GEORGIAN", "\u1c90", "\u1cbf"), ("GREEK", "\u1f00", "\u1fff"),
    ("HAN", "\u3400", "\u9fff"),
)  # fmt: skip
_FORMS: dict[str, Callable[[str], list[str]]] = {
    "LATIN": latin.forms,
    "CYRILLIC": cyrillic.forms,
    "GREEK": greek.forms,
    "ARMENIAN": armenian.forms,
    "GEORGIAN": georgian.forms,
    "ARABIC": arabic.forms,
    "HEBREW": hebrew.forms,
    "HAN": han.forms,
}


def script(word: str) -> str:
    """The script of the first letter: LATIN, CYRILLIC, GREEK, ARMENIAN, GEORGIAN, ARABIC, HEBREW, HAN or OTHER."""
    letter = next((one for one in word if one.isalpha()), "A")
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "LATIN"
    return next((name for name, first, last in _SCRIPTS if first <= letter <= last), "OTHER")


@lru_cache(maxsize=65536)
def readings(word: str) -> tuple[str, ...]:
    """The forms of one word in A to Z, that of documents first; () where it has no letter.

    At most eight, all different. Forms of a form are the form itself: `readings(r)[0] == r`. The cache holds single
    words of names, never a name: a word alone is nobody.
    """
    if word.isascii() and word.isalpha() and "XX" not in (upper := word.upper()):
        return (upper,)
    upper = unicodedata.normalize("NFKC", word).upper()
    if not any(letter.isalpha() for letter in upper):
        return ()
    spelled = _FORMS.get(script(upper), _by_sound)(upper)
    letters = (_NOT_LATIN.sub("", form if form.isascii() else anyascii(form).upper()) for form in spelled)
    return tuple(dict.fromkeys(form for form in letters if form))[:FORMS_MAX]


def _by_sound(word: str) -> list[str]:
    return [anyascii(word).upper()]
