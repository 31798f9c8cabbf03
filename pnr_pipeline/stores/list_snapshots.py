"""The shelf of list snapshots: immutable files, one version each, published atomically.

Layout below the root, one folder a list::

    <list id>/<version>.jsonl    the registration on the first line, then one entry a line, sorted by id
    <list id>/active             the version in force

The files hold personal data of the listed persons: mode 0600, retention class `list` (the register's own duty to
refresh and review, DESIGN 6).
"""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pnr_pipeline.errors import RuleFault, StoreFault, UsageFault
from pnr_pipeline.records import ListEntry, ListRegistration
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.screening import Index, ScreeningRules
from pnr_pipeline.stores.rule_files import rule_texts


class ListShelf:
    """The snapshots below `root`, created on first use."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def publish(self, registration: ListRegistration, entries: Sequence[ListEntry], now: datetime) -> str:
        """Store the entries as a new snapshot and put it in force; returns its version, a hash of its content.

        Raises RuleFault where the list's review date has passed at `now` (SCR-3).
        """
        refuse_overdue(registration, now)
        lines = [to_json(registration), *(to_json(entry) for entry in sorted(entries, key=lambda entry: entry.id))]
        body = b"\n".join(lines) + b"\n"
        version = hashlib.sha256(body).hexdigest()[:12]
        folder = self.root / registration.id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(folder / f"{version}.jsonl", body)
        _write(folder / "active", version.encode())
        return version

    def versions(self) -> dict[str, str]:
        """The version in force of each active list, by list id."""
        return {path.parent.name: path.read_text("ascii") for path in sorted(self.root.glob("*/active"))}

    def read(self, list_id: str, version: str) -> tuple[ListRegistration, list[ListEntry]]:
        """A snapshot; StoreFault where its content does not give its version, UsageFault where it is not there."""
        path = self.root / list_id / f"{version}.jsonl"
        if not path.is_file():
            raise UsageFault(f"no version {version} of list {list_id} on this shelf")
        body = path.read_bytes()
        if hashlib.sha256(body).hexdigest()[:12] != version:
            raise StoreFault(f"{path.name} of list {list_id} was changed after it was published: build the list again")
        first, *rest = body.splitlines()
        return from_json(ListRegistration, first), [from_json(ListEntry, line) for line in rest]

    def load(self, now: datetime | None = None) -> Index:
        """One index over all active lists; `now` (aware UTC, the clock if not given) decides on review dates.

        Raises RuleFault where a list's review date has passed: it is screened with again after its review (SCR-3).
        """
        now = now or datetime.now(UTC)
        lists = []
        for list_id, version in self.versions().items():
            registration, entries = self.read(list_id, version)
            refuse_overdue(registration, now)
            lists.append((registration, version, entries))
        return Index.build(lists, ScreeningRules.from_texts(rule_texts("screening")))

    def retire(self, list_id: str) -> None:
        """Take the list out of force; its snapshots stay, for the replay of decisions."""
        active = self.root / list_id / "active"
        if not active.is_file():
            raise UsageFault(f"list {list_id} is not active; active are: {', '.join(self.versions()) or 'none'}")
        active.unlink()


def refuse_overdue(registration: ListRegistration, now: datetime) -> None:
    """Raise RuleFault where the list may no longer be used without a review."""
    if registration.review_by < now.date().isoformat():
        raise RuleFault(
            f"list {registration.id}",
            f"its review was due by {registration.review_by} (SCR-3): review it, set `review_by` in its register file"
            " and build it again with `pnr lists build`",
        )


def _write(path: Path, body: bytes) -> None:
    """Write atomically, readable by the owner only."""
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
