"""All name words of the lists, and which of them a traveller's word may be.

The vocabulary is indexed, not the names: a word is looked up under its keys, what is found is compared, and each
similar word gets the weight log(share / frequency), where frequency counts every entry with a word at least as similar.
So a common or a fuzzy word weighs little and a rare, equal one much (Fellegi and Sunter with frequencies).
"""

import math
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from pnr_pipeline.screening.keys import deletions, folded, phonetic, skeleton
from pnr_pipeline.screening.rules import NameWeights

How = Literal["equal", "transliterated", "phonetic", "typo", "vowels", "typos"]
HOWS: tuple[How, ...] = ("equal", "transliterated", "phonetic", "typo", "vowels", "typos")
"""From most to least alike."""

_FAR = len(HOWS)
_REMEMBERED = 20_000
"""Words whose similar words are kept in memory: names of a region repeat from flight to flight."""

Ids = NDArray[np.int32]


class Likeness(NamedTuple):
    """How a traveller's word is like a word of the lists, and what that weighs."""

    how: How
    weight: float


class Similar(NamedTuple):
    """Words of the lists like a traveller's: ids in ascending order of weight, and the same by id."""

    ids: list[int]
    by_id: dict[int, Likeness]


class Vocabulary:
    """Words by id; a word is the tuple of its readings.

    `counts` are the entries that have the word, `alone` whether it stands in some name by itself and not only as two
    parts merged: merged words are found when spelled nearly the same, the others also when mistyped.
    """

    def __init__(
        self,
        words: Sequence[tuple[str, ...]],
        counts: Sequence[int],
        alone: Sequence[bool],
        entries: int,
        weights: NameWeights,
    ) -> None:
        self._counts = counts
        self._entries = entries
        self._weights = weights
        self._shares = [weights.shares.model_dump()[how] for how in HOWS]
        self._word: list[int] = []  # of each reading: its word, its spelling, and its three forms
        self._spelling: list[str] = []
        self._fold: list[str] = []
        self._sound: list[str] = []
        self._bones: list[str] = []
        hashes: list[int] = []
        owners: list[int] = []
        for word, spellings in enumerate(words):
            for spelling in spellings:
                fold, sound, bones = _forms(spelling)
                keys = _keys(fold, sound, bones, loosely=alone[word])
                hashes += keys
                owners += [len(self._word)] * len(keys)
                self._word.append(word)
                self._spelling.append(spelling)
                self._fold.append(fold)
                self._sound.append(sound)
                self._bones.append(bones)
        unsorted = np.array(hashes, dtype=np.uint32)
        order = np.argsort(unsorted, kind="stable")
        self._hashes = unsorted[order]
        self._owners = np.array(owners, dtype=np.int32)[order]
        self._remembered: OrderedDict[tuple[tuple[str, ...], bool], Similar] = OrderedDict()

    def similar(self, readings: tuple[str, ...], *, loosely: bool = True) -> Similar:
        """The words of the lists that a word with these readings may be; `loosely` with slips of typing."""
        key = (readings, loosely)
        known = self._remembered.get(key)
        if known is None:
            known = self._remembered[key] = self._compared(readings, loosely)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return known

    def _compared(self, readings: tuple[str, ...], loosely: bool) -> Similar:
        best: dict[int, int] = {}
        for at, spelling in enumerate(readings):
            fold, sound, bones = _forms(spelling)
            for reading, rank in self._ranked(spelling, fold, sound, bones, loosely):
                if at and not rank:
                    rank = 1  # equal to a second reading only
                word = self._word[reading]
                if rank < best.get(word, _FAR):
                    best[word] = rank
        seen = [0] * _FAR
        for word, rank in best.items():
            seen[rank] += self._counts[word]
        assumed = self._weights.assumed_entries * self._weights.assumed_frequency
        by_rank, at_least = [], 0
        for rank, share in enumerate(self._shares):
            at_least += seen[rank]
            frequency = (at_least + assumed) / (self._entries + self._weights.assumed_entries)
            by_rank.append(Likeness(HOWS[rank], max(0.1, math.log(share / frequency))))
        ids = sorted(best, key=lambda word: (by_rank[best[word]].weight, word))
        return Similar(ids, {word: by_rank[rank] for word, rank in best.items()})

    def _ranked(self, spelling: str, fold: str, sound: str, bones: str, loosely: bool) -> list[tuple[int, int]]:
        """(reading, rank in HOWS) of all readings that share a key and are near enough."""
        keys = np.array(_keys(fold, sound, bones, loosely=loosely), dtype=np.uint32)
        starts = np.searchsorted(self._hashes, keys, "left")
        ends = np.searchsorted(self._hashes, keys, "right")
        spans = [self._owners[start:end] for start, end in zip(starts, ends, strict=True) if end > start]
        if not spans:
            return []
        near = np.unique(np.concatenate(spans)).tolist()
        slips = cdist([fold], [self._fold[one] for one in near], scorer=OSA.distance, score_cutoff=2)[0].tolist()
        ranked = []
        for reading, slip in zip(near, slips, strict=True):
            if self._spelling[reading] == spelling:
                rank = 0 if reading == 0 or self._word[reading - 1] != self._word[reading] else 1
            elif slip == 0:
                rank = 1
            elif self._sound[reading] == sound:
                rank = 2
            else:
                shorter = min(len(fold), len(self._fold[reading]))
                if slip == 1 and shorter >= 3 and len(fold) + len(self._fold[reading]) >= 8:
                    rank = 3
                elif len(bones) >= 3 and self._bones[reading] == bones:
                    rank = 4
                elif slip == 2 and shorter >= 6:
                    rank = 5
                else:
                    continue
            ranked.append((reading, rank))
        return ranked


def _forms(spelling: str) -> tuple[str, str, str]:
    fold = folded(spelling)
    sound = phonetic(fold)
    return fold, sound, skeleton(sound)


def _keys(fold: str, sound: str, bones: str, *, loosely: bool) -> list[int]:
    """Hashes of the keys; two words that collide are compared in vain, no more."""
    keys = {f"={fold}", f"~{sound}"}
    if loosely:
        keys.add(f"-{bones}")
        if len(fold) >= 4:
            keys |= {f"={one}" for one in deletions(fold)}
    return [zlib.crc32(key.encode()) for key in sorted(keys)]
