from typing import Any

import pytest
from hit_samples import NOW, decision, hit, match
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import FlightLeg
from pnr_pipeline.records.places import airport
from pnr_pipeline.review import decide, open_review
from pnr_pipeline.routing import Refused, Routed, RoutingTable
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_offences, load_profile, load_review_codes, load_routing

TABLE = load_routing(load_profile("demo"))
TEXTS = rule_texts("routing")


def _confirmed(offence: str = "4", **changes: Any) -> Any:
    return hit(state="confirmed", reviewer="officer-7", offence=offence, **changes)


def _leg(origin: str, destination: str) -> FlightLeg:
    return FlightLeg(carrier="XX", number="1", origin=origin, destination=destination)


ROWS = """
    crossing-burgas           bg-burgas             VIE-IST MALKO-TARNOVO
    crossing-haskovo          bg-haskovo            VIE-IST KAPITAN-ANDREEVO SVILENGRAD
    crossing-yambol           bg-yambol             VIE-IST LESOVO
    crossing-edirne           tr-edirne             VIE-BOJ KAPIKULE HAMZABEYLI
    crossing-kirklareli       tr-kirklareli         VIE-BOJ DEREKOY
    plovdiv-onward-land       bg-haskovo            VIE-PDV 2 11
    bulgaria-vehicles-drugs   bg-yambol             VIE-PDV 4 25
    bulgaria-vehicles-drugs   bg-yambol             VIE-BOJ 4 25
    burgas-arrivals           bg-burgas             VIE-BOJ terrorism 2 11
    plovdiv-arrivals          bg-haskovo            VIE-PDV terrorism 5
    corlu-onward-edirne       tr-edirne             VIE-TEQ 2 4 5 11 25
    corlu-arrivals            tr-kirklareli         VIE-TEQ terrorism 1
    istanbul-facilitated-entry tr-edirne            VIE-IST 11
    istanbul-facilitated-entry tr-edirne            VIE-SAW 11
    skopje-arrivals           mk-skopje-airport     VIE-SKP 4
    pristina-arrivals         xk-pristina-airport   VIE-PRN 4
    belgrade-arrivals         rs-belgrade-airport   VIE-BEG 4
    belgrade-arrivals         rs-belgrade-airport   IST-BEG 4
    tirana-arrivals           al-tirana-airport     VIE-TIA 4
    podgorica-arrivals        me-podgorica-airport  VIE-TGD 4
    sarajevo-arrivals         ba-sarajevo-airport   VIE-SJJ 4
    istanbul-arrivals         tr-istanbul-airport   BEG-IST 4 2
    istanbul-arrivals         tr-istanbul-airport   VIE-SAW 4 terrorism
    skopje-departures         mk-skopje-airport     SKP-VIE 4
    pristina-departures       xk-pristina-airport   PRN-VIE 4
    belgrade-departures       rs-belgrade-airport   BEG-VIE 4
    tirana-departures         al-tirana-airport     TIA-VIE 4
    podgorica-departures      me-podgorica-airport  TGD-VIE 4
    sarajevo-departures       ba-sarajevo-airport   SJJ-VIE 4
    istanbul-departures       tr-istanbul-airport   IST-VIE 11
    istanbul-departures       tr-istanbul-airport   SAW-VIE 11
    burgas-departures         bg-burgas             BOJ-VIE 4
    plovdiv-departures        bg-haskovo            PDV-VIE 4
    corlu-departures          tr-kirklareli         TEQ-VIE 4
"""
"""Rule, unit, from and to; then the offences that go there, or the crossings that a message names."""


@pytest.mark.law("DIS-1")
@pytest.mark.parametrize("row", ROWS.strip().splitlines(), ids=lambda row: " ".join(row.split()))
def test_a_confirmed_hit_reaches_the_unit_of_its_crossing_then_of_its_offence_then_of_its_airport(row: str) -> None:
    rule, unit, flight, *told = row.split()
    for one in told:
        point, offence = (one, "4") if one.isupper() else ("", one)
        routed = TABLE.route(_confirmed(offence), _leg(*flight.split("-")), point)
        assert isinstance(routed, Routed)
        assert (routed.rule, routed.unit.id) == (rule, unit)
        assert routed.because.startswith("Directive (EU) 2016/681 art. 6(6), 7(1) (DIS-1)")


def test_units_with_crossings_are_land_districts_and_receive_from_their_own_crossings_and_airports() -> None:
    for unit in TABLE.units.values():
        rules = [rule for rule in TABLE.rules if rule.unit == unit.id]
        assert unit.kind == ("land" if unit.border_points else "airport")
        assert set(unit.border_points) == {point for rule in rules for point in rule.border_points}
        beyond = {airport for rule in rules for airport in (*rule.arrives_at, *rule.departs_from)} - set(unit.airports)
        assert beyond == ({"IST", "SAW"} if unit.id == "tr-edirne" else set())  # who enters over Edirne lands there
        assert set(unit.airports) <= {airport for rule in rules for airport in rule.arrives_at}


