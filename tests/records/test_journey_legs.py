"""Which legs of a list its travellers are on."""

from datetime import datetime

import pytest

from pnr_pipeline.records import FlightLeg, Message, Traveller
from pnr_pipeline.records.journey_legs import concerned_legs, legs_of

HOME = ("RS", "BG")


def leg(origin: str, destination: str, hour: int = 8) -> FlightLeg:
    return FlightLeg("QX", "101", origin, destination, datetime.fromisoformat(f"2026-05-01T{hour:02}:00"))


LHR_VIE, VIE_BEG, BEG_INI, SOF_BEG = leg("LHR", "VIE"), leg("VIE", "BEG", 11), leg("BEG", "INI", 14), leg("SOF", "BEG")
ROUTE = (LHR_VIE, VIE_BEG, BEG_INI)


def on(start: str, end: str, flights=ROUTE, role="passenger", home=HOME) -> list[str]:
    traveller = Traveller(1, role, "DRAGANOVA", "BOJANA", embarkation=start, disembarkation=end)
    message = Message("m:1", "PAXLST", function="745", flights=flights, travellers=(traveller,))
    return [f"{leg.origin}-{leg.destination}" for leg, travellers in legs_of(message, home) if travellers]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("LHR", "INI", ["VIE-BEG"]),
        ("VIE", "BEG", ["VIE-BEG"]),
        ("LOWW", "LYBE", ["VIE-BEG"]),
        ("", "", ["VIE-BEG"]),
        ("JFK", "OHD", ["VIE-BEG"]),
        ("AUT", "SRB", ["VIE-BEG"]),
        ("BEG", "INI", ["BEG-INI"]),
        ("LHR", "VIE", ["LHR-VIE"]),
        ("", "VIE", ["LHR-VIE"]),
        ("INI", "LHR", ["VIE-BEG"]),
    ],
    ids=[
        "over all legs: the one that crosses the border",
        "on one leg",
        "told in ICAO codes",
        "no journey told: the leg that concerns the State",
        "a journey that begins before and ends behind the legs reported",
        "countries in place of airports",
        "only the domestic leg",
        "only the leg abroad",
        "no start told",
        "a journey against the route",
    ],
)
def test_a_traveller_is_on_the_legs_of_the_journey_that_concern_the_state(start, end, expected):
    assert on(start, end) == expected


def test_who_is_in_transit_through_the_state_is_on_both_legs_that_touch_it():
    assert on("VIE", "SKP", (VIE_BEG, leg("BEG", "SKP", 14)), role="in_transit") == ["VIE-BEG", "BEG-SKP"]
    assert on("", "", (VIE_BEG, leg("BEG", "SKP", 14)), role="in_transit") == ["VIE-BEG", "BEG-SKP"]


def test_where_no_leg_touches_the_state_each_traveller_is_on_all_legs_of_the_journey():
    assert on("VIE", "INI", home=("AL",)) == ["VIE-BEG", "BEG-INI"]
    assert on("", "", home=("AL",)) == ["LHR-VIE", "VIE-BEG", "BEG-INI"]


def test_a_leg_told_twice_is_one_and_one_without_departure_is_left_to_those_that_are_known():
    assert on("", "", (VIE_BEG, VIE_BEG, FlightLeg("QX", "101", "BEG", "INI"))) == ["VIE-BEG"]
    assert on("", "", (FlightLeg("QX", "101", "BEG", "INI"),)) == ["BEG-INI"]
    assert legs_of(Message("m:1", "PAXLST"), HOME) == [(FlightLeg(), ())]


def test_a_leg_that_concerns_the_state_is_told_also_where_nobody_is_on_it():
    message = Message("m:1", "PAXLST", function="266+CLOB", flights=(SOF_BEG, VIE_BEG))
    assert legs_of(message, HOME) == [(SOF_BEG, ()), (VIE_BEG, ())]


def test_a_push_of_bookings_is_about_one_leg():
    person = Traveller(1, "passenger", "DRAGANOVA", embarkation="SOF", disembarkation="BEG")
    message = Message("m:1", "PNRGOV", function="22", flights=(VIE_BEG, SOF_BEG), travellers=(person,))
    assert legs_of(message, HOME) == [(VIE_BEG, (person,))]
    assert concerned_legs(message, HOME) == (VIE_BEG, SOF_BEG)
