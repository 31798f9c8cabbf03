"""The entries of lists taken apart, one after the other, into the flat arrays of an index."""

import hashlib
from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.records import ListEntry
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.asking import part_masks
from pnr_pipeline.screening.evidence import misread_key, number_key, packed_date, sex_number, state_number
from pnr_pipeline.screening.kernels import Bytes, Entries, Names, Places, Words
from pnr_pipeline.screening.names import NameReader, PersonName
from pnr_pipeline.screening.vocabulary import vocabulary


class Texts(NamedTuple):
    """Ids of the entries and the entries as JSON, one after the other, and where each begins; one more at the end."""

    ids: Bytes
    id_starts: Places
    entries: Bytes
    entry_starts: Places


class Numbers(NamedTuple):
    """Document numbers as ascending hashes of their `misread_key`, and the entry of each."""

    keys: NDArray[np.uint64]
    entries: NDArray[np.int32]


class Gathered(NamedTuple):
    """All arrays of an index."""

    words: Words
    names: Names
    entries: Entries
    numbers: Numbers
    texts: Texts


class Gathering:
    """Takes entries, in their final order, and gives the arrays."""

    def __init__(self, reader: NameReader) -> None:
        self._reader = reader
        self._words: dict[tuple[str, ...], int] = {}
        self._alone = bytearray()
        self._unit_words, self._unit_masks, self._units = array("i"), array("H"), array("q", [0])
        self._parts, self._entry_of_name = array("H"), array("i")
        self._rows, self._dates, self._date_starts = array("i", [0]), array("i"), array("i", [0])
        self._states, self._state_starts, self._sexes = array("H"), array("i", [0]), bytearray()
        self._number_keys, self._number_entries = array("Q"), array("i")
        self._ids, self._id_starts = bytearray(), array("q", [0])
        self._texts, self._text_starts = bytearray(), array("q", [0])

    def take(self, entry: ListEntry) -> None:
        """One more entry."""
        place = len(self._sexes)
        for name in names_of(entry, self._reader):
            self._take_name(name, place)
        self._rows.append(len(self._entry_of_name))
        self._dates.extend(sorted({date for text in entry.dob if (date := packed_date(text))}))
        self._date_starts.append(len(self._dates))
        self._states.extend(sorted({state_number(code) for one in entry.nationality if (code := alpha3(one))}))
        self._state_starts.append(len(self._states))
        self._sexes.append(sex_number(entry.gender))
        for key in sorted(keys_of_numbers(document.number for document in entry.documents)):
            self._number_keys.append(key)
            self._number_entries.append(place)
        self._ids += entry.id.encode()
        self._id_starts.append(len(self._ids))
        self._texts += to_json(entry)
        self._text_starts.append(len(self._texts))

    def _take_name(self, name: PersonName, place: int) -> None:
        for unit in name.units:
            word = self._words.setdefault(unit.readings, len(self._words))
            if word == len(self._alone):
                self._alone.append(0)
            self._alone[word] |= not unit.merged
            self._unit_words.append(word)
            self._unit_masks.append(unit.mask)
        self._units.append(len(self._unit_words))
        self._parts.extend(part_masks(name))
        self._entry_of_name.append(place)

    def arrays(self) -> Gathered:
        """All that was taken."""
        names = Names(
            units=np.array(self._units, dtype=np.int64),
            words=_ints(self._unit_words),
            masks=np.array(self._unit_masks, dtype=np.uint16),
            parts=np.array(self._parts, dtype=np.uint16).reshape(-1, 4),
            entries=_ints(self._entry_of_name),
            born=self._born(),
        )
        keys = np.array(self._number_keys, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        return Gathered(
            vocabulary(list(self._words), self._alone, names.words, names.units, names.entries),
            names,
            Entries(
                rows=_ints(self._rows),
                dates=_ints(self._dates),
                date_starts=_ints(self._date_starts),
                states=np.array(self._states, dtype=np.uint16),
                state_starts=_ints(self._state_starts),
                sexes=np.array(self._sexes, dtype=np.uint8),
            ),
            Numbers(keys[order], _ints(self._number_entries)[order]),
            Texts(
                np.array(self._ids, dtype=np.uint8),
                np.array(self._id_starts, dtype=np.int64),
                np.array(self._texts, dtype=np.uint8),
                np.array(self._text_starts, dtype=np.int64),
            ),
        )

    def _born(self) -> NDArray[np.int32]:
        starts, dates, of_names = _ints(self._date_starts), _ints([*self._dates, 0]), _ints(self._entry_of_name)
        count = np.diff(starts)
        return np.where(count == 1, dates[starts[:-1]], -(count > 1).astype(np.int32))[of_names]


def names_of(entry: ListEntry, reader: NameReader) -> list[PersonName]:
    """The names of an entry, taken apart, each once."""
    return list(dict.fromkeys(map(reader.entry, entry.names)))


def keys_of_numbers(numbers: Iterable[str]) -> set[int]:
    """Hashes of document numbers; two that collide are compared in vain, no more."""
    keys = {misread_key(number_key(number)) for number in numbers} - {""}
    return {int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") for key in keys}


def _ints(values: "array[int] | list[int]") -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)