@pytest.mark.law("DIS-1", "SEC-3")
def test_no_rule_means_nobody_receives() -> None:
    refused = TABLE.route(_confirmed(), _leg("VIE", "CDG"))
    assert refused == Refused("no routing rule fits, and there is no default recipient (SEC-3)")


@pytest.mark.law("SCR-5")
@pytest.mark.parametrize("state", ["new", "under_review", "negative", "sent", "excluded", "superseded"])
def test_only_a_hit_that_a_person_confirmed_is_routed(state: str) -> None:
    refused = TABLE.route(hit(state=state), _leg("VIE", "BEG"))
    assert isinstance(refused, Refused)
    assert "SCR-5" in refused.because


@pytest.mark.law("SCR-12")
def test_a_hit_of_the_border_domain_never_takes_a_law_enforcement_rule() -> None:
    assert isinstance(TABLE.route(_confirmed(domain="border"), _leg("VIE", "BEG")), Refused)


@pytest.mark.law("DIS-1")
def test_exercise_units_receive_nothing_outside_an_exercise() -> None:
    refused = load_routing(load_profile()).route(_confirmed(), _leg("VIE", "BEG"))
    assert isinstance(refused, Refused)
    assert "DIS-1" in refused.because


@pytest.mark.law("DIS-1")
@given(
    st.sampled_from(["VIE", "BEG", "IST", "BOJ", "PDV", "TEQ", "CDG", ""]),
    st.sampled_from(["VIE", "BEG", "IST", "BOJ", "PDV", "TEQ", "CDG", ""]),
    st.sampled_from(["2", "4", "11", "25", "terrorism", ""]),
    st.sampled_from(["", "LESOVO", "ELSEWHERE"]),
)
def test_whoever_receives_is_named_by_a_rule_that_fits(origin: str, destination: str, offence: str, point: str) -> None:
    confirmed, leg = _confirmed(offence), _leg(origin, destination)
    answer = TABLE.route(confirmed, leg, point)
    fitting = [rule for rule in TABLE.rules if rule.fits(confirmed, leg, point)]
    if isinstance(answer, Routed):
        assert (answer.rule, answer.unit.id) == (fitting[0].rule, fitting[0].unit)
    else:
        assert fitting == []


def test_a_rule_fits_only_when_all_that_it_names_does() -> None:
    text = TEXTS["rules/routing/table.yaml"]
    head = text[: text.index("rules:")]
    row = (
        "rules:\n  - {rule: narrow, domain: law_enforcement, flights: [XX1], arrives_at: [BEG],"
        ' lists: [wanted-persons], offences: ["4"], unit: rs-belgrade-airport, legal_basis: L}\n'
    )
    table = RoutingTable.from_texts({**TEXTS, "rules/routing/table.yaml": head + row}, exercise=True)
    assert isinstance(table.route(_confirmed(), _leg("VIE", "BEG")), Routed)
    assert isinstance(table.route(_confirmed(), _leg("VIE", "TIA")), Refused)
    assert isinstance(table.route(_confirmed("5"), _leg("VIE", "BEG")), Refused)
    assert isinstance(table.route(_confirmed(match=match(list_id="other")), _leg("VIE", "BEG")), Refused)


def test_a_reviewed_hit_is_routed_as_it_leaves_the_review() -> None:
    confirmed = decide(open_review(hit(), "officer-7", NOW), decision(), load_review_codes())
    assert isinstance(TABLE.route(confirmed, _leg("VIE", "BEG")), Routed)


def test_the_example_units_stand_where_their_airports_are_and_each_has_a_rule() -> None:
    named = {rule.unit for rule in TABLE.rules}
    for unit in TABLE.units.values():
        assert unit.id in named
        assert unit.id.startswith(unit.country.lower())
        assert unit.notified == "exercise"
        for code in unit.airports:
            place = airport(code)
            assert place is not None
            assert place.country == unit.country


def test_every_offence_in_the_table_is_on_the_list() -> None:
    assert {offence for rule in TABLE.rules for offence in rule.offences} <= load_offences().codes


@pytest.mark.parametrize(
    ("file", "wrong", "right", "what"),
    [
        ("table", "unit: bg-haskovo", "unit: bg-sofia", "no unit bg-sofia"),
        ("table", "rule: crossing-haskovo", "rule: crossing-burgas", "crossing-burgas is used twice"),
        ("table", "    border_points: [LESOVO]\n", "", "default recipient"),
        ("table", "domain: law_enforcement", "domain: customs", "domain"),
        ("units", "id: bg-yambol", "id: bg-burgas", "bg-burgas is used twice"),
        ("units", "kind: land", "kind: sea", "kind"),
        ("units", "notified: exercise}", "notified: maybe}", "notified"),
    ],
)
def test_a_mistake_in_units_or_table_is_told_by_place(file: str, wrong: str, right: str, what: str) -> None:
    name = f"rules/routing/{file}.yaml"
    assert wrong in TEXTS[name]
    with pytest.raises(RuleFault, match=what) as fault:
        RoutingTable.from_texts({**TEXTS, name: TEXTS[name].replace(wrong, right, 1)})
    assert fault.value.where.startswith(f"{name}:")
    assert fault.value.where.count(":") == 2
