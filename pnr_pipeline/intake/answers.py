"""What a carrier is told of a message: received, accepted or rejected, and how good it was (LAW ING-7).

Pure functions from a decoded message with its findings and the facts of its receipt. They take no match and no hit, so
that no answer can show a screening result; and they need a receipt, so that nothing is confirmed before it is durable.
A traveller is named by the carrier's own references (RFF ABO, RFF AVF), never by name or document.
"""

from base64 import b32encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Literal

import msgspec

from pnr_pipeline.intake.answer_rules import AnswerRules
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.answer import AnswerPoint
from pnr_pipeline.records.finding import Finding, Severity
from pnr_pipeline.records.message import Message, MessageKind

Level = Literal["receipt", "accept", "quality"]
Verdict = Literal["accepted", "accepted with errors", "rejected"]

HEADING, DETAIL = "1", "2"
"""ERP C701/1049: the heading of the message, a traveller in it."""

PLACES_MAX = 100
"""Places told of one rule; more are counted."""


class Stored(msgspec.Struct, frozen=True):
    """The facts of a receipt that a sender may know. `digest` is the SHA-256 of the bytes received, `received_at` UTC.

    The time of the commit is not among them: it lies behind screening, and how long that took is nobody's to know.
    """

    receipt_id: str
    digest: str
    received_at: datetime
    message_ids: tuple[str, ...] = ()


class ReceiptAnswer(msgspec.Struct, frozen=True):
    """Level 1, transport: the transmission is here and will not be lost."""

    level: Literal["receipt"]
    receipt_id: str
    digest: str
    received_at: datetime
    messages: tuple[str, ...]


class Acceptance(msgspec.Struct, frozen=True):
    """Level 2, syntax. `rejected` means: send it again, mended. With errors, all that could be read is kept.

    `points` hold the errors (severity E): one for the message, what rejects it first; one for each traveller.
    """

    level: Literal["accept"]
    receipt_id: str
    message_id: str
    kind: MessageKind
    reference: str
    flights: tuple[str, ...]
    verdict: Verdict
    points: tuple[AnswerPoint, ...]


class FindingPlace(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a rule was broken: byte in the file as received, segment, traveller by the carrier's references."""

    offset: int
    segment: str = ""
    traveller: int | None = None
    locator: str = ""
    carrier_reference: str = ""


class RuleReport(msgspec.Struct, frozen=True):
    """All findings of one rule in one message, in one wording."""

    rule: str
    severity: Severity
    what: str
    count: int
    why: str
    fix: str
    source: str
    example: str
    places: tuple[FindingPlace, ...]


class QualityReport(msgspec.Struct, frozen=True):
    """Level 3, content: every finding by rule, errors first."""

    level: Literal["quality"]
    receipt_id: str
    message_id: str
    kind: MessageKind
    version: str
    reference: str
    flights: tuple[str, ...]
    travellers: int
    bookings: int
    counts: dict[Severity, int]
    rules: tuple[RuleReport, ...]


def receipt(stored: Stored) -> ReceiptAnswer:
    """The transmission was received whole and is durable."""
    return ReceiptAnswer("receipt", stored.receipt_id, stored.digest, stored.received_at, stored.message_ids)


def acceptance(message: Message, stored: Stored, rules: AnswerRules) -> Acceptance:
    """Whether the message is accepted, and its errors with the codes of the carrier's agreement."""
    table = rules.codes(message)
    errors = [finding for finding in message.findings if finding.severity == "E"]
    people = {traveller.ordinal: traveller for traveller in message.travellers}
    points: list[AnswerPoint] = []
    for ordinal, found in groupby(sorted(errors, key=_traveller), key=_traveller):
        told = {
            finding.rule: finding for finding in sorted(found, key=lambda one: one.rule not in rules.rejecting)
        }.values()
        segments = {finding.segment for finding in told}
        person = people.get(ordinal)
        points.append(
            AnswerPoint(
                section=DETAIL if ordinal else HEADING,
                item=ordinal or None,
                segment=segments.pop() if len(segments) == 1 else "",
                locator=(person.locator or "") if person else "",
                carrier_reference=(person.carrier_reference or "") if person else "",
                codes=tuple(table.code(finding) for finding in told),
                texts=tuple(f"{finding.rule} {finding.message}" for finding in told),
            )
        )
    return Acceptance(
        level="accept",
        receipt_id=stored.receipt_id,
        message_id=message.message_id,
        kind=message.kind,
        reference=message.reference,
        flights=_flights(message),
        verdict=_verdict(message, errors, rules),
        points=tuple(points),
    )


def quality(message: Message, stored: Stored, rulebook: Rulebook) -> QualityReport:
    """Every finding by rule and wording: count, places, why it matters and how to mend it."""
    people = {traveller.ordinal: traveller for traveller in message.travellers}
    reports: list[RuleReport] = []
    ordered = sorted(message.findings, key=_wording)
    for (_, rule_id, what), found in groupby(ordered, key=_wording):
        same = list(found)
        places = []
        for finding in same[:PLACES_MAX]:
            person = people.get(finding.traveller or 0)
            places.append(
                FindingPlace(
                    finding.offset,
                    finding.segment,
                    finding.traveller,
                    (person.locator or "") if person else "",
                    (person.carrier_reference or "") if person else "",
                )
            )
        rule = rulebook[rule_id]
        reports.append(
            RuleReport(
                rule_id, same[0].severity, what, len(same), rule.why, rule.fix, rule.source, rule.example, tuple(places)
            )
        )
    return QualityReport(
        level="quality",
        receipt_id=stored.receipt_id,
        message_id=message.message_id,
        kind=message.kind,
        version=message.version,
        reference=message.reference,
        flights=_flights(message),
        travellers=len(message.travellers),
        bookings=len(message.bookings),
        counts={severity: sum(one.severity == severity for one in message.findings) for severity in _SEVERITIES},
        rules=tuple(reports),
    )


def control_reference(message_id: str) -> str:
    """A reference (UNB 0020, UNH 0062, at most 14 characters) for the answer to this message.

    The same answer has the same reference; two different ones share one with a chance of 1 in 2 to the 70.
    """
    return b32encode(sha256(message_id.encode()).digest())[:14].decode()


_SEVERITIES: tuple[Severity, ...] = ("E", "W", "I")


def _wording(finding: Finding) -> tuple[int, str, str]:
    return (_SEVERITIES.index(finding.severity), finding.rule, finding.message)


def _traveller(finding: Finding) -> int:
    return finding.traveller or 0


def _flights(message: Message) -> tuple[str, ...]:
    return tuple(leg.key for leg in message.flights)


def _verdict(message: Message, errors: Iterable[Finding], rules: AnswerRules) -> Verdict:
    broken = {finding.rule for finding in errors}
    if message.kind in ("UNREADABLE", "OTHER") or broken & rules.rejecting:
        return "rejected"
    return "accepted with errors" if broken else "accepted"
