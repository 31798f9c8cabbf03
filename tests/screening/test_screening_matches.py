import string
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_persons import NOW, person, register, traveller

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, EntryName, ListEntry, Name
from pnr_pipeline.screening import ENGINE, Index, compare, screen

ENTRIES = (
    person("e1", "Đorđević", "Miloš", "1975-03-09", nationality=("RS",), gender="M"),
    person("e2", "Kelmendi", "Arben", "1982-11-30", nationality=("XK",)),
    person("e3", "Al Taweel", "Khaled", "1957-05-02"),
    person("e4", "Хаджиев", "Стоян Петров", "1969-12-01", nationality=("BG",)),
    person("e5", "Yıldırım", "Özgür", ()),
    person("e6", "Karapetyan", "Anna Maria", "1990-07-04", documents=(Document("P", "AB 123-4567", "AM"),)),
    ListEntry("d1", "wanted", documents=(Document("P", "X0001234", "TR"),)),
)


@pytest.fixture(scope="module")
def index(index_of):
    return index_of(ENTRIES)


def found(index, *args, **more):
    return {match.entry_id: match for match in screen([traveller(*args, **more)], index, NOW)}


def term(match, field):
    return next(one for one in match.evidence if one.field == field)


@pytest.mark.parametrize(
    ("entry_id", "surname", "given_names", "born"),
    [
        ("e1", "DORDEVIC", "MILOS", "1975-03-09"),
        ("e1", "DJORDJEVIC", "MILOSMR", "1975-03-09"),
        ("e1", "MILOS", "DORDEVIC", "1975-03-09"),
        ("e1", "DJORDJEVIC MILOS", "", "1975-03-09"),
        ("e1", "DORDEVIC", "MILOS", "1975-09-03"),
        ("e1", "DORDEVIC", "M", "1975-03-09"),
        ("e1", "DORDEVIC", "MILOS", "1975"),
        ("e2", "KELMENDY", "ARBEN", "1982-11-30"),
        ("e2", "KELMNEDI", "ARBEN DR", "1982-11-30"),
        ("e3", "ALTAWIL", "KHALID", "1957-05-02"),
        ("e3", "TAWEEL", "KHALED AHMAD", "1957-05-02"),
        ("e4", "HADZHIEV", "STOYAN PETROV", "1969-12-01"),
        ("e4", "KHADZHIEV", "STOIAN", "1969-12-01"),
        ("e6", "KARAPETIAN", "ANNAMARIA", "1990-07-04"),
        ("e6", "KARAPETYAN", "ANNA MA", "1990-07-04"),
    ],
)
def test_a_listed_person_is_found_however_the_name_is_spelled(index, entry_id, surname, given_names, born):
    assert found(index, surname, given_names, born)[entry_id].queue == "alert"


@pytest.mark.parametrize(
    ("surname", "given_names", "born"),
    [
        ("DORDEVIC", "JELENA", "1979-08-21"),
        ("KELMENDI", "FATMIR", "1985-02-11"),
        ("KELMENDI", "ARBEN", "1961-04-17"),
        ("KELMENDI", "DRITA", "1982-11-30"),
        ("SMITH", "ARBEN", "1982-11-30"),
        ("FNU", "LNU", "1982-11-30"),
    ],
    ids=["sister", "brother", "namesake of another age", "twin", "same given name and date", "no name at all"],
)
def test_another_person_raises_nothing(index, surname, given_names, born):
    assert found(index, surname, given_names, born) == {}


@pytest.mark.parametrize(("listed", "asked"), [("Mikhail", "MISHA"), ("Misha", "MIKHAIL"), ("Михаил", "MISHA")])
def test_a_short_form_meets_the_name_in_full_and_says_so(index_of, listed, asked):
    entries = (person("s1", "Vardosani", listed, "1980-05-06"), person("s2", "Vardosani", "Temur", "1980-05-06"))
    match = found(index_of(entries), "VARDOSANI", asked, "1980-05-06")["s1"]
    assert [pair.how for pair in term(match, "name").pairs] == ["equal", "short"]


