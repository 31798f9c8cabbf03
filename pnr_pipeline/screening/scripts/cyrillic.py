"""Cyrillic words in the readings of Serbian, Macedonian, Bulgarian, Ukrainian, Belarusian and Russian documents.

A letter that only one language has decides; a word without one is read by all, as the same name is a citizen's of
several States.
"""

from pnr_pipeline.screening.scripts.reading import Reading, each
from pnr_pipeline.wire import letter_tables as tables

_MACEDONIAN = (
    Reading(tables.CYRILLIC, tables.MACEDONIAN),
    Reading(tables.CYRILLIC, tables.MACEDONIAN, tables.MACEDONIAN_BOOKED),
)
_SERBIAN = Reading(tables.CYRILLIC, tables.SERBIAN)
_SERBIAN_ABROAD = (
    Reading(tables.CYRILLIC, tables.SERBIAN, tables.SERBIAN_BOOKED),
    Reading(tables.CYRILLIC, tables.SERBIAN, tables.SERBIAN_ENGLISH),
)
_BULGARIAN = Reading(tables.CYRILLIC, tables.BULGARIAN, tables.BULGARIAN_2009)
_UKRAINIAN = Reading(tables.CYRILLIC, tables.UKRAINIAN)
_UKRAINIAN_2010 = Reading(tables.CYRILLIC, tables.UKRAINIAN, tables.UKRAINIAN_2010)
_BELARUSIAN = Reading(tables.CYRILLIC, tables.BELARUSIAN)
_BELARUSIAN_2007 = Reading(tables.CYRILLIC, tables.BELARUSIAN, tables.BELARUSIAN_2007)
_ICAO = Reading(tables.CYRILLIC)
_BOOKED = Reading(tables.CYRILLIC, tables.CYRILLIC_BOOKED)
_SCHOLARLY = Reading(tables.CYRILLIC, tables.CYRILLIC_SCHOLARLY)
_FRENCH = Reading(tables.CYRILLIC, tables.CYRILLIC_FRENCH)

_LOOKALIKE = Reading(tables.CYRILLIC_LOOKALIKE)

_BY_OWN_LETTERS = (
    ("ЌЃЅ", _MACEDONIAN),
    ("ЂЋ", (_SERBIAN, *_SERBIAN_ABROAD)),
    ("ЈЉЊЏ", (_SERBIAN, *_MACEDONIAN, *_SERBIAN_ABROAD)),
    ("ЇЄҐ", (_UKRAINIAN, _UKRAINIAN_2010, _BOOKED)),
    ("Ў", (_BELARUSIAN, _BELARUSIAN_2007, _ICAO, _BOOKED)),
    ("І", (_UKRAINIAN, _UKRAINIAN_2010, _BELARUSIAN, _BELARUSIAN_2007, _BOOKED)),
    ("ЫЭЁ", (_ICAO, _BOOKED, _SCHOLARLY, _FRENCH, _BELARUSIAN_2007)),
)
_ANY_LANGUAGE = (_ICAO, _BULGARIAN, _BOOKED, _SERBIAN, _UKRAINIAN, _SCHOLARLY, _FRENCH)


def forms(word: str) -> list[str]:
    """The forms of a Cyrillic word in capitals; the first is that of ICAO Doc 9303-3 for its language.

    Where letters of A to Z stand among them, the first takes the others for Latin by their shape.
    """
    own = next((found for own, found in _BY_OWN_LETTERS if any(one in word for one in own)), _ANY_LANGUAGE)
    return each((_LOOKALIKE, *own) if any(letter.isascii() for letter in word) else own, word)
