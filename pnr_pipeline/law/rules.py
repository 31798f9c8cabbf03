"""Law as data: one question a file, dated values, and answers that carry their article.

A rule is never edited when the law changes: a value with a later `from` is added and the old one stays. A judgment
or an exception is a file of its own that names the rule it narrows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictInt, StringConstraints, model_validator

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.period import Period
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[0-9]{1,2}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")]

Answer = Literal["period", "moment", "duty", "list", "number"]
"""A list is closed: what it does not name is not meant. A number is a count, its unit is in the question."""

Clock = Literal[
    "receipt_by_piu",
    "receipt_by_authority",
    "receipt_by_carrier",
    "commit",
    "entry_of_log",
    "scheduled_flight",
    "request",
    "knowledge",
    "decision",
    "none",
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+ -]*$")]
Value = StrictInt | Text | Annotated[tuple[Code, ...], Field(min_length=1)]


_MOMENT = re.compile(r"(at|after|once|scheduled)_")
_FORMS: dict[Answer, type] = {"period": str, "moment": str, "duty": str, "list": tuple, "number": int}


class Cites(RuleModel):
    """Where the law says it: the work, the article or paragraph in it, and its address."""

    work: Text
    at: Text
    href: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class DatedValue(RuleModel):
    """A value in force from `start` (inclusive) to `until` (exclusive); `start` is None while the date is not set."""

    start: date | None = Field(alias="from")
    until: date | None = None
    value: Value
    because: Text | None = None
    """Why it starts then: the article on application, or the day of a judgment."""


class Rule(RuleModel):
    """One question of law and its answers over time."""

    rule: RuleId
    question: Text
    requirement: Annotated[tuple[RequirementId, ...], Field(min_length=1)]
    cites: Cites
    evidence: Literal["T", "S", "M"]
    status: Literal["confirmed", "to be confirmed"]
    checked_on: date
    narrows: RuleId | None = None
    answer: Answer
    clock_starts: Clock = "none"
    values: Annotated[tuple[DatedValue, ...], Field(min_length=1)]
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Rule":
        if self.evidence != "T" and self.status == "confirmed":
            raise ValueError("evidence S or M is to be confirmed before it can be 'confirmed'")
        for dated in self.values:
            if not isinstance(dated.value, _FORMS[self.answer]):
                raise ValueError(f"a rule that answers with a {self.answer} has another kind of value")
            if self.answer == "period":
                Period.parse(str(dated.value))
            elif isinstance(dated.value, str) and bool(_MOMENT.match(dated.value)) is not (self.answer == "moment"):
                raise ValueError("a moment begins with at_, after_, once_ or scheduled_, and a duty does not")
            if self.answer == "duty" and re.fullmatch(r"P[0-9T].*", str(dated.value)):
                raise ValueError("a duty is told in words, a period by a rule that answers with one")
            if isinstance(dated.value, tuple) and len(set(dated.value)) < len(dated.value):
                raise ValueError("a list names each item once")
        starts = [dated.start for dated in self.values]
        dates = [start for start in starts if start is not None]
        if dates != sorted(set(dates)) or None in starts[:-1]:
            raise ValueError("values stand in the order of their dates, each once, an undated one last")
        return self


@dataclass(frozen=True, slots=True)
class Dated:
    """What the law answers on a day: the value and why, ready to be stored beside the act."""

    rule: str
    value: str | int | tuple[str, ...]
    because: str
    status: str

    @property
    def period(self) -> Period:
        """The value as a period; ValueError where the rule does not answer with one."""
        return Period.parse(str(self.value))

    @property
    def number(self) -> int:
        """The value as a number; ValueError where the rule does not answer with one."""
        if isinstance(self.value, int):
            return self.value
        raise ValueError(f"{self.rule} answers with no number")

    @property
    def items(self) -> tuple[str, ...]:
        """The closed list; ValueError where the rule does not answer with one."""
        if isinstance(self.value, tuple):
            return self.value
        raise ValueError(f"{self.rule} answers with no list")


class Law:
    """All rules of `rules/law/`, asked by id and day."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = dict(sorted(rules.items()))

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "Law":
        """The law that these files (name → YAML text) hold.

        Raises RuleFault with `file:line:column` for a file that is not a rule, an id used twice, or a rule that
        narrows one which does not exist.
        """
        rules: dict[str, Rule] = {}
        names: dict[str, str] = {}
        for name, text in sorted(texts.items()):
            rule = read_rule(text, name, Rule)
            if rule.rule in rules:
                raise fault_at(text, name, ("rule",), f"{rule.rule} is already in {names[rule.rule]}")
            rules[rule.rule], names[rule.rule] = rule, name
        for rule in rules.values():
            if rule.narrows and rule.narrows not in rules:
                name = names[rule.rule]
                raise fault_at(texts[name], name, ("narrows",), f"no rule {rule.narrows}")
        return cls(rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; RuleFault when there is none."""
        try:
            return self._rules[rule_id]
        except KeyError:
            raise RuleFault("rules/law", f"no rule {rule_id}") from None

    def in_force(self, rule_id: str, on: date) -> Dated | None:
        """What the rule answers on that day (UTC); None when it answers nothing yet, or no longer."""
        rule = self.rule(rule_id)
        for dated in reversed(rule.values):
            if dated.start is not None and dated.start <= on and (dated.until is None or on < dated.until):
                return Dated(rule.rule, dated.value, _because(rule), rule.status)
        return None

    def value(self, rule_id: str, on: date) -> Dated:
        """As `in_force`, for a rule that must answer: RuleFault when it is not in force on that day."""
        dated = self.in_force(rule_id, on)
        if dated is None:
            raise RuleFault("rules/law", f"{rule_id} is not in force on {on.isoformat()}")
        return dated


def _because(rule: Rule) -> str:
    """`Directive (EU) 2016/681 art. 12(2) (RET-2)`, and whether it is still to be confirmed."""
    doubt = "" if rule.status == "confirmed" else ", to be confirmed"
    return f"{rule.cites.work} {rule.cites.at} ({', '.join(rule.requirement)}{doubt})"
