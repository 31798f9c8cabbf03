"""Cases beside a criterion: invented journeys that fire and that do not, run by `pnr criteria test`."""

from collections.abc import Iterator
from typing import Any

import msgspec

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import Text
from pnr_pipeline.screening.criteria.facts import Facts
from pnr_pipeline.screening.criteria.judging import Judge, Judgement


class Case(RuleModel):
    """One invented traveller: a sentence for a name, the facts, whether it fires, and which conditions hold if told."""

    name: Text
    facts: dict[str, dict[str, Any]]
    fires: bool
    holds: tuple[str, ...] | None = None


class Cases(RuleModel):
    """`<criterion>.cases.yaml`."""

    cases: tuple[Case, ...]


class CaseResult(msgspec.Struct, frozen=True):
    """One case run: `fault` says in words how it came out otherwise, '' where it did not."""

    name: str
    where: str
    fault: str


def run_cases(judge: Judge, text: str, name: str) -> Iterator[CaseResult]:
    """Every case of a file; RuleFault where the file is wrong or tells no case that fires and none that does not."""
    cases = read_rule(text, name, Cases).cases
    if {case.fires for case in cases} != {True, False}:
        raise RuleFault(name, "asks for a case that fires and one that does not")
    for index, case in enumerate(cases):
        where = fault_at(text, name, ("cases", index, "name"), "").where
        try:
            facts = msgspec.convert(case.facts, Facts)
            unknown = [
                f"{part}.{fact}" for part, told in case.facts.items() for fact in told if not _has(facts, part, fact)
            ]
        except msgspec.ValidationError as fault:
            raise fault_at(text, name, ("cases", index, "facts"), str(fault)) from None
        if unknown:
            raise fault_at(text, name, ("cases", index, "facts"), f"there is no fact {unknown[0]}")
        yield CaseResult(case.name, where, _otherwise(case, judge.judge(facts)))


def _has(facts: Facts, part: str, fact: str) -> bool:
    return hasattr(getattr(facts, part, None), fact)


def _otherwise(case: Case, judgement: Judgement) -> str:
    held = [one.condition.id for one in (*judgement.incriminating, *judgement.exonerating) if one.holds]
    if judgement.fires != case.fires:
        return f"{'fires' if judgement.fires else 'does not fire'}; conditions that hold: {', '.join(held) or 'none'}"
    if case.holds is not None and set(held) != set(case.holds):
        return f"conditions that hold: {', '.join(held) or 'none'}"
    return ""
