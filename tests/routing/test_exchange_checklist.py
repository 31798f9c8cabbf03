"""Who answers each condition of an exchange with units, Europol and third countries (DIS-5 to DIS-7)."""

import pytest

from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.routing.exchange import ChecklistFile
from pnr_pipeline.stores.rule_files import rule_texts

FILE = "rules/exchange/checklist.yaml"
BY_PROGRAM = """
    identified_by_review for_listed_offence reasoned_request specific_case approved_order emergency copy_to_own_unit
    through_national_unit electronic_request within_competence europol_dpo_informed over_siena these_purposes_only
    onward_only_if_strictly_necessary_and_agreed conditions_of_art_9_2 originating_state_agreed adequacy safeguards
"""
BY_OFFICER = """
    relevant_and_necessary strictly_necessary competent_authority intended_use_ascertained specific_actual_threat
    no_time_to_ask derogation
"""


@pytest.mark.law("DIS-5", "DIS-6", "DIS-7")
def test_the_program_answers_what_is_stored_or_signed_and_an_officer_what_must_be_judged():
    told = {one.item: one.answered_by for one in read_rule(rule_texts("exchange")[FILE], FILE, ChecklistFile).items}
    assert told == dict.fromkeys(BY_PROGRAM.split(), "program") | dict.fromkeys(BY_OFFICER.split(), "officer")
