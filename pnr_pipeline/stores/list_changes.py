"""What changed of the lists since a record was screened: the entries to rescreen with, and those that are gone."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records import ListEntry, ListRegistration
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.screening import Index, ScreeningRules
from pnr_pipeline.stores.list_snapshots import ListShelf

Entry = tuple[str, str]
"""List and entry."""


@dataclass(frozen=True, slots=True)
class Changes:
    """`index` has the new and the changed entries alone; `touched` are all that came, changed or went."""

    index: Index
    touched: frozenset[Entry]


def edition(index: Index, now: datetime) -> str:
    """What a record screened at `now` (aware) was screened with: lists in their versions, entries valid that day.

    It changes with a list, and on a day on which an entry begins or ceases to be valid.
    """
    day = now.astimezone(UTC).date().isoformat()
    passed = [one for one in index.turning_days if one <= day]
    return f"{index.version}@{passed[-1]}" if passed else index.version


class ListChanges:
    """The changes from any edition to the present one, each found once. StoreFault where a snapshot was changed."""

    def __init__(self, shelf: ListShelf, index: Index, now: datetime) -> None:
        self.index, self.edition = index, edition(index, now)
        self._shelf = shelf
        self._found: dict[str, Changes] = {}

    def since(self, older: str) -> Changes:
        """What changed since the edition that a record was screened with; everything, where that is not kept."""
        if older not in self._found:
            self._found[older] = self._changes(older)
        return self._found[older]

    def _changes(self, older: str) -> Changes:
        version, _, since_day = older.partition("@")
        before = self._shelf.versions_as_of(version) or {}
        until_day = self.edition.partition("@")[2]
        lists: list[tuple[ListRegistration, str, list[ListEntry]]] = []
        touched: set[Entry] = set()
        for list_id, new in self.index.list_versions.items():
            registration, entries = self._shelf.read(list_id, new)
            old = before.get(list_id)
            fresh, gone = ([], set()) if old == new else _difference(registration, entries, self._read(list_id, old))
            told = {one.id for one in fresh}
            turned = (one for one in entries if one.id not in told and _turns(one, since_day, until_day))
            fresh = [*fresh, *turned]
            touched |= {(list_id, entry_id) for entry_id in gone}
            lists.append((registration, new, fresh))
            touched |= {(list_id, one.id) for one in fresh}
        for list_id in before.keys() - self.index.list_versions.keys():
            touched |= {(list_id, one.id) for one in (self._read(list_id, before[list_id]) or ((), ()))[1]}
        return Changes(_small(lists, self.index.rules), frozenset(touched))

    def _read(self, list_id: str, version: str | None) -> tuple[ListRegistration, list[ListEntry]] | None:
        if version is None:
            return None
        try:
            return self._shelf.read(list_id, version)
        except UsageFault:
            return None


def _difference(
    registration: ListRegistration,
    entries: list[ListEntry],
    before: tuple[ListRegistration, list[ListEntry]] | None,
) -> tuple[list[ListEntry], set[str]]:
    """Entries that are new or changed, all where the register's thresholds changed; and the ids that are gone."""
    if before is None:
        return entries, set()
    old = {one.id: to_json(one) for one in before[1]}
    gone = old.keys() - {one.id for one in entries}
    thresholds = ("alert_threshold", "weak_threshold", "offences")
    if any(getattr(registration, one) != getattr(before[0], one) for one in thresholds):
        return entries, gone
    return [one for one in entries if old.get(one.id) != to_json(one)], gone


def _turns(entry: ListEntry, since: str, until: str) -> bool:
    return any(since < day <= until for day in entry.turning_days())


def _small(lists: list[tuple[ListRegistration, str, list[ListEntry]]], rules: ScreeningRules) -> Index:
    return Index.build([one for one in lists if one[2]], rules)
