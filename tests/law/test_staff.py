from datetime import date

import pytest

from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law.staff import Staff
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.staff_file import load_roles

TODAY = date(2026, 11, 23)
HEAD = 'version: "1"\nstaff:\n'


def line(person="officer-7", roles="officer", organisation="the unit", name="Invented Person", **more):
    told = {"trained_on": "2026-01-05", "valid_until": "2026-12-31", **more}
    rest = "".join(f", {field}: {value}" for field, value in told.items())
    return f"  - {{id: {person}, name: {name}, organisation: {organisation}, roles: [{roles}]{rest}}}\n"


def staff(*lines):
    return Staff.from_text(HEAD + "".join(lines), "staff.yaml", load_roles())


@pytest.mark.law("SEC-4")
@pytest.mark.parametrize("pair", ["officer, approver", "retention, custodian", "admin, dpo"])
def test_two_roles_that_must_not_meet_are_refused_at_their_place_sec_4(pair):
    with pytest.raises(RuleFault, match=r"^staff\.yaml:4:\d+: staff\.1\.roles"):
        staff(line(), line("other-1", pair, name="Another Person", organisation="a court"))


@pytest.mark.law("SEC-4")
def test_every_conflict_of_the_rules_bites_and_every_single_role_is_allowed():
    roles = load_roles()
    for conflict in roles.conflicts:
        with pytest.raises(RuleFault):
            staff(line(roles=", ".join(conflict.roles)))
    for role in roles.roles:
        assert staff(line(roles=role)).members


@pytest.mark.law("DIS-3")
def test_an_approver_of_the_units_own_house_is_refused_dis_3():
    with pytest.raises(RuleFault, match="third party"):
        staff(line(), line("court-1", "approver", name="Another Person"))
    assert staff(line(), line("court-1", "approver", "a court", "Another Person"))


def test_one_person_stands_once_by_id_name_and_key():
    key = "ab" * 32
    for second in (line(name="Another Person"), line("officer-8"), line("officer-8", name="Another", key=key)):
        with pytest.raises(RuleFault, match="twice"):
            staff(line(key=key), second)


@pytest.mark.law("SEC-4")
def test_who_is_not_of_the_staff_is_past_or_has_another_role_does_nothing_sec_4():
    people = staff(line(), line("dpo-1", "dpo", name="Another Person"))
    assert people.admit("officer-7", "review", TODAY).id == "officer-7"
    for person, act, day in (
        ("nobody-1", "review", TODAY),
        ("officer-7", "review", date(2027, 1, 1)),
        ("officer-7", "criteria", TODAY),
        ("officer-7", "approve", TODAY),
        ("dpo-1", "review", TODAY),
    ):
        with pytest.raises(UsageFault, match="SEC-4"):
            people.admit(person, act, day)


def test_the_invented_staff_of_the_exercise_holds_together():
    file = "rules/staff/exercise.yaml"
    assert Staff.from_text(rule_texts("staff")[file], file, load_roles()).members
