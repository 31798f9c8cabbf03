"""The words by which a person is found again in a blind index, however their name is spelled (RGT-2).

Stored names give the spellings of each word, folded, and its consonants; a question gives the same of every reading of
its words, so that a name in the person's own letters, in scripts without short vowels too, meets the form of a travel
document. Particles and initials tell nobody apart and are left out.
"""

from collections.abc import Iterable

from pnr_pipeline.screening.keys import consonants, folded
from pnr_pipeline.screening.names import NameReader

_SPELLINGS = 2


def stored_words(reader: NameReader, surname: str, given: str) -> set[str]:
    """A few words for each part of a name as a carrier told it."""
    return {word for forms in _parts(reader, surname, given) for word in _words(forms[:_SPELLINGS])}


def asked_words(reader: NameReader, surname: str, given: str) -> list[set[str]]:
    """For each part of a name that is asked for, and neighbours read as one, every word it may be stored under."""
    merged = [unit.readings for unit in reader.traveller(surname, given).units if unit.merged]
    return [_words(forms) for forms in (*_parts(reader, surname, given), *merged)]


def _words(forms: Iterable[str]) -> set[str]:
    return {word for form in forms for word in (folded(form), f"~{consonants(form)}")}


def _parts(reader: NameReader, surname: str, given: str) -> list[tuple[str, ...]]:
    parts = reader.traveller(surname, given).parts
    named = [part.readings for part in parts if part.kind not in ("particle", "initial", "generation")]
    return named or [part.readings for part in parts]
