from datetime import UTC, date, datetime

import pytest

from pnr_pipeline.law import Profile
from pnr_pipeline.records import FlightLeg
from pnr_pipeline.retention import is_taken_in
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law

EU = rule_texts("profiles")["rules/profiles/eu.yaml"]
LAW = load_law()
pytestmark = pytest.mark.law("SCR-11")


def _profile(*selections: str) -> Profile:
    told = "".join(f"    - {{basis: A decision of the ministry, {one}}}\n" for one in selections)
    return Profile.from_text(f"{EU}  selections:\n{told}" if told else EU, "p.yaml")


def _leg(way: str) -> FlightLeg:
    origin, destination = way.split("-")
    return FlightLeg("QX", "7", origin, destination)


def _taken(profile: Profile, *ways: str, on: date = date(2026, 11, 23)) -> bool:
    now = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return is_taken_in(profile, LAW, [_leg(way) for way in ways], now)


def test_without_a_decision_no_flight_inside_the_union_is_taken_in_and_every_other_is():
    assert not _taken(_profile(), "SOF-VIE")
    assert _taken(_profile(), "SOF-BEG")
    assert _taken(_profile(), "BEG-SOF")
    assert _taken(_profile(), "BEG-SKP")


def test_a_flight_that_leaves_the_union_on_one_of_its_legs_is_taken_in():
    assert _taken(_profile(), "SOF-VIE", "VIE-IST")
    assert not _taken(_profile(), "SOF-VIE", "VIE-MUC")


def test_a_place_that_nobody_knows_is_not_taken_for_inside():
    assert _taken(_profile(), "SOF-QQQ")
    assert _taken(_profile(), "QQQ-SOF")
    assert is_taken_in(_profile(), LAW, [], datetime(2026, 11, 23, tzinfo=UTC))


def test_selected_routes_are_taken_in_both_ways_and_no_other():
    profile = _profile("decided_on: 2026-11-01, valid_until: 2027-01-31, routes: [SOF-VIE]")
    assert _taken(profile, "SOF-VIE")
    assert _taken(profile, "VIE-SOF")
    assert not _taken(profile, "SOF-MUC")
    assert _taken(profile, "SOF-MUC", "MUC-VIE") is False


def test_a_threat_takes_all_flights_in_while_the_decision_lasts():
    profile = _profile("decided_on: 2026-11-01, valid_until: 2026-11-30, threat: true")
    assert _taken(profile, "SOF-MUC")
    assert _taken(profile, "SOF-MUC", on=date(2026, 11, 30))
    assert not _taken(profile, "SOF-MUC", on=date(2026, 12, 1))
    assert not _taken(profile, "SOF-MUC", on=date(2026, 10, 31))


def test_a_decision_ends_after_twelve_months_whatever_it_says_of_itself():
    profile = _profile("decided_on: 2026-01-10, valid_until: 2029-01-10, routes: [SOF-VIE]")
    assert _taken(profile, "SOF-VIE", on=date(2027, 1, 9))
    assert not _taken(profile, "SOF-VIE", on=date(2027, 1, 10))


def test_where_a_deployment_names_no_area_every_flight_is_taken_in():
    outside = Profile.from_text(
        EU[: EU.index("intra_area:")].replace("jurisdiction: eu", "jurisdiction: other"), "p.yaml"
    )
    assert _taken(outside, "SOF-VIE")
