import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from store_setup import placed

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.pipelines import answers, committed
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files, run_following
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.lists import plant, registrations
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.state import StateFolder

NOW = datetime(2026, 1, 10, tzinfo=UTC)
SCENARIO = Scenario(seed=11, flights=2, day=date(2026, 1, 10), travellers=3, planted=20)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "in").mkdir()
    for file in simulate(SCENARIO):
        (tmp_path / "in" / file.name).write_bytes(file.body)
    return tmp_path / "in"


@pytest.fixture
def options(tmp_path) -> Iterator[RunOptions]:
    options = RunOptions(state=placed(tmp_path / "state"), answers=tmp_path / "out", profile="demo", now=NOW)
    yield options
    close_workplace(options)


def run(options: RunOptions, *places: Path) -> Accounts:
    accounts = Accounts(lines=True)
    run_files(options, list(waiting(places)), accounts)
    close_workplace(options)
    return accounts


def answered(options: RunOptions) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(options.answers.iterdir())}


def test_each_transmission_gets_a_receipt_and_each_message_two_levels_more(options, folder):
    (folder / "notes.txt").write_text("not a message\n")
    run(options, folder)
    told = answered(options)
    receipts = [json.loads(body) for name, body in told.items() if name.endswith(".receipt.json")]
    assert len(receipts) == len(list(folder.iterdir()))
    messages = sorted(one.replace(":", "-") for receipt in receipts for one in receipt["messages"])
    for ending in (".accept.json", ".quality.json", ".quality.txt"):
        assert sorted(name.removesuffix(ending) for name in told if name.endswith(ending)) == messages
    verdicts = [json.loads(body)["verdict"] for name, body in told.items() if name.endswith(".accept.json")]
    assert verdicts.count("rejected") == 1
    assert {path.stat().st_mode & 0o777 for path in options.answers.iterdir()} == {0o600}


def test_answers_are_the_same_to_the_byte_whether_or_not_a_traveller_is_wanted(tmp_path, folder):
    planted = plant(SCENARIO)
    told, hits = [], []
    for name in ("with", "without"):
        state = tmp_path / name
        if name == "with":
            for registration, entries in zip(
                registrations(SCENARIO.day), (planted.persons, planted.documents), strict=True
            ):
                ListShelf(StateFolder(state).lists).publish(registration, entries, NOW)
        options = RunOptions(state=state, answers=tmp_path / f"out-{name}", profile="demo", now=NOW)
        hits.append(run(options, folder).hits)
        told.append(answered(options))
    assert hits[0] > 0
    assert hits[1] == 0
    assert told[0] == told[1]
    assert told[0]


def test_after_a_crash_the_next_run_gives_the_same_answers(options, folder, monkeypatch):
    run(options, folder)
    whole = answered(options)
    for path in options.answers.iterdir():
        path.unlink()
    stopped = 0
    publish = answers.publish

    def stop(path: Path, content: bytes) -> bool:
        nonlocal stopped
        stopped += 1
        if stopped == 4:
            raise OSError(28, "no space")
        return publish(path, content)

    monkeypatch.setattr(answers, "publish", stop)
    with pytest.raises(StoreFault, match="answers to carriers"):
        run(options, folder)
    assert 0 < len(answered(options)) < len(whole)
    monkeypatch.undo()
    assert set(run(options, folder).states) == {"done before"}
    assert answered(options) == whole


@pytest.mark.law("ING-7")
def test_nothing_is_answered_that_was_not_committed(options, folder, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise StoreFault("the disk is full")

    monkeypatch.setattr(committed.CommittingStore, "commit", refuse)
    with pytest.raises(StoreFault):
        run(options, folder)
    assert not options.answers.exists()


def test_a_followed_file_stays_until_it_is_answered(options, folder, monkeypatch):
    files = {path.name for path in folder.iterdir()}

    def refuse(path: Path, content: bytes) -> bool:
        raise OSError(28, "no space")

    monkeypatch.setattr(answers, "publish", refuse)
    with pytest.raises(StoreFault):
        run_following(options, folder, Accounts())
    close_workplace(options)
    assert {path.name for path in folder.iterdir()} == files


def test_a_message_that_comes_again_has_its_answer(options, folder):
    run(options, folder)
    before = answered(options)
    again = folder / "copy.edi"
    again.write_bytes(min(folder.iterdir()).read_bytes() + b"\r\n")
    run(options, again)
    after = answered(options)
    assert before.items() <= after.items()
    (receipt,) = after.keys() - before.keys()
    assert receipt.endswith(".receipt.json")


def test_without_the_option_nothing_is_written(tmp_path, folder):
    options = RunOptions(state=placed(tmp_path / "state"), profile="demo", now=NOW)
    run(options, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "state", "state-keys"]


def test_what_was_buried_whole_is_received_and_not_read_again(options):
    def poison(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    digest = "ab" * 32
    stored = answers.Stored(digest[:32], digest, NOW, (f"{digest}:0",))
    answers.AnswerFolder(options.answers, poison, None, None).answer(b"any", stored)
    assert list(answered(options)) == [f"{digest}.receipt.json"]
