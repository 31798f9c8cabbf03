"""The lists in memory: entries by key, and their registrations."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Self

from anyascii import anyascii

from pnr_pipeline.records import ListEntry, ListRegistration
from pnr_pipeline.screening.rules import ScreeningRules


def name_tokens(text: str) -> frozenset[str]:
    """The parts of a name in Latin capitals."""
    return frozenset("".join(c if c.isalnum() else " " for c in anyascii(text).upper()).split())


class Index:
    """All active lists, ready to screen against; read-only once built, shared by all threads of a process."""

    def __init__(self, rules: ScreeningRules, registrations: Mapping[str, ListRegistration], version: str) -> None:
        self.rules = rules
        self.registrations = registrations
        self.version = version
        self.list_versions: dict[str, str] = {}
        self.entries: dict[tuple[str, str], ListEntry] = {}
        self.by_token: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.by_document: dict[str, set[tuple[str, str]]] = defaultdict(set)

    @classmethod
    def build(cls, lists: Sequence[tuple[ListRegistration, str, Sequence[ListEntry]]], rules: ScreeningRules) -> Self:
        """An index over (registration, version of the list, its entries), in any order."""
        digest = hashlib.sha256()
        for registration, version, _ in sorted(lists, key=lambda one: one[0].id):
            digest.update(f"{registration.id}={version};".encode())
        index = cls(rules, {one[0].id: one[0] for one in lists}, digest.hexdigest()[:16])
        for registration, version, entries in lists:
            index.list_versions[registration.id] = version
            for entry in entries:
                key = (registration.id, entry.id)
                index.entries[key] = entry
                for name in entry.names:
                    for token in name_tokens(name.full or f"{name.surname} {name.given}"):
                        index.by_token[token].add(key)
                for document in entry.documents:
                    index.by_document[document.number.upper()].add(key)
        return index

    def entry(self, list_id: str, entry_id: str) -> ListEntry | None:
        """The entry, or None where no active list has it."""
        return self.entries.get((list_id, entry_id))
