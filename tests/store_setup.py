"""A store in a temporary folder, an index of two invented lists, and what a store holds told without surrogate ids."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from postgres_server import Server

from pnr_pipeline.audit import Access
from pnr_pipeline.records import Document, EntryName, ListEntry, ListRegistration, Message, Received, Screened
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.retention import Elapsed
from pnr_pipeline.review import ReviewCodes
from pnr_pipeline.screening import Index, ScreeningRules, screen
from pnr_pipeline.stores.elapsed import elapsed
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_review_codes, load_routing
from pnr_pipeline.stores.sql.hits import read_hits
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.sql.travellers import open_traveller
from pnr_pipeline.stores.state import StateFolder

NOW = datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
ACCESS = Access("officer-7", "a", "case-1")

law, codes = cache(load_law), cache(load_review_codes)


def review_codes() -> ReviewCodes:
    return codes()


class Count:
    """The machine's own count of time, set by a test: as if it had run since the first moment told."""

    def __init__(self, since: datetime = NOW) -> None:
        self.since = self.now = since

    def __call__(self) -> Elapsed:
        return Elapsed("one", (self.now - self.since).total_seconds())


server: Server | None = None
"""Where state folders get their database from; None for SQLite, a file in the folder (see conftest.py)."""


def placed(root: Path) -> Path:
    """A state folder with a database of the kind that is in turn."""
    if server is not None:
        server.give(root)
    return root


def open_demo(root: Path, now: datetime = NOW, *, count: Callable[[], Elapsed] = elapsed, sweeps: bool = True) -> Store:
    placed(root)
    profile = load_profile("demo")
    return open_store(
        StateFolder(root),
        profile=profile,
        law=law(),
        routing=load_routing(profile),
        now=now,
        count=count,
        sweeps=sweeps,
    )


def registration(list_id: str = "wanted") -> ListRegistration:
    return ListRegistration(
        id=list_id, title="Invented", owner="Exercise", legal_basis="Exercise", offences=("4", "terrorism"),
        domain="law_enforcement", kind="persons", quality="invented", update_duty="none", review_by="2099-01-01",
        instruction="Take aside, ask for the second document.",
    )  # fmt: skip


def entry(number: str, surname: str, given: str, born: str = "", document: str = "") -> ListEntry:
    return ListEntry(
        id=number,
        list="wanted",
        names=(EntryName(f"{given} {surname}", surname, given),),
        dob=(born,) if born else (),
        documents=(Document("P", document, "TUR", "TUR"),) if document else (),
    )


@cache
def rules() -> ScreeningRules:
    return ScreeningRules.from_texts(rule_texts("screening"))


def index_of(entries: Sequence[ListEntry], version: str = "v1") -> Index:
    return Index.build([(registration(), version, entries)], rules())


def screened(message: Message, index: Index) -> Screened:
    return Screened(message, tuple(screen(message.travellers, index, NOW)), index.version)


def commit(store: Store, received: Received, messages: Iterable[Message], index: Index, now: datetime = NOW) -> Any:
    return store.commit(received, [screened(message, index) for message in messages], index=index, now=now)


def dump(store: Store) -> dict[str, Any]:
    """Persons with their contents and listings, bookings, open hits, queue lines and leg; no surrogate id in it."""
    ground = store._ground
    live = "SELECT record_id FROM record_head WHERE status = 'live' AND kind = 'traveller'"
    persons: dict[str, Person] = {
        record_id: open_traveller(ground, record_id).person for (record_id,) in ground.db.execute(live).fetchall()
    }
    listed: dict[str, list[Any]] = {record_id: [] for record_id in persons}
    for record_id, message_id, ordinal in ground.db.execute("SELECT record_id, message_id, ordinal FROM listing"):
        listed[record_id].append((message_id, ordinal))
    named = {record_id: sorted(members)[0] for record_id, members in listed.items()}
    bodies = ground.db.execute(
        "SELECT leg_key, kind, open FROM record_head JOIN body USING (record_id) JOIN leg USING (leg_id)"
        " WHERE status = 'live'"
    ).fetchall()
    return {
        "persons": sorted((sorted(listed[one]), msgspec.to_builtins(person)) for one, person in persons.items()),
        "open": sorted(bodies, key=str),
        "hits": sorted(
            (
                named[hit.record_id],
                hit.match.entry_id,
                hit.match.score,
                msgspec.to_builtins(hit.match.evidence),
                hit.unlisted.message_id if hit.unlisted else "",
            )
            for hit in read_hits(ground, None)
            if hit.state not in ("excluded", "superseded")
        ),
        "queue": ground.db.execute("SELECT unit, seq, line FROM unit_queue ORDER BY unit, seq").fetchall(),
        "legs": ground.db.execute("SELECT leg_key, flight, floors, newest FROM leg").fetchall(),
    }
