"""What the notice of a breach and the impact assessment must say, and who says it (LED art. 27, 28, 30, 31)."""

import pytest

from pnr_pipeline.stores.rulebooks import load_dpo_form


def told(name: str) -> dict[str, str]:
    """Of each section what the program fills in, `words` where people must write, and when it is asked for."""
    return {
        one.id: " ".join((*one.fill, *(["WORDS"] if one.words else []), *(["when late"] if one.when == "late" else [])))
        for one in load_dpo_form(name).sections
    }


@pytest.mark.law("RGT-6")
def test_a_breach_is_told_with_its_time_nature_numbers_contact_consequences_and_measures():
    form = load_dpo_form("breach")
    assert (form.id, form.cites.at) == ("breach", "art. 30, 31")
    assert told("breach") == {
        "time": "known_at told_at due_at in_time",
        "delay": "WORDS when late",
        "nature": "window scope WORDS",
        "numbers": "categories persons records states_of_persons",
        "contact": "officer controller",
        "consequences": "WORDS",
        "measures": "WORDS",
        "told_persons": "sealed WORDS",
    }


@pytest.mark.law("LOG-9")
def test_an_impact_assessment_describes_processing_necessity_risks_measures_and_remedies():
    form = load_dpo_form("impact-assessment")
    assert (form.id, form.cites.at) == ("impact-assessment", "art. 27, 28")
    assert told("impact-assessment") == {
        "responsible": "controller states officer supervisor approver",
        "description": "profile domain feeds kept lists_and_criteria recipients",
        "legal_basis": "legal_bases purposes",
        "periods": "retention",
        "necessity": "WORDS",
        "risks": "WORDS",
        "measures": "access controls deviations",
        "sites": "WORDS",
        "persons": "notice WORDS",
        "consultation": "answer_within",
    }
