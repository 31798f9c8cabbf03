"""What is wrong with rule files: form, references, cases, the floor of profiles; each fault with place and clause."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import yaml

from pnr_pipeline.cli.rule_models import KINDS, RuleKind, kind_of
from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law import Law, Profile
from pnr_pipeline.law.cases import run_cases
from pnr_pipeline.law.requirements import Requirements
from pnr_pipeline.law.rule_text import fault_at, read_rule
from pnr_pipeline.stores import rulebooks
from pnr_pipeline.stores.rule_files import case_texts, rule_texts

_CASES = ".cases.yaml"
_TOGETHER: tuple[Callable[[], object], ...] = (
    rulebooks.load_rulebook,
    rulebooks.load_feed_rules,
    rulebooks.load_answer_rules,
    rulebooks.load_attributes,
    rulebooks.load_review_codes,
    lambda: rulebooks.load_routing(rulebooks.load_profile()),
)
"""Files that must also hold together with each other."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong (`error`), or worth knowing (`note`), at a place; line and column from 1, 0 where there is none."""

    file: str
    line: int
    column: int
    kind: str
    severity: str
    what: str
    clause: str


class Checked(msgspec.Struct):
    """What was looked at, and what was found."""

    files: int = 0
    rules: int = 0
    cases: int = 0
    profiles: int = 0
    faults: list[Fault] = []


def check_rules(files: list[Path]) -> Checked:
    """Check these files, or all rules where none is named; UsageFault for one that is not there."""
    told = Checked()
    given = dict(_given(files)) if files else rule_texts("") | case_texts("")
    kinds = {name: kind for name, text in given.items() if (kind := _kind(name, text))}
    readable = {}
    for name, text in given.items():
        told.files += 1
        if name not in kinds:
            what = "no schema reads it: it is below no known folder of rules/, and no rule of law, cases or profile"
            told.faults.append(Fault(name, 1, 1, "form", "error", what, ""))
            continue
        try:
            read_rule(text, name, kinds[name].model)
        except RuleFault as fault:
            told.faults.append(_fault(fault, "form", _clause(text)))
        else:
            readable[name] = text

    def of_kind(kind: str) -> dict[str, str]:
        return {name: text for name, text in readable.items() if kinds[name].name == kind}

    requirements = rulebooks.load_requirements()
    for name, text in of_kind("profile").items():
        told.profiles += 1
        told.faults += _profile(name, text)
    for name, text in (of_kind("law") | of_kind("offences") | of_kind("profile")).items():
        told.faults += _references(name, text, requirements)
    told.faults += _law(of_kind("law"), of_kind("law-cases"), told, whole=not files)
    if not files and not told.faults:
        told.faults += _together()
    return told


def _given(files: list[Path]) -> Iterator[tuple[str, str]]:
    for path in files:
        if path.is_dir():
            for one in sorted(path.rglob("*.yaml")):
                yield str(one), one.read_text("utf-8")
        elif path.is_file():
            yield str(path), path.read_text("utf-8")
        else:
            raise UsageFault(f"no file {path}")


def _kind(name: str, text: str) -> RuleKind | None:
    """By the file's place below a folder `rules`, else by what stands in it, so that a draft may lie anywhere."""
    if kind := kind_of(str(Path(name).absolute()) if not name.startswith("rules/") else name):
        return kind
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        content = None
    keys = set(content) if isinstance(content, dict) else {"cases"} if isinstance(content, list) else set()
    by_key = {"clock_starts": "law", "answer": "law", "jurisdiction": "profile", "cases": "law-cases"}
    for key, wanted in by_key.items():
        if key in keys:
            return next(kind for kind in KINDS if kind.name == wanted)
    return None


def _profile(name: str, text: str) -> Iterator[Fault]:
    try:
        profile = Profile.from_text(text, name)
    except RuleFault as fault:
        yield _fault(fault, "floor", "C-817/19 ¶293: the floor of profiles")
        return
    for requirements, path, what in profile.below_floor():
        basis = "; ".join(one.basis for one in profile.deviations if one.requirement in requirements)
        yield _fault(fault_at(text, name, path, f"weaker than the EU text: {what}"), "deviation", basis, "note")


def _references(name: str, text: str, requirements: Requirements) -> Iterator[Fault]:
    content = yaml.load(text, Loader=yaml.CSafeLoader)
    known = {one.id for one in requirements.requirements}
    for index, one in enumerate(content.get("requirement", ())):
        if one not in known:
            yield _fault(fault_at(text, name, ("requirement", index), f"no requirement {one}"), "reference", "")


def _law(rules: Mapping[str, str], cases: Mapping[str, str], told: Checked, *, whole: bool) -> Iterator[Fault]:
    """The rules as one law (files at hand stand in for installed ones of their id), and the cases beside each."""
    told.rules = len(rules)
    ids = {yaml.load(text, Loader=yaml.CSafeLoader)["rule"] for text in rules.values()}
    others = {} if whole else {name: text for name, text in rule_texts("law").items() if _id(text) not in ids}
    try:
        law = Law.from_texts({**others, **rules})
    except RuleFault as fault:
        yield _fault(fault, "reference", "")
        return
    beside = {name.removesuffix(".yaml") + _CASES: name for name in (rules if rules else others)}
    for name, rule_name in beside.items():
        text = rules.get(rule_name) or others[rule_name]
        if name not in cases and name.replace("\\", "/") not in cases:
            if rule_name in rules and not Path(name).is_file():
                yield _fault(fault_at(text, rule_name, ("rule",), f"no cases beside it: {name}"), "case", _clause(text))
            if not Path(name).is_file():
                continue
        rule = law.rule(_id(text))
        read = cases[name] if name in cases else Path(name).read_text("utf-8")
        for _, wrong in run_cases(law, rule, read, name):
            told.cases += 1
            if wrong:
                yield _fault(wrong, "case", f"{rule.cites.work} {rule.cites.at}")
    for name in cases:
        if name not in beside and whole:
            yield Fault(name, 1, 1, "case", "error", "cases without their rule", "")


def _together() -> Iterator[Fault]:
    for load in _TOGETHER:
        try:
            load()
        except RuleFault as fault:
            yield _fault(fault, "reference", "")
    known = rule_texts("")
    for one in rulebooks.load_requirements().requirements:
        for file in one.rules:
            if file not in known:
                yield Fault(
                    "rules/requirements/requirements.yaml", 1, 1, "reference", "error", f"no file {file}", one.id
                )


def _id(text: str) -> str:
    return str(yaml.load(text, Loader=yaml.CSafeLoader)["rule"])


def _clause(text: str) -> str:
    """Work and article that a file cites, as far as it can be read; else the requirements it names."""
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return ""
    if not isinstance(content, dict):
        return ""
    cites = content.get("cites")
    if isinstance(cites, dict):
        return f"{cites.get('work', '')} {cites.get('at', '')}".strip()
    named = content.get("requirement")
    return ", ".join(map(str, named)) if isinstance(named, list) else ""


def _fault(fault: RuleFault, kind: str, clause: str, severity: str = "error") -> Fault:
    file, *place = fault.where.rsplit(":", 2)
    if len(place) == 2 and all(one.isdigit() for one in place):
        return Fault(file, int(place[0]), int(place[1]), kind, severity, fault.what, clause)
    return Fault(fault.where, 0, 0, kind, severity, fault.what, clause)
