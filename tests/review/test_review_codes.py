import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.review import ReviewCodes
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_marks, load_memory_rules, load_offences, load_review_codes, load_sampling


def test_there_are_reasons_for_both_outcomes_and_a_link_for_each_kind() -> None:
    codes = load_review_codes()
    assert {reason.outcome for reason in codes.reasons.values()} == {"confirmed", "negative"}
    assert {code for code, link in codes.air_links.items() if link.direct_only} == {"offence-by-nature"}
    assert len(codes.air_links) == 4


@pytest.mark.law("SCR-5", "SCR-6")
def test_a_reviewer_confirms_or_rejects_for_these_reasons_and_no_other() -> None:
    """Judgment C-817/19, paragraphs 201 and 205 to 209: uniform practice, so a closed list."""
    codes = load_review_codes()
    told = {outcome: set[str]() for outcome in ("confirmed", "negative")}
    for code, reason in codes.reasons.items():
        told[reason.outcome].add(code)
    assert told["confirmed"] == {
        "same-document", "same-person", "same-person-other-spelling", "same-person-source-asked", "criterion-and-more",
    }  # fmt: skip
    assert told["negative"] == {
        "criterion-explained", "other-birth-date", "other-name", "other-sex", "other-nationality", "other-document",
        "too-little-evidence", "no-reasonable-suspicion", "no-air-link", "looks-discriminatory", "entry-outdated",
    }  # fmt: skip


@pytest.mark.law("SCR-2")
def test_an_offence_is_linked_to_the_flight_by_nature_as_means_as_preparation_or_as_escape() -> None:
    """Judgment C-817/19, paragraphs 154 to 157; only the first link is direct."""
    told = {code: link.direct_only for code, link in load_review_codes().air_links.items()}
    assert told == {
        "offence-by-nature": True,
        "flight-as-means": False,
        "flight-as-preparation": False,
        "flight-after-the-act": False,
    }


@pytest.mark.law("SCR-7")
def test_only_who_was_another_person_is_remembered_and_for_150_days_less_than_a_period_of_six_months() -> None:
    rules = load_memory_rules()
    assert set(rules.reasons) == {"other-birth-date", "other-name", "other-sex", "other-nationality", "other-document"}
    assert rules.days == 150


@pytest.mark.law("SCR-6")
def test_a_tenth_of_the_exclusions_is_shown_to_a_person() -> None:
    assert load_sampling().share == pytest.approx(0.1)


@pytest.mark.law("SCR-8")
def test_the_officer_for_data_protection_marks_an_act_lawful_or_unlawful_by_an_article() -> None:
    told = {mark.code: (mark.outcome, mark.article) for mark in load_marks().marks}
    assert told == {"in-order": ("lawful", "PNR 6(2)")} | {
        code: ("unlawful", article)
        for code, article in {
            "other-purpose": "PNR 1(2)", "no-case": "PNR 6(2)", "beyond-need": "LED 4(1)(c)", "no-order": "PNR 12(3)",
            "beyond-order": "PNR 12(3)", "no-suspicion": "PNR 6(6)", "discriminatory": "PNR 6(4)",
            "wrong-recipient": "PNR 7(1)", "kept-too-long": "PNR 12(1)", "insecure": "PNR 13(7)",
        }.items()
    }  # fmt: skip


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
