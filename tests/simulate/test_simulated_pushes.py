from collections import Counter

import pytest

from pnr_pipeline.simulate import Scenario, simulate
from tests.simulate.conftest import DAY, tokens


@pytest.fixture(scope="module")
def pushes(sound_files):
    """Truth of each flight by kind and push."""
    found = {}
    for file in sound_files:
        found.setdefault(file.truth.leg_key, {})[file.truth.kind, file.truth.push] = file.truth
    return found


def told(truth):
    changes = {}
    for change in truth.changes:
        what, person = change.split(" ")
        changes.setdefault(what, set()).add(person)
    return changes


def people(truth):
    return {one.person for one in truth.travellers}


def test_travellers_come_and_go_between_the_pushes_as_the_truth_says(pushes):
    seen = Counter()
    for flight in pushes.values():
        for before, after in (
            (("PNRGOV", "booking"), ("PNRGOV", "closure")),
            (("PAXLST", "list"), ("PAXLST", "closure")),
        ):
            earlier, later = flight[before], flight[after]
            changes = told(later)
            assert changes.get("added", set()) == people(later) - people(earlier)
            assert changes.get("dropped", set()) == people(earlier) - people(later)
            seen.update({what: len(persons) for what, persons in changes.items()})
    assert set(seen) == {"added", "dropped", "renamed", "split", "seated"}


def test_a_renamed_traveller_was_booked_under_another_name(pushes):
    for flight in pushes.values():
        earlier, later = flight["PNRGOV", "booking"], flight["PNRGOV", "closure"]
        renamed = told(later).get("renamed", set())
        for one in earlier.travellers:
            assert bool(one.booked_surname) is (one.person in renamed)
        assert not any(one.booked_surname for one in later.travellers)


def test_a_split_traveller_changes_locator_and_keeps_reference(pushes):
    for flight in pushes.values():
        earlier = {one.person: one for one in flight["PNRGOV", "booking"].travellers}
        later = {one.person: one for one in flight["PNRGOV", "closure"].travellers}
        split = told(flight["PNRGOV", "closure"]).get("split", set())
        for person in earlier.keys() & later.keys():
            assert (earlier[person].locator != later[person].locator) is (person in split)
            assert earlier[person].reference == later[person].reference


def test_ordinals_shift_between_lists(pushes):
    for flight in pushes.values():
        order = [one.person for one in flight["PAXLST", "closure"].travellers]
        before = [one.person for one in flight["PAXLST", "list"].travellers]
        assert [person for person in order if person in before] != [person for person in before if person in order]


def test_whoever_is_on_board_is_on_the_closing_list_and_in_the_last_bookings(pushes):
    for flight in pushes.values():
        on_board = people(flight["PAXLST", "closeout"])
        assert on_board == people(flight["PAXLST", "closure"])
        assert on_board <= people(flight["PNRGOV", "closure"])
        checked_in = {one.person for one in flight["PNRGOV", "closure"].travellers if one.seat}
        assert checked_in <= on_board
        assert not people(flight["PAXLST", "crew"]) & on_board


def test_infants_travel_with_and_without_seat_beside_a_named_adult(pushes):
    infants = [
        (one, flight["PNRGOV", "closure"])
        for flight in pushes.values()
        for one in flight["PNRGOV", "closure"].travellers
        if one.role == "infant"
    ]
    assert len(infants) > 30
    assert any(one.seat for one, _ in infants)
    assert any(not one.seat for one, _ in infants)
    for one, truth in infants:
        adult = next(other for other in truth.travellers if other.person == one.accompanied_by)
        assert adult.locator == one.locator
        assert adult.documents[:1] != one.documents[:1] or not one.documents


def test_some_bookings_tell_names_only(pushes):
    shares = []
    for flight in pushes.values():
        travellers = flight["PNRGOV", "booking"].travellers
        shares.append(sum("documents" in one.untold for one in travellers) / len(travellers))
        assert all(one.documents for one in travellers if "documents" not in one.untold)
    assert 0.15 < sum(shares) / len(shares) < 0.35


def test_children_alone_and_groups_are_marked(sound_files):
    codes, groups = Counter(), 0
    for file in sound_files:
        if file.truth.kind == "PNRGOV":
            for segment in tokens(file.body):
                codes[segment[1][0] if segment[0] == ["SSR"] else ""] += 1
                groups += segment[0] == ["TIF"] and segment[1][1:2] == ["G"]
    assert codes["UMNR"] > 5
    assert codes["INFT"] > 20
    assert codes["INST"] > 0
    assert groups > 5


def test_nationals_of_kosovo_and_names_in_native_letters_are_on_board(sound_files):
    everyone = {one.person: one for file in sound_files for one in file.truth.travellers}.values()
    assert any(one.nationality == "RKS" for one in everyone)
    scripts = Counter(one.name.script for one in everyone)
    assert set(scripts) == {"LATIN", "CYRILLIC", "GREEK", "GEORGIAN", "ARMENIAN", "ARABIC"}
    assert all(one.name.surname.isascii() or one.surname.isascii() for one in everyone)


def test_many_flights_spill_into_the_next_days():
    days = {file.truth.leg_key.split("/")[1] for file in _first_files(Scenario(3, 900, DAY, planted=0, travellers=1))}
    assert days == {"2026-11-24", "2026-11-25", "2026-11-26"}


def _first_files(scenario):
    return [file for file in simulate(scenario) if file.truth.push == "crew"]
