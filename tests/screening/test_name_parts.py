import pytest

from pnr_pipeline.records import EntryName
from pnr_pipeline.screening.names import LETTERS_MAX, PARTS_MAX, NameReader


@pytest.fixture(scope="module")
def reader(rules):
    return NameReader(rules.words, rules.forms)


def words(name):
    return [part.written for part in name.parts]


def test_titles_are_no_parts_of_a_name(reader):
    assert words(reader.traveller("DR PETROV", "IVAN MR")) == ["PETROV", "IVAN"]


def test_a_surname_spelled_like_a_title_stays(reader):
    assert words(reader.traveller("BAY", "AYSE")) == ["BAY", "AYSE"]


def test_a_name_of_particles_alone_is_a_name(reader):
    assert [part.particle for part in reader.traveller("LE", "VAN ANH").parts] == [False, True, False]


def test_a_title_alone_is_no_given_name(reader):
    assert words(reader.traveller("PETROV", "MR")) == ["PETROV"]


def test_a_glued_title_is_a_second_reading_and_never_the_only_one(reader):
    glued = reader.traveller("PETROVA", "ANAMRS").parts[-1]
    assert glued.readings == ("ANAMRS", "ANA")


def test_fillers_for_a_missing_name_are_never_names(reader):
    assert words(reader.traveller("FNU", "IVAN")) == ["IVAN"]
    assert words(reader.traveller("LNU", "UNKNOWN")) == []


def test_apostrophes_join_and_hyphens_part(reader):
    assert words(reader.traveller("O'NEIL-D’ARCY", "M.A.")) == ["ONEIL", "DARCY", "M", "A"]


def test_neighbours_and_whole_fields_are_also_one_word(reader):
    merged = {unit.readings[0]: unit.mask for unit in reader.traveller("AL TAWEEL", "A B C").units if unit.merged}
    assert merged["ALTAWEEL"] == 0b00011
    assert merged["ABC"] == 0b11100


def test_a_full_name_with_a_comma_tells_its_fields(reader):
    fields = [(part.written, part.field) for part in reader.entry(EntryName("Petrov, Ivan")).parts]
    assert fields == [("Petrov", "surname"), ("Ivan", "given")]


def test_all_in_one_field_leaves_the_fields_open(reader):
    assert {part.field for part in reader.traveller("IVAN PETROV", "").parts} == {"either"}
    assert {part.field for part in reader.entry(EntryName("Ivan Petrov")).parts} == {"either"}


def test_a_hostile_name_costs_no_more_than_a_long_one(reader):
    name = reader.traveller("A" * 60_000, "B " * 30_000)
    assert len(name.parts) <= PARTS_MAX
    assert max(len(part.readings[0]) for part in name.parts) <= LETTERS_MAX
