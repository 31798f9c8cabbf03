"""Greek words as passports have them (ELOT 743), by sound, and letter by letter."""

import unicodedata

from pnr_pipeline.screening.scripts.reading import Reading, each
from pnr_pipeline.wire import letter_tables as tables

_ELOT = (tables.GREEK, tables.GREEK_PAIRS, tables.GREEK_IN_PLACE)
_READINGS = (
    Reading(*_ELOT),
    Reading(tables.GREEK, tables.GREEK_PAIRS),
    Reading(*_ELOT, tables.GREEK_BOOKED),
    Reading(*_ELOT, tables.GREEK_SPOKEN),
    Reading(tables.GREEK, tables.GREEK_PAIRS, tables.GREEK_LETTERED),
)
_APART = {"\u0308"}
"""A diaeresis parts two vowels, so it stays; stress marks decide nothing."""


def forms(word: str) -> list[str]:
    """The forms of a Greek word in capitals; the first is that of Greek passports."""
    split = unicodedata.normalize("NFD", word)
    bare = "".join(one for one in split if one in _APART or not unicodedata.combining(one))
    return each(_READINGS, unicodedata.normalize("NFC", bare))
