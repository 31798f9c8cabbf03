from datetime import date
from typing import get_args

import pytest

from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law.staff import May, Staff
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
@pytest.mark.parametrize(
    "pair",
    [
        "officer, approver",
        "reviewer, approver",
        "supervisor, approver",
        "admin, approver",
        "retention, custodian",
        "admin, dpo",
        "officer, dpo",
        "supervisor, dpo",
    ],
)
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


@pytest.mark.law("SEC-4", "LOG-1")
@pytest.mark.parametrize(
    ("role", "acts"),
    [
        ("officer", "exchange queue request review"),
        ("reviewer", "request review"),
        ("supervisor", "criteria exchange replay request review urgent"),
        ("approver", "approve"),
        ("dpo", "criteria oversight rights suspend"),
        ("retention", "retention"),
        ("custodian", "keys"),
        ("carrier", ""),
        ("admin", "replay staff suspend"),
    ],
)
def test_each_role_may_do_its_acts_and_no_other_sec_4(role, acts):
    people = staff(line(roles=role))
    for act in get_args(May):
        if act in acts.split():
            assert people.admit("officer-7", act, TODAY)
        else:
            with pytest.raises(UsageFault, match="SEC-4"):
                people.admit("officer-7", act, TODAY)


EXERCISE = {
    "officer reviewer": "officer-1 officer-2 officer-3 officer-4 officer-5 officer-6 officer-7 officer-8 officer-9 "
    "officer-21 exercise-officer",
    "supervisor": "lead-2 lead-3 analyst-3 exercise-lead",
    "admin": "engineer-1 engineer-2",
    "dpo": "dpo-1",
    "retention": "retention-1",
    "custodian": "custodian-1",
    "approver": "court-1",
}


@pytest.mark.law("SEC-4")
def test_the_invented_staff_of_the_exercise_holds_every_role_and_the_court_stands_outside_the_unit():
    file = "rules/staff/exercise.yaml"
    told = Staff.from_text(rule_texts("staff")[file], file, load_roles())
    by_role: dict[str, set[str]] = {}
    for one in told.members.values():
        by_role.setdefault(" ".join(sorted(one.roles)), set()).add(one.id)
        assert one.organisation == ("exercise court" if one.id == "court-1" else "exercise unit")
        assert (one.trained_on, one.valid_until) == (date(2026, 1, 5), date(2099, 12, 31))
    assert by_role == {roles: set(people.split()) for roles, people in EXERCISE.items()}
