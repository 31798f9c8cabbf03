"""Criteria that change are judged over the live travellers, as lists are: while purpose (a) lasts, and once."""

import json
from datetime import timedelta

import pytest
from store_setup import NOW, open_demo
from test_criteria_at_commit import APART, JOINED, LEAD, SHARED, hits, told

from pnr_pipeline.audit import Access
from pnr_pipeline.pipelines import folder_source
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.committed import CommittingStore
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.stores.sql.hits import read_hits, read_versions
from pnr_pipeline.transforms.stop import Stop

AFTER = NOW + timedelta(minutes=5)


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as store:
        yield store


def entries(store):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [one for (body,) in rows if (one := json.loads(body))["case"].startswith("criteria:")]


@pytest.mark.law("SCR-1", "SCR-4")
def test_a_criterion_approved_after_the_messages_came_meets_the_live_travellers(store):
    told(store, 1, JOINED)
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    assert not hits(store)
    done = store.rejudge(AFTER)
    assert (done.legs, done.records, done.hits) == (1, 2, 2) and list(hits(store).values()) == ["new", "new"]
    for hit in read_hits(store._ground, None):
        (version,) = read_versions(store._ground, hit.hit_id)
        assert version.brought == "criterion"
    assert store.rejudge(AFTER).legs == 0 and len(entries(store)) == 1


@pytest.mark.law("SCR-4")
def test_it_leaves_the_same_hits_as_if_the_criterion_had_been_there_before(tmp_path):
    with open_demo(tmp_path / "before") as store:
        store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
        told(store, 1, APART)
        told(store, 2, JOINED)
        assert store.rejudge(AFTER).legs == 0, "what a commit judged is not behind"
        straight = sorted(hits(store).values())
    with open_demo(tmp_path / "after") as store:
        told(store, 1, APART)
        told(store, 2, JOINED)
        store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
        store.rejudge(AFTER)
        assert sorted(hits(store).values()) == straight


@pytest.mark.law("SCR-4")
def test_a_criterion_that_ends_or_is_not_valid_yet_is_settled_on_its_day(store):
    later = SHARED.replace("valid_from: 2026-02-01", "valid_from: 2026-03-01")
    store.approve_criterion(later, "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, JOINED)
    assert store.rejudge(AFTER).legs == 0 and not hits(store)
    on_the_day = NOW.replace(month=3, day=1, hour=0)
    assert store.rejudge(on_the_day).hits == 2
    shorter = SHARED.replace("version: 1", "version: 2").replace("expires: 2026-12-31", "expires: 2026-02-28")
    shorter = shorter.replace("review_by: 2026-06-30", "review_by: 2026-02-28")
    store.approve_criterion(shorter, "shared.yaml", LEAD, "asked", NOW)
    store.rejudge(AFTER)
    states = sorted(hit.state for hit in read_hits(store._ground, None))
    assert states == ["new", "new", "superseded", "superseded"], "of the second version, and of the first"
    store.rejudge(on_the_day)
    assert {hit.state for hit in read_hits(store._ground, None)} == {"superseded"}


@pytest.mark.law("SCR-1")
def test_a_leg_whose_time_has_come_is_judged_by_nothing_new(store):
    told(store, 1, JOINED)
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    assert store.rejudge(NOW + timedelta(days=2)).legs == 0
    assert not hits(store)


@pytest.mark.law("RGT-4")
def test_criteria_leave_restricted_records_alone(store):
    told(store, 1, JOINED)
    records = store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchall()
    store.rights.restrict(records[0][0], Access("dpo-1", "dpo", "right-1"), NOW)
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    store.rejudge(AFTER)
    assert list(hits(store)) == [records[1][0]]


@pytest.mark.law("SCR-7")
def test_a_run_that_nothing_comes_to_keeps_house_all_the_same(store, tmp_path, monkeypatch):
    """What wakes memories and renews lists and criteria is called while the followed folder stays empty."""
    monkeypatch.setattr(folder_source, "IDLE_SECONDS", 0.0)
    called: list[int] = []
    folder = tmp_path / "spool"
    folder.mkdir()

    class Place:
        stop = Stop()

    Place.store = CommittingStore(store)

    def house():
        called.append(1)
        if len(called) == 3:
            Place.stop.ask()

    intake = folder_source.Intake(
        Place(), RunOptions(poll_seconds=0.01), Accounts(), folder=folder, removes=False, before_bundle=house
    )
    assert list(intake.follow(float("inf"))) == []
    assert len(called) == 4
