"""Cases beside a rule of law (`<name>.cases.yaml`): sentences with a moment or a day, and what the law answers then."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, RootModel, StrictInt, model_validator

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import Dated, Law, Rule, Text


class Expect(RuleModel):
    """What must come out; what is not named is not asked."""

    due: bool | None = None
    in_force: bool | None = None
    value: StrictInt | Text | tuple[Text, ...] | None = None
    undated: StrictInt | Text | tuple[Text, ...] | None = None
    """The value of a day that is not set yet."""
    includes: Text | None = None
    excludes: Text | None = None
    narrows: Text | None = None
    clock: Text | None = None
    status: Literal["confirmed", "to be confirmed"] | None = None
    because: Text | None = None
    """A part of the reason that the answer carries, such as `art. 12(2) (RET-2)`."""


class LawCase(RuleModel):
    """A case: either `asked_on` a day, or something that `starts` and is `asked_at` a later moment (both aware)."""

    name: Text
    asked_on: date | None = None
    starts: AwareDatetime | None = None
    asked_at: AwareDatetime | None = None
    expect: Expect

    @model_validator(mode="after")
    def _asks_something(self) -> "LawCase":
        if not self.expect.model_fields_set:
            raise ValueError("a case that expects nothing cannot fail")
        if not ((self.expect.due is not None) == (self.starts is not None) == (self.asked_at is not None)):
            raise ValueError("`due` needs `starts` and `asked_at`, and they need `due`")
        if (self.asked_on is None) == (self.starts is None):
            raise ValueError("either `asked_on` or `starts`")
        return self

    @property
    def day(self) -> date:
        """The day on which the law is asked."""
        start = self.asked_on or self.starts
        assert start is not None  # the validator sees to it
        return start.date() if isinstance(start, datetime) else start


class LawCases(RootModel[Annotated[tuple[LawCase, ...], Field(min_length=1)]]):
    """The file: a list of cases."""


def read_cases(text: str, name: str) -> tuple[LawCase, ...]:
    """The cases in this YAML; RuleFault with `file:line:column` where it is wrong."""
    return read_rule(text, name, LawCases).root


def run_cases(law: Law, rule: Rule, text: str, name: str) -> Iterator[tuple[LawCase, RuleFault | None]]:
    """Each case beside `rule`, with the fault where the law answers otherwise than the case says."""
    for index, case in enumerate(read_cases(text, name)):
        wrong = next(_wrong(rule, law.in_force(rule.rule, case.day), case), None)
        yield case, fault_at(text, name, (index, "expect", wrong[0]), wrong[1]) if wrong else None


def _wrong(rule: Rule, answer: Dated | None, case: LawCase) -> Iterator[tuple[str, str]]:
    expect = case.expect
    if expect.in_force is not None and (answer is not None) is not expect.in_force:
        yield "in_force", f"the rule is {'' if answer else 'not '}in force on {case.day}"
    if expect.narrows is not None and rule.narrows != expect.narrows:
        yield "narrows", f"the rule narrows {rule.narrows}"
    last = rule.values[-1]
    if expect.undated is not None and (last.start is not None or last.value != expect.undated):
        yield "undated", f"the last value is {last.value}, from {last.start or 'a day that is not set'}"
    if expect.clock is not None and rule.clock_starts != expect.clock:
        yield "clock", f"the clock starts with {rule.clock_starts}"
    if expect.status is not None and rule.status != expect.status:
        yield "status", f"the rule is {rule.status}"
    asked = expect.model_fields_set & {"due", "value", "includes", "excludes", "because"}
    if answer is None:
        if asked:
            yield min(asked), f"the rule answers nothing on {case.day}"
        return
    if expect.due is not None:
        assert case.starts is not None and case.asked_at is not None
        ends = answer.period.after(case.starts)
        if (case.asked_at >= ends) is not expect.due:
            yield "due", f"it is due at {ends.isoformat()}"
    if expect.value is not None and answer.value != expect.value:
        yield "value", f"the answer is {answer.value}"
    if expect.includes is not None and expect.includes not in answer.items:
        yield "includes", f"{expect.includes} is not in the list"
    if expect.excludes is not None and expect.excludes in answer.items:
        yield "excludes", f"{expect.excludes} is in the list"
    if expect.because is not None and expect.because not in answer.because:
        yield "because", f"the reason is {answer.because}"
