"""One invented name in two scripts, or in two ways to spell it, has forms that meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.screening.keys import consonants, folded, unvowelled
from pnr_pipeline.screening.letters import FORMS_MAX, readings, script
from pnr_pipeline.screening.name_forms import WordForms


@pytest.fixture(scope="module")
def forms_of(rules):
    return WordForms(rules.forms).of


def meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if {folded(form) for form in one} & {folded(form) for form in other}:
        return True
    bare = {form for form in (*one, *other) if unvowelled(form)}
    return any(consonants(a) == consonants(b) for a in one for b in other if a in bare or b in bare)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ђурђевљанин", "Đurđevljanin"),
        ("Ђурђевљанин", "DJURDJEVLJANIN"),
        ("Жикићевски", "Žikićevski"),
        ("Џоџић", "DZODZIC"),
        ("Ќуркчиев", "KJURKCHIEV"),
        ("Ѓузелев", "GJUZELEV"),
        ("Цоневска", "CONEVSKA"),
        ("Щилянов", "SHTILYANOV"),
        ("Юруков", "YURUKOV"),
        ("Юруков", "IOUROUKOV"),
        ("Жечев", "JETCHEV"),
        ("Мария", "MARIA"),
        ("Хвощёв", "KHVOSHCHEV"),
        ("Чащин", "CHASCHIN"),
        ("Ельцов", "YELTSOV"),
        ("Шиманюк", "SZIMANIUK"),
        ("Грицай", "HRYTSAI"),
        ("Їжаченко", "YIZHACHENKO"),
        ("Яременко", "YAREMENKO"),
        ("Жаўняровіч", "ZHAUNIAROVICH"),
        ("Дамашэвіч", "DAMASEVIC"),
        ("Μπουζιάνης", "BOUZIANIS"),
        ("Ντελής", "DELIS"),
        ("Γκούμας", "GOUMAS"),
        ("Αγγελίδης", "ANGELIDIS"),
        ("Αγγελίδης", "AGGELIDES"),
        ("Ευθύμογλου", "EFTHYMOGLOU"),
        ("Χατζίδης", "HATZIDIS"),
        ("Παυλάκης", "PAVLAKIS"),
        ("Παϊσίδης", "PAISIDIS"),
        ("ჭყონდია", "CHQONDIA"),
        ("წიკლაური", "TSIKLAURI"),
        ("ღვინიაშვილი", "GVINIASHVILI"),
        ("Չոլաքյան", "CHOLAKYAN"),
        ("Ղուկասյան", "GHUKASYAN"),
        ("Պետիկյան", "BEDIGYAN"),
        ("Հրաչիկ", "GRACHIK"),
        ("مزهرة", "MUZHIRA"),
        ("الطرابزي", "AT TARABZI"),
        ("الطرابزي", "ATTARABZI"),
        ("جندبي", "GUNDUBI"),
        ("قربيص", "GARBIS"),
        ("شهرامى", "SHAHRAMI"),
        ("ذهبور", "ZAHBOUR"),
        ("ذهبور", "DHAHBUR"),
        ("مُحَمَّد", "MEHMET"),
        ("يوسف", "YOUSSEF"),
        ("عبدالله", "ABDELLAH"),
        ("تیلور", "TAYLOR"),
        ("استورلین", "STORLIN"),
        ("عبدالظفور", "ABDELDHAFOUR"),
        ("عبدالظفور", "ABDUDHAFUR"),
        ("جان", "JOHN"),
        ("جان", "JAN"),
        ("دیوید", "DAVID"),
        ("رودویک", "RODEVIK"),
        ("مدودوف", "MEDVEDOV"),
        ("گیلز", "GILES"),
        ("ظفورة", "DHUFURA"),
        ("MXHMD", "MOHAMMED"),
        ("AXHMD", "AHMET"),
        ("ברקוביץ", "BERKOVITS"),
        ("Şahiner", "SHAHINER"),
        ("Çağrıoğlu", "CAGRIOGLU"),
        ("Çelaj", "CHELAJ"),
        ("Ёқубов", "YOQUBOV"),
        ("Əsgərov", "ASGAROV"),
        ("Əsgərov", "ESGEROV"),
        ("Ștefănoiu", "STEFANOIU"),
        ("Ängström", "AENGSTROEM"),
        ("Ängström", "ANGSTROM"),
        ("Ångmo", "AANGMO"),
        ("MUXXHLBERG", "Mühlberg"),
        ("MUEHLBERG", "MUHLBERG"),
        ("IBANXXEZ", "Ibañez"),
        ("MPOUZIANIS", "BOUZIANIS"),
        ("ALTARABZI", "TARABZI"),
        ("ABDURRAHMAN", "ABDELRAHMAN"),
        ("OLEKSANDR", "Александр"),
        ("Рetrilov", "PETRILOV"),
        ("Ýlkerþan", "ILKERSAN"),
        ("XHAFERAJ", "DZAFERAJ"),
        ("GJERGJAJ", "DJERDJAJ"),
        ("Qemalaj", "CEMALAJ"),
        ("QULUBOV", "GULUBOV"),
        ("DZHANADZE", "JANADZE"),
        ("DJUKICEVIC", "DUKICEVIC"),
        ("CAVIDZADE", "JAVIDZADE"),
        ("XOSHIMOV", "KHOSHIMOV"),
        ("BAXTIYOR", "BAKHTIYOR"),
        ("HRUSHENKO", "GRUSHENKO"),
        ("Гнатчук", "HNATCHUK"),
        ("VORONYOV", "VORONEV"),
        ("PETIKYAN", "BEDIGIAN"),
        ("CHATZILAKIS", "HATZILAKIS"),
        ("AGGELOPOULOS", "ANGELOPOULOS"),
        ("LAMPRAKIS", "LAMBRAKIS"),
        ("KWANGDO", "QUANGDO"),
    ],
)
def test_two_spellings_of_one_name_meet(forms_of, one, other):
    assert meet(forms_of(one).forms, forms_of(other.replace(" ", "")).forms)


@pytest.mark.parametrize(
    ("one", "other"),
    [("محمد", "SALIM"), ("Ђукић", "ZUKIC"), ("MEHMET", "AHMET"), ("Παυλάκης", "PAPAKIS"), ("سالم", "KARIM")],
)
def test_two_names_do_not_meet(forms_of, one, other):
    assert not meet(forms_of(one).forms, forms_of(other).forms)


def test_a_short_form_tells_the_name_in_full_and_is_no_spelling_of_it(forms_of):
    assert "MIKHAIL" in forms_of("MISHA").in_full
    assert "MIKHAIL" not in forms_of("MISHA").forms


def test_a_word_of_arabic_is_read_with_its_vowels_where_they_are_known(forms_of):
    assert forms_of("محمد").forms[0] == "MUHAMMAD"
    assert forms_of("المحمد").forms[0] == "MUHAMMAD"


@pytest.mark.parametrize(
    ("word", "of"),
    [
        ("Ivan", "LATIN"),
        ("Иван", "CYRILLIC"),
        ("Άννα", "GREEK"),
        ("علي", "ARABIC"),
        ("ანა", "GEORGIAN"),
        ("Աննա", "ARMENIAN"),
        ("חנה", "HEBREW"),
        ("王", "HAN"),
        ("ကို", "OTHER"),
        ("", "LATIN"),
    ],
)
def test_each_script_is_known_by_its_letters(word, of):
    assert script(word) == of


@given(st.text(max_size=60))
def test_any_word_has_few_different_forms_of_a_to_z(forms_of, word):
    forms, spelled, in_full = forms_of(word)
    assert len(forms) == len(set(forms)) <= FORMS_MAX
    assert spelled <= len(forms)
    for form in (*forms, *in_full):
        assert form.isascii()
        assert form.isalpha()
        assert form.isupper()
    assert forms_of.__wrapped__(word) == (forms, spelled, in_full)


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20))
def test_consonants_of_a_form_without_vowels_are_the_form_and_of_no_other(form):
    key = consonants(form)
    assert key.isascii()
    assert len(key) <= 2 * len(form)
    assert unvowelled(form) == (key == form)
    assert readings(form)[0] == form
