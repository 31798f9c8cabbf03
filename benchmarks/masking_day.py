"""The day on which a period must go, in PostgreSQL: its keys destroyed and its partitions dropped, beside an UPDATE.

    python benchmarks/masking_day.py [--records 1000000 10000000] [--days 1]

Peers, of the same records in the same database and run, the table filled anew before each: the identity part emptied
row by row, a batch's statements all under way at once; and by one UPDATE a day, without and with the VACUUM that takes
the old values out of the table. Ours: what the sweep does to keys and bodies: each part's key of each day destroyed in
a file keystore, on the disk, and the day's partition dropped, one transaction a day. Then the same with more records
over the same days, once. Rows are those of `body` with their real width (900 bytes sealed, 250 open; `--sealed`,
`--open`) and no head: what a sweep deletes of heads and indexes is not in it. Time is wall clock, for the disk is
waited for; WAL as the server counts it. The server is one of our own, with fsync.
"""

import argparse
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from pnr_pipeline.stores.keystore import Keystore
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.seal import PARTS, Sealer
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase
from pnr_pipeline.stores.sql.postgres_setup import prepare_database
from pnr_pipeline.stores.sql.purpose_token import GATE_KEY, Gate
from pnr_pipeline.stores.state import StateFolder

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from postgres_server import Server  # the tests' server is the benchmark's too

FIRST = date(2026, 1, 1)
_BATCH = 1_000
SETTINGS = ("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min", "autovacuum=off")


class World:
    """A prepared database with its keys."""

    def __init__(self, server: Server, folder: Path, days: int, widths: tuple[int, int]) -> None:
        state = StateFolder(folder / "state")
        state.prepare()
        self.keys: Keystore = open_keystore(state)
        gate = Gate(self.keys.create(GATE_KEY))
        with server.administrator() as db:
            db.execute("CREATE DATABASE masking")
        prepare_database(server.address("masking", "admin"), "law_enforcement", gate)
        with server.administrator() as db:
            db.execute("GRANT pnr_law_enforcement_retention TO pnr_run")
        self.admin = server.administrator("masking")
        self.product = PostgresDatabase(server.address("masking"), gate)
        self.widths = widths
        self.days = [f"S/{FIRST + timedelta(days=number)}" for number in range(days)]

    def by_update_and_vacuum(self) -> tuple[float, int]:
        """The same, until the old values are gone from the table."""
        begun, before = time.perf_counter(), self.written()
        self.by_update()
        self.admin.execute("VACUUM pnr.body")
        return time.perf_counter() - begun, self.written() - before

    def fill(self, records: int) -> None:
        """So many records, spread evenly, and keys for every part of every day."""
        sealer = Sealer(self.keys, "benchmark")
        for day in self.days:
            for part in PARTS:
                sealer.record_key(day, part, "any")
            self.product.open_period(day)
            self.admin.execute(
                "INSERT INTO pnr.body SELECT md5(n::text || %s), %s, left(repeat(md5(n::text), 200), %s),"
                " decode(left(repeat(md5(n::text), 200), 2 * %s), 'hex'), 1 FROM generate_series(1, %s) AS n",
                (day, day, *self.widths, records // len(self.days)),
            )
        self.admin.execute("ANALYZE pnr.body")
        self.admin.execute("CHECKPOINT")

    def written(self) -> int:
        """Bytes of WAL so far."""
        return int(self.admin.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()[0])  # type: ignore[index]

    def by_rows(self) -> tuple[float, int]:
        """Seconds and bytes of WAL to empty the identity row by row, a transaction a batch."""
        begun, before = time.perf_counter(), self.written()
        for day in self.days:
            ids = self.admin.execute("SELECT record_id FROM pnr.body WHERE period = %s", (day,)).fetchall()
            for start in range(0, len(ids), _BATCH):
                with self.admin.transaction(), self.admin.cursor() as cursor:
                    cursor.executemany(
                        "UPDATE pnr.body SET identity = '' WHERE record_id = %s AND period = %s",
                        [(record_id, day) for (record_id,) in ids[start : start + _BATCH]],
                    )
        return time.perf_counter() - begun, self.written() - before

    def empty(self) -> None:
        """Drop the rows; the keys stay."""
        for day in self.days:
            with transaction(self.product):
                self.product.drop_period("body", day)

    def by_update(self) -> tuple[float, int]:
        """Seconds and bytes of WAL to empty the identity of each row."""
        begun, before = time.perf_counter(), self.written()
        for day in self.days:
            self.admin.execute("UPDATE pnr.body SET identity = '' WHERE period = %s", (day,))
        return time.perf_counter() - begun, self.written() - before

    def by_keys(self) -> tuple[float, int, float]:
        """Seconds and bytes of WAL to destroy the keys and drop the partitions, and the seconds of the keys alone."""
        sealer = Sealer(self.keys, "benchmark")
        begun, before = time.perf_counter(), self.written()
        for day in self.days:
            for part in PARTS:
                sealer.destroy(day, part)
        destroyed = time.perf_counter() - begun
        for day in self.days:
            with transaction(self.product):
                self.product.drop_period("body", day)
                self.product.drop_period("push_body", day)
        return time.perf_counter() - begun, self.written() - before, destroyed

    def next_days(self) -> None:
        """A destroyed key does not come back: the next filling is of other days."""
        first = date.fromisoformat(self.days[-1].partition("/")[2]) + timedelta(days=1)
        self.days = [f"S/{first + timedelta(days=number)}" for number in range(len(self.days))]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--records", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--days", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sealed", type=int, default=900, help="bytes of the sealed part")
    options.add_argument("--open", type=int, default=250, help="characters of the open part")
    options.add_argument("--alone", action="store_true", help="without the peers")
    chosen = options.parse_args()
    server = Server(SETTINGS)
    try:
        with TemporaryDirectory() as folder:
            world = World(server, Path(folder), chosen.days, (chosen.open, chosen.sealed))
            measure(world, chosen.records, chosen.rounds, peered=not chosen.alone)
    finally:
        server.stop()


def measure(world: World, sizes: list[int], rounds: int, *, peered: bool) -> None:
    first, *more = sizes
    days = f"{len(world.days)} days"
    peers = []
    ways = (("row by row", world.by_rows), ("UPDATE", world.by_update), ("UPDATE, VACUUM", world.by_update_and_vacuum))
    for name, peer in ways if peered else ():
        world.fill(first)
        seconds, wal = peer()
        peers.append((name, seconds, wal))
        print(f"{first:>11,} records, {days}  {name:16} {seconds:8.2f} s  {wal:>14,} bytes of WAL", flush=True)
        world.empty()
    medians = {}
    for records in (first, *more):
        told = []
        for _ in range(rounds if records == first else 1):
            world.fill(records)
            told.append(world.by_keys())
            world.next_days()
        seconds, written, keys = (statistics.median(values) for values in zip(*told, strict=True))
        medians[records] = seconds
        print(
            f"{records:>11,} records, {days}  keys, partitions {seconds:8.2f} s  {int(written):>14,}"
            f" bytes of WAL; keys {keys:.2f} s; rounds {', '.join(f'{one[0]:.2f}' for one in told)}", flush=True,
        )  # fmt: skip
        if records == first:
            for name, slow, wal in peers:
                told_so = f"{slow / seconds:.0f} times faster than {name}, {wal / written:,.0f} times less WAL"
                print(f"{'':>11} {told_so}", flush=True)
        else:
            print(f"{'':>11} {seconds / medians[first]:.2f} times the time of {first:,}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except psycopg.Error as fault:
        raise SystemExit(f"{type(fault).__name__}: {fault}") from None
