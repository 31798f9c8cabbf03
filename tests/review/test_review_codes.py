import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.review import ReviewCodes
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_offences, load_review_codes


def test_there_are_reasons_for_both_outcomes_and_a_link_for_each_kind() -> None:
    codes = load_review_codes()
    assert {reason.outcome for reason in codes.reasons.values()} == {"confirmed", "negative"}
    assert {code for code, link in codes.air_links.items() if link.direct_only} == {"offence-by-nature"}
    assert len(codes.air_links) == 4


def test_a_code_used_twice_is_told_at_its_place() -> None:
    texts = rule_texts("review")
    name = "rules/review/reasons.yaml"
    text = texts[name].replace("code: other-sex", "code: other-name")
    with pytest.raises(RuleFault, match="other-name is used twice") as fault:
        ReviewCodes.from_texts({**texts, name: text}, load_offences())
    line = [n for n, row in enumerate(text.splitlines(), 1) if "code: other-name" in row][1]
    assert fault.value.where.startswith(f"{name}:{line}:")


def test_a_missing_file_is_a_fault() -> None:
    with pytest.raises(RuleFault, match=r"air_links\.yaml: this file is missing"):
        ReviewCodes.from_texts({"reasons.yaml": rule_texts("review")["rules/review/reasons.yaml"]}, load_offences())
