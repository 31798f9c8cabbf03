from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law import Law
from pnr_pipeline.screening.criteria import (
    Attributes,
    Judge,
    admitted,
    approve,
    check_criterion,
    digest_of,
    fact_model,
    run_cases,
)
from pnr_pipeline.stores.rule_files import rule_texts, rules_root
from tests.screening.criterion_samples import EXAMPLES, attributes, example, texts

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def public_key(approver: str) -> bytes | None:
    return KEY.public_key().public_bytes_raw() if approver == "lead-2" else None


def approved(text: str, approver: str = "lead-2", now: datetime = NOW):
    return approve(text, "quick.yaml", attributes(), approver=approver, why="asked by the task force", key=KEY, now=now)


def refusal(text: str, approval, now: datetime = NOW) -> str:
    with pytest.raises(RuleFault) as refused:
        admitted(text, "quick.yaml", approval, attributes(), public_key, now.date())
    return str(refused.value)


def test_there_are_six_examples_and_none_is_confirmed():
    criteria = [check_criterion(texts()[name], name, attributes())[0] for name in EXAMPLES]
    assert len(criteria) >= 6
    assert all(one and one.example and not one.confirmed and one.mode == "shadow" for one in criteria)


def test_the_examples_say_which_offences_of_annex_ii_they_are_about():
    """4 drugs, 5 weapons, 2 human beings, 8 laundering, 11 unauthorised entry, 17 counterfeits, 18 forged documents."""
    told = {one.id: set(one.offences) for one in map(_example, EXAMPLES)}
    assert told == {
        "baggage-against-stay": {"4", "8", "17"},
        "bookings-joined": {"2", "11"},
        "broken-route": {"4", "5"},
        "heavy-one-way": {"4", "17"},
        "late-rename": {"11", "18"},
        "quick-return": {"4"},
    }


def _example(name: str):
    criterion, _ = check_criterion(texts()[name], name, attributes())
    return criterion


@pytest.mark.law("SCR-4")
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_lasts_a_year_is_reviewed_at_half_and_is_written_by_nobody_who_exists(name):
    one = _example(name)
    assert (one.valid_from.isoformat(), one.expires.isoformat(), one.review_by.isoformat()) == (
        "2026-11-01",
        "2027-10-31",
        "2027-04-30",
    )
    assert one.author == "example-author"
    assert name.endswith(f"/{one.id}.yaml")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_passes_its_checks_without_a_remark_and_every_one_of_its_cases(name):
    criterion, remarks = check_criterion(texts()[name], name, attributes())
    assert criterion and not remarks
    cases = rules_root() / name.removeprefix("rules/").replace(".yaml", ".cases.yaml")
    results = list(run_cases(Judge(criterion, digest_of(texts()[name])), cases.read_text("utf-8"), cases.name))
    assert results and not [one for one in results if one.fault]


@pytest.mark.law("SCR-4")
@pytest.mark.parametrize(
    ("asked", "attribute"),
    [
        ("traveller.nationality", "nationality"),
        ("traveller.dateOfBirth", "age or birth"),
        ("booking.meal", "religion"),
        ("traveller.sex", "sex"),
        ("services.wheelchair", "health"),
        ("person.surname", "names"),
        ("seat", "seat"),
        ("document.issuer", "nationality"),
    ],
)
def test_a_prohibited_attribute_is_refused_at_its_place_with_the_clause_scr_4(asked, attribute):
    text = example().replace("booking.lead_hours <= 72", f'booking.lead_hours <= 72 && {asked} == "QX"')
    criterion, remarks = check_criterion(text, "quick.yaml", attributes())
    line = line_of(text, asked)
    column = text.splitlines()[line - 1].index(asked) + 1
    assert criterion is None
    assert [(one.where, one.severity) for one in remarks] == [(f"quick.yaml:{line}:{column}", "E")]
    assert attribute in remarks[0].what
    assert remarks[0].clause.startswith("SCR-4, ")


def test_an_unknown_fact_and_a_wrong_type_are_told_where_they_stand():
    for wrong, part in (("journey.stay_hour <= 72", "journey.stay_hour"), ('booking.lead_hours <= "72"', '<= "72"')):
        text = example().replace("booking.lead_hours <= 72", wrong)
        (remark,) = check_criterion(text, "quick.yaml", attributes())[1]
        line = line_of(text, wrong)
        assert remark.where == f"quick.yaml:{line}:{text.splitlines()[line - 1].index(part) + 1}"


def test_a_place_in_an_expression_of_several_lines_is_told_in_its_own_line():
    text = example().replace(
        "    when: booking.lead_hours <= 72", "    when: |\n      booking.lead_hours\n      <= sex"
    )
    (remark,) = check_criterion(text, "quick.yaml", attributes())[1]
    assert remark.where == f"quick.yaml:{line_of(text, '<= sex')}:10"


def test_a_route_alone_is_reported_as_a_proxy_with_why_and_is_not_refused():
    text = example().replace("minimum: 4", "minimum: 1").replace(
        "booking.lead_hours <= 72", 'journey.origin_country == "QX"'
    )  # fmt: skip
    criterion, remarks = check_criterion(text, "quick.yaml", attributes())
    assert criterion is not None
    told = [one.what for one in remarks if one.severity == "W"]
    assert any("a route alone" in one for one in told) and any("two agree" in one for one in told)


