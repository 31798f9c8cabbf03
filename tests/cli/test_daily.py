import json
from datetime import timedelta

import pytest
from keystore_kinds import CHEAP
from store_setup import NOW, Count, open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.daily import app
from pnr_pipeline.cli.diagnosis_duties import duties_told
from pnr_pipeline.cli.keys import app as keys
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores import root_files
from pnr_pipeline.stores.copies import backups_of
from pnr_pipeline.stores.given_secrets import given_secret
from pnr_pipeline.stores.sql.duties import DUTIES, duty_states
from pnr_pipeline.stores.state import StateFolder

DAY = timedelta(days=1)


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setattr(root_files, "_COST", CHEAP)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("PNR_KEYS", str(tmp_path / "keys"))
    (tmp_path / "pnr-passphrase").write_text("invented")
    given_secret.cache_clear()
    open_demo(tmp_path / "state", count=Count()).close()
    yield StateFolder(tmp_path / "state")
    given_secret.cache_clear()


def daily(state, now=NOW):
    done = CliRunner().invoke(app, ["--state", str(state.root), "--now", f"{now:%Y-%m-%dT%H:%M:%S}"])
    return done.exit_code, done.output


def copies(state):
    places = [state.root.with_name(name) for name in ("a", "b")]
    for place in places:
        place.mkdir()
    to = [word for place in places for word in ("--to", str(place))]
    done = CliRunner().invoke(keys, ["backup", "--as", "custodian-1", *to, "--state", str(state.root)])
    assert done.exit_code == 0, done.output


def entries(store, kind):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [json.loads(body) for (body,) in rows if kind in json.loads(body)["counts"]]


@pytest.mark.law("RET-8")
def test_each_duty_is_done_once_a_day_and_noted_and_a_missed_day_is_made_good(state):
    copies(state)
    assert daily(state)[0] == 0
    assert len(backups_of(state.backups)) == 1
    assert daily(state, NOW + timedelta(hours=2))[1].count("done before") == len(DUTIES)
    assert len(backups_of(state.backups)) == 1
    assert daily(state, NOW + 3 * DAY)[0] == 0
    assert len(backups_of(state.backups)) == 2
    with open_demo(state.root, sweeps=False) as store:
        assert [len(entries(store, f"duty.{name}")) for name in DUTIES] == [2] * len(DUTIES)


def test_a_duty_that_fails_keeps_no_other_back_and_is_a_fault_until_it_is_done(state):
    code, told = daily(state)
    assert code == 2
    assert "keys: UsageFault" in told
    assert len(backups_of(state.backups)) == 1, "the backup is made for all that"
    with open_demo(state.root, count=Count()) as store:
        db = store._ground.db
        assert {one.name for one in duty_states(db) if one.is_late(NOW)} == {"keys"}
        assert [one.subject for one in duties_told(db, NOW) if one.mark == "fault"] == ["daily keys"]
    copies(state)
    assert daily(state, NOW + timedelta(hours=1))[0] == 0
    with open_demo(state.root, count=Count()) as store:
        db = store._ground.db
        assert [one.mark for one in duties_told(db, NOW + timedelta(hours=2))] == ["ok"] * len(DUTIES)
        assert [one.mark for one in duties_told(db, NOW + timedelta(hours=30))] == ["fault"] * len(DUTIES)


def test_without_a_timer_the_doctor_says_so(state):
    with open_demo(state.root, count=Count()) as store:
        assert [one.mark for one in duties_told(store._ground.db, NOW)] == ["warning"]


def test_one_process_at_a_time_does_a_duty_and_one_that_died_holds_it_for_two_hours_at_most(state):
    with open_demo(state.root, count=Count()) as first, open_demo(state.root, count=Count()) as second:
        assert first.duties.do("lake", lambda: {"met": second.duties.do("lake", _never, NOW)}, NOW)
        assert not second.duties.do("lake", _never, NOW)
        with pytest.raises(SystemExit):
            first.duties.do("backup", _killed, NOW + DAY)
        first._ground.db.execute("INSERT INTO lease VALUES ('duty:backup', 'x', '2026-03-01T12:00:00.000000Z')")
        assert not second.duties.do("backup", dict, NOW + DAY)
        assert second.duties.do("backup", dict, NOW + DAY + timedelta(hours=2, minutes=1))


def _never():
    raise AssertionError("another process is at it")


def _killed():
    raise SystemExit


def test_a_failed_duty_is_noted_by_the_kind_of_its_fault_alone(state):
    with open_demo(state.root, count=Count()) as store:
        with pytest.raises(StoreFault):
            store.duties.do("backup", _full, NOW)
        assert [one.fault for one in duty_states(store._ground.db) if one.name == "backup"] == ["StoreFault"]
        (entry,) = entries(store, "duty.backup")
        assert entry["counts"] == {"duty.backup": 0}


def _full():
    raise StoreFault("no space left")
