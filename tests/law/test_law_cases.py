"""Every `*.cases.yaml` of `rules/law/` is run, and the set of rules is looked at as a whole."""

from pathlib import Path

import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.cases import read_cases, run_cases
from pnr_pipeline.stores.rule_files import case_texts, rule_texts
from pnr_pipeline.stores.rulebooks import load_law

LAW = load_law()
RULES = {".".join(Path(name).with_suffix("").parts[2:]): name for name in rule_texts("law")}
CASES = case_texts("law")
API = CASES["rules/law/eu/api/delete.cases.yaml"]


@pytest.mark.parametrize("rule_id", [rule.rule for rule in LAW])
def test_the_law_answers_as_the_cases_beside_each_rule_say(rule_id: str) -> None:
    name = RULES[rule_id].replace(".yaml", ".cases.yaml")
    told = [str(fault) for _, fault in run_cases(LAW, LAW.rule(rule_id), CASES[name], name) if fault]
    assert told == []


def test_each_rule_has_cases_and_each_file_is_named_for_its_rule() -> None:
    assert {rule.rule for rule in LAW} == set(RULES)
    assert {name.replace(".yaml", ".cases.yaml") for name in RULES.values()} == set(CASES)


def test_a_rule_that_is_to_be_confirmed_has_a_case_that_says_so_and_no_other_has() -> None:
    for rule in LAW:
        name = RULES[rule.rule].replace(".yaml", ".cases.yaml")
        told = {case.expect.status for case in read_cases(CASES[name], name)} - {None}
        assert told == ({"to be confirmed"} if rule.status == "to be confirmed" else set()), rule.rule


def test_every_address_of_a_source_is_official() -> None:
    hosts = {rule.cites.href.split("/")[2] for rule in LAW}
    assert hosts <= {"data.europa.eu", "eur-lex.europa.eu", "www.coe.int"}


@pytest.mark.parametrize(
    ("right", "wrong", "place", "what"),
    [
        ("due: false", "due: true", "4:17", "due at 2026-11-24T08:00:00"),
        ("{due: false}", "{due: false, value: PT48H}", "4:31", "the answer is PT24H"),
        ("{due: false}", "{due: false, in_force: false}", "4:34", "the rule is in force"),
        ("{due: false}", "{due: false, status: to be confirmed}", "4:32", "the rule is confirmed"),
        ("{due: false}", "{due: false, narrows: eu.pnr.delete}", "4:33", "the rule narrows None"),
        ("{due: false}", "{due: false, clock: commit}", "4:31", "starts with receipt_by_authority"),
        ("{due: false}", "{due: false, undated: PT24H}", "4:33", "from 2006-09-05"),
        ("{due: false}", "{due: false, because: RET-9}", "4:33", "RET-4"),
        ("starts: 2026-11-23", "starts: 2001-11-23", "4:17", "answers nothing on 2001-11-23"),
    ],
)
def test_a_case_that_comes_out_otherwise_is_told_at_its_place(right: str, wrong: str, place: str, what: str) -> None:
    assert right in API
    rule = LAW.rule("eu.api.delete")
    first = next(fault for _, fault in run_cases(LAW, rule, API.replace(right, wrong, 1), "a.yaml") if fault)
    assert what in first.what
    assert first.where == f"a.yaml:{place}"


def test_a_list_is_asked_for_what_it_names_and_what_it_does_not() -> None:
    rule = LAW.rule("eu.pnr.purposes")
    text = "- {name: one, asked_on: 2026-11-23, expect: {%s}}\n"
    for asked, what in (("includes: d", "d is not in the list"), ("excludes: a", "a is in the list")):
        (fault,) = (fault for _, fault in run_cases(LAW, rule, text % asked, "a.yaml"))
        assert fault is not None
        assert what in fault.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "at least 1 item"),
        ("- {name: one, asked_on: 2026-11-23, expect: {}}", "expects nothing"),
        ("- {name: one, asked_on: 2026-11-23, expect: {due: true}}", "`due` needs"),
        ("- {name: one, expect: {in_force: true}}", "either `asked_on` or `starts`"),
        ("- {name: one, asked_on: 2026-11-23, expect: {colour: red}}", "colour"),
    ],
)
def test_a_file_of_cases_that_cannot_fail_is_refused(text: str, what: str) -> None:
    with pytest.raises(RuleFault, match=what):
        read_cases(text, "a.yaml")
