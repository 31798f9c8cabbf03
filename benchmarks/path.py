"""How many travellers a CPU-second takes from a carrier's file to records, hits and audit rows that are durable.

    python benchmarks/path.py

Input: simulated flights as carriers tell them (bookings pushed twice, API lists, crew, close-out), once with aircraft
as they are (70 to 320 seats), once with a message for each traveller at check-in; 5,000 persons and 20 list members are
screened for. The same files go through the embedded runner (`run_files`) and through a plain loop over the same
functions, in turn, each time into a new store on this disk. Travellers are counted in every message that tells them.
Opening the store and the lists is outside the figures, building the pipeline is inside. Figures are of the best round.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.folder_source import Intake
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import Waiting, waiting
from pnr_pipeline.pipelines.workplaces import close_workplace, shelf_of, workplace_of
from pnr_pipeline.records import EntryName, ListEntry
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.lists import plant, registrations
from pnr_pipeline.transforms.commit import commit_screened
from pnr_pipeline.transforms.decode import decode_received
from pnr_pipeline.transforms.screen import screen_decoded

DAY = date(2026, 1, 10)
NOW = datetime(2026, 1, 8, tzinfo=UTC)
ROUNDS = 3
LISTED = 5_000
INPUTS = (
    ("full lists", Scenario(seed=5, flights=6, day=DAY, planted=20)),
    ("check-in, one by one", Scenario(seed=5, flights=4, day=DAY, planted=20, travellers=70, interactive=True)),
)


Seconds = dict[str, float]
"""CPU seconds by stage."""


class Figures:
    """Wall and CPU seconds of one way, and CPU seconds by stage where it was taken apart."""

    def __init__(self) -> None:
        self.cpu = self.wall = float("inf")
        self.stages: Seconds = {}

    @contextmanager
    def taken(self, stages: Seconds) -> Iterator[None]:
        """Keep this round if it is the best."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if cpu < self.cpu:
            self.cpu, self.wall, self.stages = cpu, wall, stages


def through_the_runner(options: RunOptions, files: list[Waiting], stages: Seconds) -> Accounts:
    """What `pnr run` does."""
    accounts = Accounts()
    run_files(options, files, accounts)
    return accounts


def through_a_loop(options: RunOptions, files: list[Waiting], stages: Seconds) -> Accounts:
    """The same functions without an engine."""
    accounts, at = Accounts(), workplace_of(options)
    intake = Intake(at, options, accounts, removes=False, before_bundle=lambda: None, answer=None)
    for file in files:
        for received in intake.take(file):
            begun = time.process_time()
            decoded = decode_received(received, at)
            stages["decode"] += (middle := time.process_time()) - begun
            screened = screen_decoded(decoded, at)
            stages["screen"] += (late := time.process_time()) - middle
            accounts.done(commit_screened(screened, at))
            stages["commit"] += time.process_time() - late
    at.store.relay(at.clock())
    return accounts


def publish_lists(options: RunOptions, scenario: Scenario) -> None:
    """The scenario's own lists, the first filled up with people who never fly."""
    planted = plant(scenario)
    syllables = ("BA", "DRO", "KEL", "MIR", "OS", "PET", "SHE", "TUR", "VAN", "ZOG")
    words = [f"{one}{two}{three}" for one in syllables for two in syllables for three in syllables]
    others = [
        ListEntry(f"X-{n}", "x", (EntryName(f"{given} {words[n % 1000]}OV", f"{words[n % 1000]}OV", given),), ("1971",))
        for n, given in ((n, words[(n * 7) % 1000]) for n in range(LISTED))
    ]
    persons, documents = registrations(scenario.day)
    shelf_of(options).publish(persons, [*planted.persons, *others], NOW)
    shelf_of(options).publish(documents, planted.documents, NOW)


def one_round(
    way: Callable[[RunOptions, list[Waiting], Seconds], Accounts],
    spool: Path,
    scenario: Scenario,
    figures: Figures,
) -> Accounts:
    """All files into a new store."""
    with TemporaryDirectory() as folder:
        options = RunOptions(state=Path(folder) / "state", profile="demo", now=NOW)
        publish_lists(options, scenario)
        workplace_of(options)
        files, stages = list(waiting([spool])), defaultdict[str, float](float)
        try:
            with figures.taken(stages):
                return way(options, files, stages)
        finally:
            close_workplace(options)


def main() -> None:
    print(
        "travellers per CPU-second, file to durable records       plain loop   embedded runner   ratio   wall, runner"
    )
    for name, scenario in INPUTS:
        loop, runner = Figures(), Figures()
        with TemporaryDirectory() as folder:
            spool = Path(folder)
            for file in simulate(scenario):
                (spool / file.name).write_bytes(file.body)
            for _ in range(ROUNDS):
                plain = one_round(through_a_loop, spool, scenario, loop)
                told = one_round(through_the_runner, spool, scenario, runner)
                assert (plain.travellers, plain.hits, plain.files) == (told.travellers, told.hits, told.files)
        what = f"{name}: {told.files} files, {told.travellers:,} travellers, {told.hits} hits"
        rates = f"{told.travellers / loop.cpu:>11,.0f} {told.travellers / runner.cpu:>16,.0f}"
        print(f"{what:60} {rates} {loop.cpu / runner.cpu:>6.2f} {runner.wall:>11.1f} s")
        shares = ", ".join(f"{stage} {seconds / loop.cpu:.0%}" for stage, seconds in loop.stages.items())
        print(f"  of the loop's CPU: {shares}")


if __name__ == "__main__":
    main()
