"""The entries of lists taken apart, one after the other, into the flat arrays of an index.

Only what is new is read: an entry that an earlier index has is taken over from it. What counts over all entries
(numbers of words, postings, keys) is made anew, so that the arrays are byte for byte those of a full build.
"""

import hashlib
from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.records import ListEntry
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.asking import part_masks
from pnr_pipeline.screening.evidence import misread_key, number_key, packed_date, sex_number, state_number
from pnr_pipeline.screening.kernels import Bytes, Entries, Ints, Names, Places, Words
from pnr_pipeline.screening.names import NameReader, PersonName
from pnr_pipeline.screening.segments import Run, picked, restarted, within
from pnr_pipeline.screening.vocabulary import Spelled, joined_words, spelled_words, vocabulary


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


class _Columns(NamedTuple):
    """What each entry has by itself, one after the other; starts have one more at the end."""

    name_starts: NDArray[Any]
    units: Places
    words: Ints
    masks: NDArray[np.uint16]
    parts: NDArray[np.uint16]
    date_starts: NDArray[Any]
    dates: Ints
    state_starts: NDArray[Any]
    states: NDArray[np.uint16]
    sexes: NDArray[np.uint8]
    number_starts: NDArray[Any]
    numbers: NDArray[np.uint64]
    id_starts: Places
    ids: Bytes
    text_starts: Places
    texts: Bytes


_OF_ENTRIES = (
    ("parts", "name_starts"), ("dates", "date_starts"), ("states", "state_starts"), ("numbers", "number_starts"),
    ("ids", "id_starts"), ("texts", "text_starts"),
)  # fmt: skip


class Gathering:
    """Takes entries, in their final order, new or out of an index by the same reader (`base`), and gives the arrays."""

    def __init__(self, reader: NameReader, base: Gathered | None = None) -> None:
        self._reader, self._base = reader, base
        self._runs: list[Run] = []
        self._words: dict[tuple[str, ...], int] = {}
        self._unit_words, self._unit_masks, self._units = array("i"), array("H"), array("q", [0])
        self._parts, self._name_starts = array("H"), array("i", [0])
        self._dates, self._date_starts = array("i"), array("i", [0])
        self._states, self._state_starts, self._sexes = array("H"), array("i", [0]), bytearray()
        self._numbers, self._number_starts = array("Q"), array("i", [0])
        self._ids, self._id_starts = bytearray(), array("q", [0])
        self._texts, self._text_starts = bytearray(), array("q", [0])

    def take(self, text: bytes) -> None:
        """One more entry, as JSON."""
        entry = from_json(ListEntry, text)
        for name in names_of(entry, self._reader):
            self._take_name(name)
        self._name_starts.append(len(self._units) - 1)
        self._dates.extend(sorted({date for told in entry.dob if (date := packed_date(told))}))
        self._date_starts.append(len(self._dates))
        self._states.extend(sorted({state_number(code) for one in entry.nationality if (code := alpha3(one))}))
        self._state_starts.append(len(self._states))
        self._numbers.extend(sorted(keys_of_numbers(document.number for document in entry.documents)))
        self._number_starts.append(len(self._numbers))
        self._ids += entry.id.encode()
        self._id_starts.append(len(self._ids))
        self._texts += text
        self._text_starts.append(len(self._texts))
        self._sexes.append(sex_number(entry.gender))
        self._run(1, len(self._sexes) - 1, len(self._sexes))

    def take_over(self, first: int, after: int) -> None:
        """The entries `first` to `after` of the base, as they are there."""
        if first < after:
            self._run(0, first, after)

    def _run(self, source: int, first: int, after: int) -> None:
        if self._runs and self._runs[-1][0] == source and self._runs[-1][2] == first:
            first = self._runs.pop()[1]
        self._runs.append((source, first, after))

    def _take_name(self, name: PersonName) -> None:
        for unit in name.units:
            self._unit_words.append(self._words.setdefault(unit.readings, len(self._words)))
            self._unit_masks.append(unit.mask)
        self._units.append(len(self._unit_words))
        self._parts.extend(part_masks(name))

    def arrays(self) -> Gathered:
        """All that was taken."""
        fresh = self._fresh()
        if self._base is None:
            columns, sources = fresh, [spelled_words(list(self._words))]
        else:
            sources, numbers = joined_words(self._base.words, list(self._words))
            fresh = fresh._replace(words=numbers[fresh.words])
            columns = _joined((_columns_of(self._base), fresh), self._runs)
        return _gathered(columns, sources)

    def _fresh(self) -> _Columns:
        return _Columns(
            name_starts=_flat(self._name_starts, np.int32),
            units=_flat(self._units, np.int64),
            words=_flat(self._unit_words, np.int32),
            masks=_flat(self._unit_masks, np.uint16),
            parts=_flat(self._parts, np.uint16).reshape(-1, 4),
            date_starts=_flat(self._date_starts, np.int32),
            dates=_flat(self._dates, np.int32),
            state_starts=_flat(self._state_starts, np.int32),
            states=_flat(self._states, np.uint16),
            sexes=_flat(self._sexes, np.uint8),
            number_starts=_flat(self._number_starts, np.int32),
            numbers=_flat(self._numbers, np.uint64),
            id_starts=_flat(self._id_starts, np.int64),
            ids=_flat(self._ids, np.uint8),
            text_starts=_flat(self._text_starts, np.int64),
            texts=_flat(self._texts, np.uint8),
        )


