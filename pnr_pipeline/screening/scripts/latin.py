"""Latin words: letters with marks as documents and bookings replace them, and what a bare spelling may hide."""

import re

from anyascii import anyascii

from pnr_pipeline.screening.scripts import arabic
from pnr_pipeline.screening.scripts.reading import Reading
from pnr_pipeline.wire import letter_tables as tables

_ICAO = Reading(tables.LATIN, tables.AZERBAIJANI)
_BOOKED = Reading(tables.LATIN, tables.AZERBAIJANI, tables.LATIN_BOOKED)
_SPOKEN = Reading(tables.LATIN, tables.AZERBAIJANI, tables.LATIN_BOOKED, tables.LATIN_SPOKEN)
_ESCAPED = Reading(tables.LATIN_ESCAPED)

_MISREAD = str.maketrans("0135682", "OIESGBZ")
"""Digits that a reader of documents puts for letters."""
_GLUED_ARTICLE = re.compile(r"(?:AL|EL|UL)(?=[BCDFGHJKLMNQRSTWYZ][A-Z]{4})")
_ASSIMILATED = re.compile(r"[AE]([DNRSTZ])(?=\1[AEIOU][A-Z]{3})|[AE]SH(?=SH[AEIOU][A-Z]{2})")


def forms(word: str) -> list[str]:
    """The spellings of a Latin word in capitals, that of ICAO Doc 9303-3 first."""
    if word.isascii():
        plain = word.translate(_MISREAD)
        return [plain, _ESCAPED(plain)] if "XX" in plain else [plain]
    return [anyascii(reading(word)).upper().translate(_MISREAD) for reading in (_ICAO, _BOOKED, _SPOKEN)]


def hidden(word: str) -> list[str]:
    """Other words that a word in A to Z may be: without a glued article, out of a machine readable zone."""
    found = []
    if word[:1] in "AEU" and (article := _GLUED_ARTICLE.match(word) or _ASSIMILATED.match(word)):
        found.append(word[article.end() :])
    if "X" in word and (written := arabic.out_of_zone(word)):
        found += arabic.forms(written)
    return found
