"""The feed board: what each flight was to bring, what came, when, and what does not agree. Counts only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from pnr_pipeline.intake.feed_message import FeedMessage, newest_parts
from pnr_pipeline.intake.feed_rules import FeedRules
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.intake.schedule import Expected
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg

State = Literal["expected", "received", "late", "missing", "unasked"]
SOURCES: Final = ("api", "pnr")


class Listed(NamedTuple):
    """Persons of a leg that one source lists now, and those whom it listed before and dropped."""

    now: int = 0
    dropped: int = 0


class FeedLine(msgspec.Struct, frozen=True):
    """One source of one flight. `unasked` where nothing came and nothing was expected of it.

    `listed` counts passengers and crew listed now; `dropped` those listed in an earlier push only. `unclosed` where
    the flight was closed and nothing came at that time.
    """

    source: str
    state: State
    pushes: int = 0
    resends: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    listed: int = 0
    dropped: int = 0
    unclosed: bool = False


class FlightFeeds(msgspec.Struct, frozen=True):
    """One flight with its two sources and what is wrong with its feeds; `scheduled` where it was expected."""

    flight: FlightLeg
    departs: datetime | None
    scheduled: bool
    feeds: tuple[FeedLine, ...]
    findings: tuple[Finding, ...] = ()


class FeedJudge:
    """Judges the feeds of flights by `rules` in the words of `rulebook`, at `now` (aware UTC).

    `taken` are the sources that the deployment takes: no other is expected, and none is missing beside it.
    """

    def __init__(self, rules: FeedRules, rulebook: Rulebook, now: datetime, taken: Collection[str] = SOURCES) -> None:
        self._rules = rules
        self._rulebook = rulebook
        self._now = now
        self._taken = taken
        self._due = {"api": timedelta(0), "pnr": timedelta(hours=rules.scheduled.latest_hours)}

    def board(
        self,
        expected: Iterable[Expected],
        messages: Iterable[FeedMessage],
        listed: Mapping[tuple[str, str], Listed],
        *,
        by_schedule: bool,
    ) -> list[FlightFeeds]:
        """All flights, expected or told, by departure. `listed` is by leg id and source.

        FLT-06 is told only `by_schedule`: what was learnt does not know new flights. Linear in the messages.
        """
        came: defaultdict[str, list[FeedMessage]] = defaultdict(list)
        for one in messages:
            if one.source and one.flight.designator and one.departs:
                came[one.flown.key].append(one)
        wanted = {one.flight.key: one for one in expected}
        board = [
            self._flight(wanted.get(key), came.get(key, []), listed, by_schedule=by_schedule)
            for key in wanted.keys() | came.keys()
        ]
        return sorted(board, key=lambda one: (one.departs or self._now, one.flight.key))

    def _flight(
        self,
        expected: Expected | None,
        messages: Sequence[FeedMessage],
        listed: Mapping[tuple[str, str], Listed],
        *,
        by_schedule: bool,
    ) -> FlightFeeds:
        flight, departs = (expected.flight, expected.departs) if expected else (messages[0].flown, messages[0].departs)
        found: list[Finding] = []
        if by_schedule and expected is None:
            found.append(self._rulebook.finding("FLT-06", case="unexpected"))
        feeds = []
        for source in SOURCES:
            pushes = sorted((one for one in messages if one.source == source), key=lambda one: one.received_at)
            asked = expected is not None and source in expected.sources and source in self._taken
            feeds.append(self._feed(source, pushes, departs, listed, found, asked=asked))
        self._compare(messages, feeds, departs, found)
        return FlightFeeds(flight, departs, expected is not None, tuple(feeds), tuple(found))

    def _feed(
        self,
        source: str,
        pushes: Sequence[FeedMessage],
        departs: datetime | None,
        listed: Mapping[tuple[str, str], Listed],
        found: list[Finding],
        *,
        asked: bool,
    ) -> FeedLine:
        closed = departs is not None and self._now > departs + self._rules.closed_after
        due = departs is None or self._now >= departs - self._due[source]
        if not pushes:
            if asked and closed:
                found.append(self._rulebook.finding("FLT-07", case="missing", detail=source))
            state: State = "unasked" if not asked else "missing" if closed else "late" if due else "expected"
            return FeedLine(source, state)
        persons = [listed[key] for key in {(one.leg_id, source) for one in pushes} if key in listed]
        late = self._late(source, pushes, departs, found)
        unclosed = closed and departs is not None and pushes[-1].received_at < departs - self._rules.closing_from
        if unclosed:
            found.append(self._rulebook.finding("FLT-07", case="no-closure", detail=source))
        self._sets(pushes, found)
        return FeedLine(
            source,
            "late" if late else "received",
            pushes=len(pushes),
            resends=sum(one.resends for one in pushes),
            first_at=pushes[0].received_at,
            last_at=pushes[-1].received_at,
            listed=sum(one.now for one in persons),
            dropped=sum(one.dropped for one in persons),
            unclosed=unclosed,
        )

    def _late(self, source: str, pushes: Sequence[FeedMessage], departs: datetime | None, found: list[Finding]) -> bool:
        """FLT-07: whether the first or the last push of one source came too late."""
        if departs is None:
            return False
        before = len(found)
        # a list is due when the flight closes: that it began late is told by its closing push
        if source == "pnr" and pushes[0].received_at > departs - self._due[source]:
            found.append(self._rulebook.finding("FLT-07", detail=source))
        if pushes[-1].received_at > departs + self._rules.closed_after:
            found.append(self._rulebook.finding("FLT-07", case="closure", detail=source))
        return len(found) > before

    def _sets(self, pushes: Sequence[FeedMessage], found: list[Finding]) -> None:
        """ENV-09 over several files: sets that had time enough to become whole."""
        for one in pushes:
            if one.waits and self._now - one.received_at > self._rules.set_wait:
                found.append(self._rulebook.finding("ENV-09", detail=one.source))

    def _compare(
        self,
        messages: Sequence[FeedMessage],
        feeds: Sequence[FeedLine],
        departs: datetime | None,
        found: list[Finding],
    ) -> None:
        """FLT-08 once the flight is closed, CNT-03 once the bookings tell who checked in."""
        api, pnr = feeds
        if (
            departs is not None
            and self._now > departs + self._rules.closed_after
            and bool(api.pushes) != bool(pnr.pushes)
            and all(source in self._taken for source in SOURCES)
        ):
            found.append(self._rulebook.finding("FLT-08", case="no-bookings" if api.pushes else ""))
        crew = sum(one.crew for one in newest_parts([one for one in messages if one.source == "api" and one.crew]))
        passengers = api.listed - crew
        full = newest_parts(
            [one for one in messages if one.source == "pnr" and one.function == "22" and not one.partner]
        )
        checked_in = sum(one.checked_in for one in full)
        limit = max(passengers, checked_in) * self._rules.count_difference_percent / 100
        # whoever was taken off after check-in may still be told as checked in
        agreed = passengers - limit <= checked_in <= passengers + api.dropped + limit
        if passengers > 0 and checked_in and not agreed:
            found.append(self._rulebook.finding("CNT-03", detail=f"{passengers} listed, {checked_in} checked in"))


def silent_carriers(board: Iterable[FlightFeeds]) -> list[str]:
    """Carriers of whom nothing came for any flight that was due, while something was expected."""
    due: defaultdict[str, list[FeedLine]] = defaultdict(list)
    for flight in board:
        due[flight.flight.carrier] += [feed for feed in flight.feeds if feed.state not in ("unasked", "expected")]
    return sorted(carrier for carrier, feeds in due.items() if feeds and not any(feed.pushes for feed in feeds))


def reused_references(messages: Iterable[FeedMessage], rulebook: Rulebook) -> list[tuple[str, Finding]]:
    """(carrier, ENV-05) where a sender used an interchange reference for another content."""
    digests: defaultdict[tuple[str, str], dict[str, FeedMessage]] = defaultdict(dict)
    for one in messages:
        if one.sender and one.interchange:
            digests[one.sender, one.interchange].setdefault(one.digest, one)
    return [
        (next(iter(used.values())).flight.carrier, rulebook.finding("ENV-05", detail=f"{len(used)} contents"))
        for used in digests.values()
        if len(used) > 1
    ]
