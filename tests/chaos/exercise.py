"""An exercise folder and its state, `pnr run` as a process, and what a state holds in the end."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from store_setup import dump, open_demo, review_codes

from pnr_pipeline.review import Decision
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.lists import plant, registrations
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.state import StateFolder

NOW = datetime(2026, 1, 8, tzinfo=UTC)
PNR = "from pnr_pipeline.cli.main import main; main()"


def scenario(flights: int, *, seed: int = 11, travellers: int = 3, planted: int = 40) -> Scenario:
    return Scenario(seed=seed, flights=flights, day=date(2026, 1, 10), travellers=travellers, planted=planted)


def write_files(scenario: Scenario, folder: Path) -> list[str]:
    """The scenario's files, their age as they were sent; returns their names in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for file in simulate(scenario):
        (folder / file.name).write_bytes(file.body)
        os.utime(folder / file.name, (file.sent_at.timestamp(), file.sent_at.timestamp()))
        names.append(file.name)
    return names


def publish_lists(scenario: Scenario, shelf: Path) -> Path:
    planted = plant(scenario)
    for registration, entries in zip(registrations(scenario.day), (planted.persons, planted.documents), strict=True):
        ListShelf(shelf).publish(registration, entries, NOW)
    return shelf


def start(folder: Path, state: Path, *more: str, entry: tuple[str, ...] = ("-c", PNR)) -> subprocess.Popen[str]:
    """`pnr run` over the folder as a process of its own, at the exercise's time, logging each file it has done."""
    arguments = ["run", str(folder), "--state", str(state), "--profile", "demo", "--format", "json"]
    if "--now" not in more:
        arguments += ["--now", NOW.isoformat()[:19]]
    return subprocess.Popen(
        [sys.executable, *entry, *arguments, *more, "--log-level", "debug"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip


def finish(folder: Path, state: Path, *more: str, entry: tuple[str, ...] = ("-c", PNR), expect: int = 0):
    """The account of a run to its end."""
    process = start(folder, state, *more, entry=entry)
    told, log = process.communicate(timeout=200)
    assert process.returncode == expect, log
    return json.loads(told) if told else log


def wait_until_done(process: subprocess.Popen[str], files: int = 1) -> bool:
    """Read its log until so many files are done; False where it ended before."""
    for line in process.stderr:
        if '"event": "transmission done"' in line:
            files -= 1
            if files == 0:
                return True
    return False


def kill(process: subprocess.Popen[str]) -> bool:
    """kill -9; whether it was still alive."""
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive and process.returncode == -signal.SIGKILL


def confirm_all(state: Path) -> int:
    """An officer confirms every hit that waits; nothing is published yet. Returns how many go to a unit."""
    with open_demo(state, NOW) as store:
        routed = 0
        for line in store.hits("new", now=NOW):
            decision = Decision(
                line.hit_id, line.version, "confirmed", "same-person", "officer-1", NOW,
                offence=line.offences[0], air_link="flight-after-the-act",
            )  # fmt: skip
            routed += bool(store.decide(decision, review_codes(), case="exercise-1").hit.unit)
        return routed


def contents(state: Path) -> dict[str, Any]:
    """Records, hits, dead letters and queue lines without surrogate ids: equal where the same was stored."""
    with open_demo(state, NOW) as store:
        held = dump(store)
        for name in ("persons", "hits"):
            assert len({repr(one) for one in held[name]}) == len(held[name]), f"twice among {name}"
        held["legs"].sort()
        held["dead"] = sorted(letter.reason for letter in store.dead_letters())
        rows, held["queue"] = held["queue"], []
        assert len({json.loads(line)["id"] for _, _, line in rows}) == len(rows), "an event twice in the queues"
        for unit, lines in groupby(rows, key=lambda row: row[0]):
            whole = [line for _, _, line in lines]
            projected = (StateFolder(state).queues / f"{unit}.jsonl").read_text("utf-8").splitlines()
            assert projected == whole
            events = [json.loads(line) for line in whole]
            assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
            held["queue"] += sorted(
                (unit, *(event["data"][name] for name in ("leg", "list", "entry", "offence"))) for event in events
            )
    return held
