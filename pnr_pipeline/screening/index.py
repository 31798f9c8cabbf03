"""The lists in memory: names by word, documents by number, dates in columns, registrations beside them."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, ListEntry, ListRegistration
from pnr_pipeline.screening.evidence import born_on, misread_key, number_key
from pnr_pipeline.screening.names import NameReader, PersonName
from pnr_pipeline.screening.rules import ScreeningRules
from pnr_pipeline.screening.vocabulary import Similar, Vocabulary

Rows = NDArray[np.int32]
Places = NDArray[np.intp]

_DATES_MAX = 8
"""Dates of an entry that take part in finding candidates; all of them are compared afterwards."""
_CANDIDATES_MAX = 48
"""Names laid beside a traveller's name: the best by words and date."""
_SLACK = 3.0
"""What initials and cut-off words may add to the words that were found."""


class IndexedName(NamedTuple):
    """One name of an entry: whose, its parts, and the vocabulary word of each unit."""

    entry: int
    name: PersonName
    words: tuple[int, ...]


class AskedName(NamedTuple):
    """One name of a traveller with the list words like each of its units."""

    name: PersonName
    similar: tuple[Similar, ...]


class Index:
    """All active lists, ready to screen against. Read-only once built, so all threads of a process share it.

    `version` names the lists and their versions, `registrations` are theirs by list id. The order in which lists and
    entries were given changes nothing.
    """

    def __init__(
        self, lists: Sequence[tuple[ListRegistration, str, Sequence[ListEntry]]], rules: ScreeningRules
    ) -> None:
        ordered = sorted(lists, key=lambda one: one[0].id)
        self.rules = rules
        self.registrations = MappingProxyType({registration.id: registration for registration, _, _ in ordered})
        self.list_versions = MappingProxyType({registration.id: version for registration, version, _ in ordered})
        named = ";".join(f"{list_id}={version}" for list_id, version in self.list_versions.items())
        self.version = hashlib.sha256(named.encode()).hexdigest()[:12]
        self.entries: list[tuple[str, ListEntry]] = [
            (registration.id, entry)
            for registration, _, entries in ordered
            for entry in sorted(entries, key=lambda entry: entry.id)
        ]
        self._numbers = {(list_id, entry.id): number for number, (list_id, entry) in enumerate(self.entries)}
        if len(self.registrations) < len(ordered) or len(self._numbers) < len(self.entries):
            raise RuleFault("lists", "two lists, or two entries of one list, have the same id")
        self.reader = NameReader(rules.words)
        self.names: list[IndexedName] = []
        self.names_of: dict[int, list[int]] = defaultdict(list)
        self._index_names()
        self._index_dates()
        self._index_documents()
        weak = min((one.weak_threshold or rules.weights.weak for one in self.registrations.values()), default=0.5)
        self._enough = math.log(weak / (1 - weak)) - rules.weights.prior

    @classmethod
    def build(cls, lists: Sequence[tuple[ListRegistration, str, Sequence[ListEntry]]], rules: ScreeningRules) -> Self:
        """An index over (registration, version of the list, its entries); raises RuleFault when ids are not unique."""
        return cls(lists, rules)

    def number(self, list_id: str, entry_id: str) -> int | None:
        """The place of an entry in `entries`."""
        return self._numbers.get((list_id, entry_id))

    def entry(self, list_id: str, entry_id: str) -> ListEntry | None:
        """The entry, or None where no active list has it."""
        number = self.number(list_id, entry_id)
        return None if number is None else self.entries[number][1]

    def _index_names(self) -> None:
        ids: dict[tuple[str, ...], int] = {}
        alone: list[bool] = []
        words: list[int] = []
        rows: list[int] = []
        for number, (_, entry) in enumerate(self.entries):
            for name in dict.fromkeys(map(self.reader.entry, entry.names)):
                of_units = []
                for unit in name.units:
                    word = ids.setdefault(unit.readings, len(ids))
                    if word == len(alone):
                        alone.append(False)
                    alone[word] |= not unit.merged
                    of_units.append(word)
                words += of_units
                rows += [len(self.names)] * len(of_units)
                self.names_of[number].append(len(self.names))
                self.names.append(IndexedName(number, name, tuple(of_units)))
        order = np.argsort(np.array(words, dtype=np.int32), kind="stable")
        self._postings = np.array(rows, dtype=np.int32)[order]
        self._starts = np.searchsorted(np.array(words, dtype=np.int32)[order], np.arange(len(ids) + 1))
        self._entry_of_name = np.array([name.entry for name in self.names], dtype=np.int32)
        counts = [len(set(self._entry_of_name[self._names_with(word)].tolist())) for word in range(len(ids))]
        self.vocabulary = Vocabulary(list(ids), counts, alone, len(self.names_of), self.rules.weights.name)

    def _index_dates(self) -> None:
        of_entry = [[date for text in entry.dob if (date := born_on(text))][:_DATES_MAX] for _, entry in self.entries]
        width = max(map(len, of_entry), default=0) or 1
        self._dates = np.zeros((3, len(self.entries), width), dtype=np.int16)
        for number, dates in enumerate(of_entry):
            for at, date in enumerate(dates):
                self._dates[:, number, at] = date

    def _index_documents(self) -> None:
        self._documents: dict[str, list[int]] = defaultdict(list)
        for number, (_, entry) in enumerate(self.entries):
            for key in {misread_key(number_key(document.number)) for document in entry.documents} - {""}:
                self._documents[key].append(number)

    def _names_with(self, word: int) -> Rows:
        return self._postings[self._starts[word] : self._starts[word + 1]]

    def with_documents(self, documents: Iterable[Document]) -> set[int]:
        """Entries with one of these numbers, or one that a reader confuses with it."""
        keys = {misread_key(number_key(document.number)) for document in documents} - {""}
        return {number for key in keys for number in self._documents.get(key, ())}

    def asked(self, surname: str, given: str) -> AskedName:
        """A traveller's name taken apart, with the list words that it may mean."""
        name = self.reader.traveller(surname, given)
        return AskedName(
            name, tuple(self.vocabulary.similar(unit.readings, loosely=not unit.merged) for unit in name.units)
        )

    def candidates(self, asked: AskedName, date_of_birth: str | None) -> list[int]:
        """The names (places in `names`) that may reach a threshold, at most 48, by words found and birth date."""
        weights = self.rules.weights
        parts = len(asked.name.parts)
        found = np.zeros((parts, len(self.names)), dtype=np.float32)
        for at, similar in enumerate(asked.similar[:parts]):
            for word in similar.ids:  # ascending: the best likeness of a name's words stays
                found[at, self._names_with(word)] = similar.by_id[word].weight
        total = found.sum(axis=0)
        meetings = (found > 0).sum(axis=0, dtype=np.int8)
        for unit, similar in zip(asked.name.units[parts:], asked.similar[parts:], strict=True):
            first, after = (unit.mask & -unit.mask).bit_length() - 1, unit.mask.bit_length()
            for word in similar.ids:
                both = self._names_with(word)
                more = similar.by_id[word].weight * weights.name.merged - found[first:after, both].sum(axis=0)
                total[both] += np.maximum(more, 0)
                meetings[both] += 1
        if parts > 1:
            total += np.where(meetings == 1, np.float32(weights.name.single), np.float32(0))
        likely = total + (_SLACK + weights.nationality.same + weights.sex.same - self._enough)
        rows: Places = np.flatnonzero((meetings > 0) & (likely + weights.birth_date.same > 0))
        if not len(rows):
            return []
        worth = likely[rows] + self._date_bonus(rows, date_of_birth)
        rows, worth = rows[worth > 0], worth[worth > 0]
        best = np.lexsort((rows, -worth))[:_CANDIDATES_MAX]
        return [int(row) for row in rows[best]]

    def _date_bonus(self, rows: Places, date_of_birth: str | None) -> NDArray[np.float32]:
        """At least what the birth date can say for each of these names."""
        date = born_on(date_of_birth)
        if date is None:
            return np.zeros(len(rows), dtype=np.float32)
        weights = self.rules.weights.birth_date
        years, months, days = self._dates[:, self._entry_of_name[rows]]
        same = (years == date.year) & (months == date.month) & (days == date.day)
        near = (years == date.year) | ((months == date.month) & (days == date.day)) | ((months == 0) & (years > 0))
        best = max(weights.swapped, weights.year_month, weights.year, weights.one_part)
        bonus = np.where(years == 0, -np.inf, np.where(same, weights.same, np.where(near, best, weights.differs)))
        widest: NDArray[np.float32] = np.where((years == 0).all(axis=1), 0.0, bonus.max(axis=1)).astype(np.float32)
        return widest
