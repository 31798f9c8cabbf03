"""A program: the real runner, sources and drain over tiny transmissions, one a bundle; prints its memory.

python tiny_bundles.py BUNDLES BUNDLES_PER_RUN   →   {"rss": {"500": 140000000, …}, "seconds": 17.2}
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from pnr_pipeline.pipelines import run, workplaces
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.folder_source import Intake
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.records import Message, Received
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.transforms.elements import Done
from pnr_pipeline.transforms.workplace import Workplace

NOW = datetime(2026, 1, 10, tzinfo=UTC)


class NoStore:
    """Takes everything, keeps nothing: what grows here grows in the runner or in us."""

    def seen(self, source, item, digest):
        return False

    def begin_attempt(self, source, item, digest, now):
        return 1

    def commit(self, received, screened, *, index, now):
        return Done(received.source, received.item, "", 1, 1)

    def relay(self, now):
        return 0

    def mark_incomplete_sets(self, now):
        return 0

    def rescreen(self, changes, now):
        return 0

    def rejudge(self, now):
        return 0

    def wake_memories(self, now):
        return 0

    def forget_destroyed_keys(self):
        return None


def main(bundles: int, bundles_per_run: int) -> None:
    process, marks, begun = psutil.Process(), {}, time.monotonic()

    class OneABundle(Intake):
        taken = 0

        def follow(self, until):
            OneABundle.taken += 1
            if self.taken % 250 == 0:
                marks[self.taken] = process.memory_info().rss
            if self.taken >= bundles:
                self.at.stop.ask()
            yield Received("folder:/in", f"{self.taken}.edi", b"x", NOW)

    with tempfile.TemporaryDirectory() as shelf:
        index = ListShelf(Path(shelf)).load(NOW)
    at = Workplace(
        decode=lambda body, now: [Message(f"{OneABundle.taken}", "PAXLST")],
        screen=lambda travellers, index: (),
        rehearse=lambda received: True,
        index=index,
        store=NoStore(),
        clock=lambda: NOW,
    )
    workplaces._opened = lambda options: at
    run.Intake = OneABundle
    with tempfile.TemporaryDirectory() as folder:
        accounts = Accounts()
        run.run_following(
            RunOptions(bundles_per_run=bundles_per_run, lists=Path(folder) / "lists"), Path(folder), accounts
        )
    print(json.dumps({"rss": marks, "seconds": time.monotonic() - begun, "committed": accounts.files}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
