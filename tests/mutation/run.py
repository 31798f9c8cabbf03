"""Change every value and condition in `rules/`, one at a time, and see a test fail: `make mutate`.

    python tests/mutation/run.py                          all of it: some 8,000 changes, hours on two cores
    python tests/mutation/run.py --only 'rules/law/*'     the law alone: a minute or two
    python tests/mutation/run.py --sample 12 --seed 7     the short form

A change is found by the file's own form, by the cases beside a rule of law, or by the tests that `depends.yaml` names
for its file, run in a forked process that reads a copy of the rules. What no test finds survives, and must stand in
`survivors.yaml` with its reason. The control, a comment more in a file of each group, must survive, else the run tells
nothing. Exit code 1 where a survivor is not listed, or the control does not hold.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from mutations import Mutation, comment_mutation, mutations  # noqa: E402  from this folder, which is no package

WORKERS = min(2, os.cpu_count() or 1)
SECONDS_MAX = 120
_depends = HERE / "depends.yaml"
_rules = ROOT / "rules"
"""The copy that this worker changes."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutate the rules and run their tests.")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="rule files, as rules/law/*")
    parser.add_argument("--sample", type=int, default=0, help="so many mutations, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--depends", default=str(_depends), help="another map of tests, to see the run fail")
    parser.add_argument("--survivors", default=str(HERE / "survivors.yaml"), help="`none` lists none")
    asked = parser.parse_args()
    globals()["_depends"] = Path(asked.depends)
    os.environ["HYPOTHESIS_PROFILE"] = "ci"
    os.chdir(ROOT)
    _preload()
    chosen = list(_chosen(asked.only))
    if asked.sample:
        chosen = random.Random(asked.seed).sample(chosen, min(asked.sample, len(chosen)))
    listed = [] if asked.survivors == "none" else yaml.safe_load(Path(asked.survivors).read_text("utf-8"))
    start, found, survivors = monotonic(), Counter[str](), list[tuple[str, Mutation]]()
    forks = get_context("fork")
    with tempfile.TemporaryDirectory() as folder, forks.Pool(asked.workers, _copy, (folder,)) as pool:
        one_of_each = {str(_tests(name)): name for name, _ in chosen}
        controls = [(name, comment_mutation(_text(name))) for name in one_of_each.values()]
        for (name, mutation), by in zip(controls, pool.imap(_killed, controls), strict=True):
            if by:
                print(f"{name}: {mutation.what} was found by {by}: this run tells nothing")
                return 1
        for (name, mutation), by in zip(chosen, pool.imap(_killed, chosen), strict=True):
            found[by or "nothing"] += 1
            if not by:
                survivors.append((name, mutation))
                print(f"{name}:{mutation.line} {mutation.path}: {mutation.what} survives", flush=True)
    spent = monotonic() - start
    told = ", ".join(f"{count} by {by}" for by, count in found.most_common() if by != "nothing")
    print(f"{len(chosen)} mutations in {spent:,.0f} s: found {told or 'none'}; {len(survivors)} survive")
    print(f"control: a comment more in {len(controls)} files survives, as it must")
    unlisted = [f"{name} {one.path}" for name, one in survivors if not _reason(listed, name, one)]
    for one in unlisted:
        print(f"not in survivors.yaml: {one}")
    return 1 if unlisted else 0


def _reason(listed: list[dict[str, str]], name: str, mutation: Mutation) -> str:
    fits = (one for one in listed if fnmatchcase(name, one["file"]) and fnmatchcase(mutation.path, one["path"]))
    return next((one["reason"] for one in fits), "")


def _chosen(only: list[str]) -> Iterator[tuple[str, Mutation]]:
    from pnr_pipeline.stores.rule_files import rule_texts

    for name, text in rule_texts("").items():
        if not only or any(fnmatchcase(name, pattern) for pattern in only):
            yield from ((name, one) for one in mutations(text, _closed(name)))