def names_of(entry: ListEntry, reader: NameReader) -> list[PersonName]:
    """The names of an entry, taken apart, each once."""
    return list(dict.fromkeys(map(reader.entry, entry.names)))


def keys_of_numbers(numbers: Iterable[str]) -> set[int]:
    """Hashes of document numbers; two that collide are compared in vain, no more."""
    keys = {misread_key(number_key(number)) for number in numbers} - {""}
    return {int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") for key in keys}


def _columns_of(arrays: Gathered) -> _Columns:
    names, entries, texts = arrays.names, arrays.entries, arrays.texts
    by_entry = np.lexsort((arrays.numbers.keys, arrays.numbers.entries))
    return _Columns(
        name_starts=entries.rows,
        units=names.units,
        words=names.words,
        masks=names.masks,
        parts=names.parts,
        date_starts=entries.date_starts,
        dates=entries.dates,
        state_starts=entries.state_starts,
        states=entries.states,
        sexes=entries.sexes,
        number_starts=np.searchsorted(arrays.numbers.entries[by_entry], np.arange(len(entries.sexes) + 1)),
        numbers=arrays.numbers.keys[by_entry],
        id_starts=texts.id_starts,
        ids=texts.ids,
        text_starts=texts.entry_starts,
        texts=texts.entries,
    )


def _joined(sources: tuple[_Columns, ...], runs: list[Run]) -> _Columns:
    def of(field: str) -> list[NDArray[Any]]:
        return [getattr(source, field) for source in sources]

    names = within(of("name_starts"), runs)
    units = within(of("units"), names)
    told = {field: picked(of(field), units) for field in ("words", "masks")}
    told |= {"units": restarted(of("units"), names), "sexes": picked(of("sexes"), runs)}
    for field, starts in _OF_ENTRIES:
        told |= {field: picked(of(field), within(of(starts), runs)), starts: restarted(of(starts), runs)}
    return _Columns(**told)


def _gathered(columns: _Columns, sources: list[Spelled]) -> Gathered:
    """The arrays of an index of these entries, whose words are numbers of the words of all sources together."""
    count = np.arange(len(columns.sexes), dtype=np.int32)
    of_names = np.repeat(count, np.diff(columns.name_starts))
    born = _born(columns)[of_names]
    words, of_units = vocabulary(sources, columns.words, columns.masks, columns.units, of_names, born)
    of_numbers = np.repeat(count, np.diff(columns.number_starts))
    by_key = np.argsort(columns.numbers, kind="stable")
    return Gathered(
        words,
        Names(columns.units, of_units, columns.masks, columns.parts, of_names, born),
        Entries(
            rows=columns.name_starts.astype(np.int32),
            dates=columns.dates,
            date_starts=columns.date_starts.astype(np.int32),
            states=columns.states,
            state_starts=columns.state_starts.astype(np.int32),
            sexes=columns.sexes,
        ),
        Numbers(columns.numbers[by_key], of_numbers[by_key]),
        Texts(columns.ids, columns.id_starts, columns.texts, columns.text_starts),
    )


def _born(columns: _Columns) -> NDArray[np.int32]:
    starts, dates = columns.date_starts, np.append(columns.dates, np.int32(0))
    count = np.diff(starts)
    return np.where(count == 1, dates[starts[:-1]], -(count > 1).astype(np.int32))


def _flat(values: "array[Any] | bytearray", kind: type[np.generic]) -> NDArray[Any]:
    return np.frombuffer(values, dtype=kind) if values else np.empty(0, dtype=kind)