@pytest.mark.law("SCR-2")
@pytest.mark.parametrize(
    ("before", "after", "clause"),
    [
        ('offences: ["4"]', 'offences: ["77"]', "SCR-2"),
        ("minimum: 4", "minimum: 6", "SCR-4"),
        ("expires: 2027-10-31", "expires: 2027-11-02", "SCR-4"),
        ("review_by: 2027-04-30", "review_by: 2028-04-30", "SCR-4"),
        ("id: detour", "id: short-stay", "SCR-4"),
        ("author: example-author", "writer: example-author", "SCR-4"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_in_its_line(before, after, clause):
    text = example().replace(before, after)
    criterion, remarks = check_criterion(text, "quick.yaml", attributes())
    assert criterion is None
    assert remarks[0].clause == clause
    assert remarks[0].where.startswith("quick.yaml:")


@pytest.mark.law("SCR-4")
def test_what_another_person_approved_is_admitted_until_its_last_day_and_not_after():
    one = approved(example())
    assert admitted(example(), "quick.yaml", one.approval, attributes(), public_key, NOW.date()) == one
    last = datetime(2027, 10, 31, 23, tzinfo=UTC)
    assert admitted(example(), "quick.yaml", one.approval, attributes(), public_key, last.date()) == one
    refused = refusal(example(), one.approval, last + timedelta(days=1))
    assert refused.startswith(f"quick.yaml:{line_of(example(), 'expires:')}:10") and "SCR-4" in refused


@pytest.mark.law("SCR-4")
@pytest.mark.parametrize("approver", ["example-author", "Example-Author"])
def test_an_author_approves_nothing_of_their_own_scr_4(approver):
    with pytest.raises(RuleFault) as refused:
        approved(example(), approver)
    assert str(refused.value).startswith(f"quick.yaml:{line_of(example(), 'author:')}:9")
    assert "SCR-4" in str(refused.value)


@pytest.mark.law("SCR-4")
def test_an_approval_by_the_author_is_refused_at_load_too():
    text = example().replace("example-author", "lead-2")
    forged = approved(example()).approval
    renamed = type(forged)(**{f: getattr(forged, f) for f in forged.__struct_fields__} | {"digest": digest_of(text)})
    assert f"quick.yaml:{line_of(text, 'author:')}:9" in refusal(text, renamed)


@pytest.mark.law("SCR-4")
def test_an_unapproved_a_changed_and_a_wrongly_signed_text_are_refused():
    approval = approved(example()).approval
    assert "not approved" in refusal(example(), None)
    changed = example().replace("booking.lead_hours <= 72", "booking.lead_hours <= 720")
    assert "changed after it was approved" in refusal(changed, approval)
    fields = {field: getattr(approval, field) for field in approval.__struct_fields__}
    for field, value in (("why", "another reason"), ("signature", "00" * 64), ("approver", "lead-3")):
        assert "signature" in refusal(example(), type(approval)(**fields | {field: value}))


def test_blanks_at_the_ends_of_lines_void_no_approval():
    approval = approved(example()).approval
    admitted(example().replace("\n", "  \r\n"), "quick.yaml", approval, attributes(), public_key, NOW.date())


@pytest.mark.law("SCR-4")
def test_an_approval_gives_a_reason_and_runs_for_twelve_months_at_most():
    with pytest.raises(RuleFault, match="gives no reason"):
        approve(example(), "quick.yaml", attributes(), approver="lead-2", why=" ", key=KEY, now=NOW)
    with pytest.raises(RuleFault, match="longer after its approval than the law"):
        approved(example(), now=datetime(2026, 10, 1, tzinfo=UTC))


@pytest.mark.law("SCR-4")
def test_no_fact_of_the_model_can_be_meant_by_a_prohibited_word():
    assert {name: attributes().prohibited_by(name) for name in fact_model()} == dict.fromkeys(fact_model())


def test_every_fact_says_what_it_is_its_unit_and_its_item_of_annex_i():
    for fact in fact_model().values():
        assert len(fact.words) > 10
        assert fact.annex.startswith("Annex I item")


def test_no_text_of_the_model_is_free_text():
    for fact in fact_model().values():
        assert fact.kind in ("int", "bool") or fact.values or fact.form in ("^[A-Z]{2}$", "^[A-Z]{3}$")


@pytest.mark.law("SCR-4")
def test_the_law_says_how_long_a_criterion_may_be_in_force() -> None:
    name = "rules/law/eu/pnr/criteria_life.yaml"
    law = rule_texts("law")
    assert "value: P12M" in law[name]
    shorter = Attributes.from_texts(texts(), Law.from_texts(law | {name: law[name].replace("P12M", "P1M")}))
    since = date(2026, 11, 23)
    assert attributes().latest_expiry(since) == date(2027, 11, 23)
    assert shorter.latest_expiry(since) == date(2026, 12, 23)
    assert attributes().latest_expiry(date(2018, 5, 24)) == date.min, "before it was law"
    (remark,) = [one for one in check_criterion(example(), "quick.yaml", shorter)[1] if one.severity == "E"]
    assert "longer after `valid_from` than the law" in remark.what
