"""A changed list against the live travellers: as if they had come now, while purpose (a) lasts, and each once."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from store_setup import NOW, commit, dump, entry, open_demo, registration
from told_flights import LEG, Flight, Truth, received

from pnr_pipeline.screening.replay import replay
from pnr_pipeline.stores.list_changes import ListChanges, edition
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.sql.hits import read_hits, read_versions
from pnr_pipeline.stores.sql.travellers import open_traveller

OTHER = entry("E0", "ZOGRAFIDI", "JOVANKA", "1971-01-01")
WANTED = entry("E1", "DRAGANOVIKJ", "BLAGOJCHE", "1961-02-02")
PEOPLE = [
    Truth(2, "DRAGANOVIKJ", "BLAGOJCHE", "1961-02-02", "M", "U0000002", "document", "KAB123"),
    Truth(4, "HALILAJ", "FATMIR", "1958-05-05", "M", "U0000004", "document", "KAB124"),
]


class World:
    """A store and its shelf of lists; flights of the same people, one a day."""

    def __init__(self, root: Path) -> None:
        self.store, self.shelf = open_demo(root / "state"), ListShelf(root / "lists")

    def publish(self, *entries, now=NOW):
        self.shelf.publish(registration(), list(entries), now)
        return self.shelf.load(now)

    def fly(self, day=0, kinds=("PNRGOV", "PAXLST"), now=NOW):
        index, flight = self.shelf.load(now), Flight()
        leg = msgspec.structs.replace(
            LEG, departure_local=LEG.departure_local + timedelta(days=day),
            arrival_local=LEG.arrival_local + timedelta(days=day),
        )  # fmt: skip
        for kind in kinds:
            flight.add(kind, PEOPLE)
        for place, message in enumerate(flight.messages):
            told = msgspec.structs.replace(message, message_id=f"{day:02}{place:062}:1", flights=(leg,))
            commit(self.store, received(told), [told], index, now)

    def rescreen(self, now=NOW):
        return self.store.rescreen(ListChanges(self.shelf, self.shelf.load(now), now), now)

    def hits(self):
        return list(read_hits(self.store._ground, None))

    def behind(self, now=NOW):
        return self.store.behind(edition(self.shelf.load(now), now), now)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    world.publish(OTHER)
    yield world
    world.store.close()


def test_a_new_entry_finds_who_is_already_there_as_if_they_came_now(world, tmp_path):
    for day in range(3):
        world.fly(day)
    world.publish(OTHER, WANTED)
    assert world.behind() == 6
    done = world.rescreen()
    assert (done.legs, done.records, done.hits) == (3, 6, 3)
    assert world.behind() == 0
    afresh = World(tmp_path / "afresh")
    afresh.publish(OTHER, WANTED)
    for day in range(3):
        afresh.fly(day, kinds=("PNRGOV", "PAXLST"))
    assert dump(world.store)["hits"] == dump(afresh.store)["hits"]
    assert [one.brought for one in read_versions(world.store._ground, world.hits()[0].hit_id)] == ["list"]


def test_a_rescreened_hit_is_computed_again_from_the_lists_of_its_time_and_comes_out_the_same(world):
    world.fly(kinds=("PAXLST",))
    world.publish(OTHER, WANTED)
    world.rescreen()
    (hit,) = world.hits()
    world.publish(OTHER, WANTED, *(entry(f"E{number}", "DRAGANOVIKJ", "PETAR") for number in range(2, 40)))
    done = replay(
        hit.match, open_traveller(world.store._ground, hit.record_id).person.view,
        world.shelf.load_as_of(hit.match.index), hit.raised_at,
    )  # fmt: skip
    assert done.same
    assert done.again.evidence == hit.match.evidence


def test_versions_that_no_hit_and_no_live_record_needs_are_pruned_and_a_hit_replays_still(world):
    for entries in ((WANTED,), (OTHER, WANTED)):
        world.publish(*entries)
    world.fly(kinds=("PAXLST",))
    for number in range(3):
        world.publish(OTHER, WANTED, entry(f"E{number + 2}", "PETROVSKI", "PETAR"))
    (hit,), use = world.hits(), world.store.lists_in_use()
    needed = {hit.match.list_version, world.shelf.versions()["wanted"]}
    told = {what for _, what in world.shelf.journal("wanted")}
    assert {version for _, version in world.shelf.to_prune(use)} == told - needed
    world.shelf.prune(use)
    assert {path.stem for path in (world.shelf.root / "wanted").glob("*.jsonl")} == needed
    again = world.shelf.load_as_of(hit.match.index)
    assert replay(hit.match, open_traveller(world.store._ground, hit.record_id).person.view, again, hit.raised_at).same
    assert world.shelf.prune(use) == []


def test_a_second_rescreening_has_nothing_to_do(world):
    world.fly()
    world.publish(OTHER, WANTED)
    world.rescreen()
    before = world.hits()
    assert world.rescreen().records == 0
    assert world.hits() == before


@pytest.mark.law("SCR-1")
def test_after_the_scheduled_moment_nobody_is_rescreened_scr_1(world):
    world.fly()
    world.publish(OTHER, WANTED)
    later = NOW + timedelta(days=3)
    assert (world.rescreen(later).records, world.hits()) == (0, [])


def test_a_withdrawn_entry_is_told_in_its_open_hits_and_a_returned_one_is_looked_at_again(world):
    world.publish(OTHER, WANTED)
    world.fly(kinds=("PAXLST",))
    world.publish(OTHER)
    world.rescreen()
    (hit,) = world.hits()
    assert (hit.state, hit.ended) == ("superseded", "entry withdrawn")
    world.publish(OTHER, WANTED)
    world.rescreen()
    (hit,) = world.hits()
    assert (hit.state, hit.ended, hit.version) == ("new", "", 2)


def test_a_retired_list_withdraws_its_entries(world):
    world.publish(OTHER, WANTED)
    world.fly()
    world.shelf.retire("wanted", NOW)
    world.rescreen()
    assert [hit.ended for hit in world.hits()] == ["entry withdrawn"]


def test_a_changed_entry_gives_its_hit_new_evidence_and_others_none(world):
    world.publish(WANTED, entry("E2", "HALILAJ", "FATMIR", "1958-05-05"))
    world.fly(kinds=("PAXLST",))
    world.publish(msgspec.structs.replace(WANTED, gender="M"), entry("E2", "HALILAJ", "FATMIR", "1958-05-05"))
    world.rescreen()
    assert {hit.match.entry_id: hit.version for hit in world.hits()} == {"E1": 2, "E2": 1}


def test_an_entry_that_begins_or_ceases_to_be_valid_is_a_change_of_its_day(world):
    day = (NOW + timedelta(days=1)).date().isoformat()
    world.publish(OTHER, msgspec.structs.replace(WANTED, valid_from=day, valid_until=day))
    world.fly(5)
    assert (world.rescreen().records, world.hits()) == (0, [])
    world.rescreen(NOW + timedelta(days=1))
    assert [hit.state for hit in world.hits()] == ["new"]
    world.rescreen(NOW + timedelta(days=2))
    assert [hit.ended for hit in world.hits()] == ["entry withdrawn"]


def test_a_record_whose_lists_are_not_kept_any_more_is_screened_with_all(world):
    world.fly()
    world.store._ground.db.execute("UPDATE record_head SET list_version = 'unknown' WHERE kind = 'traveller'")
    world.publish(OTHER, WANTED)
    world.rescreen()
    assert [hit.match.entry_id for hit in world.hits()] == ["E1"]


def test_each_rescreened_leg_is_in_the_log_with_its_counts(world):
    world.fly()
    world.publish(OTHER, WANTED)
    world.rescreen()
    (body,) = world.store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
    assert '"act":"screening"' in body
    assert '"hits":1' in body
    assert "DRAGANOVIKJ" not in body


@pytest.mark.parametrize("number", [1, 3])
def test_kill_9_in_the_middle_loses_and_doubles_nothing(world, tmp_path, number):
    for day in range(4):
        world.fly(day)
    world.publish(OTHER, WANTED)
    script = Path(__file__).with_name("kill_in_rescreen.py")
    arguments = [str(script), str(tmp_path / "state"), str(tmp_path / "lists"), str(number)]
    code = f"import sys, runpy; sys.path[:] = {sys.path!r}; sys.argv = {arguments!r}; runpy.run_path(sys.argv[0])"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert len(world.hits()) == number - 1
    assert world.behind() == 2 * (5 - number)
    world.rescreen()
    assert world.behind() == 0
    assert sorted((hit.leg_key, hit.version, hit.state) for hit in world.hits()) == sorted(
        {(hit.leg_key, 1, "new") for hit in world.hits()}
    )
    assert len(world.hits()) == 4
