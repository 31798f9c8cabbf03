"""How the lists in force are: how old, how many entries, by when to be reviewed."""

from datetime import date, datetime, timedelta

import msgspec

from pnr_pipeline.errors import PnrFault
from pnr_pipeline.records import ListRegistration
from pnr_pipeline.screening.list_register import Freshness, freshness
from pnr_pipeline.stores.list_snapshots import ListShelf


class ListCondition(msgspec.Struct, frozen=True):
    """One list in force. `fault` is why it cannot be read; the rest is empty then."""

    list_id: str
    version: str
    built: datetime
    age: timedelta
    entries: int = 0
    review_in: int = 0
    """Days until its review is due, negative afterwards (SCR-3)."""
    state: Freshness = "refused"
    fault: str = ""


class ListConditions:
    """The lists of one shelf, looked at again and again: a version is read once, as it never changes."""

    def __init__(self, shelf: ListShelf) -> None:
        self._shelf = shelf
        self._read: dict[tuple[str, str], tuple[ListRegistration, int]] = {}

    def at(self, now: datetime) -> list[ListCondition]:
        """Each list in force at `now` (aware UTC), by its id."""
        if not self._shelf.root.is_dir():
            return []
        versions = self._shelf.versions()
        self._read = {key: told for key, told in self._read.items() if versions.get(key[0]) == key[1]}
        return [self._one(list_id, version, now) for list_id, version in versions.items()]

    def _one(self, list_id: str, version: str, now: datetime) -> ListCondition:
        built = self._shelf.published_at(list_id)
        one = ListCondition(list_id, version, built, now - built)
        try:
            if (list_id, version) not in self._read:
                registration, entries = self._shelf.read(list_id, version)
                self._read[list_id, version] = registration, len(entries)
        except PnrFault as fault:
            return msgspec.structs.replace(one, fault=str(fault))
        registration, number = self._read[list_id, version]
        left = (date.fromisoformat(registration.review_by) - now.date()).days
        state = freshness(registration, built, now)
        return msgspec.structs.replace(one, entries=number, review_in=left, state=state)
