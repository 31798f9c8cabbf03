from datetime import date

import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law import Law

RULE = """\
rule: eu.test.keep
question: How long?
requirement: [RET-1]
cites: {work: Directive (EU) 2016/681, at: "art. 12(1)", href: "http://data.europa.eu/eli/dir/2016/681/oj"}
evidence: T
status: confirmed
checked_on: 2026-11-23
answer: period
values:
  - {from: 2018-05-25, until: 2020-01-01, value: P5Y}
  - {from: 2021-01-01, value: P2Y}
  - {from: null, value: P1Y}
"""


@pytest.mark.parametrize(
    ("on", "value"),
    [("2018-05-24", None), ("2018-05-25", "P5Y"), ("2019-12-31", "P5Y"), ("2020-01-01", None), ("2026-11-23", "P2Y")],
)
def test_the_value_of_the_day_is_found_and_an_undated_one_never_is(on: str, value: str | None) -> None:
    answer = Law.from_texts({"rule.yaml": RULE}).in_force("eu.test.keep", date.fromisoformat(on))
    assert (answer.value if answer else None) == value


def test_an_answer_carries_work_article_and_requirement() -> None:
    answer = Law.from_texts({"rule.yaml": RULE}).value("eu.test.keep", date(2026, 11, 23))
    assert answer.because == "Directive (EU) 2016/681 art. 12(1) (RET-1)"


def test_a_rule_in_doubt_says_so_in_each_answer() -> None:
    text = RULE.replace("evidence: T", "evidence: S").replace("status: confirmed", "status: to be confirmed")
    answer = Law.from_texts({"rule.yaml": text}).value("eu.test.keep", date(2026, 11, 23))
    assert answer.because.endswith("(RET-1, to be confirmed)")


def test_a_day_without_an_answer_is_a_fault_where_one_is_needed() -> None:
    with pytest.raises(RuleFault, match=r"eu\.test\.keep is not in force on 2020-06-01"):
        Law.from_texts({"rule.yaml": RULE}).value("eu.test.keep", date(2020, 6, 1))


def test_an_unknown_rule_is_a_fault() -> None:
    with pytest.raises(RuleFault, match=r"no rule eu\.test\.other"):
        Law.from_texts({"rule.yaml": RULE}).value("eu.test.other", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("wrong", "right", "where", "what"),
    [
        ("value: P2Y", "value: two years", "1:1", "not a period"),
        ("evidence: T", "evidence: M", "1:1", "to be confirmed"),
        ("evidence: T", "evidence: X", "5:11", "evidence"),
        ("checked_on: 2026-11-23", "checked_on: yesterday", "7:13", "checked_on"),
        ("requirement: [RET-1]", "requirement: []", "3:14", "requirement"),
        ("requirement: [RET-1]", "requirement: [retention]", "3:15", "requirement.0"),
        ("from: 2021-01-01", "from: 2017-01-01", "1:1", "order of their dates"),
        ("answer: period", "answer: period\nperiod: P1Y", "9:9", "period: Extra inputs"),
        ("cites: {", "cites: {{", "5:1", "did not find expected"),
        ("{from: null, value: P1Y}", "{from: null}", "12:5", "values.2.value"),
        ("rule: eu.test.keep", "rule: Eu Test", "1:7", "rule"),
        ("answer: period", "answer: period\nanswer: period", "9:1", "answer: stands here twice"),
        ("{from: null, value: P1Y}", "{from: null, value: P1Y, value: P9Y}", "12:30", "value: stands here twice"),
    ],
)
def test_a_mistake_is_told_by_file_line_and_column(wrong: str, right: str, where: str, what: str) -> None:
    assert wrong in RULE
    with pytest.raises(RuleFault, match=what) as fault:
        Law.from_texts({"rules/law/keep.yaml": RULE.replace(wrong, right)})
    assert fault.value.where == f"rules/law/keep.yaml:{where}"


def test_an_id_used_twice_is_told_at_the_second_file() -> None:
    with pytest.raises(RuleFault, match=r"eu\.test\.keep is already in a\.yaml") as fault:
        Law.from_texts({"a.yaml": RULE, "b.yaml": RULE})
    assert fault.value.where == "b.yaml:1:7"


def test_a_rule_cannot_narrow_one_that_does_not_exist() -> None:
    with pytest.raises(RuleFault, match=r"no rule eu\.test\.gone") as fault:
        Law.from_texts({"a.yaml": RULE + "narrows: eu.test.gone\n"})
    assert fault.value.where == "a.yaml:13:10"


@pytest.mark.parametrize("text", ["", "[]", "- a", "just words", "rule: [", "\t", "&a [*a]", "&a {b: *a}"])
def test_a_file_that_is_no_rule_at_all_is_a_fault_and_no_crash(text: str) -> None:
    with pytest.raises(RuleFault, match=r"a\.yaml"):
        Law.from_texts({"a.yaml": text})
