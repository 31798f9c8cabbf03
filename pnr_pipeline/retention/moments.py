"""When a record is masked and when it is deleted, each moment with its article."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pnr_pipeline.law.period import Period
from pnr_pipeline.law.profile import PeriodClass, Profile
from pnr_pipeline.law.rules import Law
from pnr_pipeline.records import Domain

What = Literal["mask", "delete"]


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
    objective evidence, which lives on in class L after the sixth month (RET-3). A profile may shorten, never lengthen:
    of two moments the earlier counts.
    """
    if domain == "border":
        return (_earliest("delete", received_at, law, _border_rules(law, received_at), profile.delete_after),)
    masking = _earliest("mask", received_at, law, ("eu.pnr.mask",), profile.mask_after)
    rules: tuple[str, ...] = ("eu.pnr.delete",)
    if period_class(profile, promoted) == "S":
        rules += ("eu.pnr.delete_without_evidence",)
    return masking, _earliest("delete", received_at, law, rules, profile.delete_after)


def period_class(profile: Profile, promoted: bool = False) -> PeriodClass:
    """S (six months) unless the record was promoted on evidence, or a profile outside the EU keeps all."""
    return "L" if promoted else profile.period_class


def _border_rules(law: Law, received_at: datetime) -> tuple[str, ...]:
    """The deletion rule of the border domain that is in force on the day of receipt."""
    rules = ("eu.api.delete", "eu.api.delete_regulation")
    return tuple(rule for rule in rules if law.in_force(rule, received_at.date()))


def _earliest(what: What, start: datetime, law: Law, rules: tuple[str, ...], chosen: str | None) -> Moment:
    due = [(law.value(rule, start.date()).period.after(start), law.value(rule, start.date()).because) for rule in rules]
    if chosen:
        due.append((Period.parse(chosen).after(start), "the profile's own shorter period (LAW 10)"))
    at, because = min(due, key=lambda moment: moment[0])
    return Moment(what, at, because)
