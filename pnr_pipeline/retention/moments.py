"""When a record is masked and when it is deleted, each moment with its article."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.profile import PeriodClass, Profile
from pnr_pipeline.law.rules import Law
from pnr_pipeline.records import Domain

What = Literal["mask", "delete"]
KeyClass = Literal["ingest", "api", "S", "L", "backup"]

DELETES: dict[KeyClass, tuple[str, ...]] = {
    "ingest": ("eu.pnr.dead_letters",),
    "api": ("eu.api.delete", "eu.api.delete_regulation"),
    "S": ("eu.pnr.delete", "eu.pnr.delete_without_evidence"),
    "L": ("eu.pnr.delete",),
    "backup": ("eu.led.backup_period",),
}
"""Which rules of deletion hold for a class; of those in force the earliest counts."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is due, at which instant (aware UTC), and by which article."""

    what: What
    at: datetime
    because: str


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
    return earliest("delete", DELETES[key_class], start, law)


def earliest(what: What, rules: tuple[str, ...], start: datetime, law: Law) -> Moment:
    """The earliest moment that those of the `rules` give which are in force on the UTC day of `start`."""
    day = start.astimezone(UTC).date()
    answers = [answer for rule in rules if (answer := law.in_force(rule, day))]
    if not answers:
        raise RuleFault("rules/law", f"none of {', '.join(rules)} is in force on {day.isoformat()}")
    return min((Moment(what, answer.period.after(start), answer.because) for answer in answers), key=lambda due: due.at)
