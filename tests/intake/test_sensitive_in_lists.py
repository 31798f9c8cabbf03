"""No listed word in a text of a passenger list or table is kept; its class is counted, its traveller kept (ING-4)."""

import msgspec
import pytest
from pnrgov_texts import NOW, RULES
from sensitive_corpus import LANGUAGES

from pnr_pipeline.intake import decode


@pytest.mark.law("ING-4")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_listed_word_in_a_text_of_a_list_is_kept_and_its_traveller_is(language):
    for words in LANGUAGES[language].values():
        for word in (one.removesuffix("*").upper() for one in words):
            body = (
                "UNB+UNOW:4+MS+PIU+260101:0900+1'UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'TDT+20+MS367+++MS'LOC+125+CAI'"
                "DTM+189:2601102240:201'LOC+87+FRA'DTM+232:2601110310:201'"
                f"NAD+FL+++DOE:JANE+{word} 5+KOELN++1+DEU'FTX+AAI+++{word}'COM+{word}:TE'LOC+180+DEU:::{word}'"
                f"RFF+CR:{word}'RFF+AEA:{word}'RFF+YZY:{word}'GID+{word}'FTX+AAI+++{word}'UNT+18+1'UNZ+1+1'"
            )
            (message,) = decode(body.encode(), rulebook=RULES, now=NOW)
            assert [one.surname for one in message.travellers] == ["DOE"]
            assert word.lower() not in msgspec.json.encode(message.travellers).decode().lower()
            assert "SEN-01" in {one.rule for one in message.findings}


@pytest.mark.law("ING-4")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_counts_each_class_of_what_it_left_out(language):
    for klass, words in LANGUAGES[language].items():
        for word in (one.removesuffix("*").upper() for one in words):
            table = (
                "flight_no;dep_airport;dep_local;arr_airport;surname;given_names;birth_place;remarks\r\n"
                f"MS367;CAI;2026-01-10T22:40;FRA;DOE;JANE;{word};{word}\r\n"
            )
            (message,) = decode(table.encode(), rulebook=RULES, now=NOW)
            assert [one.surname for one in message.travellers] == ["DOE"]
            assert word.lower() not in msgspec.json.encode(message.travellers).decode().lower()
            if any(one.rule == "CSV-05" for one in message.findings):
                continue  # it has not the form of a town
            assert message.dropped == {f"sensitive:{klass}": 1, "csv:column": 1}
            told = {one.rule: one.message.rpartition(": ")[2] for one in message.findings}
            assert (told["SEN-01"], told["CAT-01"]) == ("1 in all", "1 cells")
