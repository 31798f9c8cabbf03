"""The lists ready to be compared: flat arrays that are written once and mapped by all workers of a machine."""

import hashlib
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, ListEntry, ListRegistration
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.screening.evidence import date_weights
from pnr_pipeline.screening.gathering import Gathered, Gathering, keys_of_numbers
from pnr_pipeline.screening.kernels import CHANCE, Scratch, Weights
from pnr_pipeline.screening.names import NameReader
from pnr_pipeline.screening.rules import SameOrNot, ScreeningRules

_VALIDITY = re.compile(rb'"valid_(from|until)":"(\d{4}-\d\d-\d\d)"')
"""As entries are written in an index; inside a text of theirs the quotes would be escaped."""

Lists = Sequence[tuple[ListRegistration, str, Sequence[ListEntry] | Iterator[bytes]]]
"""Registration of each list, its version, and its entries; or the entries as JSON (`to_json`), by ascending id."""


class _Id(msgspec.Struct, frozen=True):
    id: str


class Head(msgspec.Struct, frozen=True):
    """Of which lists an index is: registration, version and number of entries of each, by list id."""

    registrations: tuple[ListRegistration, ...]
    versions: tuple[str, ...]
    sizes: tuple[int, ...]


class Index:
    """All active lists, ready to screen against. Read-only once built; a process screens with it one batch at a time.

    `version` names the lists and their versions, `registrations` are theirs by list id. The order in which lists and
    entries were given changes nothing.
    """

    def __init__(self, head: Head, arrays: Gathered, rules: ScreeningRules) -> None:
        self.head, self.arrays, self.rules = head, read_only(arrays), rules
        self.reader = NameReader(rules.words, rules.forms)
        self.registrations = MappingProxyType({one.id: one for one in head.registrations})
        self.list_versions = MappingProxyType(
            {one.id: version for one, version in zip(head.registrations, head.versions, strict=True)}
        )
        self.version = version_of(self.list_versions)
        self._begin = np.concatenate(([0], np.cumsum(head.sizes, dtype=np.int64)))
        weak = min((one.weak_threshold or rules.weights.weak for one in head.registrations), default=0.5)
        self.weights = flat_weights(rules, math.log(weak / (1 - weak)) - rules.weights.prior, len(self))
        words, names = arrays.words, arrays.names
        self.scratch = Scratch(
            seen_forms=np.zeros(len(words.words), dtype=np.int32),
            seen_words=np.zeros(len(words.counts), dtype=np.int32),
            stamps=np.zeros(2, dtype=np.int32),
            score=np.zeros((len(names.entries), 2), dtype=np.float32),
            found=np.zeros(len(names.entries), dtype=np.uint16),
        )

    @classmethod
    def build(cls, lists: Lists, rules: ScreeningRules, base: Self | None = None) -> Self:
        """An index over these lists; raises RuleFault when ids are not unique.

        `base` is an earlier index by the same reader of names. Its entries are not read again: not those of a list that
        it has in the same version, nor of another those that are still the same. The index is the same without it.
        """
        ordered = sorted(lists, key=lambda one: one[0].id)
        gathering = Gathering(NameReader(rules.words, rules.forms), base.arrays if base else None)
        sizes = [_gather(gathering, entries, _Former(base, one.id, version)) for one, version, entries in ordered]
        registrations = tuple(registration for registration, _, _ in ordered)
        if None in sizes or len({one.id for one in registrations}) < len(ordered):
            raise RuleFault("lists", "two lists, or two entries of one list, have the same id")
        head = Head(registrations, tuple(version for _, version, _ in ordered), tuple(size or 0 for size in sizes))
        return cls(head, gathering.arrays(), rules)

    @cached_property
    def turning_days(self) -> tuple[str, ...]:
        """The days (ISO) on which an entry begins or ceases to be valid, in order."""
        dates = {(kind, told.decode()) for kind, told in _VALIDITY.findall(self.arrays.texts.entries.data)}
        days = {(date.fromisoformat(told) + timedelta(days=kind == b"until")).isoformat() for kind, told in dates}
        return tuple(sorted(days))

    def __len__(self) -> int:
        return int(self._begin[-1])

    def list_of(self, number: int) -> str:
        """The list of the entry with this number."""
        return self.head.registrations[int(np.searchsorted(self._begin, number, "right")) - 1].id

    def number(self, list_id: str, entry_id: str) -> int | None:
        """The number of an entry, by list and id."""
        sought, numbers = entry_id.encode("utf-8", "surrogatepass"), self.numbers_of(list_id)
        found = bisect_left(numbers, sought, key=self.id_at) + numbers.start
        return found if found in numbers and self.id_at(found) == sought else None

    def numbers_of(self, list_id: str) -> range:
        """The numbers of the entries of a list, by ascending id; none where it is not active."""
        at = next((at for at, one in enumerate(self.head.registrations) if one.id == list_id), None)
        return range(0) if at is None else range(int(self._begin[at]), int(self._begin[at + 1]))

    def id_at(self, number: int) -> bytes:
        """The id of the entry with this number."""
        texts = self.arrays.texts
        return texts.ids[texts.id_starts[number] : texts.id_starts[number + 1]].tobytes()

    def text_at(self, number: int) -> bytes:
        """The entry with this number, as JSON."""
        texts = self.arrays.texts
        return texts.entries[texts.entry_starts[number] : texts.entry_starts[number + 1]].tobytes()

    def entry_at(self, number: int) -> ListEntry:
        """The entry with this number."""
        return from_json(ListEntry, self.text_at(number))

    def entry(self, list_id: str, entry_id: str) -> ListEntry | None:
        """The entry, or None where no active list has it."""
        number = self.number(list_id, entry_id)
        return None if number is None else self.entry_at(number)

    def with_documents(self, documents: Iterable[Document]) -> set[int]:
        """Entries with one of these numbers, or one that a reader confuses with it."""
        numbers = self.arrays.numbers
        found: set[int] = set()
        if not len(numbers.keys):
            return found
        for key in keys_of_numbers(document.number for document in documents):
            first = int(np.searchsorted(numbers.keys, np.uint64(key)))
            while first < len(numbers.keys) and numbers.keys[first] == key:
                found.add(int(numbers.entries[first]))
                first += 1
        return found


