import csv
from collections import Counter

import pytest

from pnr_pipeline.screening.list_register import read_register, unfit
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.folder import write_lists
from pnr_pipeline.simulate.lists import DOCUMENTS, KINDS, PERSONS, plant
from tests.simulate.conftest import DAY

MANY = Scenario(seed=5, flights=12, day=DAY, planted=3 * len(KINDS))


@pytest.fixture(scope="module")
def planted():
    return plant(MANY)


@pytest.fixture(scope="module")
def told():
    """Each traveller of the closing lists, by person."""
    files = [file for file in simulate(MANY) if (file.truth.kind, file.truth.push) == ("PAXLST", "closure")]
    return {one.person: one for file in files for one in file.truth.travellers}


def entries(planted):
    return {f"{entry.list}/{entry.id}": entry for entry in (*planted.persons, *planted.documents)}


def test_everyone_planted_travels_and_stands_on_a_list(planted, told):
    sought = [one for one in told.values() if one.planted]
    assert Counter(one.planted for one in sought).most_common(1)[0][1] == 1
    assert len(sought) == MANY.planted
    assert {one.planted for one in sought} <= set(entries(planted))


def test_each_way_of_spelling_is_planted_and_told(planted, told):
    by_spelling = Counter(one.spelling for one in told.values() if one.planted)
    assert by_spelling.pop("") == 3 * KINDS.count("document")
    assert set(by_spelling) == set(KINDS) - {"document"}


def test_a_varied_spelling_differs_from_the_list_in_the_way_it_says(planted, told):
    listed = entries(planted)
    for one in told.values():
        if not one.planted or not one.spelling:
            continue
        name = listed[one.planted].names[0]
        same = (name.surname.upper(), name.given.upper()) == (one.surname, one.given_names)
        assert same is (one.spelling == "exact")
        if one.spelling == "swapped":
            assert (name.surname.upper(), name.given.upper()) == (one.given_names, one.surname)
        elif one.spelling == "second_name_missing":
            assert name.given.upper().startswith(one.given_names + " ")
        elif one.spelling == "double_surname":
            assert one.surname.startswith(name.surname.upper() + " ")
        elif one.spelling == "own_letters":
            assert not name.full.isascii()
            assert name.script != "LATIN"
        elif one.spelling == "diacritics":
            assert not name.full.isascii()
            assert name.script == "LATIN"


def test_a_planted_person_is_born_when_the_list_says(planted, told):
    listed = entries(planted)
    for one in told.values():
        if one.planted.startswith(PERSONS):
            assert one.date_of_birth.startswith(listed[one.planted].dob[0])
            assert listed[one.planted].gender == one.sex


def test_a_planted_document_is_on_the_list_and_its_decoy_is_not(planted, told):
    listed = entries(planted)
    numbers = {entry.documents[0].number for entry in planted.documents}
    for one in told.values():
        if one.planted.startswith(DOCUMENTS):
            assert one.documents[0].number == listed[one.planted].documents[0].number
        elif one.decoy_of.startswith(DOCUMENTS):
            wrong = listed[one.decoy_of].documents[0].number
            assert one.documents[0].number not in numbers
            assert sum(here != there for here, there in zip(one.documents[0].number, wrong, strict=True)) == 1


def test_a_decoy_is_somebody_else(planted, told):
    listed = entries(planted)
    decoys = [one for one in told.values() if one.decoy_of.startswith(PERSONS)]
    assert decoys
    for one in decoys:
        assert one.date_of_birth != listed[one.decoy_of].dob[0]
        assert not one.planted


def test_the_files_build_into_lists_by_their_registers(tmp_path, planted):
    write_lists(MANY, tmp_path)
    for name, expected in ((PERSONS, planted.persons), (DOCUMENTS, planted.documents)):
        register = read_register((tmp_path / "lists" / f"{name}.yaml").read_text("utf-8"), name)
        assert unfit(register.registration(), DAY) == ""
        with (tmp_path / "lists" / f"{name}.csv").open("rb") as file:
            imported = register.read({file.name: file})
        assert imported.findings == ()
        assert {entry.id for entry in imported.entries} == {entry.id for entry in expected}
        for ours, theirs in zip(expected, imported.entries, strict=True):
            assert (ours.dob, ours.gender, ours.nationality) == (theirs.dob, theirs.gender, theirs.nationality)
            assert [one.number for one in ours.documents] == [one.number for one in theirs.documents]


def test_a_list_holds_no_column_of_the_truth(tmp_path):
    write_lists(MANY, tmp_path)
    with (tmp_path / "lists" / f"{PERSONS}.csv").open(encoding="utf-8", newline="") as lines:
        assert set(next(csv.reader(lines))) == {
            "id", "surname", "given_names", "date_of_birth", "sex", "nationality", "category",
        }  # fmt: skip
