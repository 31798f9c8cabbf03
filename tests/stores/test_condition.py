"""The condition of the store: what waits and for how long, the same for the doctor and the metrics."""

from datetime import timedelta

import pytest
from store_setup import NOW, open_demo
from test_rescreen import OTHER, WANTED, World

from pnr_pipeline.cli.diagnosis import told
from pnr_pipeline.pipelines.measures import store_samples
from pnr_pipeline.records import Received
from pnr_pipeline.screening.index import version_of
from pnr_pipeline.stores.sql.condition import condition

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path) as opened:
        yield opened


def look(store, now=NOW, lists="v1"):
    return condition(store._ground.db, lists, now)


def marks(found, now=NOW):
    return {one.subject: one.mark for one in told(found, now)}


def test_of_a_store_where_nothing_waits_all_is_well(store):
    found = look(store)
    assert (found.begun, found.dead_letters, found.unrelayed, found.due, found.behind) == (0, 0, 0, 0, 0)
    assert found.swept == timedelta()
    assert set(marks(found).values()) == {"ok"}


def test_a_transmission_that_was_begun_waits_until_it_is_committed(store):
    for attempt in range(2):
        store.begin_attempt("folder:/in", "a.edi", "00" * 32, NOW + attempt * HOUR)
    store.begin_attempt("folder:/in", "b.edi", "11" * 32, NOW)
    found = look(store, NOW + 3 * HOUR)
    assert (found.begun, found.begun_again) == (2, 1)
    assert found.begun_age == 3 * HOUR
    assert marks(found)["attempts"] == "warning"


def test_dead_letters_are_counted_and_those_that_end_soon(store):
    store.bury(Received("folder:/in", "a.edi", b"x", NOW), "third-attempt", [], NOW)
    assert (look(store).dead_letters, look(store).dead_letters_ending) == (1, 0)
    late = NOW + timedelta(hours=65)
    assert look(store, late).dead_letters_ending == 1
    assert marks(look(store))["dead letters"] == "warning"


def test_audit_rows_wait_until_the_log_is_published(store):
    store.begin_attempt("folder:/in", "a.edi", "00" * 32, NOW)
    store.bury(Received("folder:/in", "a.edi", b"x", NOW), "third-attempt", [], NOW)
    found = look(store, NOW + HOUR)
    assert found.unpublished > 0 and found.unpublished_age >= HOUR
    assert marks(found)["audit log"] == "warning"
    store.log.publish(NOW)
    assert (look(store).unpublished, look(store).unpublished_age) == (0, timedelta())


def test_a_period_past_its_end_is_late_until_it_is_swept(store):
    store.bury(Received("folder:/in", "a.edi", b"x", NOW), "third-attempt", [], NOW)
    later = NOW + timedelta(days=9)
    found = look(store, later)
    assert found.due >= 1 and found.overdue >= 1 and found.due_age > timedelta(days=5)
    assert marks(found, later)["deletion"] == "fault"
    assert found.swept == timedelta(days=9)


def test_the_clock_is_held_against_the_time_that_the_machine_counted(store):
    assert marks(look(store, NOW - 2 * HOUR), NOW - 2 * HOUR)["clock"] == "fault"
    assert "clock" not in marks(look(store))


def test_the_figures_tell_what_the_doctor_tells(store):
    store.begin_attempt("folder:/in", "a.edi", "00" * 32, NOW)
    found = look(store, NOW + HOUR)
    figures = {one.figure: one.number for one in store_samples(found, timedelta())}
    assert figures["pnr_uncommitted"] == found.begun == 1
    assert figures["pnr_uncommitted_age_seconds"] == 3600
    assert figures["pnr_dead_letters"] == found.dead_letters
    assert figures["pnr_sweep_age_seconds"] == found.swept.total_seconds()
    assert {type(number) for number in figures.values()} <= {int, float, bool}, "whatever the database calls a sum"


def test_live_travellers_behind_the_lists_in_force_are_counted_as_the_rescreening_counts_them(tmp_path):
    world = World(tmp_path)
    world.publish(OTHER)
    world.fly()

    def found(now=NOW):
        return condition(world.store._ground.db, version_of(world.shelf.versions()), now)

    assert found().behind == world.behind() == 0
    world.publish(OTHER, WANTED)
    assert found().behind == world.behind() == 2
    assert marks(found())["rescreening"] == "warning"
    assert found(NOW + timedelta(days=30)).behind == 0, "purpose (a) is over"
    figures = {one.figure: one.number for one in store_samples(found(), timedelta(minutes=7))}
    assert (figures["pnr_rescreen_waiting"], figures["pnr_rescreen_lag_seconds"]) == (2, 420)
    world.rescreen()
    assert found().behind == world.behind() == 0
    world.store.close()
