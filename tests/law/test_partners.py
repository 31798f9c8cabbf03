"""Partners abroad in a profile: whole entries, each once, and those of the exercise, which are nobody's."""

from hashlib import sha256

import pytest

from pnr_pipeline.law import Profile
from pnr_pipeline.law.partners import Exchange, Partner
from pnr_pipeline.stores.exchange_letters import ExchangeKeys
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_profile

REGISTER = load_profile("demo").exchange
UNIT, COUNTRY = REGISTER.partners


def changed(partner: Partner, **fields) -> Partner:
    return Partner(**(partner.model_dump() | fields))


@pytest.mark.law("SEC-3")
def test_nobody_is_a_partner_unless_a_deployment_says_so():
    for name, text in rule_texts("profiles").items():
        register = Profile.from_text(text, name).exchange
        assert (register == Exchange()) is not name.endswith("demo.yaml"), name


@pytest.mark.law("DIS-5", "DIS-6", "DIS-7")
@pytest.mark.parametrize(
    ("partner", "fields", "told"),
    [
        (UNIT, {"valid_until": "2025-01-01"}, "ends before it begins"),
        (UNIT, {"kind": "authority"}, "unit of its own State"),
        (UNIT, {"own_unit": "fr-piu"}, "unit of its own State"),
        (UNIT, {"kind": "europol"}, "national unit and its competence"),
        (UNIT, {"through": "a unit"}, "national unit and its competence"),
        (COUNTRY, {"kind": "piu"}, "outside the Union"),
        (UNIT, {"seals_with": "00"}, "pattern"),
    ],
)
def test_an_entry_that_lacks_what_its_kind_asks_is_refused(partner, fields, told):
    with pytest.raises(ValueError, match=told):
        changed(partner, **fields)


@pytest.mark.law("SEC-3")
@pytest.mark.parametrize(
    ("own", "partners", "told"),
    [
        ("us", (UNIT, changed(COUNTRY, id=UNIT.id)), "id stands here twice"),
        ("us", (UNIT, changed(COUNTRY, seals_with=UNIT.seals_with)), "seals_with stands here twice"),
        ("us", (UNIT, changed(COUNTRY, signs_with=UNIT.signs_with)), "signs_with stands here twice"),
        ("", (UNIT,), "`own` is missing"),
        (UNIT.id, (UNIT,), "`own` is no partner"),
        ("us", (changed(UNIT, kind="authority", own_unit="fr-piu"),), "must get the copy"),
    ],
)
def test_a_register_that_does_not_hold_together_is_refused(own, partners, told):
    with pytest.raises(ValueError, match=told):
        Exchange(own=own, partners=partners)


def theirs(partner: str) -> ExchangeKeys:
    label = partner.encode()
    return ExchangeKeys(
        sha256(b"exercise sealing key of " + label).digest(), sha256(b"exercise signing key of " + label).digest()
    )


def test_the_partners_of_the_exercise_have_keys_that_everybody_can_make_and_are_nobodys():
    assert REGISTER.own == "exercise-unit"
    told = {one.id: (one.kind, one.state, one.basis and (one.basis.kind, one.basis.reference))
            for one in REGISTER.partners}  # fmt: skip
    assert told == {
        "exercise-partner-unit": ("piu", "XX", None),
        "exercise-third-country": ("third_country", "YZ", ("adequacy", "exercise")),
    }
    for one in REGISTER.partners:
        card = theirs(one.id).card(one.id)
        assert (one.seals_with, one.signs_with) == (card.seals_with, card.signs_with)
        assert (str(one.valid_from), str(one.valid_until)) == ("2026-01-01", "2099-12-31")
        assert one.basis is None or str(one.basis.valid_until) == "2099-12-31"
