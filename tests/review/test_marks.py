"""The grounds of the data-protection officer, with the articles that they stand on."""

import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.review import Marks
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_marks

ARTICLES = {
    "other-purpose": "PNR 1(2)", "no-case": "PNR 6(2)", "beyond-need": "LED 4(1)(c)", "no-order": "PNR 12(3)",
    "beyond-order": "PNR 12(3)", "no-suspicion": "PNR 6(6)", "discriminatory": "PNR 6(4)",
    "wrong-recipient": "PNR 7(1)", "kept-too-long": "PNR 12(1)", "insecure": "PNR 13(7)",
}  # fmt: skip


@pytest.mark.law("SCR-8")
def test_each_ground_fits_one_outcome_and_names_its_article():
    marks = load_marks()
    assert {code: one.article for code, one in marks.of("unlawful").items()} == ARTICLES
    assert {code: one.article for code, one in marks.of("lawful").items()} == {"in-order": "PNR 6(2)"}
    assert not marks.of("seen")


def test_a_code_stands_once():
    text = rule_texts("review")["rules/review/marks.yaml"]
    with pytest.raises(RuleFault, match="used twice"):
        read_rule(text.replace("code: no-case", "code: insecure"), "marks.yaml", Marks)