def _closed(name: str) -> dict[str, frozenset[str]]:
    """The closed sets of words of this kind of file, by key, from its published schema."""
    from pnr_pipeline.cli.rule_models import kind_of

    kind = kind_of(name)
    assert kind is not None, name
    return dict(_enums(kind.model.model_json_schema()))


def _enums(schema: Any) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(schema, dict):
        for key, told in schema.get("properties", {}).items():
            words = told.get("enum") if isinstance(told, dict) else None
            if words and len(words) > 1 and all(isinstance(word, str) for word in words):
                yield key, frozenset(words)
        for below in schema.values():
            yield from _enums(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from _enums(below)


def _killed(one: tuple[str, Mutation]) -> str:
    """What finds the mutation: the form, the cases, or the first of the tests; '' where nothing does."""
    name, mutation = one
    return _by_form(name, mutation.text) or _by_tests(name, mutation.text)


def _by_form(name: str, text: str) -> str:
    from pnr_pipeline.cli.rule_models import kind_of
    from pnr_pipeline.errors import RuleFault
    from pnr_pipeline.law import Law, Rule
    from pnr_pipeline.law.cases import run_cases
    from pnr_pipeline.law.rule_text import read_rule

    kind = kind_of(name)
    assert kind is not None, name
    try:
        told = read_rule(text, name, kind.model)
        if isinstance(told, Rule):
            rules, cases = _law()
            before, others = rules[name], {rule.rule: rule for file, rule in rules.items() if file != name}
            narrowed = any(rule.narrows == before.rule for rule in others.values())
            if told.rule in others or told.narrows not in {None, *others} or (narrowed and told.rule != before.rule):
                return "form"
            beside = name.replace(".yaml", ".cases.yaml")
            law = Law(others | {told.rule: told})
            if any(fault for _, fault in run_cases(law, told, cases[beside], beside)):
                return "cases"
    except RuleFault:
        return "form"
    return ""


@cache
def _law() -> tuple[dict[str, Any], dict[str, str]]:
    """The rules of law as they are, by file, and the texts of their cases: read once, as each mutation changes one."""
    from pnr_pipeline.law import Rule
    from pnr_pipeline.law.rule_text import read_rule
    from pnr_pipeline.stores.rule_files import case_texts, rule_texts

    return {name: read_rule(text, name, Rule) for name, text in rule_texts("law").items()}, case_texts("law")


def _by_tests(name: str, text: str) -> str:
    file = _rules / Path(name).relative_to("rules")
    before = file.read_text("utf-8")
    file.write_text(text, "utf-8")
    try:
        for tests in _tests(name):
            if not _passes(tests):
                return Path(tests).stem
    finally:
        file.write_text(before, "utf-8")
    return ""


def _tests(name: str) -> list[str]:
    depends: dict[str, list[str]] = yaml.safe_load(_depends.read_text("utf-8"))
    return next(tests for pattern, tests in depends.items() if fnmatchcase(name, pattern))


def _passes(tests: str) -> bool:
    """Run tests in a fork that reads the copy; a fork that fails otherwise, or hangs, does not pass."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS_MAX)
        os.environ["PNR_RULES"] = str(_rules)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        import pytest

        os._exit(
            pytest.main(
                ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning", tests]
            )
        )
    return os.waitpid(child, 0)[1] == 0


def _preload() -> None:
    """Import what most tests import, once, so that a fork need not; none of it reads rules when imported."""
    import hypothesis.strategies
    import pytest  # noqa: F401

    import pnr_pipeline.cli.law_checking
    import pnr_pipeline.intake
    import pnr_pipeline.screening
    import pnr_pipeline.stores.sql.store  # noqa: F401

    assert hypothesis.strategies


def _copy(folder: str) -> None:
    global _rules
    _rules = Path(folder) / str(os.getpid()) / "rules"
    shutil.copytree(ROOT / "rules", _rules)


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main())
