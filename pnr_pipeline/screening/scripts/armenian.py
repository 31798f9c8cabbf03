"""Armenian words in Eastern (BGN/PCGN, Hübschmann-Meillet), Western and Russian readings."""

from pnr_pipeline.screening.scripts.reading import Reading, each
from pnr_pipeline.wire import letter_tables as tables

_READINGS = (
    Reading(tables.ARMENIAN, tables.ARMENIAN_PAIRS),
    Reading(tables.ARMENIAN, tables.ARMENIAN_SCHOLARLY, tables.ARMENIAN_PAIRS),
    Reading(tables.ARMENIAN, tables.ARMENIAN_WESTERN, tables.ARMENIAN_PAIRS),
    Reading(tables.ARMENIAN, tables.ARMENIAN_RUSSIAN, tables.ARMENIAN_PAIRS),
)


def forms(word: str) -> list[str]:
    """The forms of an Armenian word in capitals."""
    return each(_READINGS, word)
