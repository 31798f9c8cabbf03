"""The scorecard: per carrier and month, how complete, how clean and how timely its feeds were. Counts only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from pnr_pipeline.intake.completeness import DEFAULT_BIRTH_DATE, ELEMENTS, UNVERIFIED, ElementCount
from pnr_pipeline.intake.feed_board import FlightFeeds
from pnr_pipeline.intake.feed_message import FeedMessage
from pnr_pipeline.intake.feed_rules import FeedRules
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding

CarrierMonthKey = tuple[str, str]


class MessageCounts(msgspec.Struct, frozen=True):
    """A message with its completeness by element and its findings by severity (E, W, I)."""

    message: FeedMessage
    elements: Mapping[str, ElementCount]
    severities: Mapping[str, int]


class CarrierMonth(msgspec.Struct, frozen=True):
    """One carrier in one month of departure (`2026-01`).

    `elements` hold travellers told and missing. `errors` and `warnings` are findings of E and W in its messages; the
    rates are per 1,000 travellers told, each time they were told. `late` and `unclosed` count flights whose pushes came
    too late or had none at closing, `missing` expected pushes that never came (one each for API and PNR).
    """

    carrier: str
    month: str
    flights: int
    messages: int
    travellers: int
    elements: Mapping[str, ElementCount]
    errors: int
    warnings: int
    late: int
    unclosed: int
    missing: int
    resends: int
    pnr_alone: int
    api_alone: int
    count_differences: int
    findings: tuple[Finding, ...] = ()

    @property
    def errors_per_1000(self) -> float | None:
        """Errors per 1,000 travellers; None without travellers."""
        return 1000 * self.errors / self.travellers if self.travellers else None

    @property
    def warnings_per_1000(self) -> float | None:
        """Warnings per 1,000 travellers; None without travellers."""
        return 1000 * self.warnings / self.travellers if self.travellers else None

    def percent(self, element: str) -> float | None:
        """How many of 100 travellers were told with the element; None where nobody had to be."""
        told, missing = self.elements.get(element, ElementCount(0, 0))
        return 100 * told / (told + missing) if told + missing else None


def scorecard(
    messages: Iterable[MessageCounts], board: Iterable[FlightFeeds], rules: FeedRules, rulebook: Rulebook
) -> list[CarrierMonth]:
    """One line for each carrier and month, in that order. Messages that tell no flight count for carrier ''."""
    told: defaultdict[CarrierMonthKey, list[MessageCounts]] = defaultdict(list)
    for one in messages:
        told[_key_of_message(one.message)].append(one)
    flights: defaultdict[CarrierMonthKey, list[FlightFeeds]] = defaultdict(list)
    for flight in board:
        if flight.flight.departure_local:
            flights[flight.flight.carrier, f"{flight.flight.departure_local:%Y-%m}"].append(flight)
    lines = [_line(key, told[key], flights[key]) for key in sorted(told.keys() | flights.keys())]
    usual = _sum(line.elements for line in lines)
    return [msgspec.structs.replace(line, findings=tuple(_shares(line, usual, rules, rulebook))) for line in lines]


def _key_of_message(message: FeedMessage) -> CarrierMonthKey:
    at = message.flight.departure_local or message.received_at
    return message.flight.carrier, f"{at:%Y-%m}"


def _line(key: CarrierMonthKey, told: list[MessageCounts], flights: list[FlightFeeds]) -> CarrierMonth:
    severities = sum((Counter(one.severities) for one in told), Counter[str]())
    states = Counter(feed.state for flight in flights for feed in flight.feeds)
    api_alone = sum(1 for one in flights if _has(one, "FLT-08") and one.feeds[0].pushes)
    return CarrierMonth(
        carrier=key[0],
        month=key[1],
        flights=len(flights),
        messages=len(told),
        travellers=sum(one.message.passengers + one.message.crew for one in told),
        elements=_sum(one.elements for one in told),
        errors=severities["E"],
        warnings=severities["W"],
        late=sum(1 for one in flights if any(feed.state == "late" for feed in one.feeds)),
        unclosed=sum(1 for one in flights if any(feed.unclosed for feed in one.feeds)),
        missing=states["missing"],
        resends=sum(one.message.resends for one in told),
        pnr_alone=sum(1 for one in flights if _has(one, "FLT-08")) - api_alone,
        api_alone=api_alone,
        count_differences=sum(1 for one in flights if _has(one, "CNT-03")),
    )


def _has(flight: FlightFeeds, rule: str) -> bool:
    return any(finding.rule == rule for finding in flight.findings)


def _sum(many: Iterable[Mapping[str, ElementCount]]) -> dict[str, ElementCount]:
    told: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for counts in many:
        for element, count in counts.items():
            told[element] += count.told
            missing[element] += count.missing
    return {element: ElementCount(told[element], missing[element]) for element in told}


def _shares(
    line: CarrierMonth, usual: Mapping[str, ElementCount], rules: FeedRules, rulebook: Rulebook
) -> Iterable[Finding]:
    """DOB-04 and DOC-08: a share over the limit of the rules and over twice that of all others."""
    for rule, element, limit in (
        ("DOB-04", DEFAULT_BIRTH_DATE, rules.shares.default_birth_dates_percent),
        ("DOC-08", UNVERIFIED, rules.shares.unverified_percent),
    ):
        counts = line.elements.get(element, ElementCount(0, 0))
        all_told = usual.get(element, counts)
        others = ElementCount(all_told.told - counts.told, all_told.missing - counts.missing)
        if sum(counts) >= rules.shares.travellers and _percent(counts) > max(limit, 2 * _percent(others)):
            yield rulebook.finding(rule, detail=f"{_percent(counts):.1f} percent")


def _percent(counts: ElementCount) -> float:
    return 100 * counts.missing / sum(counts) if sum(counts) else 0.0


def columns() -> tuple[str, ...]:
    """The names of the columns of a scorecard, as in its CSV."""
    return (
        "carrier", "month", "flights", "messages", "travellers", *ELEMENTS, "errors_per_1000", "warnings_per_1000",
        "late", "unclosed", "missing", "resends", "pnr_alone", "api_alone", "count_differences", "findings",
    )  # fmt: skip


def cells(line: CarrierMonth) -> tuple[str | int | float | None, ...]:
    """The values of `columns`: elements as percent, rates per 1,000 travellers, rules of the month's findings."""
    return (
        line.carrier, line.month, line.flights, line.messages, line.travellers,
        *(_rounded(line.percent(element)) for element in ELEMENTS),
        _rounded(line.errors_per_1000), _rounded(line.warnings_per_1000), line.late, line.unclosed, line.missing,
        line.resends, line.pnr_alone, line.api_alone, line.count_differences,
        " ".join(finding.rule for finding in line.findings),
    )  # fmt: skip


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
