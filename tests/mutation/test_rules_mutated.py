"""The harness itself, and its short form: a seeded sample of the rules, each change found or listed with its reason."""

import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from mutations import comment_mutation, mutations

from pnr_pipeline.stores.rule_files import rule_texts

HERE = Path(__file__).parent
TEXT = """\
rule: eu.test.keep
question: How long?
requirement: [RET-1, RET-2]
values:
  - {from: 2018-05-25, value: P5Y}
  - from: null
    value: PT24H
open: true
share: 0.1
count: 3
state: live
when: facts.a > 1
"""
CLOSED = {"state": frozenset({"live", "shadow"})}


def _told(text: str) -> set[tuple[str, str]]:
    return {(one.path, one.what) for one in mutations(text, CLOSED)}


def test_each_value_is_changed_by_its_kind_and_prose_is_not():
    assert _told(TEXT) == {
        ("rule", "another word"),
        ("requirement[0]", "item dropped"), ("requirement[1]", "item dropped"),
        ("values[0]", "item dropped"), ("values[1]", "item dropped"),
        ("values[0].from", "+1 day"), ("values[0].from", "-1 day"),
        ("values[0].value", "+1 unit"), ("values[0].value", "-1 unit"),
        ("values[1].from", "a day set"), ("values[1].value", "+1 unit"), ("values[1].value", "-1 unit"),
        ("open", "turned round"), ("share", "+1"), ("share", "-1"), ("count", "+1"), ("count", "-1"),
        ("state", "another of the set"), ("when", "condition negated"),
        ("when", "+1 of number 1"), ("when", "-1 of number 1"),
    }  # fmt: skip


def test_each_mutation_changes_its_value_alone():
    before = yaml.safe_load(TEXT)
    for one in mutations(TEXT, CLOSED):
        after = yaml.safe_load(one.text)
        assert sum(before[key] != after[key] for key in before) == 1, one
    assert {one.text for one in mutations(TEXT, CLOSED) if one.path == "values[0].value"} == {
        TEXT.replace("P5Y", "P6Y"), TEXT.replace("P5Y", "P4Y"),
    }  # fmt: skip


def test_every_rule_file_of_law_can_be_mutated_and_stays_yaml():
    for name, text in rule_texts("law").items():
        found = list(mutations(text, {}))
        assert len(found) >= 5, name
        for one in found[:3]:
            assert yaml.safe_load(one.text) != yaml.safe_load(text)


def test_a_comment_changes_nothing():
    assert yaml.safe_load(comment_mutation(TEXT).text) == yaml.safe_load(TEXT)


def test_every_listed_survivor_has_a_reason_and_a_file():
    for one in yaml.safe_load((HERE / "survivors.yaml").read_text("utf-8")):
        assert {"file", "path", "reason"} <= set(one) <= {"file", "path", "what", "reason"}
        assert len(one["reason"]) > 20
        assert list((HERE.parent.parent).glob(one["file"])), one["file"]


def test_every_rule_file_has_tests_that_are_there():
    depends = yaml.safe_load((HERE / "depends.yaml").read_text("utf-8"))
    for name in rule_texts(""):
        tests = next((tests for pattern, tests in depends.items() if fnmatchcase(name, pattern)), [])
        assert tests, f"{name}: name its tests in tests/mutation/depends.yaml"
        assert all((HERE.parent.parent / test).is_file() for test in tests), name


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / "run.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("only", "sample"), [(("rules/law/*",), "25"), (("rules/intake/*", "rules/routing/*", "rules/staff/*"), "20")]
)
def test_each_change_of_a_sample_of_the_rules_is_found(only, sample):
    done = _run("--only", *only, "--sample", sample, "--seed", "20261123")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{sample} mutations in" in done.stdout
    assert "0 survive" in done.stdout
    assert "a comment more in" in done.stdout


def test_what_no_test_sees_survives_and_fails_the_run(tmp_path):
    """The negative control: a group whose test looks at nothing finds no change."""
    blind = tmp_path / "test_blind.py"
    blind.write_text("def test_nothing(): ...\n")
    depends = tmp_path / "depends.yaml"
    depends.write_text(f'"rules/*": [{blind}]\n')
    done = _run("--only", "rules/feeds/*", "--sample", "2", "--depends", str(depends), "--survivors", "none")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("not in survivors.yaml") == 2


@pytest.mark.soak
def test_every_mutation_of_every_rule_is_found_or_listed():
    done = _run()
    assert done.returncode == 0, done.stdout
