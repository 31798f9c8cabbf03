"""The settings of the feed board as they are shipped; each is to be confirmed with the carriers (ING-5)."""

from datetime import timedelta

import pytest

from pnr_pipeline.stores.rulebooks import load_feed_rules

RULES = load_feed_rules()


@pytest.mark.law("ING-5")
def test_a_closing_push_counts_from_90_minutes_before_departure_and_may_come_until_an_hour_after_it():
    """Directive (EU) 2016/681, art. 8(3)(b): once nobody can board."""
    assert (RULES.closing_from, RULES.closed_after) == (timedelta(minutes=90), timedelta(minutes=60))


def test_parts_of_a_list_are_waited_for_half_an_hour_and_two_percent_of_the_passengers_may_be_missing():
    assert (RULES.set_wait, RULES.count_difference_percent) == (timedelta(minutes=30), 2)


def test_a_flight_is_expected_that_was_seen_twice_in_four_weeks():
    assert (RULES.learn.weeks, RULES.learn.seen) == (4, 2)


def test_a_share_is_told_of_a_carrier_of_a_hundred_travellers_a_month():
    shares = RULES.shares
    assert (shares.travellers, shares.default_birth_dates_percent, shares.unverified_percent) == (100, 2, 10)
