from datetime import date
from typing import get_args

import pytest
import yaml

from pnr_pipeline.audit.entry import Act, Purpose
from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.requirements import Requirements, matrix
from pnr_pipeline.law.staff import Role
from pnr_pipeline.screening.list_register import ListRegister
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_feed_rules, load_law, load_requirements, load_review_codes
from pnr_pipeline.stores.staff_file import load_roles

NAME = "rules/requirements/requirements.yaml"
TEXT = rule_texts("requirements")[NAME]
AREAS = {"ING": 11, "SCR": 12, "DIS": 7, "RET": 10, "LOG": 9, "RGT": 7, "STA": 3, "SEC": 5}


def test_the_catalogue_has_every_requirement_of_the_eight_areas_once_and_in_order() -> None:
    ids = [one.id for one in load_requirements().requirements]
    assert ids == [f"{area}-{number}" for area, count in AREAS.items() for number in range(1, count + 1)]


def test_each_requirement_says_how_it_is_seen_to_hold() -> None:
    told = {one.id: one.verified for one in load_requirements().requirements}
    run = {one for one, verified in told.items() if "run" in verified}
    dpo = {one for one, verified in told.items() if "dpo" in verified}
    assert run == {"ING-5", "SCR-6", "SCR-9", "RET-8"}
    assert dpo == {"ING-4", "SCR-2", "SCR-4", "SCR-6", "SCR-10", "DIS-2", "LOG-9", "RGT-3", "RGT-6", "SEC-4"}
    no_gate = {one for one, verified in told.items() if "gate" not in verified}
    assert no_gate == {"ING-5", "SCR-6", "SCR-9", "SCR-10", "DIS-2", "LOG-9", "RGT-3", "RGT-6"}


def test_every_rule_of_law_serves_a_requirement_and_every_requirement_has_a_rule_of_law() -> None:
    ids = {one.id for one in load_requirements().requirements}
    served = {requirement for rule in load_law() for requirement in rule.requirement}
    assert served == ids


def test_files_beside_the_law_that_hold_data_of_a_requirement_are_there() -> None:
    held = {one.id: set(one.rules) for one in load_requirements().requirements if one.rules}
    assert set().union(*held.values()) <= set(rule_texts(""))
    assert held == {
        "ING-2": {"rules/intake/annex-i.yaml"},
        "ING-3": {"rules/intake/annex-i.yaml"},
        "ING-4": {"rules/intake/sensitive-codes.yaml", "rules/intake/sensitive-terms.yaml"},
        "ING-5": {"rules/feeds/timing.yaml"},
        "SCR-2": {"rules/offences/annex_ii.yaml", "rules/review/air_links.yaml"},
        "SCR-4": {"rules/criteria/attributes.yaml"},
        "SCR-6": {"rules/review/reasons.yaml", "rules/review/sampling.yaml", "rules/review/memory.yaml"},
        "SCR-7": {"rules/review/memory.yaml"},
        "DIS-1": {"rules/routing/units.yaml", "rules/routing/table.yaml"},
        "RET-2": {"rules/intake/annex-i.yaml"},
    }


def test_files_beside_the_law_name_the_requirements_that_they_hold() -> None:
    named = {name: yaml.safe_load(text) for name, text in rule_texts("").items() if not name.startswith("rules/law/")}
    told = {name: tuple(one["requirement"]) for name, one in named.items() if "requirement" in one}
    assert told == {
        "rules/criteria/attributes.yaml": ("SCR-4",),
        "rules/exchange/checklist.yaml": ("DIS-5", "DIS-6", "DIS-7"),
        "rules/dpo/breach.yaml": ("RGT-6",),
        "rules/dpo/impact-assessment.yaml": ("LOG-9",),
        "rules/offences/annex_ii.yaml": ("SCR-2",),
        "rules/retention/files.yaml": ("RET-7",),
        "rules/review/air_links.yaml": ("SCR-2", "SCR-5"),
        "rules/review/marks.yaml": ("SCR-8",),
        "rules/review/memory.yaml": ("SCR-6", "SCR-7"),
        "rules/review/reasons.yaml": ("SCR-5", "SCR-6"),
        "rules/review/sampling.yaml": ("SCR-5", "SCR-6"),
        "rules/routing/table.yaml": ("DIS-1", "SEC-3"),
        "rules/routing/units.yaml": ("DIS-1", "SEC-3"),
        "rules/rights/replies.yaml": ("RGT-2", "RGT-3", "RGT-4"),
        "rules/staff/roles.yaml": ("SEC-4", "LOG-1"),
        "rules/topics/topics.yaml": ("RET-7", "SEC-4", "SCR-12"),
    }


