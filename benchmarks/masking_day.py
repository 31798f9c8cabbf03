"""The day on which periods must go, in PostgreSQL: the sweep of the product, beside the same records emptied by UPDATE.

    python benchmarks/masking_day.py [--records 1000000 10000000] [--days 1] [--light] [--law]

Peers, of the same records in the same database and run, the table filled anew before each: the identity part emptied
row by row, a batch's statements all under way at once; and by one UPDATE a day, without and with the VACUUM that takes
the old values out of the table. Ours: `Store.retention.sweep` with its audit rows and receipts, in three parts. What
the law asks is done when the keys are destroyed (a file keystore, on the disk), everything that is kept by period is
out of reach and the receipt is written; then its files are unlinked, then heads go in small batches, which stop nobody.
Then the same with more records over the same days, once.

A row of `body` has its real width (900 bytes sealed, 250 open; `--sealed`, `--open`). Each record has a head, a
listing, four join keys and six rows of the rights index; each 200 are a flight with two messages of 20 kB. With
`--light` a record is a body and a head alone; with `--law` the sweep is left where the law is satisfied and only space
is to be won, which takes minutes for millions of heads. Time is wall clock, for the disk is waited for; WAL as the
server counts it. The server is one of our own, with fsync and autovacuum off.
"""

import argparse
import os
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psycopg

from pnr_pipeline.stores.seal import PARTS
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.periods import use_period
from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase

