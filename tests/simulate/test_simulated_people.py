import re
from datetime import date
from random import Random

import airportsdata
import pytest

from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.simulate.people import People, patronymic
from pnr_pipeline.simulate.stock import LANGUAGES, languages_of, name_stock, states, world
from pnr_pipeline.wire.mrz_letters import spell

DAY = date(2026, 11, 24)


@pytest.fixture
def people():
    return People(Random("people"), DAY, "T")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_names_enough_and_all_of_them_reach_the_wire(language):
    stock = name_stock(language)
    assert min(len(set(stock.male)), len(set(stock.female))) >= 60
    assert len(set(stock.surnames)) >= 80
    for name in (*stock.male, *stock.female, *stock.surnames, *map(stock.feminine, stock.surnames)):
        spelt = stock.spelt(name)
        assert all(re.fullmatch(r"[A-Z]+(?:[ '-][A-Z]+)*", form) for form in (spelt.wire, *spelt.otherwise))
        assert spelt.native


@pytest.mark.parametrize(
    ("language", "name", "native", "wire"),
    [
        ("Serbian", "Đorđević", "Ђорђевић", "DORDEVIC"),
        ("Serbian", "Ljiljana", "Љиљана", "LJILJANA"),
        ("Macedonian", "Gjorgjievski", "Ѓорѓиевски", "GJORGJIEVSKI"),
        ("Bulgarian", "Щерев", "Щерев", "SHTEREV"),
        ("Ukrainian", "Єременко", "Єременко", "YEREMENKO"),
        ("Ukrainian", "Мар'яна", "Мар'яна", "MARIANA"),
        ("Greek", "Ευθυμίου", "Ευθυμίου", "EFTHYMIOU"),
        ("Greek", "Παπαϊωάννου", "Παπαϊωάννου", "PAPAIOANNOU"),
        ("Greek", "Μπέλλος", "Μπέλλος", "BELLOS"),
        ("Georgian", "k'avtaradze", "კავთარაძე", "KAVTARADZE"),
        ("Armenian", "Եղիազարյան", "Եղիազարյան", "YEGHIAZARYAN"),
        ("Turkish", "Gündoğdu", "Gündoğdu", "GUNDOGDU"),
        ("German", "Weiß", "Weiß", "WEISS"),
        ("German", "Müller", "Müller", "MUELLER"),
        ("Azerbaijani", "Məmmədov", "Məmmədov", "MAMMADOV"),
        ("Arabic", "محمد=Mohamed/Mohammed/Muhammad/Mohammad", "محمد", "MOHAMED"),
    ],
)
def test_names_stand_in_their_own_letters_and_in_those_of_the_wire(language, name, native, wire):
    assert name in (*name_stock(language).male, *name_stock(language).female, *name_stock(language).surnames)
    assert name_stock(language).spelt(name)[:2] == (native, wire)


@pytest.mark.parametrize(
    ("language", "man", "woman"),
    [
        ("Bulgarian", "Иванов", "Иванова"),
        ("Macedonian", "Stojanovski", "Stojanovska"),
        ("Ukrainian", "Лебединський", "Лебединська"),
        ("Ukrainian", "Шевченко", "Шевченко"),
        ("Greek", "Παπαδόπουλος", "Παπαδοπούλου"),
        ("Greek", "Γεωργίου", "Γεωργίου"),
        ("Azerbaijani", "Quliyev", "Quliyeva"),
        ("Serbian", "Petrović", "Petrović"),
    ],
)
def test_women_bear_the_surname_in_the_feminine_where_the_language_has_one(language, man, woman):
    assert name_stock(language).feminine(man) == woman


@pytest.mark.parametrize(
    ("father", "son"),
    [("Иван", "Иванов"), ("Георги", "Георгиев"), ("Никола", "Николов"), ("Николай", "Николаев"), ("Илия", "Илиев"),
     ("Колю", "Колев"), ("Живко", "Живков")],
)  # fmt: skip
def test_bulgarian_patronymics(father, son):
    assert patronymic(father, "ов") == son
    assert patronymic(father, "ова") == son + "а"


def test_a_letter_without_wire_form_is_told_and_not_guessed():
    with pytest.raises(ValueError, match="no wire form"):
        spell("字", {})


def test_a_family_bears_one_name_and_its_children_are_children(people):
    for _ in range(60):
        father = people.adult("BGR", "Bulgarian", sex="M")
        child = people.child("BGR", "Bulgarian", (2, 16), stem=father.stem)
        assert child.stem == father.stem
        years = (DAY - child.born).days / 365.25
        assert 2 <= years < 17.1
        wife = people.spouse(father)
        assert wife.sex == "F"
        assert wife.surname


def test_infants_are_under_two_and_older_than_a_week(people):
    ages = [(DAY - people.child("ALB", "Albanian", (0, 1), stem="Hoxha").born).days for _ in range(300)]
    assert min(ages) >= 7
    assert max(ages) < 2 * 365


def test_documents_are_valid_on_the_day_and_of_the_state_of_nationality(people):
    for state in states():
        document = people.document(state)
        assert document.issuer == state
        assert document.expires > DAY.isoformat()
        assert re.fullmatch(r"[A-Z0-9]{6,10}", document.number)
        assert alpha3(state)
        assert alpha3(states()[state].alpha2) == alpha3(state)


def test_places_have_the_zone_and_state_that_the_airport_tables_have():
    table = airportsdata.load("IATA")
    for code, (state, zone) in world().places.items():
        assert alpha3(table[code]["country"]) == alpha3(state)
        assert table[code]["tz"] == zone or (code, zone) in {("PRN", "Europe/Belgrade")}


def test_routes_join_known_places_flown_by_known_carriers_with_people_to_fill_them():
    for route in world().routes:
        assert set(route.ends) <= set(world().places)
        assert set(route.carriers) <= set(world().carriers)
        for end in route.ends:
            assert languages_of(world().places[end][0])[0]
    for carrier in world().carriers.values():
        assert carrier["api"] in world().api_styles
        assert carrier["pnr"] in world().pnr_styles
        assert languages_of(carrier["home"])[0]
