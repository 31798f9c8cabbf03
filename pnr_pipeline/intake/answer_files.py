"""Answers as they are handed out: a name without personal data, and bytes that are the same each time they are made."""

from typing import NamedTuple

import msgspec

from pnr_pipeline.intake.answer_edifact import write_answer
from pnr_pipeline.intake.answer_rules import AnswerRules
from pnr_pipeline.intake.answers import (
    Acceptance,
    FindingPlace,
    QualityReport,
    ReceiptAnswer,
    Stored,
    acceptance,
    quality,
    receipt,
)
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.message import Message


class AnswerFile(NamedTuple):
    """One answer: the digest of what is answered and the level are its name."""

    name: str
    body: bytes


def receipt_file(stored: Stored) -> AnswerFile:
    """Level 1: `<digest of the transmission>.receipt.json`."""
    return AnswerFile(f"{stored.digest}.receipt.json", _json(receipt(stored)))


def acceptance_file(message: Message, stored: Stored, rules: AnswerRules, *, reference: str) -> AnswerFile:
    """Level 2: `<digest of the interchange>-<ordinal>.accept.edi` where the carrier gets EDIFACT, else `.json`.

    `reference` is that of the EDIFACT answer, unique among what we send.
    """
    said = acceptance(message, stored, rules)
    form = rules.form(message)
    if form is None:
        return AnswerFile(f"{_stem(message)}.accept.json", _json(said))
    body = write_answer(form, message, said, reference=reference, prepared_at=stored.received_at)
    return AnswerFile(f"{_stem(message)}.accept.edi", body)


def quality_files(message: Message, stored: Stored, rulebook: Rulebook) -> tuple[AnswerFile, AnswerFile]:
    """Level 3: `<digest of the interchange>-<ordinal>.quality.json`, and the same to be read, `.quality.txt`."""
    report = quality(message, stored, rulebook)
    stem = _stem(message)
    return (
        AnswerFile(f"{stem}.quality.json", _json(report)),
        AnswerFile(f"{stem}.quality.txt", quality_text(report).encode()),
    )


def quality_text(report: QualityReport) -> str:
    """The report for a reader: a summary, then rule by rule what is wrong, where, why, and how to mend it."""
    counts = report.counts
    lines = [
        f"{report.kind} {report.version}".rstrip() + (f", message {report.reference}" if report.reference else ""),
        f"flights: {', '.join(report.flights) or 'none'}",
        f"travellers: {report.travellers}, bookings: {report.bookings}",
        f"findings: {counts['E']} errors, {counts['W']} warnings, {counts['I']} notes",
        f"receipt: {report.receipt_id}",
    ]
    for rule in report.rules:
        lines += [
            "",
            f"{rule.severity} {rule.rule} {rule.what} ({rule.count}x)",
            f"    where: {'; '.join(map(_place, rule.places))}{'; …' if rule.count > len(rule.places) else ''}",
            f"    why:   {rule.why}",
            f"    fix:   {rule.fix}  [{rule.source}]",
            f"    right: {rule.example}",
        ]
    return "\n".join(lines) + "\n"


def _place(place: FindingPlace) -> str:
    parts = (
        place.segment,
        f"at byte {place.offset}" if place.offset >= 0 else "",
        f"traveller {place.traveller}" if place.traveller else "",
        f"reference {place.carrier_reference}" if place.carrier_reference else "",
        f"locator {place.locator}" if place.locator else "",
    )
    return " ".join(part for part in parts if part) or "the whole message"


def _stem(message: Message) -> str:
    return message.message_id.replace(":", "-")


def _json(answer: ReceiptAnswer | Acceptance | QualityReport) -> bytes:
    return msgspec.json.format(msgspec.json.encode(answer, order="deterministic"), indent=2) + b"\n"
