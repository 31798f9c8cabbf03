from datetime import UTC, datetime, timedelta

import pytest

from pnr_pipeline.law import Profile
from pnr_pipeline.records import FlightLeg
from pnr_pipeline.retention import assessment_deadline, is_late
from pnr_pipeline.stores.rulebooks import load_law, load_profile

DEMO = load_profile("demo")
LAW = load_law()
VIENNA_BELGRADE = FlightLeg(
    carrier="JU",
    number="603",
    origin="VIE",
    destination="BEG",
    departure_local=datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001  local time without zone, as messages give it
    arrival_local=datetime(2026, 11, 23, 10, 20),  # noqa: DTZ001
)


def _leg(**changes: object) -> FlightLeg:
    fields = {name: getattr(VIENNA_BELGRADE, name) for name in VIENNA_BELGRADE.__struct_fields__}
    return FlightLeg(**{**fields, **changes})  # type: ignore[arg-type]


def test_an_inbound_flight_is_assessed_until_scheduled_arrival() -> None:
    deadline = assessment_deadline(DEMO, VIENNA_BELGRADE, LAW)
    assert deadline is not None
    assert (deadline.moment, deadline.at) == ("arrival", datetime(2026, 11, 23, 9, 20, tzinfo=UTC))


def test_an_outbound_flight_is_assessed_until_scheduled_departure() -> None:
    deadline = assessment_deadline(DEMO, _leg(origin="BEG", destination="VIE"), LAW)
    assert deadline is not None
    assert (deadline.moment, deadline.at) == ("departure", datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


def test_between_two_home_countries_the_state_of_arrival_assesses() -> None:
    deadline = assessment_deadline(DEMO, _leg(origin="IST", destination="SKP"), LAW)
    assert deadline is not None
    assert deadline.moment == "arrival"


def test_a_profile_without_home_countries_takes_the_earlier_moment() -> None:
    deadline = assessment_deadline(load_profile(), VIENNA_BELGRADE, LAW)
    assert deadline is not None
    assert (deadline.moment, deadline.at) == ("departure", datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


def test_an_inbound_flight_without_arrival_time_ends_with_departure() -> None:
    deadline = assessment_deadline(DEMO, _leg(arrival_local=None), LAW)
    assert deadline is not None
    assert deadline.moment == "departure"
    assert "no arrival is told" in deadline.because


@pytest.mark.parametrize(
    "leg",
    [
        FlightLeg(),
        _leg(departure_local=None, arrival_local=None),
        _leg(origin="QQQ", destination="QQQ"),
        _leg(origin="BEG", destination="VIE", departure_local=None),
    ],
    ids=["empty", "no times", "unknown airports", "outbound without departure"],
)
def test_a_moment_that_cannot_be_placed_is_none_and_counts_as_late(leg: FlightLeg) -> None:
    assert assessment_deadline(DEMO, leg, LAW) is None
    assert is_late(None, datetime(2026, 11, 23, tzinfo=UTC))


def test_it_is_late_from_the_scheduled_moment_on() -> None:
    deadline = assessment_deadline(DEMO, VIENNA_BELGRADE, LAW)
    assert deadline is not None
    assert not is_late(deadline, deadline.at - timedelta(microseconds=1))
    assert is_late(deadline, deadline.at)


@pytest.mark.parametrize("profile", [DEMO, load_profile()])
def test_a_deadline_carries_the_article_of_its_rule(profile: Profile) -> None:
    deadline = assessment_deadline(profile, VIENNA_BELGRADE, LAW)
    assert deadline is not None
    assert deadline.because.startswith(load_law().value("eu.pnr.assessment_ends", deadline.at.date()).because)


@pytest.mark.law("SCR-1")
def test_before_the_rule_was_in_force_the_deadline_tells_its_moment_alone() -> None:
    early = FlightLeg("JU", "603", "VIE", "BEG", datetime(2016, 1, 2, 9, 0), datetime(2016, 1, 2, 10, 20))  # noqa: DTZ001
    deadline = assessment_deadline(DEMO, early, LAW)
    assert deadline is not None and deadline.because == "scheduled arrival of an inbound flight"
