"""Hebrew words: like Arabic ones, forms of consonants alone and forms with the letters that may be vowels."""

from pnr_pipeline.screening.keys import consonants
from pnr_pipeline.screening.scripts.reading import Reading, each
from pnr_pipeline.wire import letter_tables as tables

_READINGS = (Reading(tables.HEBREW), Reading(tables.HEBREW, tables.HEBREW_SOFT))


def forms(word: str) -> list[str]:
    """The forms of a word, with long vowels and without any."""
    spoken = each(_READINGS, word)
    return [*spoken, *map(consonants, spoken)]
