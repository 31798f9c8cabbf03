"""A closed day to the lake and into a backup, from a SQLite store: records a CPU second, peak of memory, size.

    python benchmarks/lake.py [--records 1000000]

The records are invented and like those of a booked traveller, two sources each. Run it alone.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from store_setup import Count, open_demo

from pnr_pipeline.audit import Access
from pnr_pipeline.records import Document, Traveller
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.same_person import Listing, Person
from pnr_pipeline.retention import key_period
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.periods import use_period
from pnr_pipeline.stores.sql.store import Store

RECEIVED = datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
LATER = RECEIVED + timedelta(days=10)
A_FLIGHT, AT_ONCE = 200, 20_000


def person(number: int) -> Person:
    name = f"{number:07}".translate(str.maketrans("0123456789", "ABCDEFGHIJ"))
    traveller = Traveller(
        ordinal=1 + number % A_FLIGHT, role="passenger", surname=f"INVENTED{name}", given_names=f"PERSON {name}",
        date_of_birth="1980-01-01", sex="F", nationality="TUR", nationality_alpha3="TUR",
        documents=(Document("P", f"U{number:08}", "TUR", "TUR", "2031-01-01"),), locator=name[-6:], seat="12A",
        contacts=(f"+90555{number:07}",), tickets=(f"235{number:010}",), embarkation="IST", disembarkation="SKP",
    )  # fmt: skip
    listings = [Listing(f"2026-02-28T10:00:{n:02}", f"{number:064}:1", traveller, name[-6:]) for n in (0, 1)]
    return Person(*listings)


def fill(store: Store, records: int) -> None:
    ground = store._ground
    period = key_period("S", RECEIVED, ground.law).id
    head = (utc_text(RECEIVED), utc_text(LATER), "because", utc_text(LATER + timedelta(days=171)), "because")
    basis = ground.bases.of(())
    for first in range(0, records, AT_ONCE):
        with transaction(ground.db):
            use_period(ground.db, ground.law, "S", RECEIVED)
            for number in range(first, min(first + AT_ONCE, records)):
                leg = f"{number // A_FLIGHT:032x}"
                if number % A_FLIGHT == 0:
                    flight = f'{{"carrier":"QX","number":"{number // A_FLIGHT}","origin":"IST","destination":"SKP"}}'
                    ground.db.execute(
                        "INSERT INTO leg (leg_id, leg_key, flight, period, newest, floors, assess_until, basis)"
                        " VALUES (?, ?, ?, ?, '', '{}', ?, ?)",
                        (leg, leg, flight, period, utc_text(RECEIVED), basis),
                    )
                one = f"{number * 2654435761 % 2**32:08x}{number:024x}"
                sealed = ground.sealer.seal(period, "identity", one, 1, to_json(person(number)))
                ground.db.execute(
                    "INSERT INTO record_head (record_id, kind, leg_id, status, version, ord, period, received_at,"
                    " mask_at, mask_because, delete_at, delete_because, basis, list_version)"
                    " VALUES (?, 'traveller', ?, 'live', 1, '', ?, ?, ?, ?, ?, ?, ?, '')",
                    (one, leg, period, *head, basis),
                )
                ground.db.execute(
                    "INSERT INTO body (record_id, period, open, identity, basis) VALUES (?, ?, ?, ?, ?)",
                    (one, period, '{"locator":"ABCDEF","seat":"12A","standing":"listed","tickets":[]}', sealed, basis),
                )


def measured(what: str, records: int) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {records / cpu:,.0f} records a CPU second ({cpu:.1f} s CPU, {wall:.1f} s), peak {peak:.0f} MB")


def apart(act: str, root: Path, records: int) -> None:
    """In a process of its own, so that its peak is its own."""
    child = os.fork()
    if child == 0:
        try:
            with open_demo(root, LATER, count=Count()) as store:
                for _ in measured(act, records):
                    if act == "to the lake":
                        store.lake.close(LATER)
                    elif act == "one column back":
                        criteria = Access("lead-2", "c", "case-1")
                        assert sum(1 for _ in store.lake.read("S/2026-02-28", ("journey",), criteria, LATER)) == records
                    elif act == "backup":
                        print(f"  {store.backups.make(None, LATER).stat().st_size / 1e6:,.0f} MB")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0, act


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "state"
        child = os.fork()
        if child == 0:
            with open_demo(root, RECEIVED, count=Count()) as store:
                fill(store, chosen.records)
            os._exit(0)
        os.waitpid(child, 0)
        print(f"{chosen.records:,} records, database {(root / 'pnr.sqlite').stat().st_size / 1e6:,.0f} MB")
        apart("to the lake", root, chosen.records)
        size = sum(path.stat().st_size for path in (root / "lake").rglob("*.parquet"))
        print(f"  {size / 1e6:,.0f} MB of Parquet")
        apart("one column back", root, chosen.records)
        apart("backup", root, chosen.records)


if __name__ == "__main__":
    main()
