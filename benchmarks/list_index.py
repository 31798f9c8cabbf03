"""The index over the lists, built and shared: CPU, peak memory, memory of two workers, travellers per CPU-second.

    python benchmarks/list_index.py [--entries 50000 200000 1000000]

Lists are invented persons of all populations of the simulator, travellers its strangers. A first process builds the
index from the shelf, two others map it and screen flights of 268: cold with names never seen before, warm the same
again. PSS counts what both share by halves, USS what one has for itself; a flight is the median of its flights.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

import msgspec
from rich.console import Console
from rich.table import Table

from pnr_pipeline.screening import Index, ScreeningRules, screen
from pnr_pipeline.simulate.labelled import REGISTRATION, labelled_set, strangers
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.rule_files import rule_texts

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FLIGHT, TRAVELLERS = 268, 2680


def _rules() -> ScreeningRules:
    return ScreeningRules.from_texts(rule_texts("screening"))


def built(root: Path) -> tuple[float, float]:
    """Seconds of CPU, and MB of memory at most, of a process that builds and keeps the index."""
    Index.build([(REGISTRATION, "", labelled_set(1, entries=9, of_each=0).entries)], _rules())  # compiled by now
    start = time.process_time()
    ListShelf(root).load(NOW)
    return time.process_time() - start, getrusage(RUSAGE_SELF).ru_maxrss / 1000


def worked(root: Path, barrier) -> tuple[list[float], list[float], float, float]:
    """Milliseconds of CPU a flight, cold and warm, and MB of memory (PSS, USS) of a process that maps the index."""
    index = ListShelf(root).load(NOW)
    people = [case.traveller for case in strangers(1, TRAVELLERS)]
    screen([case.traveller for case in strangers(2, FLIGHT)], index, NOW)  # compiled by now, with other words
    rounds = []
    for _ in range(2):
        rounds.append([])
        for place in range(0, TRAVELLERS, FLIGHT):
            start = time.process_time()
            screen(people[place : place + FLIGHT], index, NOW)
            rounds[-1].append(1000 * (time.process_time() - start))
    barrier.wait()
    lines = [line.split() for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]]
    told = {line[0]: int(line[1]) / 1000 for line in lines}
    barrier.wait()
    return rounds[0], rounds[1], told["Pss:"], told["Private_Clean:"] + told["Private_Dirty:"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[50_000, 200_000])
    table = Table(
        "entries", "build, CPU s", "peak MB", "100 changed, s", "index MB", "PSS MB", "USS MB", "cold/s", "warm/s",
        "flight ms cold", "warm",
    )  # fmt: skip
    spawn = get_context("spawn")
    for size in parser.parse_args().entries:
        with tempfile.TemporaryDirectory() as folder, spawn.Manager() as manager:
            root, shelf = Path(folder), ListShelf(Path(folder))
            entries = list(labelled_set(2, entries=size, of_each=0).entries)
            shelf.publish(REGISTRATION, entries, NOW)
            with spawn.Pool(1) as pool:
                cpu, peak = pool.apply(built, (root,))
            for at in range(0, size, size // 100):
                entries[at] = msgspec.structs.replace(entries[at], names=entries[at - 1].names)
            shelf.publish(REGISTRATION, entries, NOW)
            with spawn.Pool(1) as pool:
                delta, _ = pool.apply(built, (root,))
            size_told = sum(file.stat().st_size for file in (root / ".index").rglob("*.npy")) / 1e6
            with spawn.Pool(2) as pool:
                barrier = manager.Barrier(2)
                workers = pool.starmap(worked, [(root, barrier)] * 2, chunksize=1)
        cold, warm, pss, uss = workers[0]
        table.add_row(
            f"{size:,}", f"{cpu:.1f}", f"{peak:,.0f}", f"{delta:.1f}",
            *(f"{one:,.0f}" for one in (size_told, pss, uss)),
            *(f"{1000 * FLIGHT / median(one):,.0f}" for one in (cold, warm)),
            *(f"{median(one):.0f}" for one in (cold, warm)),
        )  # fmt: skip
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
