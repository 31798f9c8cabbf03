"""Which error means that the whole message must come again, and by which code (ERC 9321) each is told (FORMATS 3)."""

from datetime import UTC, datetime

import pytest

from pnr_pipeline.intake.answer_rules import CodeFile
from pnr_pipeline.intake.answers import Stored, acceptance
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records import Message, ReplyTo
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_answer_rules, load_rulebook

RULEBOOK = load_rulebook()
RULES = load_answer_rules()
STORED = Stored("ab" * 16, "ab" * 32, datetime(2026, 1, 10, 6, tzinfo=UTC), ("cd" * 32 + ":1",))
REJECTING = ("ENV-01", "ENV-06", "ENV-08", "ENV-10", "FLT-01", "FLT-02", "XML-01")

CODES = {
    "PNRGOV": "ENV-01 912, ENV-06 118, ENV-08 912, ENV-10 915, FLT-01 114, FLT-02 102, XML-01 914, NAM-01 914",
    "PAXLST": "ENV-01 300, ENV-06 301, ENV-08 100, ENV-10 302, FLT-01 101, FLT-02 102, NAM-01 110, DOB-01 111, "
    "NAT-01 112, DOC-01 113, XML-01 200",
}
"""Bookings by the published list, where 914 is what has no code of its own; passengers by our own, with 200."""


def verdict(kind: str, rule: str):
    address = ReplyTo(sender=("QX",), recipient=("XXPIU",), identifier=(kind, "D", "12B", "UN", "IATA"))
    return acceptance(Message("x:1", kind, findings=(RULEBOOK.finding(rule),), reply_to=address), STORED, RULES)


@pytest.mark.parametrize("rule", sorted(rule.id for rule in RULEBOOK if rule.severity == "E"))
def test_a_message_without_a_flight_or_an_end_must_come_again_and_one_with_errors_of_travellers_is_kept(rule):
    assert (verdict("PAXLST", rule).verdict == "rejected") == (rule in REJECTING)


@pytest.mark.parametrize("kind", CODES)
def test_each_error_is_told_by_its_code(kind):
    for row in CODES[kind].split(", "):
        rule, code = row.split()
        assert [point.codes for point in verdict(kind, rule).points] == [(code,)], rule


def test_the_codes_are_to_be_confirmed_with_the_state():
    file = "rules/answers/error-codes.yaml"
    tables = read_rule(rule_texts("answers")[file], file, CodeFile).tables
    assert [(table.id, table.answer, table.status) for table in tables] == [
        ("padis-9321", "ACKRES", "to be confirmed"),
        ("batch", "CUSRES", "to be confirmed"),
    ]
