"""No carrier is told that we have what a crash took from us (ING-7)."""

import json
import random
import sqlite3
import time
from pathlib import Path

import pytest
from exercise import finish, kill, publish_lists, scenario, start, wait_until_done, write_files

from pnr_pipeline.stores.state import StateFolder

FLIGHTS, KILLS = 30, 5


def durable(state: Path) -> set[str]:
    """Digests of all transmissions, and stems of all messages, that have a receipt."""
    database = StateFolder(state).database
    if not database.exists():
        return set()
    with sqlite3.connect(database) as db:
        rows = db.execute("SELECT body FROM receipt").fetchall()
    receipts = [json.loads(body) for (body,) in rows]
    messages = {one["message_id"].replace(":", "-") for receipt in receipts for one in receipt["messages"]}
    return messages | {receipt["digest"] for receipt in receipts}


def answered(folder: Path) -> dict[str, bytes]:
    found = sorted(folder.iterdir()) if folder.is_dir() else ()
    return {path.name: path.read_bytes() for path in found if not path.name.startswith(".")}


@pytest.mark.law("ING-7")
def test_after_each_kill_only_what_is_durable_was_answered_and_in_the_end_all_is(tmp_path):
    told = scenario(FLIGHTS, travellers=2)
    write_files(told, tmp_path / "in")
    lists = ("--lists", str(publish_lists(told, tmp_path / "lists")))
    chance, met, began = random.Random(20260113), 0, 0
    for _ in range(KILLS):
        process = start(tmp_path / "in", tmp_path / "state", *lists, "--answers", str(tmp_path / "out"))
        wait_until_done(process)
        time.sleep(chance.uniform(0.0, 0.2))
        met += kill(process)
        names = {name.partition(".")[0] for name in answered(tmp_path / "out")}
        began += bool(names)
        assert names <= durable(tmp_path / "state")
    assert met >= 3
    assert began >= 3
    finish(tmp_path / "in", tmp_path / "state", *lists, "--answers", str(tmp_path / "out"))
    finish(tmp_path / "in", tmp_path / "undisturbed", *lists, "--answers", str(tmp_path / "expected"))
    assert answered(tmp_path / "out") == answered(tmp_path / "expected")
    assert {name.partition(".")[0] for name in answered(tmp_path / "out")} == durable(tmp_path / "state")
