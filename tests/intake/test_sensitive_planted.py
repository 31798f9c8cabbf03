"""No sensitive code, word or text reaches a record, wherever it stands (ING-4)."""

import msgspec
import pytest
import yaml
from pnrgov_texts import HEADER, LEG, PNR, RULES, names, read, rules

from pnr_pipeline.stores.rule_files import rule_texts

CODES = yaml.safe_load(rule_texts("intake")["rules/intake/sensitive-codes.yaml"])
TERMS = yaml.safe_load(rule_texts("intake")["rules/intake/sensitive-terms.yaml"])
DELETED = [(code, row["class"]) for row in CODES["services"] if row["class"] in "RHPXO" for code in row["codes"]]
FARES = [(str(code), row["class"]) for row in CODES["fare_types"] if row["class"] in "RHPXO" for code in row["codes"]]
LANGUAGES = TERMS["languages"]


def stored(content) -> str:
    """All that would be stored of a message, without its counters."""
    return msgspec.json.encode((content.flights, content.travellers, content.bookings, content.findings)).decode()


def planted(word: str) -> str:
    """A booking that carries `word` in every place where text can stand, and two travellers."""
    return (
        HEADER
        + PNR
        + f"IFT+4:28::MS+{word}'IFT+4:28::MS+CTCM 4915112345 {word}'ADD++700:{word} STREET 1:KOELN'IFT+4:15+{word}'"
        + f"TIF+{word} TOURS:G:20'"
        + f"TIF+DOE+JANEMRS:A:1'IFT+4:28+{word}'REF+:{word} WORD'FTI+MS:123456:::{word}'"
        + f"FAR+N+++++{word}'IFT+4:99+A+{word}'"
        + f"SSR+OTHS:HK:1:MS:::::{word}+::1'SSR+CKIN:HK:1:MS:::::{word}'SSR+SPML:HK:1:MS:::::{word}+::1'"
        + f"SSR+MAAS:HK:1:MS:::::{word}+::1'SSR+UMNR:HK:1:MS:::::{word}+::1'SSR+CTCE:HK:1:MS:::::{word}//X.COM+::1'"
        + f"SSR+INFT:HK:1:MS:::::DOE/TIM 20SEP25 {word}+::1'SSR+DOCA:HK:1:MS:::::/R/DEU/{word} 5/KOELN+::1'"
        + f"SSR+RQST:HK:1:MS:::::{word}+12A::1'SSR+FOID:HK:1:MS:::::{word}+::1'SSR+ZZZZ:HK:1:MS:::::{word}'"
        + f"EBD+{word} X:50.00:{word}+1::{word} X+{word}'TKT+{word}:{word}'MON+{word} X:{word}:{word} X'"
        + f"FOP+{word} X::{word}:{word} X:{word}:{word}:{word}:{word}:{word}:{word}:{word}:{word}:{word}'"
        + f"TKT+0775475831909:T:1'FOP+CC::1.00:VI:XXXX1111:0628'IFT+4:43+{word} FUND+{word} HOUSE'ADD++702:{word}'"
        + LEG
        + f"SSR+TKNE:HK:1:MS:::CAI:FRA:{word}+::1'SSR+FQTV:HK:1:MS:::CAI:FRA:{word}+::1'IFT+4:28+{word}'"
        + f"RPI+1+{word} X'TRA+{word} X+{word} X'DAT+2:{word}'TRI++{word} X:::1'SSD+{word} X'"
        + f"TBD++{word}+{word}+{word}:{word}+{word}:{word}'EQN+{word}'RCI+{word}:{word} X'"
        + f"MSG+8'TVL+121226:1500:151226+FRA:{word}+FRA:{word}+{word} INN+{word} SUITE:{word}'RCI+{word} 1:{word} INN'"
        + "DAT+3:L FT "
        + word
        + "'ABI+4+05FD28:GS+CAI++MS'DAT+T:090126:1706'SAC+++A'IFT+4:19+"
        + word
        + f"'SAC+{word}++{word}'SSR+OTHS:HK:1:MS:::::{word}'LTS+0/O/RM/{word}'LTS+0/O/SR/SSR OTHS {word}'"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_listed_word_of_a_language_is_stored_and_no_traveller_is_lost(language):
    for words in LANGUAGES[language].values():
        for word in words:
            told = word.removesuffix("*").upper()
            content = read(planted(told))
            assert told.lower() not in stored(content).lower()
            assert names(content)[0] == ("DOE", "JANE")
            assert any(kind.startswith("sensitive:") and kind[-1] in "RHPXO" for kind in content.dropped)
            assert "SEN-01" in rules(content)


@pytest.mark.parametrize(("code", "klass"), DELETED)
def test_no_sensitive_service_is_stored_and_its_class_is_counted(code, klass):
    content = read(
        HEADER
        + PNR
        + f"SSR+{code}:HK:2:MS'TIF+DOE+JANEMRS:A:1'SSR+{code}:HK:1:MS:::::BECAUSE OF ASTHMA+::1'FAR+N+++++{code}'"
        + LEG
        + f"SSR+{code}:HK:1:MS:::CAI:FRA+::1'ABI+4'SAC+++X'SSR+{code}:HK:2:MS'"
        + f"LTS+0/O/SR/SSR {code}MSHK1'IFT+4:28+{code}'"
    )
    found = stored(content)
    assert code not in found
    assert "ASTHMA" not in found
    assert content.dropped[f"sensitive:{klass}"] >= 4
    assert "SEN-01" in rules(content)
    assert names(content) == [("DOE", "JANE")]


@pytest.mark.parametrize(("code", "klass"), FARES)
def test_no_sensitive_fare_or_passenger_type_is_stored(code, klass):
    by_far = read(HEADER + PNR + f"TIF+DOE+JANEMRS::1'FAR+{code}+1'" + LEG)
    by_tif = read(HEADER + PNR + f"TIF+DOE+JANEMRS:{code}:1'" + LEG)
    for content in (by_far, by_tif):
        assert content.travellers[0].fare_type == ""
        assert content.dropped == {f"sensitive:{klass}": 1}


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
