"""The shelf of list snapshots: immutable files, one version each, published atomically.

Layout below the root, one folder a list::

    <list id>/<version>.jsonl    the registration on the first line, then one entry a line, sorted by id
    <list id>/active             the version in force
    <list id>/journal            when which version came into force or the list was retired
    .index/                      the index over all active lists (`index_files`)

The files hold personal data of the listed persons: owner-only modes, and each list's own duty to refresh and review
decides how long they stay (retention class `list`, DESIGN 6).
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec

from pnr_pipeline.errors import RuleFault, StoreFault, UsageFault
from pnr_pipeline.records import Domain, ListEntry, ListRegistration
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.screening import Index, ScreeningRules
from pnr_pipeline.screening.index import version_of
from pnr_pipeline.screening.list_register import unfit
from pnr_pipeline.stores import index_files
from pnr_pipeline.stores.rule_files import rule_texts

_LIST_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class ListDifference(msgspec.Struct, frozen=True):
    """Entry ids that one version has and another has not, or has otherwise."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


class Use(msgspec.Struct, frozen=True):
    """What a store still needs: (list, version) that a hit names, and indexes that live records were screened with."""

    versions: frozenset[tuple[str, str]]
    indexes: frozenset[str]


class ListShelf:
    """The snapshots below `root`, which is created on first use; of a `domain` only the lists registered for it.

    A list is kept on one legal basis: what is sought by the one domain is never compared in the other (SCR-12).
    """

    def __init__(self, root: Path, domain: Domain | None = None) -> None:
        self.root = root
        self._domain = domain

    def publish(self, registration: ListRegistration, entries: Sequence[ListEntry], now: datetime) -> str:
        """Store the entries as a snapshot and put it in force; returns its version, a hash of its content.

        `now` is aware UTC. Raises RuleFault where the register does not allow the list (SCR-3), UsageFault for an
        empty one: a list is taken out of force by `retire`, not by a broken file.
        """
        _refuse_unfit(registration, now)
        if not entries:
            raise UsageFault(f"list {registration.id} would be empty: to take it out of force, retire it")
        lines = [to_json(registration), *(to_json(entry) for entry in sorted(entries, key=lambda entry: entry.id))]
        body = b"\n".join(lines) + b"\n"
        version = _version(body)
        folder = self._folder(registration.id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(folder / f"{version}.jsonl", body)
        _write(folder / "active", version.encode())
        _note(folder / "journal", f"{now.isoformat()} {version}")
        return version

    def versions(self) -> dict[str, str]:
        """The version in force of each active list, by list id."""
        active = {path.parent.name: path.read_text("ascii") for path in sorted(self.root.glob("*/active"))}
        return {one: version for one, version in active.items() if self._is_of_the_domain(one, version)}

    def _is_of_the_domain(self, list_id: str, version: str) -> bool:
        if self._domain is None:
            return True
        with (self._folder(list_id) / f"{version}.jsonl").open("rb") as body:
            return from_json(ListRegistration, body.readline()).domain == self._domain

    def journal(self, list_id: str) -> list[tuple[str, str]]:
        """(moment, version or `retired`) of every change of a list, oldest first."""
        path = self._folder(list_id) / "journal"
        if not path.is_file():
            raise UsageFault(f"no list {list_id} on this shelf; there are: {', '.join(self.versions()) or 'none'}")
        return [(moment, what) for moment, what in (line.split(" ") for line in path.read_text("ascii").splitlines())]

    def published_at(self, list_id: str) -> datetime:
        """When the version in force was built last, also where the same content was built again; aware UTC."""
        return max(datetime.fromisoformat(moment) for moment, what in self.journal(list_id) if what != "retired")

    def read(self, list_id: str, version: str) -> tuple[ListRegistration, list[ListEntry]]:
        """A snapshot; StoreFault where its content does not give its version, UsageFault where it is not there."""
        body = self._body(list_id, version)
        return _registration(body), [from_json(ListEntry, line) for line in _lines(body)]

    def _body(self, list_id: str, version: str) -> bytes:
        path = self._folder(list_id) / f"{version}.jsonl"
        if not path.is_file():
            raise UsageFault(f"no version {version} of list {list_id} on this shelf")
        body = path.read_bytes()
        if _version(body) != version:
            raise StoreFault(f"version {version} of list {list_id} was changed after it was published: build it again")
        return body

    def difference(self, list_id: str, old: str, new: str) -> ListDifference:
        """What changed from one version of a list to another."""
        before, after = ({entry.id: entry for entry in self.read(list_id, version)[1]} for version in (old, new))
        return ListDifference(
            added=tuple(sorted(after.keys() - before.keys())),
            removed=tuple(sorted(before.keys() - after.keys())),
            changed=tuple(sorted(one for one in before.keys() & after.keys() if before[one] != after[one])),
        )

    def load(self, now: datetime | None = None) -> Index:
        """One index over all active lists; `now` (aware UTC, else the clock) decides on review dates.

        Raises RuleFault where a list's register entry is incomplete or its review is overdue (SCR-3).
        """
        versions = self.versions()
        bodies = {list_id: self._body(list_id, version) for list_id, version in versions.items()}
        for body in bodies.values():
            _refuse_unfit(_registration(body), now or datetime.now(UTC))
        texts = rule_texts("screening")
        rules = ScreeningRules.from_texts(texts)

        def build(former: Index | None) -> Index:
            lists = [(_registration(body), versions[list_id], _lines(body)) for list_id, body in bodies.items()]
            return Index.build(lists, rules, former)

        return index_files.opened(self.root / ".index", versions, texts, rules, build)

    def load_as_of(self, version: str) -> Index | None:
        """The index of that `version` over the lists in force at some time; None where one of them is not kept.

        For the replay of a match: that a list is past its review by now changes nothing in what was found (RGT-5).
        """
        in_force = self.versions_as_of(version)
        if in_force is None:
            return None
        try:
            bodies = {list_id: self._body(list_id, one) for list_id, one in in_force.items()}
        except UsageFault:
            return None
        texts = rule_texts("screening")
        rules = ScreeningRules.from_texts(texts)
        lists = [(_registration(body), in_force[list_id], _lines(body)) for list_id, body in bodies.items()]
        return Index.build(lists, rules, index_files.nearest(self.root / ".index", texts, rules))

    def versions_as_of(self, version: str) -> dict[str, str] | None:
        """The version of each list of the index of that `version`; None where no such lists were in force together."""
        return next((in_force for in_force in self._in_force() if version_of(in_force) == version), None)

    def _in_force(self) -> Iterator[dict[str, str]]:
        """The version of each list in force after each change of any, oldest first."""
        changes = sorted((moment, list_id, what) for list_id in self._lists() for moment, what in self.journal(list_id))
        in_force: dict[str, str] = {}
        for _, list_id, what in changes:
            in_force.pop(list_id, None)
            if what != "retired":
                in_force[list_id] = what
            yield dict(in_force)

    def to_prune(self, use: Use) -> list[tuple[str, str]]:
        """(list, version) of the snapshots that are neither in force nor needed for what is in `use`.

        A hit is computed again with all lists that were in force together with the version that found it, so that
        these stay too; and so does a version that is being published.
        """
        needed = set(self.versions().items())
        for in_force in self._in_force():
            if version_of(in_force) in use.indexes or use.versions & in_force.items():
                needed |= in_force.items()
        kept = ((path.parent.name, path.stem) for path in sorted(self.root.glob("*/*.jsonl")))
        told = {(list_id, what) for list_id in self._lists() for _, what in self.journal(list_id)}
        return [one for one in kept if one in told - needed]

    def prune(self, use: Use) -> list[tuple[str, str]]:
        """Delete the snapshots that `to_prune` tells; the journals stay."""
        gone = self.to_prune(use)
        for list_id, version in gone:
            (self._folder(list_id) / f"{version}.jsonl").unlink()
        return gone

    def _lists(self) -> list[str]:
        return sorted(path.parent.name for path in self.root.glob("*/journal"))

    def retire(self, list_id: str, now: datetime | None = None) -> None:
        """Take the list out of force; its snapshots stay, for the replay of decisions."""
        active = self._folder(list_id) / "active"
        if not active.is_file():
            raise UsageFault(f"list {list_id} is not active; active are: {', '.join(self.versions()) or 'none'}")
        active.unlink()
        _note(active.with_name("journal"), f"{(now or datetime.now(UTC)).isoformat()} retired")

    def _folder(self, list_id: str) -> Path:
        if not _LIST_ID.fullmatch(list_id):
            raise UsageFault("a list id has 2 to 40 small letters, digits and hyphens")
        return self.root / list_id


def _registration(body: bytes) -> ListRegistration:
    return from_json(ListRegistration, body[: body.index(b"\n")])


def _lines(body: bytes) -> Iterator[bytes]:
    """The entries as JSON."""
    lines = BytesIO(body)
    next(lines)
    return (line.removesuffix(b"\n") for line in lines)


def _refuse_unfit(registration: ListRegistration, now: datetime) -> None:
    reason = unfit(registration, now.date())
    if reason:
        raise RuleFault(f"list {registration.id}", reason)


def _version(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]


def _write(path: Path, body: bytes) -> None:
    """Write atomically, readable by the owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _note(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{line}\n")
