import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.records import EntryName
from pnr_pipeline.screening.letters import FORMS_MAX
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


def test_initials_in_a_row_and_fields_of_six_words_are_also_one_word(reader):
    initials = reader.entry(EntryName("G.H.K. Ketevan Vardosan"))
    assert "GHK" in {unit.readings[0] for unit in initials.units}
    six = reader.traveller("VARDOSAN", "KETEVAN NESTAN TINATIN DAREJAN ASMAT RUSUDAN")
    assert "KETEVANNESTANTINATINDAREJANASMATRUSUDAN" in {unit.readings[0] for unit in six.units}


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


@pytest.mark.parametrize(
    ("surname", "given", "kinds"),
    [
        ("DE LA CUEVA", "J", ["particle", "particle", "name", "initial"]),
        ("IVANILOV", "PETR SEMYONOVICH", ["name", "name", "patronymic"]),
        ("ELOVICH", "ADELA", ["name", "name"]),
        ("ALIZADAV", "RASHAD TOFIQ OGLU", ["name", "name", "name", "particle"]),
        ("HOLTBERG JR", "SHEIKH OTTO", ["name", "generation", "honorific", "name"]),
    ],
)
def test_each_part_tells_its_kind(reader, surname, given, kinds):
    assert [part.kind for part in reader.traveller(surname, given).parts] == kinds


def test_the_last_of_two_words_is_a_surname_whatever_its_end(reader):
    assert [part.kind for part in reader.entry(EntryName("Ante Kraljevich")).parts] == ["name", "name"]
    assert [part.kind for part in reader.entry(EntryName("Orlan Petr Semyonovich")).parts][-1] == "patronymic"


def test_a_run_of_particles_is_read_with_the_name_behind_it(reader):
    units = {unit.readings[0]: unit.mask for unit in reader.traveller("ABD AL RAFIL", "OSMAN").units if unit.merged}
    assert units["ABDALRAFIL"] == 0b0111


def test_a_name_of_allah_or_of_the_faith_is_read_as_one_word_however_it_is_written(reader):
    assert "HABIBULLAH" in reader.entry(EntryName("حبيب الله")).units[-1].readings
    assert "NURUDDIN" in reader.entry(EntryName("نور الدين")).units[-1].readings


def test_the_last_part_of_a_name_that_fills_a_line_of_a_document_may_be_cut(reader):
    cut = reader.traveller("KONSTANTINOVSKA", "MARIJA ALEKSANDRIN")  # 15 and 18 letters, two fillers: 35
    full = reader.traveller("KONSTANTINOVSKA", "MARIJA ALEKSANDRINAJEL")  # 39
    assert [part.cut for part in cut.parts] == [False, False, False]
    assert [part.cut for part in full.parts] == [False, False, True]


def test_a_doubled_letter_is_also_the_single_one(reader):
    assert reader.traveller("OO", "MINH").parts[0].readings == ("OO", "O")


def test_titles_before_the_name_and_behind_the_surname_are_second_readings(reader):
    parts = reader.traveller("PETRILOVMRS", "DRKAROLA").parts
    assert [part.readings for part in parts] == [("PETRILOVMRS", "PETRILOV"), ("DRKAROLA", "KAROLA")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dr.Vardosan Ketevan", ["Vardosan", "Ketevan"]),
        ("د.ظفور قربيص", ["ظفور", "قربيص"]),
        ("G.H. Vardosan", ["G", "H", "Vardosan"]),
        ("K.VARDOSAN Ph.D", ["K", "VARDOSAN"]),
    ],
)
def test_a_dot_before_a_word_parts_and_one_within_an_abbreviation_joins(reader, text, parts):
    assert words(reader.entry(EntryName(text))) == parts


def test_remarks_in_brackets_are_no_parts_and_a_name_in_brackets_is_one(reader):
    assert words(reader.entry(EntryName("Ivo (the elder brother) Krstan"))) == ["Ivo", "Krstan"]
    assert words(reader.entry(EntryName("Ivo (Ivek) Krstan"))) == ["Ivo", "Ivek", "Krstan"]


@pytest.mark.parametrize("text", ["PETRILOV/IVO KRSTAN MR", "PETRILOV<<IVO<KRSTAN<<<<<<", "PETRILOV / IVO KRSTAN"])
def test_one_field_may_mark_off_surname_and_given_names(reader, text):
    assert [(part.readings[0], part.field) for part in reader.traveller(text, "").parts] == [
        ("PETRILOV", "surname"),
        ("IVO", "given"),
        ("KRSTAN", "given"),
    ]


def test_marks_and_joiners_part_no_word(reader):
    assert words(reader.entry(EntryName("مُرادعـلی‌زاد"))) == ["مرادعلیزاد"]


def test_a_chinese_name_in_one_word_is_surname_and_given_name(reader):
    assert [part.readings[0] for part in reader.entry(EntryName("王伟明")).parts] == ["WANG", "WEIMING"]
    assert [part.readings[0] for part in reader.entry(EntryName("欧阳明")).parts] == ["OUYANG", "MING"]


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_gives_the_same_bounded_name_again(reader, surname, forenames):
    name = reader.traveller(surname, forenames)
    assert name == reader.traveller(surname, forenames)
    assert len(name.parts) <= PARTS_MAX
    for part in name.parts:
        assert 1 <= part.spelled <= len(part.readings) <= FORMS_MAX
        assert all(form.isascii() and form.isalpha() and form.isupper() for form in part.readings)
    assert reader.entry(EntryName(f"{surname} {forenames}")) == reader.entry(EntryName(f"{surname} {forenames}"))
