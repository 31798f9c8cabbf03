"""A criterion as its file states it, and everything that is wrong or doubtful about the file (SCR-4, SCR-2)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, expression_place, fault_at, read_rule
from pnr_pipeline.screening.criteria.attributes import Attributes
from pnr_pipeline.screening.criteria.expression import ExpressionFault, facts_in
from pnr_pipeline.screening.list_formats.gathering import OFFENCES

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Person = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=300)]


class Condition(RuleModel):
    """One condition: `when` in CEL over the facts, `says` what it means in words for the officer and the judge."""

    id: Slug
    when: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    says: Words


class Criterion(RuleModel):
    """A criterion of art. 6(3)(b): fires where at least `minimum` incriminating conditions hold and no exonerating one.

    `necessity` says why it is needed and proportionate; `hits_a_month` is the number above which it must be looked at
    again; `review_by` the day of its next review. Dates are whole days, UTC. `confirmed` is False until the
    DPO was heard.
    """

    id: Slug
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Words
    author: Person
    offences: tuple[str, ...] = Field(min_length=1)
    necessity: Annotated[str, StringConstraints(strip_whitespace=True, min_length=60, max_length=2000)]
    incriminating: tuple[Condition, ...] = Field(min_length=1, max_length=12)
    exonerating: tuple[Condition, ...] = Field(min_length=1, max_length=12)
    minimum: Annotated[int, Field(ge=1, le=12)]
    valid_from: date
    expires: date
    review_by: date
    mode: Literal["shadow", "live"]
    hits_a_month: Annotated[int, Field(ge=1)]
    instruction: str = ""
    example: bool = False
    confirmed: bool = False

    @property
    def list_id(self) -> str:
        """What stands in the place of a list's id in a match."""
        return f"criteria:{self.id}"

    @property
    def entry_id(self) -> str:
        """What stands in the place of an entry's id: the version, so that another version is another hit."""
        return f"v{self.version}"

    @property
    def conditions(self) -> Iterator[tuple[str, int, Condition]]:
        """(`incriminating` or `exonerating`, place, condition)."""
        for kind in ("incriminating", "exonerating"):
            for place, condition in enumerate(getattr(self, kind)):
                yield kind, place, condition


class Remark(msgspec.Struct, frozen=True):
    """What is wrong (E) or doubtful (W) about a file: `where` is file:line:column, `clause` what it offends."""

    where: str
    severity: Literal["E", "W"]
    clause: str
    what: str


def check_criterion(text: str, name: str, attributes: Attributes) -> tuple[Criterion | None, list[Remark]]:
    """The criterion in a YAML text, None where it is refused, and every remark; `name` is the file's. Never raises."""
    try:
        criterion = read_rule(text, name, Criterion)
        remarks = [*_semantic(criterion, text, name, attributes)]
    except RuleFault as fault:
        return None, [Remark(fault.where, "E", "SCR-4", fault.what)]
    wrong = [
        one for path, condition in _paths(criterion) for one in _named(text, name, path, condition.when, attributes)
    ]
    remarks += wrong or _proxies(criterion, text, name, attributes)
    return (None if any(one.severity == "E" for one in remarks) else criterion), remarks


def read_criterion(text: str, name: str, attributes: Attributes) -> Criterion:
    """The criterion in a YAML text; RuleFault at the first place that is refused."""
    criterion, remarks = check_criterion(text, name, attributes)
    if criterion is None:
        first = next(one for one in remarks if one.severity == "E")
        raise RuleFault(first.where, f"{first.what} ({first.clause})")
    return criterion


def _paths(criterion: Criterion) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    for kind, place, condition in criterion.conditions:
        yield (kind, place, "when"), condition


def _semantic(criterion: Criterion, text: str, name: str, attributes: Attributes) -> Iterator[Remark]:
    for path, clause, what in _inconsistent(criterion, attributes):
        yield Remark(fault_at(text, name, path, "").where, "E", clause, f"{'.'.join(map(str, path))}: {what}")


def _inconsistent(criterion: Criterion, attributes: Attributes) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for place, code in enumerate(criterion.offences):
        if code not in OFFENCES:
            yield ("offences", place), "SCR-2", 'an offence is `terrorism` or a number of Annex II, "1" to "26"'
    if criterion.minimum > len(criterion.incriminating):
        yield ("minimum",), "SCR-4", "more than there are incriminating conditions: it could never fire"
    if criterion.expires <= criterion.valid_from:
        yield ("expires",), "SCR-4", "before `valid_from`, or the same day"
    if criterion.expires > attributes.latest_expiry(criterion.valid_from):
        yield (
            ("expires",),
            "SCR-4",
            "longer after `valid_from` than the law lets it be; review is regular",
        )
    if not criterion.valid_from <= criterion.review_by <= criterion.expires:
        yield ("review_by",), "SCR-4", "not between `valid_from` and `expires`"
    ids = [condition.id for _, _, condition in criterion.conditions]
    for number, (kind, place, condition) in enumerate(criterion.conditions):
        if condition.id in ids[:number]:
            yield (kind, place, "id"), "SCR-4", "used twice"


def _named(
    text: str, name: str, path: tuple[str | int, ...], expression: str, attributes: Attributes
) -> Iterator[Remark]:
    """What is wrong with one expression: a prohibited attribute, an unknown fact, a type, the language."""
    try:
        facts_in(expression)
    except ExpressionFault as fault:
        line, column = expression_place(text, path, fault.offset)
        where, what, clause = f"{name}:{line}:{column}", fault.what, "SCR-4"
        prohibited = attributes.prohibited_by(fault.name) if fault.name else None
        if prohibited:
            what, clause = (
                f"`{fault.name}`: no criterion may rest on {prohibited.attribute}",
                f"SCR-4, {prohibited.clause}",
            )
        yield Remark(where, "E", clause, what)


def _proxies(criterion: Criterion, text: str, name: str, attributes: Attributes) -> list[Remark]:
    """Whether the criterion can fire on stand-ins for a prohibited attribute alone, and on a single condition."""
    remarks = []
    alone = []
    for place, condition in enumerate(criterion.incriminating):
        groups = {proxy.group: proxy for fact in facts_in(condition.when) if (proxy := attributes.proxy_of(fact))}
        if groups and all(attributes.proxy_of(fact) for fact in facts_in(condition.when)):
            alone.append((place, groups))
    if len(alone) >= criterion.minimum:
        for place, groups in alone:
            where = fault_at(text, name, ("incriminating", place, "when"), "").where
            why = "; ".join(f"{proxy.group}: {proxy.why}" for proxy in groups.values())
            remarks.append(Remark(where, "W", "SCR-4, PNR 6(4)", f"the criterion can fire on this alone. {why}"))
    if criterion.minimum < 2:
        where = fault_at(text, name, ("minimum",), "").where
        remarks.append(
            Remark(
                where, "W", "SCR-4, CJ 198", "one condition is enough to fire: a criterion is targeted where two agree"
            )
        )
    return remarks