@pytest.mark.parametrize(
    ("listed", "surname", "given"),
    [
        (("قربيص", "عبد الكرديب"), "QURBIS", "ABDULKURDIB"),
        (("قربيص", "عبدالكرديب"), "QARBEES", "ABD AL KURDEEB"),
    ],
)
def test_words_merged_meet_words_written_without_vowels(index_of, listed, surname, given):
    match = found(index_of((person("a1", *listed, "1980-05-06"),)), surname, given, "1980-05-06")["a1"]
    assert {pair.how for pair in term(match, "name").pairs} <= {"equal", "transliterated", "phonetic"}


def test_a_particle_that_only_one_side_has_is_left_out_and_never_in_conflict(index_of):
    index = index_of((person("p1", "Tarabzi", "Muzhir Jundubi", "1980-05-06"),))
    match = compare(traveller("AL TARABZI", "MUZHIR ROSTAM", "1980-05-06"), "wanted", "p1", index, NOW)
    hows = {pair.traveller or pair.entry: pair.how for pair in term(match, "name").pairs}
    assert (hows["AL"], hows["ROSTAM"], hows["Jundubi"]) == ("omitted", "conflict", "conflict")


def test_two_short_forms_of_one_name_are_not_the_name_in_full(index_of):
    index = index_of((person("s1", "Vardosani", "Misha", "1980-05-06"),))
    match = compare(traveller("VARDOSANI", "MICKEY", "1980-05-06"), "wanted", "s1", index, NOW)
    assert "short" not in {pair.how for pair in term(match, "name").pairs}


def test_without_a_date_on_either_side_a_full_name_goes_to_the_weak_queue(index):
    assert found(index, "YILDIRIM", "OEZGUER")["e5"].queue == "weak"
    assert found(index, "YILDIRIM", "OEZGUER", "1988-01-17")["e5"].queue == "weak"
    assert found(index, "KELMENDI", "") == {}


@pytest.mark.parametrize(("born", "queues"), [("1982-11-30", ["weak"]), ("1982-10-30", ["weak"]), ("1961-04-17", [])])
def test_what_reaches_only_the_weak_threshold_is_weak_but_for_another_birth_date(index_of, born, queues):
    one = traveller("KELMENDI", "ARBEN", born)
    score = compare(one, "wanted", "e2", index_of(ENTRIES), NOW).score
    between = register(alert_threshold=min(0.99999, score * 1.0001), weak_threshold=score * 0.5)
    assert [match.queue for match in screen([one], index_of(ENTRIES, between), NOW)] == queues


def test_a_document_is_a_hit_whatever_the_name_says(index):
    by_name_of_another = found(index, "SMITH", "JOHN", "1950-01-01", number="AB1234567")
    assert by_name_of_another["e6"].by_document
    assert by_name_of_another["e6"].queue == "alert"
    assert found(index, "SMITH", "JOHN", number="x0001234")["d1"].by_document


def test_a_number_of_another_issuer_or_one_misread_is_only_evidence(index):
    assert found(index, "SMITH", "JOHN", "1950-01-01", number="X0001234", issuer="DE") == {}
    misread = found(index, "KARAPETIAN", "ANA", "1990", number="AB1Z34567")["e6"]
    assert not misread.by_document
    assert term(misread, "document").verdict == "close"


def test_every_name_of_a_traveller_is_compared(index):
    booked = traveller("SMITH", "JOHN", "1982-11-30", other_names=(Name("KELMENDI", "ARBEN", "DOCS"),))
    assert [match.entry_id for match in screen([booked], index, NOW)] == ["e2"]


