"""Change every value and condition in `rules/`, one at a time, and see a test fail: `make mutate`.

    python tests/mutation/run.py                          all of it: some 9,000 changes, half an hour of one processor
    python tests/mutation/run.py --only 'rules/law/*'     the law alone
    python tests/mutation/run.py --sample 12 --seed 7     the short form

A change is found by the file's own form, by the cases beside a rule of law, or by the tests that `depends.yaml` names
for its file, run in a forked process that reads a copy of the rules. What no test finds survives, and must stand in
`survivors.yaml` with its reason. The control, a comment more in a file of each group, must survive, else the run tells
nothing. Prose and provenance (`mutations.PROSE`) are not changed; their form is checked when a file is read. Exit code
1 where a survivor is not listed, or the control does not hold.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from traceback import print_exc
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from forks import ForkingSession, preload  # noqa: E402  from this folder, which is no package
from mutations import PROSE, Mutation, comment_mutation, mutations  # noqa: E402

WORKERS = min(2, os.cpu_count() or 1)


class Change(NamedTuple):
    """One mutation of a file of rules; `control` marks one that nothing may find."""

    name: str
    mutation: Mutation
    control: bool = False

    @property
    def group(self) -> str:
        """`rules/law`, `rules/screening` …"""
        return "/".join(self.name.split("/")[:2])

    @property
    def told(self) -> str:
        """Where it is and what it does, for people."""
        return f"{self.name}:{self.mutation.line} {self.mutation.path}: {self.mutation.what}"


class Verdict(NamedTuple):
    """What found the change of this number (`form`, `cases`, a test; '' nothing), and in how many seconds."""

    number: int
    by: str
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutate the rules and run their tests.")
    parser.add_argument("--only", nargs="+", default=[], metavar="PATTERN", help="rule files, as 'rules/law/*'")
    parser.add_argument("--sample", type=int, default=0, help="so many mutations, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument(
        "--depends", default=str(HERE / "depends.yaml"), help="another map of tests, to see the run fail"
    )
    parser.add_argument("--survivors", default=str(HERE / "survivors.yaml"), help="`none` lists none")
    asked = parser.parse_args()
    os.environ["HYPOTHESIS_PROFILE"] = "ci"
    os.chdir(ROOT)
    depends: dict[str, list[str]] = yaml.safe_load(Path(asked.depends).read_text("utf-8"))
    chosen = list(_chosen(asked.only))
    if asked.sample:
        chosen = random.Random(asked.seed).sample(chosen, min(asked.sample, len(chosen)))
    one_of_each = {str(_tests(one.name, depends)): one.name for one in chosen}
    controls = [Change(name, comment_mutation(_text(name)), control=True) for name in one_of_each.values()]
    preload({test for one in chosen for test in _tests(one.name, depends)})
    listed = [] if asked.survivors == "none" else yaml.safe_load(Path(asked.survivors).read_text("utf-8"))
    return _report(chosen, controls, _run(controls + chosen, depends, asked.workers), listed)


def _run(changes: list[Change], depends: dict[str, list[str]], workers: int) -> Iterator[tuple[Change, Verdict]]:
    """Every change with its verdict, as they come from the workers; a worker that ends before its time is an error."""
    forks = get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        busy = []
        for at in range(workers):
            ours, theirs = forks.Pipe()
            told = (changes, depends, theirs, Path(folder) / str(at))
            forks.Process(target=_worker, args=told, daemon=True).start()
            theirs.close()
            busy.append(ours)
        numbers = iter(range(len(changes)))
        for line in busy:
            line.send(next(numbers, None))
        busy = busy[: len(changes)]
        while busy:
            for line in wait(busy):
                assert isinstance(line, Connection)
                try:
                    verdict = line.recv()
                except EOFError:
                    raise RuntimeError("a worker failed: this run tells nothing") from None
                number = next(numbers, None)
                line.send(number)
                if number is None:
                    busy.remove(line)
                yield changes[verdict.number], verdict


def _worker(changes: list[Change], depends: dict[str, list[str]], line: Connection, folder: Path) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    rules = folder / "rules"
    shutil.copytree(ROOT / "rules", rules)

    def judge(session: ForkingSession) -> None:
        for number in iter(line.recv, None):
            start, (name, mutation, _) = monotonic(), changes[number]
            try:
                by = _by_form(name, mutation.text) or session.failing(name, mutation.text, _tests(name, depends))
            except BaseException:
                print_exc(file=sys.__stderr__)  # pytest has the other one
                raise
            if session.forked:
                return
            line.send(Verdict(number, by, monotonic() - start))

    ForkingSession(rules, judge).run(folder)


def _report(
    chosen: list[Change],
    controls: list[Change],
    verdicts: Iterator[tuple[Change, Verdict]],
    listed: list[dict[str, str]],
) -> int:
    start, found, seconds = monotonic(), defaultdict[str, Counter[str]](Counter), Counter[str]()
    unlisted = []
    for change, verdict in verdicts:
        if change.control:
            if verdict.by:
                print(f"{change.told} was found by {verdict.by}: this run tells nothing")
                return 1
            continue
        reason = "" if verdict.by else _reason(listed, change)
        by = Path(verdict.by.partition("::")[0]).stem
        found[change.group][by or ("listed" if reason else "unlisted")] += 1
        seconds[change.group] += verdict.seconds
        if not verdict.by:
            print(f"{change.told} survives", flush=True)
            if not reason:
                unlisted.append(change)
    for group, by in sorted(found.items()):
        changes, survived = by.total(), by["listed"] + by["unlisted"]
        told = ", ".join(f"{count} by {name}" for name, count in by.most_common() if not name.endswith("listed"))
        print(f"{group}: {changes} changes in {seconds[group]:,.0f} s: found {told or 'none'}; {survived} survive")
    survived = sum(by["listed"] + by["unlisted"] for by in found.values())
    print(f"{len(chosen)} mutations in {monotonic() - start:,.0f} s; {survived} survive, {len(unlisted)} not listed")
    print(f"control: a comment more in {len(controls)} files survives, as it must")
    print(f"not changed: prose and provenance, which is what stands under {', '.join(sorted(PROSE))}")
    for one in unlisted:
        print(f"not in survivors.yaml: {one.told}")
    return 1 if unlisted else 0


def _reason(listed: list[dict[str, str]], one: Change) -> str:
    fits = (
        entry
        for entry in listed
        if fnmatchcase(one.name, entry["file"])
        and fnmatchcase(one.mutation.path, entry["path"])
        and fnmatchcase(one.mutation.what, entry.get("what", "*"))
    )
    return next((entry["reason"] for entry in fits), "")


def _tests(name: str, depends: dict[str, list[str]]) -> list[str]:
    return next(tests for pattern, tests in depends.items() if fnmatchcase(name, pattern))


def _chosen(only: list[str]) -> Iterator[Change]:
    from pnr_pipeline.stores.rule_files import rule_texts

    for name, text in rule_texts("").items():
        if not only or any(fnmatchcase(name, pattern) for pattern in only):
            yield from (Change(name, one) for one in mutations(text, _closed(name)))


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


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main())
