"""A changed entry against live travellers: wall and CPU seconds, and how long others wait for the database.

    python -m benchmarks.rescreen --travellers 50000 --entries 1

Invented flights of 200 travellers with API data in a store of their own; then the list changes and is swapped.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from pnr_pipeline.records import (
    Document,
    EntryName,
    FlightLeg,
    ListEntry,
    ListRegistration,
    Message,
    Received,
    Screened,
    Traveller,
)
from pnr_pipeline.stores.list_changes import ListChanges
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing
from pnr_pipeline.stores.sql import rescreen
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
SEATS = 200
SYLLABLES = ["BA", "DRA", "GE", "HO", "KA", "LI", "MA", "NOV", "PET", "RU", "SHI", "TO", "VU", "ZE", "MIR", "KOV"]


def name(random: Random, parts: int) -> str:
    return "".join(random.choices(SYLLABLES, k=parts))


def flight(number: int, random: Random) -> Message:
    departure = datetime.fromisoformat("2026-03-02") + timedelta(minutes=number)
    leg = FlightLeg("QX", str(1 + number % 9000), "IST", "SKP", departure, departure + timedelta(hours=1))
    travellers = tuple(
        Traveller(
            ordinal, "passenger", name(random, 3), name(random, 2), sex=random.choice("MF"), nationality="TUR",
            nationality_alpha3="TUR", date_of_birth=f"{random.randint(1940, 2008)}-0{random.randint(1, 9)}-17",
            documents=(Document("P", f"U{number:06}{ordinal:03}", "TUR", "TUR"),),
        )
        for ordinal in range(1, SEATS + 1)
    )  # fmt: skip
    return Message(
        message_id=f"{number:064}:1", kind="PAXLST", version="D:12B", function="745",
        prepared_at=datetime.fromisoformat("2026-03-01T09:00"), flights=(leg,), travellers=travellers,
    )  # fmt: skip


def fill(store: Store, shelf: ListShelf, travellers: int) -> None:
    random, index = Random(5), shelf.load(NOW)
    for number in range(travellers // SEATS):
        message = flight(number, random)
        received = Received("bench", f"{number}.edi", message.message_id.encode(), NOW)
        store.commit(received, [Screened(message, (), index.version)], index=index, now=NOW)


@contextmanager
def timed(held: list[float], *given: Any) -> Iterator[None]:
    """A transaction, and for how many seconds it held the database."""
    with transaction(*given):
        start = time.perf_counter()
        yield
    held.append(time.perf_counter() - start)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--travellers", type=int, default=50_000)
    options.add_argument("--entries", type=int, default=1)
    given = options.parse_args()
    registration = ListRegistration(
        id="wanted", title="Invented", owner="Exercise", legal_basis="Exercise", offences=("4",),
        domain="law_enforcement", kind="persons", quality="invented", update_duty="none", review_by="2099-01-01",
    )  # fmt: skip
    random, profile = Random(6), load_profile("demo")
    entries = [
        ListEntry(
            id=f"E{n}", list="wanted", names=(EntryName("", name(random, 3), name(random, 2)),), dob=("1970-03-17",)
        )
        for n in range(given.entries + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        state, shelf = StateFolder(Path(folder) / "state"), ListShelf(Path(folder) / "lists")
        shelf.publish(registration, entries[:1], NOW)
        with open_store(state, profile=profile, law=load_law(), routing=load_routing(profile), now=NOW) as store:
            fill(store, shelf, given.travellers)
            shelf.publish(registration, entries, NOW)
            index = shelf.load(NOW)
            held: list[float] = []
            rescreen.transaction = partial(timed, held)
            wall, cpu = time.perf_counter(), time.process_time()
            done = store.rescreen(ListChanges(shelf, index, NOW), NOW)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{done.records} travellers on {done.legs} legs, {given.entries} changed: {done.hits} hits, "
        f"{wall:.1f} s, {cpu:.1f} s CPU, {cpu / done.records * 1e6:.0f} µs each; "
        f"the database was held {1000 * median(held):.0f} ms a batch, {1000 * max(held):.0f} ms at most"
    )


if __name__ == "__main__":
    main()