def test_a_match_explains_itself_and_names_what_it_was_made_with(index):
    match = found(index, "DJORDJEVIC", "MILOS", "1975-09-03", nationality="SRB", sex="M")["e1"]
    assert match.entry_name == "Miloš Đorđević"
    assert (match.list_id, match.list_version, match.engine) == ("wanted", "v1", ENGINE)
    assert match.thresholds == (index.rules.weights.alert, index.rules.weights.weak)
    assert term(match, "birth date").words == "birth date: day and month swapped"
    assert term(match, "nationality").verdict == term(match, "sex").verdict == "same"
    name = term(match, "name")
    assert name.verdict == "transliteration"
    assert "Đ→DJ" in name.words
    assert [(pair.traveller, pair.entry, pair.how) for pair in name.pairs] == [
        ("DJORDJEVIC", "Đorđević", "transliterated"),
        ("MILOS", "Miloš", "equal"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict", "words"),
    [
        ("1975-03-09", ("1975-03-09",), "same", "same"),
        ("1975-03-09", ("1980", "1975"), "partial", "year same, the rest not known"),
        ("1975", ("1975-03-09",), "partial", "year same, the rest not known"),
        ("1975-03-09", ("1975-03",), "partial", "year and month same, day not known"),
        ("1975-03-09", ("1975-09-03",), "swapped", "day and month swapped"),
        ("1975-03-09", ("1976-03-09",), "close", "differs in year"),
        ("1975-03-09", ("1975-03-19",), "close", "differs in day"),
        ("1975-03-09", ("1951-12-24",), "differs", "differs"),
        (None, ("1975-03-09",), "unknown", "not known"),
        ("1975-03-09", ("about 1975",), "unknown", "not known"),
    ],
)
def test_birth_dates_are_compared_part_by_part(rules, ours, theirs, verdict, words):
    from pnr_pipeline.screening.evidence import birth_date

    evidence = birth_date(ours, theirs, rules.weights.birth_date)
    assert (evidence.verdict, evidence.words) == (verdict, f"birth date: {words}")


def test_the_first_of_january_says_less_than_another_day(rules):
    from pnr_pipeline.screening.evidence import birth_date

    weights = rules.weights.birth_date
    first, other = (birth_date(day, (day,), weights).weight for day in ("1975-01-01", "1975-03-09"))
    assert 0 < first < other


def test_a_list_may_ask_for_more_certainty_than_the_engine(index_of):
    strict = index_of(ENTRIES, register(alert_threshold=0.99999999, weak_threshold=0.99999998))
    assert found(strict, "KELMENDY", "ARBEN", "1982-11-30") == {}


def test_two_entries_with_one_id_are_refused(index_of):
    with pytest.raises(RuleFault):
        index_of((ENTRIES[0], ENTRIES[0]))


def test_compare_scores_what_screening_leaves_out(index):
    sister = traveller("DORDEVIC", "JELENA", "1979-08-21")
    match = compare(sister, "wanted", "e1", index, NOW)
    assert match is not None
    assert match.score < match.thresholds[1]
    assert term(match, "name").verdict == "differs"
    assert compare(sister, "wanted", "no such entry", index, NOW) is None


@pytest.mark.parametrize(
    ("surname", "given", "asked", "asked_given"),
    [
        ("Kvrgačić", "Desanka", "KVRGACIC", "D"),
        ("Tomborelli", "Ugo", "TOMBORELI", "UGGO"),
        ("Vashlomani", "Nestan Rusudan", "VASHLOMANI", "NESTAN"),
        ("Abu Dharif", "Ragheb", "ABUDHARIF", "RAGIB"),
        ("Szczebrzyk", "Jarogniew", "SZCZBERZYK", "JAROGNIEW"),
    ],
)
def test_screening_leaves_out_nobody_whose_comparison_reaches_the_weak_queue(
    index_of, surname, given, asked, asked_given
):
    one, entries = traveller(asked, asked_given, "1971-02-03"), (*ENTRIES, person("n1", surname, given))
    match = compare(one, "wanted", "n1", index_of(entries), NOW)
    assert match.queue == "weak"
    index = index_of(entries, register(weak_threshold=match.score * 0.99))
    assert "n1" in {found.entry_id for found in screen([one], index, NOW)}


def test_screening_and_comparing_give_the_same_match(index):
    person = traveller("DJORDJEVIC", "MILOS", "1975-03-09")
    assert screen([person], index, NOW) == [compare(person, "wanted", "e1", index, NOW)]


syllables = st.sampled_from(
    ["ka", "lo", "mi", "ren", "tov", "sha", "zhi", "bul", "dar", "ge", "vra", "nik", "po", "stu"]
)
name_words = st.lists(syllables, min_size=2, max_size=4).map("".join)
dates = st.dates(date(1920, 1, 1), date(2024, 12, 31)).map(date.isoformat)
people = st.lists(
    st.tuples(name_words, name_words, dates, st.text(string.ascii_uppercase + string.digits, min_size=6, max_size=9)),
    min_size=1,
    max_size=8,
)


def listed(rows):
    return [
        person(f"e{at}", surname.title(), given_names.title(), born, documents=(Document("P", number),))
        for at, (surname, given_names, born, number) in enumerate(rows)
    ]


@settings(max_examples=40)
@given(people, st.data())
def test_an_equal_name_and_date_always_alert(index_of, rows, data):
    surname, given_names, born, _ = data.draw(st.sampled_from(rows))
    matches = screen([traveller(surname.upper(), given_names.upper(), born)], index_of(listed(rows)), NOW)
    wanted = {f"e{at}" for at, row in enumerate(rows) if row[:3] == (surname, given_names, born)}
    assert wanted <= {match.entry_id for match in matches if match.queue == "alert"}


@settings(max_examples=40)
@given(people, name_words, name_words, dates, st.data())
def test_a_document_of_a_list_always_surfaces(index_of, rows, surname, given_names, born, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    matches = screen([traveller(surname, given_names, born, number=rows[at][3].lower())], index_of(listed(rows)), NOW)
    assert any(match.entry_id == f"e{at}" and match.by_document and match.queue == "alert" for match in matches)


@settings(max_examples=30)
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_a_list_changes_nothing(index_of, rows, random: Random):
    entries = listed(rows)
    travellers = [
        traveller(surname, given_names, born, ordinal=at) for at, (surname, given_names, born, _) in enumerate(rows)
    ]
    before = screen(travellers, index_of(entries), NOW)
    random.shuffle(entries)
    assert screen(travellers, index_of(entries), NOW) == before


@settings(max_examples=30)
@given(people)
def test_case_and_diacritics_of_a_traveller_change_no_score(index_of, rows):
    index = index_of(listed(rows))
    marks = str.maketrans({"s": "š", "z": "ž", "c": "ć", "e": "é", "a": "á"})
    for surname, given_names, born, _ in rows:
        plain, marked = (
            [(match.entry_id, match.score) for match in screen([traveller(one, other, born)], index, NOW)]
            for one, other in (
                (surname.upper(), given_names.upper()),
                (surname.translate(marks), given_names.translate(marks).title()),
            )
        )
        assert plain == marked


@settings(max_examples=30)
@given(people)
def test_a_whole_message_is_screened_as_its_travellers_are(index_of, rows):
    index = index_of(listed(rows))
    travellers = [
        traveller(surname, given_names, born, ordinal=at)
        for at, (surname, given_names, born, _) in enumerate([*rows, ("NOBODY", "LISTED", "1970-01-02", "")])
    ]
    assert screen(travellers, index, NOW) == [match for one in travellers for match in screen([one], index, NOW)]


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=12), st.text(max_size=20))
def test_no_text_in_any_field_breaks_screening(index, surname, given_names, born, number):
    for match in screen([traveller(surname, given_names, born, number=number)], index, NOW):
        assert 0 <= match.score <= 1


