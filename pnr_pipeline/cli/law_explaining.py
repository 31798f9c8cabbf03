"""A rule or a requirement in words: for an officer who asks why, and for whoever changes a rule."""

import ast
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import yaml

import pnr_pipeline
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Law, Profile, Rule
from pnr_pipeline.law.cases import read_cases
from pnr_pipeline.law.requirements import MatrixRow
from pnr_pipeline.stores.rule_files import case_texts, rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_matrix, load_profile, load_requirements

_EVIDENCE = {
    "T": "the text was read",
    "S": "from secondary sources: read the official text before relying on it",
    "M": "from memory: read the official text before relying on it",
}


def explained(what: str, on: date, profile: str | None) -> Iterator[str]:
    """Lines of text. UsageFault, with what is alike, for an id that is neither rule nor requirement."""
    law, rows = load_law(), {row.id: row for row in load_matrix()}
    chosen = load_profile(profile) if profile else None
    if what.upper() in rows:
        yield from _requirement(rows[what.upper()], law, on, chosen)
        return
    ids = [rule.rule for rule in law]
    if what not in ids:
        near = get_close_matches(what, [*ids, *rows], 3, 0.4)
        raise UsageFault(f"no rule or requirement {what}" + (f"; is it {' or '.join(near)}?" if near else ""))
    yield from _rule(law.rule(what), law, on)
    for requirement in law.rule(what).requirement:
        yield ""
        yield from _proved(rows[requirement])
        yield from _chosen(chosen, requirement)


def _requirement(row: MatrixRow, law: Law, on: date, profile: Profile | None) -> Iterator[str]:
    told = load_requirements()[row.id]
    yield f"{row.id}  {told.says}"
    yield f"source:    {told.source}"
    yield f"verified:  {told.seen} ({', '.join(told.verified)})"
    for rule in law:
        if row.id in rule.requirement:
            yield ""
            yield from _rule(rule, law, on)
    if other := [file for file in row.rules if not file.startswith("rules/law/")]:
        yield ""
        yield f"its data:  {', '.join(other)}"
    yield ""
    yield from _proved(row)
    yield from _chosen(profile, row.id)


def _rule(rule: Rule, law: Law, on: date) -> Iterator[str]:
    yield f"{rule.rule}  {rule.question}"
    answer = law.in_force(rule.rule, on)
    if answer:
        value = ", ".join(answer.value) if isinstance(answer.value, tuple) else answer.value
        clock = "" if rule.clock_starts == "none" else f", from {rule.clock_starts.replace('_', ' ')}"
        yield f"  on {on}: {value}{clock}"
    else:
        yield f"  on {on}: nothing, it is not in force"
    for dated in rule.values:
        start, until = dated.start or "a day that is not set yet", f" until {dated.until}" if dated.until else ""
        value = ", ".join(dated.value) if isinstance(dated.value, tuple) else dated.value
        yield f"  from {start}{until}: {value}{f' ({dated.because})' if dated.because else ''}"
    yield f"  article:   {rule.cites.work} {rule.cites.at}, {rule.cites.href}"
    yield f"  evidence:  {_EVIDENCE[rule.evidence]}; {rule.status}, checked on {rule.checked_on}"
    if rule.narrows:
        yield f"  narrows:   {rule.narrows}: {law.rule(rule.narrows).question}"
    for other in law:
        if other.narrows == rule.rule:
            yield f"  narrowed by {other.rule}: {other.question}"
    if rule.note:
        yield f"  note:      {rule.note}"
    file = next(name for name, text in rule_texts("law").items() if _id(text) == rule.rule)
    yield f"  file:      {file}"
    yield f"  asked by:  {', '.join(askers().get(rule.rule, ())) or 'no code: it is here to be read and held by tests'}"
    for case in read_cases(case_texts("law")[file.replace(".yaml", ".cases.yaml")], file):
        yield f"  case:      {case.name}"


def _proved(row: MatrixRow) -> Iterator[str]:
    yield f"{row.id} is {row.status}" + (f", lacks {' and '.join(row.lacks)}" if row.lacks else "")
    if row.waiting:
        yield f"  waits for {row.waiting}: {row.why}"
    yield from (f"  test:      {test}" for test in row.tests)


def _chosen(profile: Profile | None, requirement: str) -> Iterator[str]:
    if profile is None:
        return
    for field, value in profile.choices(requirement):
        yield f"  profile {profile.id}: {field} = {value}"
    for deviation in profile.deviations:
        if deviation.requirement == requirement:
            yield f"  profile {profile.id} deviates, on the basis of {deviation.basis}"


def _id(text: str) -> str:
    return str(yaml.load(text, Loader=yaml.CSafeLoader)["rule"])


@cache
def askers() -> dict[str, tuple[str, ...]]:
    """Which modules of the package name a rule in their code (not in their words), by rule id."""
    root = Path(pnr_pipeline.__file__).parent
    found: dict[str, list[str]] = {}
    ids = {rule.rule for rule in load_law()}
    for path in sorted(root.rglob("*.py")):
        source = path.read_text("utf-8")
        if '"eu.' not in source:
            continue
        constants = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
        for one in sorted({value for value in constants if isinstance(value, str)} & ids):
            found.setdefault(one, []).append(path.relative_to(root.parent).as_posix())
    return {rule: tuple(modules) for rule, modules in found.items()}
