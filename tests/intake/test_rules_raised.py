"""Every rule is raised by something, and says what it should of the fault it is for."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from pnr_pipeline.intake import decode
from pnr_pipeline.intake.completeness import DEFAULT_BIRTH_DATE, UNVERIFIED, ElementCount
from pnr_pipeline.intake.feed_board import FeedJudge, Listed
from pnr_pipeline.intake.feed_message import FeedMessage
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.intake.schedule import expected_of, read_schedule
from pnr_pipeline.intake.scorecard import MessageCounts, scorecard
from pnr_pipeline.intake.setting import Setting
from pnr_pipeline.records import FlightLeg
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_feed_rules

VECTORS = Path(__file__).parents[1] / "vectors"
TEXTS = rule_texts("validation") | rule_texts("intake")
RULEBOOK = Rulebook.from_texts(TEXTS)
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
FAULTS = yaml.safe_load((VECTORS / "rules.yaml").read_text("utf-8"))

FAMILIES = {
    "ENV": range(1, 11), "SYN": range(1, 5), "FLT": range(1, 9), "CNT": range(1, 4), "NAM": range(1, 8),
    "DOB": range(1, 5), "SEX": range(1, 3), "NAT": range(1, 3), "DOC": range(1, 9), "ITI": range(1, 3),
    "PNR": range(1, 9), "DUP": (1,), "SEA": (1,), "BAG": (1,), "SEN": (1,), "CAT": (1,),
}  # fmt: skip
LISTED = {f"{family}-{number:02}" for family, numbers in FAMILIES.items() for number in numbers}
"""The rules of validation that carriers are held to."""
TOLD_WHEN_STORED = {"CNT-04", "DUP-02"}


@cache
def settled(home: tuple[str, ...]) -> Rulebook:
    return Rulebook.from_texts(TEXTS, Setting(frozenset(home)))


def told(body: bytes, rulebook: Rulebook = RULEBOOK):
    return [finding for message in decode(body, rulebook=rulebook, now=NOW) for finding in message.findings]


def changed(fault) -> bytes:
    body = (VECTORS / fault["of"]).read_bytes()
    for old, new in fault.get("change", {}).items():
        assert body.count(old.encode()) >= 1, old
        body = body.replace(old.encode(), new.encode(), 1)
    return body


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['rule']} {fault['what']}")
def test_a_fault_is_told_in_its_words_at_its_place(fault):
    rulebook = settled(tuple(fault.get("home", ())))
    body = changed(fault)
    found = [one for one in told(body, rulebook) if (one.rule, one.message) == (fault["rule"], fault["what"])]
    assert len(found) == 1
    assert found[0].severity == fault.get("severity", RULEBOOK[fault["rule"]].severity)
    assert found[0].traveller == fault.get("traveller")
    if "at" in fault:
        assert found[0].offset == body.index(fault["at"].encode())
    if "change" in fault:
        assert fault["what"] not in [one.message for one in told((VECTORS / fault["of"]).read_bytes(), rulebook)]


def told_of_feeds():
    """What board and scorecard say of a carrier that sends one list too late, with default dates, and no bookings."""
    rules = load_feed_rules()
    departs = datetime(2026, 3, 2, 7, tzinfo=UTC)
    local = datetime.fromisoformat("2026-03-02T10:00")
    flight = FlightLeg("QX", "101", "IST", "SKP", local, local + timedelta(minutes=40))

    def message(number: int, kind: str, after: timedelta, **more: int) -> FeedMessage:
        at = departs + after
        return FeedMessage(f"{number:064}:1", at, f"{number}", kind, flight=flight, departs=departs, passengers=200,
                           leg_id="leg", function="22", sender="QX", set_key=str(number), **more)  # fmt: skip

    schedule = "carrier,number,days,origin,destination,departure,arrival,from,to\n"
    expected = list(expected_of(read_schedule(schedule, "s.csv"), date(2026, 3, 2), date(2026, 3, 2)))
    judge = FeedJudge(rules, RULEBOOK, departs + timedelta(hours=9))
    late = message(1, "PAXLST", timedelta(hours=2))
    bookings = message(2, "PNRGOV", timedelta(hours=2), checked_in=100)
    listed = {("leg", "api"): Listed(200, 0), ("leg", "pnr"): Listed(200, 0)}
    board = judge.board(expected, [late], listed, by_schedule=True)
    both = judge.board(expected, [late, bookings], listed, by_schedule=True)
    bad = MessageCounts(late, {DEFAULT_BIRTH_DATE: ElementCount(1, 1999), UNVERIFIED: ElementCount(1, 1999)}, {})
    for one in (*board, *both, *scorecard([bad], board, rules, RULEBOOK)):
        yield from one.findings


def test_every_rule_is_in_the_book_and_raised():
    book = {rule.id for rule in RULEBOOK}
    assert book >= LISTED
    files = [path for path in VECTORS.rglob("*") if path.suffix in (".edi", ".csv", ".xml")]
    raised = {finding.rule for path in files for finding in told(path.read_bytes())}
    raised |= {fault["rule"] for fault in FAULTS}
    raised |= {finding.rule for finding in told_of_feeds()}
    raised |= {finding.rule for finding in told(b"<IATA_PNRGOV_NotifRQ>")}
    assert book - raised == TOLD_WHEN_STORED