def test_an_index_without_entries_finds_nobody(rules):
    assert screen([traveller("KELMENDI", "ARBEN", "1982-11-30", number="AB1234567")], Index.build([], rules), NOW) == []


def test_lists_of_one_index_keep_their_own_thresholds_and_offences(rules):
    strict, mild = (
        register("strict", alert_threshold=0.99999999, weak_threshold=0.99999998),
        register("mild", offences=("11",)),
    )
    entry = person("e2", "Kelmendi", "Arben", "1982-11-30", aliases=(EntryName("Arben Kelmendy"),))
    index = Index.build([(strict, "v1", [entry]), (mild, "v2", [entry])], rules)
    (match,) = screen([traveller("KELMENDIC", "ARBEN", "1982")], index, NOW)
    assert (match.list_id, match.list_version, match.offences) == ("mild", "v2", ("11",))


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "compared"),
    [(None, None, True), ("2026-03-02", "2026-03-02", True), ("2026-03-03", None, False), (None, "2026-03-01", False)],
)
def test_an_entry_is_compared_on_the_days_of_its_validity_only(index_of, valid_from, valid_until, compared):
    sought = person("e1", "Kelmendi", "Arben", "1982-11-30", valid_from=valid_from, valid_until=valid_until)
    index, asked = index_of([sought]), traveller("KELMENDI", "ARBEN", "1982-11-30")
    assert bool(screen([asked], index, NOW)) == compared
    assert (compare(asked, "wanted", "e1", index, NOW) is not None) == compared
