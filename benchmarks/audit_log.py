"""How many audit rows a second are committed and published durably, beside the POSIX storage of tessera.

    python benchmarks/audit_log.py [--peer BINARY]

Ours: rows of an ordinary entry (about 300 bytes) are committed in transactions of 100, as a message's acts are, and
published after each thousand: numbered, in bundles and tiles, checkpoint signed, all on the disk. Publishing alone is
timed too. Time is wall clock, for it is the disk that is waited for; the median of the rounds is told, peer and ours in
turn. The peer is built from tests/interop/posix (Go): the same entries through tessera's appender, batches of up to
1,000 and a checkpoint a second (its least is 100 ms), until the last entry is under a published checkpoint.
"""

import argparse
import json
import statistics
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import write_entry
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.state import StateFolder

NOW = datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
ENTRIES, TRANSACTION, PUBLISHED = 20_000, 100, 1_000


def ours(folder: Path) -> tuple[float, float]:
    """Seconds for all, and for publishing alone."""
    profile = load_profile("demo")
    state = StateFolder(folder / "state")
    with open_store(state, profile=profile, law=load_law(), routing=load_routing(profile), now=NOW) as store:
        begun, publishing = time.perf_counter(), 0.0
        for start in range(0, ENTRIES, TRANSACTION):
            with transaction(store._ground.db):
                for number in range(start, start + TRANSACTION):
                    write_entry(
                        store._ground, "collection", now=NOW, article="PNR 6(1)", case=f"receipt:{number:032x}",
                        references=(f"record:{number:032x}", f"message:{number:032x}"),
                    )  # fmt: skip
            if (start + TRANSACTION) % PUBLISHED == 0:
                before = time.perf_counter()
                store.log.publish(NOW)
                publishing += time.perf_counter() - before
        return time.perf_counter() - begun, publishing


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--peer", type=Path, help="binary built from tests/interop/posix")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    told: dict[str, list[float]] = {"committed and published": [], "published": [], "tessera POSIX": []}
    for _ in range(chosen.rounds):
        with TemporaryDirectory(dir=Path.cwd()) as folder:
            whole, publishing = ours(Path(folder))
            told["committed and published"].append(ENTRIES / whole)
            told["published"].append(ENTRIES / publishing)
            if chosen.peer:
                command = [str(chosen.peer.absolute()), f"{folder}/peer", str(ENTRIES)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                told["tessera POSIX"].append(ENTRIES / json.loads(done.stdout)["seconds"])
    for name, rates in told.items():
        if rates:
            print(f"{name}: {statistics.median(rates):,.0f} entries a second ({min(rates):,.0f} to {max(rates):,.0f})")


if __name__ == "__main__":
    main()
