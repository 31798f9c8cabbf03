from datetime import date

import msgspec
import pytest
from invented_persons import register

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.screening.list_register import read_register, unfit
from pnr_pipeline.stores.rule_files import rule_texts

COMPLETE = """
id: wanted
title: Invented wanted persons
owner: Invented police
legal_basis: Invented act, art. 1
offences: [terrorism, "4"]
domain: law_enforcement
kind: persons
quality: fact
update_duty: daily
review_by: 2099-01-01
"""
MANDATORY = [line.split(":")[0] for line in COMPLETE.strip().splitlines()]


def test_a_complete_entry_becomes_a_registration():
    registration = read_register(COMPLETE, "wanted.yaml").registration()
    assert (registration.id, registration.offences, registration.review_by) == (
        "wanted",
        ("terrorism", "4"),
        "2099-01-01",
    )
    assert registration.confirmed is False


@pytest.mark.law("SCR-3", "SEC-5")
@pytest.mark.parametrize("field", MANDATORY)
def test_an_entry_without_a_mandatory_field_is_refused_and_the_field_named(field):
    text = "\n".join(line for line in COMPLETE.splitlines() if not line.startswith(f"{field}:"))
    with pytest.raises(RuleFault, match=rf"wanted\.yaml.*\b{field}: Field required.*SCR-3"):
        read_register(text, "wanted.yaml")


@pytest.mark.law("SCR-2")
@pytest.mark.parametrize("offence", ['"27"', "theft", '"0"'])
def test_an_offence_outside_annex_ii_is_refused(offence):
    with pytest.raises(RuleFault, match="SCR-2"):
        read_register(COMPLETE.replace('[terrorism, "4"]', f"[{offence}]"), "wanted.yaml")


def test_columns_that_name_nothing_to_compare_are_refused():
    with pytest.raises(RuleFault, match="nothing to compare"):
        read_register(f"{COMPLETE}columns: {{dob: born}}\n", "wanted.yaml")


@pytest.mark.law("SCR-3")
def test_a_list_is_fit_until_the_day_of_its_review_and_not_a_day_longer():
    registration = register(review_by="2027-05-01")
    assert unfit(registration, date(2027, 5, 1)) == ""
    assert "review it with its owner" in unfit(registration, date(2027, 5, 2))


@pytest.mark.law("SCR-3")
@pytest.mark.parametrize("field", MANDATORY)
def test_a_registration_that_lost_a_field_is_unfit(field):
    empty = () if field == "offences" else ""
    assert field in unfit(msgspec.structs.replace(register(), **{field: empty}), date(2026, 1, 1))


def test_the_examples_that_are_shipped_are_complete_and_unconfirmed():
    texts = rule_texts("lists")
    assert len(texts) >= 2
    for name, text in texts.items():
        entry = read_register(text, name)
        assert entry.columns
        assert not entry.confirmed