class _Former:
    """A list as the base has it: its entries in order, the first of them next."""

    def __init__(self, base: Index | None, list_id: str, version: str) -> None:
        self._base = base
        numbers = base.numbers_of(list_id) if base else range(0)
        self.place, self.end = numbers.start, numbers.stop
        self.is_same = base is not None and base.list_versions.get(list_id) == version

    def has(self, text: bytes) -> bool:
        """Whether the next entry is this one."""
        return self._base is not None and self.place < self.end and self._base.text_at(self.place) == text

    def go_to(self, entry_id: bytes) -> None:
        """Pass over entries of lesser ids."""
        while self._base is not None and self.place < self.end and self._base.id_at(self.place) < entry_id:
            self.place += 1


def _gather(gathering: Gathering, entries: Sequence[ListEntry] | Iterator[bytes], former: _Former) -> int | None:
    """Take one list; returns the number of its entries, None where ids are not unique and ascending."""
    if former.is_same:
        gathering.take_over(former.place, former.end)
        return former.end - former.place
    texts = map(to_json, sorted(entries, key=attrgetter("id"))) if isinstance(entries, Sequence) else entries
    before, size = b"", 0
    for text in texts:
        entry_id = msgspec.json.decode(text, type=_Id).id.encode()
        if entry_id <= before and size:
            return None
        if not former.has(text):
            former.go_to(entry_id)
        if former.has(text):
            gathering.take_over(former.place, former.place + 1)
            former.place += 1
        else:
            gathering.take(text)
        before, size = entry_id, size + 1
    return size


def arrays_by_name(arrays: Gathered) -> dict[str, NDArray[np.generic]]:
    """Every array by `group.field`."""
    return {
        f"{group}.{field}": np.asarray(values)
        for group, of_group in arrays._asdict().items()
        for field, values in of_group._asdict().items()
    }


def gathered_from(arrays: Mapping[str, NDArray[np.generic]]) -> Gathered:
    """What `arrays_by_name` told."""
    groups = {}
    for group, kind in Gathered.__annotations__.items():
        of_group = {field: arrays[f"{group}.{field}"] for field in kind._fields}
        groups[group] = kind(**{field: one[()] if one.ndim == 0 else one for field, one in of_group.items()})
    return Gathered(**groups)


def version_of(list_versions: Mapping[str, str]) -> str:
    """The version of an index over lists in these versions, by list id."""
    named = ";".join(f"{list_id}={version}" for list_id, version in sorted(list_versions.items()))
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def read_only(arrays: Gathered) -> Gathered:
    """The same arrays, not to be written to: as they are when mapped from a file."""
    for group in arrays:
        for values in group:
            if isinstance(values, np.ndarray):
                values.flags.writeable = False
    return arrays


def flat_weights(rules: ScreeningRules, enough: float, entries: int) -> Weights:
    """The weights as the compiled loops take them, for lists of so many entries.

    `enough` is the log-odds that the evidence must reach. Each entry more may be a namesake: what is expected of chance
    grows with the lists, from those that the weights were fitted with, so that false alerts of a traveller do not.
    """
    weights, limits = rules.weights, rules.weights.limits
    name = np.array(list(weights.name.model_dump().values()))
    name[CHANCE] -= math.log(max(limits.fewest_entries, entries) / limits.fitted_entries)
    return Weights(
        name=name,
        dates=np.array(date_weights(weights.birth_date)),
        sexes=_same_or_not(weights.sex),
        states=_same_or_not(weights.nationality),
        limits=np.array([limits.rarity, limits.gain, enough]),
        assumed=np.array([limits.assumed_entries, limits.assumed_entries * limits.assumed_frequency]),
    )


def _same_or_not(weights: SameOrNot) -> NDArray[np.float64]:
    return np.array([0.0, weights.same, weights.differs])
