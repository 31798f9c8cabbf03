import pytest

from pnr_pipeline.simulate.labelled import CHANGES, LOOK_ALIKES, labelled_set, strangers
from pnr_pipeline.simulate.stock import LANGUAGES


@pytest.fixture(scope="module")
def labelled():
    return labelled_set(7, entries=2500, of_each=1)


def test_the_same_seed_gives_the_same_set_and_another_another(labelled):
    assert labelled_set(7, entries=2500, of_each=1) == labelled
    assert labelled_set(8, entries=2500, of_each=1).cases[0] != labelled.cases[0]
    assert list(strangers(7, 20)) == list(strangers(7, 20))


def test_every_population_and_category_is_there_and_each_expected_entry_is_listed(labelled):
    assert {case.population for case in labelled.cases} == set(LANGUAGES)
    assert {case.category for case in labelled.cases} == {*CHANGES, *LOOK_ALIKES}
    assert {case.expected for case in labelled.cases} - {""} <= {entry.id for entry in labelled.entries}
    assert len({entry.id for entry in labelled.entries}) == len(labelled.entries) >= 2500


def test_each_category_differs_as_it_says(labelled):
    entries = {entry.id: entry for entry in labelled.entries}
    for case in labelled.cases:
        if not case.expected:
            continue
        entry, traveller = entries[case.expected], case.traveller
        match case.category:
            case "exact":
                assert f"{traveller.given_names} {traveller.surname}" == entry.names[0].full.upper()
            case "swapped":
                assert traveller.surname == entry.names[0].given.upper()
            case "dob_missing":
                assert traveller.date_of_birth is None
            case "list_without_date":
                assert entry.dob == ()
            case "dob_digit":
                assert sum(x != y for x, y in zip(traveller.date_of_birth, entry.dob[0], strict=True)) == 1
            case "document_other_name":
                assert traveller.documents == entry.documents
            case "one_field":
                assert traveller.given_names == ""
            case "typo" | "two_typos" | "misread_letters":
                assert traveller.surname != entry.names[0].surname.upper()
            case "own_letters":
                assert case.script != "LATIN"


def test_a_namesake_has_another_birth_date_and_strangers_have_no_entry(labelled):
    entries = {(e.names[0].surname.upper(), e.names[0].given.upper()): e for e in labelled.entries}
    namesakes = [case.traveller for case in labelled.cases if case.category == "same_name_other_date"]
    assert namesakes
    for one in namesakes:
        assert one.date_of_birth not in entries[one.surname, one.given_names].dob
    drawn = list(strangers(7, 400))
    assert {case.expected for case in drawn} == {""}
    assert 0.1 < sum(case.traveller.date_of_birth is None for case in drawn) / 400 < 0.3
