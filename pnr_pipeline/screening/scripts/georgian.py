"""Georgian words by the national romanisation of 2002, and as Russian and French documents spelled them."""

from pnr_pipeline.screening.scripts.reading import Reading, each
from pnr_pipeline.wire import letter_tables as tables

_READINGS = (Reading(tables.GEORGIAN), Reading(tables.GEORGIAN, tables.GEORGIAN_RUSSIAN))


def forms(word: str) -> list[str]:
    """The forms of a Georgian word; the script has no capitals in use, so small letters are read."""
    return each(_READINGS, word.lower())
