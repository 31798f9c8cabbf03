"""Two runs at once over one folder and one PostgreSQL database, one of them killed now and then."""

import random
import time

import pytest
from exercise import confirm_all, contents, finish, kill, publish_lists, scenario, start, wait_until_done, write_files


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp("several")
    told = scenario(25, travellers=2)
    write_files(told, root / "in")
    publish_lists(told, root / "lists")
    finish(root / "in", root / "undisturbed", "--lists", str(root / "lists"))
    return root


def test_two_runs_at_once_and_kills_leave_in_postgres_what_one_leaves_in_sqlite(world, postgres_server):
    state, chance = world / "state", random.Random(20260111)
    postgres_server.give(state)
    more = ("--lists", str(world / "lists"))
    steady = start(world / "in", state, *more)
    for _ in range(3):
        other = start(world / "in", state, *more)
        wait_until_done(other)
        time.sleep(chance.uniform(0.0, 0.3))
        kill(other)
    _, log = steady.communicate(timeout=200)
    assert steady.returncode == 0, log
    finish(world / "in", state, *more)
    assert not (state / "pnr.sqlite").exists()
    wanted = contents(world / "undisturbed")
    assert len(wanted["persons"]) > 40 and wanted["hits"]
    assert contents(state) == wanted


def test_two_relays_at_once_put_each_event_into_its_queue_once(world, postgres_server):
    state = world / "relayed"
    postgres_server.give(state)
    more = ("--lists", str(world / "lists"))
    finish(world / "in", state, *more)
    going = confirm_all(state)
    runs = [start(world / "in", state, *more, "--now", "2026-01-08T01:00:00") for _ in range(2)]
    assert [run.wait(timeout=200) for run in runs] == [0, 0]
    finish(world / "in", state, *more, "--now", "2026-01-08T02:00:00")
    assert going and len(contents(state)["queue"]) == going