def test_the_hours_of_the_feed_board_are_those_of_the_law() -> None:
    law, feeds, day = load_law(), load_feed_rules(), date(2026, 11, 23)
    assert feeds.scheduled.earliest_hours == law.value("eu.pnr.push_earliest", day).period.hours
    assert feeds.scheduled.latest_hours == law.value("eu.pnr.push_latest", day).period.hours


def test_codes_of_the_program_are_those_of_the_law() -> None:
    law, day = load_law(), date(2026, 11, 23)
    codes = ("eu.pnr.purposes", "eu.pnr.dpo_reads", "eu.api.purposes")
    purposes = [one for code in codes for one in law.value(code, day).items]
    assert sorted(get_args(Purpose)) == sorted([*purposes, "admin"])
    assert set(law.value("eu.led.logged_acts", day).items) <= set(get_args(Act))
    assert set(load_review_codes().air_links) == set(law.value("eu.pnr.air_link", day).items)
    assert set(law.value("eu.pnr.list_register", day).items) <= set(ListRegister.model_fields)
    assert set(law.value("eu.pnr.roles", day).items) == set(get_args(Role))
    pairs = {frozenset(one.roles) for one in load_roles().conflicts}
    assert {frozenset(pair.split("+")) for pair in law.value("eu.pnr.role_conflicts", day).items} <= pairs


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ("id: ING-2", "id: ING-1", ":16:9"),
        ("verified: [gate]", "verified: []", ":15:15"),
        ("id: ING-1\n", "id: A\n", ":11:9"),
    ],
)
def test_a_mistake_in_the_catalogue_is_told_at_its_place(right: str, wrong: str, where: str) -> None:
    assert right in TEXT
    with pytest.raises(RuleFault) as fault:
        Requirements.from_text(TEXT.replace(right, wrong, 1), "r.yaml")
    assert fault.value.where == f"r.yaml{where}"


def test_what_waits_for_a_part_that_is_not_here_is_named_with_the_part() -> None:
    waiting = {one.id: one.waiting.part for one in load_requirements().requirements if one.waiting}
    assert waiting == {"ING-9": "router", "RET-6": "router", "STA-3": "router"}


def test_a_row_is_closed_with_rule_and_test_open_without_either_and_waiting_where_the_catalogue_says_so() -> None:
    head = TEXT[: TEXT.index("  # 1 Rec")]
    one = "  - {id: %s, source: S, says: A, seen: B, verified: [gate]%s}\n"
    text = (
        head.rstrip()
        + "\n"
        + one % ("RET-1", "")
        + one % ("RET-2", "")
        + one % ("RET-3", ", waiting: {part: router, why: none yet}")
    )
    told = Requirements.from_text(text, NAME)
    closed, bare, waiting = matrix(told, {"RET-1": ("a.yaml", "b.yaml")}, {"RET-1": ("t",), "RET-3": ("t",)})
    assert (closed.status, closed.rule, closed.rules, closed.lacks) == ("closed", "a.yaml", ("a.yaml", "b.yaml"), ())
    assert (bare.status, bare.rule, bare.lacks) == ("open", None, ("rule", "tests"))
    assert (waiting.status, waiting.waiting, waiting.why) == ("waiting", "router", "none yet")
    with pytest.raises(RuleFault, match="no requirement RET-9"):
        told["RET-9"]
