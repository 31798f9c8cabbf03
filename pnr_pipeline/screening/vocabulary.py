"""All name words of the lists, flat: spellings, keys under which they are found, and the names that have them.

The vocabulary is indexed, not the names: a word is looked up under its keys, what is found is compared, and a pair of
words weighs by how it is alike and by the frequency of every list word at least as similar. So a common or a fuzzy word
weighs little and a rare, equal one much (Fellegi and Sunter with frequencies).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.screening.kernels import Bytes, Ints, Places, Words, key_table
from pnr_pipeline.screening.keys import consonants, folded, phonetic


def spelled(spellings: Iterable[str]) -> tuple[Bytes, NDArray[np.uint32]]:
    """Each spelling as written, folded, as it sounds and its consonants, one after the other, and where each begins."""
    pieces: list[str] = []
    for spelling in spellings:
        fold = folded(spelling)
        pieces += (spelling, fold, phonetic(fold), consonants(spelling))
    return np.frombuffer("".join(pieces).encode("ascii") or b"\0", dtype=np.uint8), starts_of(pieces).astype(np.uint32)


def starts_of(things: Iterable[Sequence[object]]) -> Places:
    """Where things begin that stand one after the other; one more for the end."""
    lengths = np.fromiter(map(len, things), dtype=np.int64)
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def vocabulary(
    words: Sequence[tuple[str, ...]], alone: Sequence[int], of_units: Ints, units: Places, entries: Ints
) -> Words:
    """The words (each with its readings) with keys and postings.

    `alone` says whether a word stands in some name by itself and not only as two parts merged: merged words are found
    when spelled nearly the same, the others also when mistyped. `of_units` has the word of each unit of all names,
    `units` where the units of each name begin, `entries` the entry of each name.
    """
    text, bounds = spelled(spelling for readings in words for spelling in readings)
    forms = starts_of(words).astype(np.int32)
    of_forms = np.repeat(np.arange(len(words), dtype=np.int32), np.diff(forms))
    keys, owners = key_table(text, bounds, of_forms, np.array(alone, dtype=np.uint8))
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    bits = max(1, len(keys).bit_length() - 1)
    shift = np.uint64(64 - bits)
    buckets = np.searchsorted(keys >> shift, np.arange((1 << bits) + 1, dtype=np.uint64)).astype(np.int32)
    rows = np.repeat(np.arange(len(units) - 1, dtype=np.int32), np.diff(units))
    by_word = np.argsort(of_units, kind="stable")
    sorted_words, rows = of_units[by_word], rows[by_word]
    of_entries = entries[rows]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (sorted_words[1:] != sorted_words[:-1]) | (of_entries[1:] != of_entries[:-1])
    return Words(
        text=text,
        bounds=bounds,
        words=of_forms,
        forms=forms,
        counts=np.bincount(sorted_words[first], minlength=len(words)).astype(np.int32),
        keys=keys,
        owners=owners[order],
        buckets=buckets,
        shift=shift,
        starts=np.searchsorted(sorted_words, np.arange(len(words) + 1)).astype(np.int64),
        rows=rows,
    )
