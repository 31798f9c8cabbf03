import random
import time
from pathlib import Path

import pytest
from exercise import (
    PNR,
    confirm_all,
    contents,
    finish,
    kill,
    publish_lists,
    scenario,
    start,
    wait_until_done,
    write_files,
)

PLAIN = ("-c", PNR)
EARLY_POSITION = (str(Path(__file__).with_name("early_position.py")),)


def made(root: Path, flights: int) -> Path:
    """A folder of flights, their lists, and what an undisturbed run makes of it."""
    told = scenario(flights, travellers=2)
    write_files(told, root / "in")
    publish_lists(told, root / "lists")
    finish(root / "in", root / "undisturbed", "--lists", str(root / "lists"))
    return root


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return made(tmp_path_factory.mktemp("world"), 200)


def killed(world: Path, state: Path, kills: int, seed: int, entry: tuple[str, ...] = PLAIN) -> int:
    """Start, kill -9 at a random moment, and so on, then run to the end; how many kills met a process at work."""
    chance, met = random.Random(seed), 0
    print(f"kills with seed {seed}")
    for number in range(kills):
        process = start(world / "in", state, "--lists", str(world / "lists"), entry=entry)
        if number % 5 == 4:
            time.sleep(chance.uniform(0.2, 1.5))  # while it starts: keys, schema, index
        else:
            wait_until_done(process)
            time.sleep(chance.uniform(0.0, 0.25))
        met += kill(process)
    finish(world / "in", state, "--lists", str(world / "lists"), entry=entry)
    return met


@pytest.mark.law("ING-7")
def test_ten_kills_leave_what_an_undisturbed_run_leaves(world, tmp_path):
    assert killed(world, tmp_path / "state", 10, seed=20260110) >= 8
    wanted = contents(world / "undisturbed")
    assert len(wanted["persons"]) > 400 and len(wanted["hits"]) > 20
    assert contents(tmp_path / "state") == wanted


def test_a_run_that_commits_its_position_too_early_does_not_pass(tmp_path):
    world = made(tmp_path / "world", 30)
    assert killed(world, tmp_path / "state", 4, seed=20260111, entry=EARLY_POSITION) >= 3
    assert contents(tmp_path / "state")["persons"] != contents(world / "undisturbed")["persons"]


def test_kills_while_events_are_published_leave_each_in_its_queue_once(world):
    state, chance = world / "undisturbed", random.Random(20260112)
    going = confirm_all(state)
    assert going >= 5
    for hour in range(1, 4):  # a new hour each time: the lease of the relay that was killed has run out
        process = start(world / "in", state, "--lists", str(world / "lists"), "--now", f"2026-01-08T0{hour}:00:00")
        time.sleep(chance.uniform(1.2, 2.2))
        kill(process)
    finish(world / "in", state, "--lists", str(world / "lists"), "--now", "2026-01-08T06:00:00")
    assert len(contents(state)["queue"]) == going
