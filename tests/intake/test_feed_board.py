"""What the feed board and the scorecard say of pushes that came, came late, or never came."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake.completeness import ElementCount
from pnr_pipeline.intake.feed_board import FeedJudge, Listed, reused_references, silent_carriers
from pnr_pipeline.intake.feed_message import FeedMessage, sources_of
from pnr_pipeline.intake.schedule import expected_of, learnt, read_schedule
from pnr_pipeline.intake.scorecard import MessageCounts, scorecard
from pnr_pipeline.records import FlightLeg
from pnr_pipeline.stores.rulebooks import load_feed_rules, load_rulebook

RULES, BOOK = load_feed_rules(), load_rulebook()
LOCAL = datetime.fromisoformat("2026-03-02T10:00")
FLIGHT = FlightLeg("QX", "101", "IST", "SKP", LOCAL, LOCAL + timedelta(minutes=40))
DEPARTS = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
AFTERWARDS = DEPARTS + timedelta(hours=6)
SCHEDULE = (
    "carrier,number,days,origin,destination,departure,arrival,from,to\n"
    "QX,0101,1,IST,SKP,10:00,10:40,2026-03-01,2026-03-31\n"
)


@dataclass
class Feed:
    """The messages of one flight, one after the other."""

    count: int = 0

    def message(self, kind: str, before: timedelta, **told: object) -> FeedMessage:
        self.count += 1
        at = DEPARTS - before
        values = {
            "flight": FLIGHT, "departs": DEPARTS, "passengers": 10, "leg_id": "leg", "function": "22",
            "sender": "QX", "set_key": f"set{self.count}",
        } | told  # fmt: skip
        return FeedMessage(f"{self.count:064}:1", at, f"{at.isoformat()}{self.count}", kind, **values)


def board(*messages: FeedMessage, now: datetime = AFTERWARDS, schedule: str = SCHEDULE, listed=None):
    expected = expected_of(read_schedule(schedule, "summer.csv"), date(2026, 3, 2), date(2026, 3, 2))
    return FeedJudge(RULES, BOOK, now).board(expected, messages, listed or {}, by_schedule=True)


def in_time() -> list[FeedMessage]:
    feed = Feed()
    return [
        feed.message("PNRGOV", timedelta(hours=30), checked_in=0),
        feed.message("PNRGOV", timedelta(minutes=5), checked_in=10),
        feed.message("PAXLST", timedelta(minutes=4), function="745"),
    ]


@pytest.mark.law("ING-5")
def test_a_flight_whose_pushes_came_in_time_has_nothing_against_it():
    (flight,) = board(*in_time(), listed={("leg", "api"): Listed(10, 0), ("leg", "pnr"): Listed(10, 1)})
    assert [feed.state for feed in flight.feeds] == ["received", "received"]
    assert [feed.dropped for feed in flight.feeds] == [0, 1]
    assert not flight.findings


@pytest.mark.law("ING-5")
@pytest.mark.parametrize(
    ("now", "states"),
    [
        (DEPARTS - timedelta(hours=40), ["expected", "expected"]),
        (DEPARTS - timedelta(hours=3), ["expected", "late"]),
        (DEPARTS + timedelta(minutes=10), ["late", "late"]),
        (AFTERWARDS, ["missing", "missing"]),
    ],
    ids=[
        "two days before",
        "a day before, bookings are due",
        "at departure both are due",
        "in the end both are missing",
    ],
)
def test_what_never_came_is_expected_then_late_then_missing(now, states):
    (flight,) = board(now=now)
    assert [feed.state for feed in flight.feeds] == states
    assert ("FLT-07" in {one.rule for one in flight.findings}) == (states == ["missing", "missing"])
    assert silent_carriers([flight]) == ([] if states[1] == "expected" else ["QX"])


@pytest.mark.law("ING-5")
def test_bookings_that_begin_too_late_and_lists_that_end_too_early_are_told():
    feed = Feed()
    (flight,) = board(
        feed.message("PNRGOV", timedelta(hours=3), checked_in=10),
        feed.message("PAXLST", timedelta(hours=4), function="745"),
    )
    assert flight.feeds[1].state == "late"
    assert [line.unclosed for line in flight.feeds] == [True, True]


def test_lists_without_bookings_and_counts_that_differ_are_told():
    (alone,) = board(Feed().message("PAXLST", timedelta(minutes=4), function="745"))
    assert "FLT-08" in {one.rule for one in alone.findings}
    (differing,) = board(*in_time(), listed={("leg", "api"): Listed(5, 0)})
    assert "CNT-03" in {one.rule for one in differing.findings}


@pytest.mark.parametrize(("kind", "taken"), [("PAXLST", "api"), ("PNRGOV", "pnr")])
def test_a_deployment_that_takes_one_feed_misses_no_other(kind, taken):
    expected = expected_of(read_schedule(SCHEDULE, "summer.csv"), date(2026, 3, 2), date(2026, 3, 2))
    messages = [one for one in in_time() if one.kind == kind]
    judge = FeedJudge(RULES, BOOK, AFTERWARDS, sources_of([kind]))
    (flight,) = judge.board(expected, messages, {}, by_schedule=True)
    assert {feed.source: feed.state for feed in flight.feeds} == {"api": "unasked", "pnr": "unasked"} | {
        taken: "received"
    }
    assert not flight.findings


def test_a_flight_that_the_schedule_does_not_have_is_told():
    (flight,) = [one for one in board(*in_time(), schedule=SCHEDULE.replace("0101", "0102")) if not one.scheduled]
    assert "FLT-06" in {one.rule for one in flight.findings}


def test_a_set_that_stays_incomplete_is_told_after_its_time():
    part = Feed().message("PAXLST", timedelta(minutes=4), function="745", waits=True)
    (waiting,) = board(part, now=part.received_at + timedelta(minutes=5))
    (given_up,) = board(part)
    assert "ENV-09" not in {one.rule for one in waiting.findings}
    assert "ENV-09" in {one.rule for one in given_up.findings}


def test_an_interchange_reference_used_for_another_content_is_told():
    feed = Feed()
    twice = [feed.message("PNRGOV", timedelta(hours=30), interchange="R1") for _ in range(2)]
    ((carrier, finding),) = reused_references(twice, BOOK)
    assert (carrier, finding.rule) == ("QX", "ENV-05")
    assert not reused_references(twice[:1], BOOK)


def test_flights_are_learnt_from_the_same_weekday_of_the_weeks_before():
    def week(number: int) -> FeedMessage:
        flown = LOCAL - timedelta(weeks=number)
        return Feed().message("PNRGOV", timedelta(0), flight=FlightLeg("QX", "101", "IST", "SKP", flown))

    (known,) = learnt([week(1), week(3)], RULES.learn, LOCAL.date(), LOCAL.date())
    assert (known.flight.key, known.sources) == (FLIGHT.key, ("pnr",))
    assert not list(learnt([week(1)], RULES.learn, LOCAL.date(), LOCAL.date()))
    assert not list(learnt([week(1), week(3)], RULES.learn, LOCAL.date() + timedelta(days=1), LOCAL.date()))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (SCHEDULE.replace("number", "nr"), "summer.csv:1"),
        (SCHEDULE.replace("IST", "QQQ"), "summer.csv:2"),
        (SCHEDULE.replace("10:40", "25:40"), "summer.csv:2"),
        (SCHEDULE.replace(",1,", ",8,"), "summer.csv:2"),
    ],
    ids=["a column lacks", "an airport nobody knows", "a time that is none", "an eighth day"],
)
def test_a_wrong_schedule_is_refused_with_its_line(wrong, place):
    with pytest.raises(RuleFault, match=place):
        read_schedule(wrong, "summer.csv")


@pytest.mark.law("ING-5")
def test_the_scorecard_counts_completeness_errors_and_missing_pushes_by_carrier_and_month():
    told = [MessageCounts(one, {"birth_date": ElementCount(9, 1)}, {"E": 2, "W": 5}) for one in in_time()[:2]]
    (line,) = scorecard(told, board(*in_time()[:2]), RULES, BOOK)
    assert (line.carrier, line.month, line.flights, line.messages, line.missing) == ("QX", "2026-03", 1, 2, 1)
    assert line.percent("birth_date") == 90
    assert line.errors_per_1000 == 1000 * 4 / 20
