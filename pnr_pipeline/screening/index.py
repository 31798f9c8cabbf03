"""The lists ready to be compared: flat arrays that are written once and mapped by all workers of a machine."""

import hashlib
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, ListEntry, ListRegistration
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.screening.evidence import date_weights
from pnr_pipeline.screening.gathering import Gathered, Gathering, keys_of_numbers
from pnr_pipeline.screening.kernels import Scratch, Weights
from pnr_pipeline.screening.names import NameReader
from pnr_pipeline.screening.rules import SameOrNot, ScreeningRules

_VALIDITY = re.compile(rb'"valid_(from|until)":"(\d{4}-\d\d-\d\d)"')
"""As entries are written in an index; inside a text of theirs the quotes would be escaped."""

Lists = Sequence[tuple[ListRegistration, str, Iterable[ListEntry]]]


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
        self.weights = flat_weights(rules, math.log(weak / (1 - weak)) - rules.weights.prior)
        words, names = arrays.words, arrays.names
        self.scratch = Scratch(
            seen_forms=np.zeros(len(words.words), dtype=np.int32),
            seen_words=np.zeros(len(words.counts), dtype=np.int32),
            stamps=np.zeros(2, dtype=np.int32),
            score=np.zeros((len(names.entries), 2), dtype=np.float32),
            found=np.zeros(len(names.entries), dtype=np.uint16),
        )

    @classmethod
    def build(cls, lists: Lists, rules: ScreeningRules) -> Self:
        """An index over (registration, version of the list, its entries); raises RuleFault when ids are not unique.

        Entries that come one by one, not as a sequence, must come by ascending id: so a list need not be in memory.
        """
        ordered = sorted(lists, key=lambda one: one[0].id)
        gathering, sizes, repeated = Gathering(NameReader(rules.words, rules.forms)), [], False
        for _, _, entries in ordered:
            before, size = None, 0
            in_order = sorted(entries, key=lambda entry: entry.id) if isinstance(entries, Sequence) else entries
            for entry in in_order:
                repeated |= before is not None and entry.id <= before
                before, size = entry.id, size + 1
                gathering.take(entry)
            sizes.append(size)
        registrations = tuple(registration for registration, _, _ in ordered)
        if repeated or len({one.id for one in registrations}) < len(ordered):
            raise RuleFault("lists", "two lists, or two entries of one list, have the same id")
        head = Head(registrations, tuple(version for _, version, _ in ordered), tuple(sizes))
        return cls(head, gathering.arrays(), rules)

    @cached_property
    def turning_days(self) -> tuple[str, ...]:
        """The days (ISO) on which an entry begins or ceases to be valid, in order."""
        texts = self.arrays.texts.entries.tobytes()
        dates = {(kind, told.decode()) for kind, told in _VALIDITY.findall(texts)}
        days = {(date.fromisoformat(told) + timedelta(days=kind == b"until")).isoformat() for kind, told in dates}
        return tuple(sorted(days))

    def __len__(self) -> int:
        return int(self._begin[-1])

    def list_of(self, number: int) -> str:
        """The list of the entry with this number."""
        return self.head.registrations[int(np.searchsorted(self._begin, number, "right")) - 1].id

    def number(self, list_id: str, entry_id: str) -> int | None:
        """The number of an entry, by list and id."""
        at = next((at for at, one in enumerate(self.head.registrations) if one.id == list_id), None)
        if at is None:
            return None
        texts, sought = self.arrays.texts, entry_id.encode("utf-8", "surrogatepass")

        def id_at(number: int) -> bytes:
            return texts.ids[texts.id_starts[number] : texts.id_starts[number + 1]].tobytes()

        low, high = int(self._begin[at]), int(self._begin[at + 1])
        found = bisect_left(range(low, high), sought, key=id_at) + low
        return found if found < high and id_at(found) == sought else None

    def entry_at(self, number: int) -> ListEntry:
        """The entry with this number."""
        texts = self.arrays.texts
        start, end = texts.entry_starts[number : number + 2]
        return from_json(ListEntry, texts.entries[start:end].tobytes())

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


def flat_weights(rules: ScreeningRules, enough: float) -> Weights:
    """The weights as the compiled loops take them; `enough` is the log-odds that the evidence must reach."""
    weights, limits = rules.weights, rules.weights.limits
    return Weights(
        name=np.array(list(weights.name.model_dump().values())),
        dates=np.array(date_weights(weights.birth_date)),
        sexes=_same_or_not(weights.sex),
        states=_same_or_not(weights.nationality),
        limits=np.array([limits.rarity, limits.gain, enough]),
        assumed=np.array([limits.assumed_entries, limits.assumed_entries * limits.assumed_frequency]),
    )


def _same_or_not(weights: SameOrNot) -> NDArray[np.float64]:
    return np.array([0.0, weights.same, weights.differs])
