import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.screening.keys import consonants, deletions, folded, phonetic
from pnr_pipeline.screening.letters import readings


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("Müller", {"MUELLER", "MULLER"}),
        ("Đorđević", {"DORDEVIC", "DJORDJEVIC"}),
        ("Häßler", {"HAESSLER", "HASSLER"}),
        ("Øster", {"OESTER", "OSTER"}),
        ("Şükrü", {"SUEKRUE", "SUKRU"}),
        ("İlğın", {"ILGIN"}),
        ("Qëndrim", {"QENDRIM"}),
        ("Ђорђевић", {"DORDEVIC", "DJORDJEVIC"}),
        ("Ќосев", {"KJOSEV", "KOSEV"}),
        ("Ѓорѓиев", {"GJORGJIEV", "GORGIEV"}),
        ("Христов", {"KHRISTOV", "HRISTOV"}),
        ("Щърбанов", {"SHTARBANOV", "SHCHIERBANOV"}),
        ("Гнатюк", {"GNATIUK", "HNATIUK", "GNATYUK"}),
        ("Їжакевич", {"IZHAKEVYCH", "YIZHAKEVYCH"}),
        ("Παπαδόπουλος", {"PAPADOPOULOS"}),
        ("Μπότσαρης", {"MPOTSARIS", "BOTSARIS"}),
        ("ხვიჩა", {"KHVICHA"}),
        ("Հարութ", {"HARUT"}),
        ("Սևակ", {"SEVAK"}),
    ],
)
def test_a_word_is_read_as_documents_and_bookings_spell_it(written, spelled):
    assert spelled <= set(readings(written))


def test_digits_read_for_letters_are_read_back():
    assert readings("P3TR0V") == ("PETROV",)
    assert readings("12345") == ()


@given(st.text(max_size=40))
def test_reading_a_reading_changes_nothing(word):
    for spelling in readings(word):
        assert readings(spelling)[0] == spelling
        assert spelling.isascii() and spelling.isalpha() and spelling.isupper()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzšćžéñ", min_size=1, max_size=20))
def test_case_does_not_change_a_reading(word):
    assert readings(word) == readings(word.upper())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KHALID", "HALID"),
        ("YOUSSEF", "JUSEF"),
        ("SHEVCHENKO", "SEVCENKO"),
        ("MOUHAMMAD", "MUHAMAD"),
        ("WASSIM", "VASIM"),
    ],
)
def test_conventions_of_spelling_fold_into_one(one, other):
    assert folded(one) == folded(other)


def test_sounds_and_consonants_meet_where_spelling_does_not():
    assert phonetic(folded("AHMED")) == phonetic(folded("AHMAD"))
    assert consonants("HUSSEIN") == consonants("HASAN")


words = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=14)


@given(words, st.data())
def test_one_slip_of_typing_leaves_a_common_deletion(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("ABCXYZ"))
    slipped = data.draw(
        st.sampled_from(
            [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
        )
    )
    assert deletions(word) & deletions(slipped)