sys.path.insert(0, str(Path(__file__).parents[1] / "deploy" / "local"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import store_setup
from postgres_server import Server  # the tests' server is the benchmark's too

FIRST = date(2026, 1, 1)
_BATCH = 1_000
_A_FLIGHT = 200
_HALF_A_YEAR = timedelta(days=200)
SETTINGS = ("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min", "autovacuum=off")

_BODY = (
    "INSERT INTO pnr.body SELECT md5(n::text || %(day)s), %(day)s, left(repeat(md5(n::text), 200), %(open)s),"
    " decode(left(repeat(md5(n::text), 200), 2 * %(sealed)s), 'hex'), 1 FROM generate_series(1, %(records)s) AS n"
)
_LEG = (
    "INSERT INTO pnr.leg (leg_id, leg_key, flight, period, newest, floors, basis)"
    " SELECT md5(n::text || 'leg' || %(day)s), n::text || %(day)s, '{}', %(day)s, '', '{}', 1"
    " FROM generate_series(0, %(records)s / 200) AS n"
)
_HEAD = (
    "INSERT INTO pnr.record_head (record_id, kind, leg_id, status, version, ord, period, received_at, delete_at,"
    " delete_because, list_version, basis) SELECT md5(n::text || %(day)s), 'traveller',"
    " md5((n / 200)::text || 'leg' || %(day)s), 'live', 1, '', %(day)s, '', '', '', '', 1"
    " FROM generate_series(1, %(records)s) AS n"
)
_BESIDE = (
    "INSERT INTO pnr.listing SELECT md5((n / 200)::text || 'leg' || %(day)s), md5((n / 200)::text), n %% 200,"
    " md5(n::text || %(day)s), %(day)s, 1 FROM generate_series(1, %(records)s) AS n",
    "INSERT INTO pnr.join_key SELECT md5((n / 200)::text || 'leg' || %(day)s), decode(md5(n::text || k), 'hex'),"
    " md5(n::text || %(day)s), %(day)s, 1 FROM generate_series(1, %(records)s) AS n, generate_series(1, 4) AS k",
    "INSERT INTO pnr.rights_key SELECT %(day)s, decode(md5(k::text || n), 'hex'), md5(n::text || %(day)s), 1"
    " FROM generate_series(1, %(records)s) AS n, generate_series(1, 6) AS k",
    "INSERT INTO pnr.push SELECT md5(n::text || 'leg' || %(day)s), md5(n::text || k::text), '', 'pnr', '', %(day)s,"
    " '', 1 FROM generate_series(0, %(records)s / 200) AS n, generate_series(1, 2) AS k",
    "INSERT INTO pnr.push_body SELECT md5(n::text || 'leg' || %(day)s), md5(n::text || k::text), %(day)s,"
    " decode(repeat(md5(n::text), 1250), 'hex'), 1"
    " FROM generate_series(0, %(records)s / 200) AS n, generate_series(1, 2) AS k",
)


class Took(NamedTuple):
    """Seconds until keys and partitions are gone with their receipt, of these the keys; of files; of heads; WAL."""

    law: float
    keys: float
    files: float
    heads: float
    wal: int


class _Enough(Exception):
    """What the law asks is done, and no more was to be measured."""


class World:
    """An open store on a prepared database, and an administrator's connection to it."""

    def __init__(
        self, folder: Path, server: Server, days: int, widths: tuple[int, int], *, light: bool, law: bool
    ) -> None:
        self.count = store_setup.Count(datetime.combine(FIRST, datetime.min.time(), UTC))
        self.store = store_setup.open_demo(folder / "state", self.count.now, count=self.count)
        self.admin = server.administrator(server.give(folder / "state"))
        self.admin.execute("INSERT INTO pnr.basis VALUES (1, 'benchmark') ON CONFLICT DO NOTHING")
        self.widths, self.light, self.law = widths, light, law
        self.days = [FIRST + timedelta(days=number) for number in range(days)]

    @property
    def _periods(self) -> list[str]:
        return [f"S/{day}" for day in self.days]

    def fill(self, records: int) -> None:
        """So many records, spread evenly, and keys for every part of every day."""
        ground = self.store._ground
        for day, period in zip(self.days, self._periods, strict=True):
            with transaction(ground.db):
                use_period(ground.db, ground.law, "S", datetime.combine(day, datetime.min.time(), UTC))
            for part in PARTS:
                ground.sealer.record_key(period, part, "any")
            told = {"day": period, "open": self.widths[0], "sealed": self.widths[1],
                    "records": records // len(self.days)}  # fmt: skip
            for statement in (_BODY, _LEG, _HEAD, *(() if self.light else _BESIDE)):
                self.admin.execute(statement, told)
        self.admin.execute("VACUUM ANALYZE")  # as autovacuum does it long before the day
        self.admin.execute("CHECKPOINT")

    def written(self) -> int:
        """Bytes of WAL so far."""
        return int(self.admin.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()[0])  # type: ignore[index]

    def by_rows(self) -> None:
        """Empty the identity row by row, a transaction a batch."""
        for day in self._periods:
            ids = self.admin.execute("SELECT record_id FROM pnr.body WHERE period = %s", (day,)).fetchall()
            for start in range(0, len(ids), _BATCH):
                with self.admin.transaction(), self.admin.cursor() as cursor:
                    cursor.executemany(
                        "UPDATE pnr.body SET identity = '' WHERE record_id = %s AND period = %s",
                        [(record_id, day) for (record_id,) in ids[start : start + _BATCH]],
                    )

    def by_update(self) -> None:
        """Empty the identity of each row, a day at a time."""
        for day in self._periods:
            self.admin.execute("UPDATE pnr.body SET identity = '' WHERE period = %s", (day,))

    def by_update_and_vacuum(self) -> None:
        """The same, until the old values are gone from the table."""
        self.by_update()
        self.admin.execute("VACUUM pnr.body")

    def refill(self) -> None:
        """Bodies anew, heads as they are."""
        self.admin.execute("TRUNCATE pnr.body")
        for period in self._periods:
            (records,) = self.admin.execute(  # type: ignore[misc]
                "SELECT count(*) FROM pnr.record_head WHERE period = %s", (period,)
            ).fetchone()
            told = {"day": period, "open": self.widths[0], "sealed": self.widths[1], "records": records}
            self.admin.execute(_BODY, told)
        self.admin.execute("VACUUM ANALYZE pnr.body")
        self.admin.execute("CHECKPOINT")

    def by_sweep(self) -> Took:
        """The sweep of all days, when they are due."""
        due = datetime.combine(self.days[-1], datetime.min.time(), UTC) + _HALF_A_YEAR
        self.count.now = due
        files, keys = _timed(PostgresDatabase, "clear_period"), _timed(type(self.store._ground.sealer), "destroy")
        at_law: list[float] = []

        def told(*_: object) -> None:
            at_law.append(time.perf_counter())
            if self.law:
                raise _Enough

        begun, before = time.perf_counter(), self.written()
        try:
            swept = self.store.retention.sweep(due, told)
            assert swept.count("records") > 0, "nothing was due"
        except _Enough:
            pass
        over, wal = time.perf_counter(), self.written() - before
        law, freed = at_law[0] - begun, sum(files)
        return Took(law, sum(keys), freed, over - begun - law - freed, wal)

    def next_days(self) -> None:
        """A destroyed key does not come back: the next filling is of other days."""
        self.admin.execute("TRUNCATE pnr.leg CASCADE")
        self.days = [day + timedelta(days=len(self.days)) for day in self.days]


def _timed(owner: type, name: str) -> list[float]:
    """The seconds of each call of this method from now on."""
    seconds: list[float] = []
    method = getattr(owner, f"_timed_{name}", None) or getattr(owner, name)

    def timed(*given: Any) -> Any:
        begun = time.perf_counter()
        try:
            return method(*given)
        finally:
            seconds.append(time.perf_counter() - begun)

    setattr(owner, f"_timed_{name}", method)
    setattr(owner, name, timed)
    return seconds


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--records", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--days", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sealed", type=int, default=900, help="bytes of the sealed part")
    options.add_argument("--open", type=int, default=250, help="characters of the open part")
    options.add_argument("--light", action="store_true", help="bodies and heads alone")
    options.add_argument("--law", action="store_true", help="until the law is satisfied; no space is won back")
    options.add_argument("--alone", action="store_true", help="without the peers")
    chosen = options.parse_args()
    store_setup.server = server = Server(SETTINGS)
    try:
        with TemporaryDirectory() as folder:
            world = World(
                Path(folder), server, chosen.days, (chosen.open, chosen.sealed), light=chosen.light, law=chosen.law
            )
            measure(world, chosen.records, chosen.rounds, peered=not chosen.alone)
            world.store.close()
    finally:
        server.stop()


def measure(world: World, sizes: list[int], rounds: int, *, peered: bool) -> None:
    first, *more = sizes
    days = f"{len(world.days)} days"
    peers = []
    ways = (("row by row", world.by_rows), ("UPDATE", world.by_update), ("UPDATE, VACUUM", world.by_update_and_vacuum))
    world.fill(first)
    for name, peer in ways if peered else ():
        begun, before = time.perf_counter(), world.written()
        peer()
        seconds, wal = time.perf_counter() - begun, world.written() - before
        peers.append((name, seconds, wal))
        print(f"{first:>11,} records, {days}  {name:16} {seconds:8.2f} s  {wal:>14,} bytes of WAL", flush=True)
        world.refill()
    medians = {}
    for records in (first, *more):
        told = []
        for number in range(rounds if records == first else 1):
            if number or records != first:
                world.next_days()
                world.fill(records)
            told.append(world.by_sweep())
        law, keys, files, heads, wal = (statistics.median(values) for values in zip(*told, strict=True))
        medians[records] = law
        print(
            f"{records:>11,} records, {days}  sweep: in law   {law:8.2f} s, of it keys {keys:.2f} s;"
            f" files {files:.2f} s; heads {heads:.2f} s; {int(wal):,} bytes of WAL; load {os.getloadavg()[0]:.1f};"
            f" rounds {', '.join(f'{one.law:.2f}+{one.files:.2f}' for one in told)}", flush=True,
        )  # fmt: skip
        for name, slow, _ in peers if records == first else ():
            so = f"{slow / law:.0f} times faster than {name}, files included {slow / (law + files):.0f} times"
            print(f"{'':>11} {so}", flush=True)
        if records != first:
            print(f"{'':>11} {law / medians[first]:.2f} times the time of {first:,}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except psycopg.Error as fault:
        raise SystemExit(f"{type(fault).__name__}: {fault}") from None
