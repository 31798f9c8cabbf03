"""No sensitive code, word or text reaches a record, wherever it stands (ING-4)."""

import msgspec
import pytest
from pnrgov_texts import HEADER, LEG, PNR, RULES, booking, names, read, rules
from sensitive_corpus import DELETED, FARES, LANGUAGES, coded, planted


def stored(content) -> str:
    """All that would be stored of a message, without its counters."""
    return msgspec.json.encode((content.flights, content.travellers, content.bookings, content.findings)).decode()


@pytest.mark.law("ING-4")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_listed_word_of_a_language_is_stored_and_no_traveller_is_lost(language):
    for words in LANGUAGES[language].values():
        for word in words:
            told = word.removesuffix("*").upper()
            content = booking(*planted(told))
            assert told.lower() not in stored(content).lower()
            assert names(content)[0] == ("DOE", "JANE")
            assert any(kind.startswith("sensitive:") and kind[-1] in "RHPXO" for kind in content.dropped)
            assert "SEN-01" in rules(content)


@pytest.mark.law("ING-4")
@pytest.mark.parametrize(("code", "klass"), DELETED)
def test_no_sensitive_service_is_stored_and_its_class_is_counted(code, klass):
    content = booking(*coded(code))
    found = stored(content)
    assert code not in found
    assert "ASTHMA" not in found
    assert content.dropped[f"sensitive:{klass}"] >= 4
    assert "SEN-01" in rules(content)
    assert names(content) == [("DOE", "JANE")]


@pytest.mark.law("ING-4")
@pytest.mark.parametrize(("code", "klass"), FARES)
def test_no_sensitive_fare_or_passenger_type_is_stored(code, klass):
    by_far = read(HEADER + PNR + f"TIF+DOE+JANEMRS::1'FAR+{code}+1'" + LEG)
    by_tif = read(HEADER + PNR + f"TIF+DOE+JANEMRS:{code}:1'" + LEG)
    for content in (by_far, by_tif):
        assert content.travellers[0].fare_type == ""
        assert content.dropped == {f"sensitive:{klass}": 1}


@pytest.mark.law("ING-4")
def test_unknown_meals_and_wheelchairs_take_the_class_of_their_kind():
    content = read(HEADER + PNR + "TIF+DOE+JANEMRS:A:1'SSR+QQML:HK:1:MS+::1'SSR+WCQQ:HK:1:MS+::1'" + LEG)
    assert content.dropped == {"sensitive:A": 1, "sensitive:H": 1}


def test_findings_on_sensitive_data_name_neither_place_nor_person_nor_class():
    content = read(HEADER + PNR + "TIF+DOE+JANEMRS:A:1'SSR+WCHR:HK:1:MS+::1'SSR+MOML:HK:1:MS+::1'" + LEG)
    (finding,) = [finding for finding in content.findings if finding.rule == "SEN-01"]
    assert (finding.traveller, finding.segment, finding.offset) == (None, "", 0)
    assert finding.message == f"{RULES['SEN-01'].what}: 2 in all"


def test_a_belief_told_by_a_title_is_not_kept():
    content = read(HEADER + PNR + "TIF+DOE+JOHN REV:A:1'" + LEG)
    assert (content.travellers[0].given_names, content.travellers[0].title) == ("JOHN", "")


@pytest.mark.parametrize(
    "text", ["BREMEN", "CHRISTIAN", "RAMADANI", "ISLAM", "KURT", "CLAUDE", "DEAFRA", "BLINDSTREET 5"]
)
def test_names_of_persons_and_places_are_no_sensitive_words(text):
    assert RULES.intake.sensitive.text(text) is None


@pytest.mark.parametrize(
    "text", ["Şeker hastası", "ŞEKER HASTASI", "seker hastasi", "wheel-chair", "HALALMEAL", "потребує ВІЗОК"]
)
def test_words_are_found_whatever_their_case_accents_and_signs(text):
    assert RULES.intake.sensitive.text(text) is not None
