"""Under which names an author may look for what no criterion may rest on, and which facts stand in for it (SCR-4).

Directive (EU) 2016/681, art. 6(4); judgment C-817/19, paragraphs 189 to 201.
"""

import pytest

from pnr_pipeline.screening.criteria import check_criterion, fact_model
from tests.screening.criterion_samples import attributes, example

REFUSED = {
    ("race", "PNR 6(4)"): (
        "traveller.race racialGroup ethnic.origin ethnicity skin.colour tribe clan minority roma person.complexion"
    ),
    ("political", "PNR 6(4)"): "political.party politics traveller.opinion opinions",
    ("religion", "PNR 6(4)"): (
        "religion religious.group belief beliefs faith booking.meal meals halal kosher booking.ssr osi.text pilgrimage"
    ),
    ("trade union", "PNR 6(4)"): "union.delegate syndicate membership",
    ("health", "PNR 6(4)"): (
        "health medical.clearance illness services.wheelchair disability disabled pregnant pregnancy oxygen"
    ),
    ("sexual", "PNR 6(4)"): "sexual.life orientation maritalStatus partner",
    ("sex or gender", "CJ 197"): "traveller.sex gender title salutation",
    ("age or birth", "CJ 197"): (
        "age birth.year birthday birthdate birthplace born_on traveller.dob minor infant child children"
    ),
    ("nationality", "CJ 197"): (
        "nationality nationalities citizenship citizen nation document.issuer issuing.state residence resident visa"
    ),
    ("names", "CJ 197"): "name names traveller.surname forename given patronymic language script alphabet",
    ("seat", "CJ 197"): "seat seats seating row",
    ("free text", "PNR 6(1)"): (
        "booking.remark remarks text address phone telephone email frequentTraveller flyer.number"
    ),
}  # fmt: skip
"""By the attribute's first word and its clause: names as authors write them, in words, with dots or capitals."""

STANDS_IN = {
    "route": (
        "journey.leg_origin journey.leg_destination journey.origin journey.destination journey.origin_country "
        "journey.destination_country journey.via journey.via_countries"
    ),
    "agency": "booking.agency_country booking.agency_elsewhere",
    "day of the week": "journey.return_weekday timing.departure_weekday",
    "company": "companions.count booking.travellers",
    "form of payment": "payment.form payment.price_band",
}


@pytest.mark.law("SCR-4")
@pytest.mark.parametrize(("attribute", "clause"), REFUSED)
def test_a_criterion_that_asks_for_a_prohibited_attribute_by_any_of_its_names_is_refused(attribute, clause):
    known = attributes()
    for name in REFUSED[attribute, clause].split():
        told = known.prohibited_by(name)
        assert told is not None and told.attribute.startswith(attribute), name
        assert told.clause == clause
    first = REFUSED[attribute, clause].split()[0]
    text = example().replace("booking.lead_hours <= 72", f'booking.lead_hours <= 72 && {first} == "QX"')
    criterion, remarks = check_criterion(text, "quick.yaml", known)
    assert criterion is None
    assert remarks[0].clause == f"SCR-4, {clause}"


@pytest.mark.law("SCR-4")
@pytest.mark.parametrize("group", STANDS_IN)
def test_each_fact_that_may_stand_in_for_a_prohibited_attribute_is_known_by_its_group(group):
    for fact in STANDS_IN[group].split():
        told = attributes().proxy_of(fact)
        assert told is not None and told.group == group, fact


def test_no_fact_of_the_model_is_refused_and_most_stand_in_for_nothing():
    facts = list(fact_model())
    assert not [one for one in facts if attributes().prohibited_by(one)]
    assert len([one for one in facts if attributes().proxy_of(one)]) == 16
