"""The rules are data: well-formed, used, and the only words of a finding."""

import re
from pathlib import Path

import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake import Rulebook
from pnr_pipeline.records import Finding
from pnr_pipeline.stores.rule_files import rule_texts

TEXTS = rule_texts("validation")
RULEBOOK = Rulebook.from_texts(TEXTS)
SOURCES = [
    path.read_text()
    for folder in ("intake", "wire")
    for path in (Path(__file__).parents[2] / "pnr_pipeline" / folder).rglob("*.py")
]


def test_each_rule_says_what_why_whence_and_how_to_mend():
    for rule in RULEBOOK:
        for text in (rule.what, rule.why, rule.source, rule.fix, rule.example):
            assert text.strip()
        assert rule.fix.endswith(".")
        assert rule.why.endswith(".")
        assert not rule.what.endswith(".")


def test_rules_named_in_code_are_in_the_book():
    named = {rule for source in SOURCES for rule in re.findall(r'"([A-Z]{3}-\d\d)"', source)}
    assert {"ENV-01", "NAM-01", "DOC-06"} <= named
    assert named <= {rule.id for rule in RULEBOOK}


def test_cases_of_transport_and_reader_have_their_words():
    around = {"type-b", "possible-duplicate", "byte-order-mark", "text-around", "wrapped", "typographic-quote"}
    assert around | {"separators-guessed", "una-short"} <= RULEBOOK["ENV-11"].cases.keys()
    assert {"bad-tag", "junk-before-tag", "break-in-segment", "lower-case-tag"} <= RULEBOOK["SYN-01"].cases.keys()


def test_a_finding_has_the_words_of_its_rule_and_case():
    assert RULEBOOK.finding(
        "NAT-01", offset=7, segment="NAT", traveller=2, case="form", detail="position 2"
    ) == Finding(
        rule="NAT-01",
        severity="W",
        offset=7,
        message="the nationality is not told by a code of three letters: position 2",
        segment="NAT",
        traveller=2,
    )
    assert RULEBOOK.finding("NAT-01").severity == "E"


def test_an_unknown_rule_or_case_is_our_bug():
    with pytest.raises(KeyError):
        RULEBOOK.finding("XXX-99")
    with pytest.raises(KeyError):
        RULEBOOK.finding("NAT-01", case="unheard-of")


def test_a_wrong_rule_file_is_told_with_its_line():
    name, text = next(iter(TEXTS.items()))
    with pytest.raises(RuleFault, match=r"rules/validation/\w+\.yaml:\d+:\d+"):
        Rulebook.from_texts(
            {name: text.replace("severity: W", "severity: Z", 1).replace("severity: E", "severity: Z", 1)}
        )
    with pytest.raises(RuleFault, match="stands twice"):
        Rulebook.from_texts({"a.yaml": text, "b.yaml": text})
