"""The words by which a person is found again in a blind index, however their name is spelled (RGT-2).

Stored names give the spellings of each word, folded; a question gives every reading of its words, so that a name in the
person's own letters meets the form of a travel document. Particles and initials tell nobody apart and are left out.
"""

from pnr_pipeline.screening.keys import folded
from pnr_pipeline.screening.names import NameReader

_SPELLINGS = 3


def stored_words(reader: NameReader, surname: str, given: str) -> set[str]:
    """One or a few words for each part of a name as a carrier told it; whole fields read as one word are among them."""
    return {folded(form) for parts in _parts(reader, surname, given) for form in parts[:_SPELLINGS]}


def asked_words(reader: NameReader, surname: str, given: str) -> list[set[str]]:
    """For each part of a name that is asked for, every word it may be stored under."""
    return [{folded(form) for form in parts} for parts in _parts(reader, surname, given)]


def _parts(reader: NameReader, surname: str, given: str) -> list[tuple[str, ...]]:
    parts = reader.traveller(surname, given).parts
    named = [part.readings for part in parts if part.kind not in ("particle", "initial", "generation")]
    return named or [part.readings for part in parts]
