"""All name words of the lists, flat: spellings, keys under which they are found, and the names that have them.

The vocabulary is indexed, not the names: a word is looked up under its keys, what is found is compared, and a pair of
words weighs by how it is alike and by the frequency of every list word at least as similar. So a common or a fuzzy word
weighs little and a rare, equal one much (Fellegi and Sunter with frequencies).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.screening.kernels import Bytes, Ints, Places, Words, key_table
from pnr_pipeline.screening.keys import consonants, folded, phonetic
from pnr_pipeline.screening.segments import picked, restarted, runs_of, within


def spelled(spellings: Iterable[str]) -> tuple[Bytes, NDArray[np.uint32]]:
    """Each spelling as written, folded, as it sounds and its consonants, one after the other, and where each begins.

    In small letters stands a name that the word may be short for: only written and folded, as nothing else is compared.
    """
    pieces: list[str] = []
    for spelling in spellings:
        if spelling.islower():
            pieces += (spelling, folded(spelling.upper()).lower(), "", "")
            continue
        fold = folded(spelling)
        pieces += (spelling, fold, phonetic(fold), consonants(spelling))
    return np.frombuffer("".join(pieces).encode("ascii") or b"\0", dtype=np.uint8), starts_of(pieces).astype(np.uint32)


def starts_of(things: Iterable[Sequence[object]]) -> Places:
    """Where things begin that stand one after the other; one more for the end."""
    lengths = np.fromiter(map(len, things), dtype=np.int64)
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


class Spelled(NamedTuple):
    """Words with all spellings of their forms, as in `kernels.Words`."""

    text: Bytes
    bounds: NDArray[np.uint32]
    forms: Ints


def spelled_words(words: Sequence[tuple[str, ...]]) -> Spelled:
    """Words, each told by its readings."""
    text, bounds = spelled(spelling for readings in words for spelling in readings)
    return Spelled(text, bounds, starts_of(words).astype(np.int32))


def joined_words(base: Words, words: Sequence[tuple[str, ...]]) -> tuple[list[Spelled], Ints]:
    """The words of an index and those of `words` that it lacks; and of each of `words` its number among them all."""
    told = [Spelled(base.text, base.bounds, base.forms)]
    if not words:
        return told, np.empty(0, dtype=np.int32)
    known = {readings: number for number, readings in enumerate(_readings(base))}
    numbers = [known.setdefault(readings, len(known)) for readings in words]
    told.append(spelled_words([one for one, number in zip(words, numbers, strict=True) if number >= len(base.counts)]))
    return told, np.array(numbers, dtype=np.int32)


def _readings(words: Words) -> Iterable[tuple[str, ...]]:
    """Of each word its readings."""
    text = words.text.tobytes().decode("ascii")
    starts, ends = words.bounds[:-1:4].tolist(), words.bounds[1::4].tolist()
    forms = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return (tuple(forms[first:after]) for first, after in pairwise(words.forms.tolist()))


def vocabulary(
    sources: Sequence[Spelled], of_units: Ints, masks: NDArray[np.uint16], units: Places, entries: Ints, born: Ints
) -> tuple[Words, Ints]:
    """The words that units have, numbered as they appear, with keys and postings; and the word of each unit.

    `of_units` has the word of each unit of all names, numbered through all sources, `units` where the units of each
    name begin, `entries` the entry of each name, `born` its date of birth. A word that is in no name by itself, but
    only as two parts merged, is found when spelled nearly the same, the others also when mistyped.
    """
    sizes = [len(source.forms) - 1 for source in sources]
    firsts = np.full(sum(sizes), len(of_units), dtype=np.int64)
    firsts[of_units[::-1]] = np.arange(len(of_units) - 1, -1, -1)
    order = np.argsort(firsts, kind="stable")[: np.count_nonzero(firsts < len(of_units))]
    numbers = np.zeros(len(firsts), dtype=np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    of_units = numbers[of_units]
    alone = np.zeros(len(order), dtype=np.uint8)
    alone[of_units[masks & (masks - 1) == 0]] = 1
    runs = runs_of(order, sizes)
    of_words = [source.forms for source in sources]
    runs_of_forms = [(source, 4 * first, 4 * after) for source, first, after in within(of_words, runs)]
    bounds = [source.bounds for source in sources]
    told = Spelled(
        picked([source.text for source in sources], within(bounds, runs_of_forms)),
        restarted(bounds, runs_of_forms).astype(np.uint32),
        restarted(of_words, runs).astype(np.int32),
    )
    return _indexed(told, alone, of_units, units, entries, born), of_units


def _indexed(
    told: Spelled, alone: NDArray[np.uint8], of_units: Ints, units: Places, entries: Ints, born: Ints
) -> Words:
    """The words with keys and postings."""
    text, bounds, forms = told
    of_forms = np.repeat(np.arange(len(alone), dtype=np.int32), np.diff(forms))
    keys, owners = key_table(text, bounds, of_forms, alone)
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
        counts=np.bincount(sorted_words[first], minlength=len(alone)).astype(np.int32),
        keys=keys,
        owners=owners[order],
        buckets=buckets,
        shift=shift,
        starts=np.searchsorted(sorted_words, np.arange(len(alone) + 1)).astype(np.int64),
        rows=rows,
        born=born[rows],
    )
