"""When a record is masked and when it is deleted, each moment with its article."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.profile import PeriodClass, Profile
from pnr_pipeline.law.rules import Law, Rule
from pnr_pipeline.records import Domain

What = Literal["mask", "delete"]
KeyClass = Literal["ingest", "api", "absent", "S", "L", "backup", "evidence"]

DELETES: dict[KeyClass, tuple[str, ...]] = {
    "ingest": ("eu.pnr.dead_letters",),
    "api": ("eu.api.delete", "eu.api.delete_regulation"),
    "absent": ("eu.api.delete", "eu.api.delete_regulation"),
    "S": ("eu.pnr.delete", "eu.pnr.delete_without_evidence"),
    "L": ("eu.pnr.delete",),
    "evidence": ("eu.pnr.delete",),
    "backup": ("eu.led.backup_period",),
}
"""Which rules of deletion hold for a class; of those in force the earliest counts."""

_NOT_PRESENTED = "eu.r12.not_presented"
"""How much longer the data of those may be kept who did not come to the border."""

# the judgment names the directive too, so it comes first
_WORKS = {"CJ": "C-817/19", "PNR": "2016/681", "API": "2004/82", "R12": "2025/12", "R13": "2025/13", "LED": "2016/680"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What is due, at which instant (aware UTC), and by which article; `article` is its short form, for the log."""

    what: What
    at: datetime
    because: str
    article: str


def moments(
    profile: Profile,
    law: Law,
    received_at: datetime,
    domain: Domain = "law_enforcement",
    promoted: bool = False,
) -> tuple[Moment, ...]:
    """What must happen to a record received at `received_at` (aware), earliest first.

    The clock starts with receipt by the unit, not with the flight (RET-1). `promoted` is True only for a record with
    objective evidence, which lives on in class L after the sixth month (RET-3). Raises RuleFault for a day on which
    the law had no answer.
    """
    if domain == "border":
        return (deletion("api", received_at, law),)
    masked = earliest("mask", ("eu.pnr.mask",), received_at, law)
    return masked, deletion(period_class(profile, promoted), received_at, law)


def period_class(profile: Profile, promoted: bool = False) -> PeriodClass:
    """S (six months) unless the record was promoted on evidence, or a profile outside the EU keeps all."""
    return "L" if promoted else profile.period_class


def deletion(key_class: KeyClass, start: datetime, law: Law) -> Moment:
    """When what a key of this class seals must be gone, counted from `start` (aware)."""
    due = earliest("delete", DELETES[key_class], start, law)
    further = law.in_force(_NOT_PRESENTED, start.astimezone(UTC).date()) if key_class == "absent" else None
    if further is None:
        return due
    return Moment("delete", further.period.after(due.at), further.because, short_article(law.rule(_NOT_PRESENTED)))


def earliest(what: What, rules: tuple[str, ...], start: datetime, law: Law) -> Moment:
    """The earliest moment that those of the `rules` give which are in force on the UTC day of `start`."""
    day = start.astimezone(UTC).date()
    answers = [answer for rule in rules if (answer := law.in_force(rule, day))]
    if not answers:
        raise RuleFault("rules/law", f"none of {', '.join(rules)} is in force on {day.isoformat()}")
    first = min(answers, key=lambda answer: answer.period.after(start))
    return Moment(what, first.period.after(start), first.because, short_article(law.rule(first.rule)))


def short_article(rule: Rule) -> str:
    """The article as the log writes it: `PNR 12(2)`, `CJ 251`."""
    number = re.search(r"[0-9]+[a-z]?(\([0-9a-z]+\))*", rule.cites.at)
    work = next((short for short, name in _WORKS.items() if name in rule.cites.work), None)
    if work is None or number is None:
        raise RuleFault("rules/law", f"{rule.rule}: the log has no short form for what it cites")
    return f"{work} {number[0]}"
