from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from store_setup import entry, registration

from pnr_pipeline.errors import PnrFault, UsageFault
from pnr_pipeline.pipelines import spool, workplaces
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files, run_following
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace, renew_lists, shelf_of, workplace_of
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.sql.receipts import position

NOW = datetime(2026, 1, 8, tzinfo=UTC)


@pytest.fixture
def options(tmp_path):
    options = RunOptions(state=tmp_path / "state", profile="demo", now=NOW, files_per_run=5)
    yield options
    close_workplace(options)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "in").mkdir()
    for file in simulate(Scenario(seed=3, flights=2, day=date(2026, 1, 10), travellers=3, planted=0)):
        (tmp_path / "in" / file.name).write_bytes(file.body)
    return tmp_path / "in"


def run(options, *places) -> Accounts:
    accounts = Accounts(lines=True)
    run_files(options, list(waiting(places)), accounts)
    return accounts


def test_every_file_is_accounted_for_and_stays(options, folder):
    (folder / "notes.txt").write_text("not a message\n")
    (folder / "empty.edi").write_bytes(b"")
    (folder / "cut.edi").write_bytes(b"UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'TDT+20+TK18")
    names = {path.name for path in folder.iterdir()}
    accounts = run(options, folder)
    told = {position(name)[:12]: name for name in names}
    assert {line.file for line in accounts.lines} == set(told)
    assert accounts.files == len(names)
    states = {told[line.file]: line.state for line in accounts.lines}
    assert states["notes.txt"] == states["empty.edi"] == states["cut.edi"] == "dead letter"
    assert accounts.reasons == {"unreadable": 2, "unread": 1}
    assert {path.name for path in folder.iterdir()} == names


def test_a_second_run_does_nothing_anew(options, folder):
    first, second = run(options, folder), run(options, folder)
    assert second.states == {"done before": first.files}
    assert second.travellers == 0


def test_the_same_bytes_under_another_name_are_a_replay(options, folder):
    run(options, folder)
    path = next(folder.iterdir())
    copy = path.with_name("copy.edi")
    copy.write_bytes(path.read_bytes())
    accounts = run(options, copy)
    assert accounts.states == {"replayed": 1}
    assert accounts.hits == 0


def test_a_file_that_cannot_be_opened_is_told_and_the_others_go_on(options, folder, monkeypatch):
    locked = min(folder.iterdir())
    read = spool.Waiting.read

    def refuse(self):
        if self.path == locked:
            raise PermissionError(13, "HUSH")
        return read(self)

    monkeypatch.setattr(spool.Waiting, "read", refuse)
    accounts = run(options, folder)
    assert accounts.states["not read"] == 1
    assert accounts.states["committed"] == accounts.files - 1
    assert [line.reasons for line in accounts.lines if line.state == "not read"] == [("PermissionError",)]


def test_files_of_several_pipelines_share_one_workplace(options, folder, monkeypatch):
    opened = []
    really = workplaces._opened
    monkeypatch.setattr(workplaces, "_opened", lambda options: opened.append(1) or really(options))
    assert len(list(folder.iterdir())) > options.files_per_run
    run(options, folder)
    assert opened == [1]


def test_a_list_published_meanwhile_is_screened_with_from_the_next_bundle(options):
    at = workplace_of(options)
    before = at.index.version
    shelf_of(options).publish(registration(), [entry("E1", "DRAGANOV", "ARBEN")], NOW)
    renew_lists(options, at)
    assert at.index.version != before
    after = at.index
    renew_lists(options, at)
    assert at.index is after


def test_a_memory_whose_time_is_over_is_ended_before_the_next_bundle_though_no_list_changed(options, monkeypatch):
    at = workplace_of(options)
    renew_lists(options, at)
    woken = []
    monkeypatch.setattr(at.store, "wake_memories", woken.append)
    renew_lists(options, at)
    assert woken == [options.clock()]


def test_only_a_folder_can_be_followed(options, folder):
    with pytest.raises(UsageFault, match="one folder"):
        run_following(options, next(folder.iterdir()), Accounts())


def test_a_fault_of_the_program_outside_the_stages_is_told_by_place_and_without_its_text(options, folder, monkeypatch):
    def fail(self, done):
        raise RuntimeError("HUSH")

    monkeypatch.setattr(Accounts, "done", fail)
    with pytest.raises(PnrFault, match="a fault of the program itself") as told:
        run(options, folder)
    assert "RuntimeError at test_run_of_files.py:" in str(told.value)
    assert "HUSH" not in str(told.value)
    assert told.value.__cause__ is None and told.value.__suppress_context__
