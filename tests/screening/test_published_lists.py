"""Lists in the forms their owners publish; every person in them is invented."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import RuleFault, WireFault
from pnr_pipeline.screening.list_formats.formats import FORMATS, CsvForm, read_list

LISTS = Path(__file__).parent.parent / "vectors" / "lists"
SDN, ALT, ADVANCED, UN, EU, MONEY = (
    (LISTS / name).read_bytes().decode()
    for name in (
        "ofac-sdn.csv", "ofac-alt.csv", "ofac-advanced.xml", "un-consolidated.xml", "eu-financial.xml",
        "follow-the-money.json",
    )
)  # fmt: skip
APART, PERSON, FIRM = map(json.loads, MONEY.splitlines())
NOTICE = json.loads((LISTS / "interpol-notices.json").read_text("utf-8"))


def read(form, **files):
    return read_list(form, {name.replace("_", "."): io.BytesIO(text.encode()) for name, text in files.items()}, "demo")


def kinds(entry):
    return {(name.full, name.kind) for name in entry.names}


def test_the_delimited_form_of_ofac_is_read_with_what_its_remarks_tell():
    imported = read("ofac-csv", sdn_csv=SDN, alt_csv=ALT)
    (entry,) = imported.entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("9001", ("1968-12-10", "1969"), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("KELMENDI", "Arben")
    assert kinds(entry) == {("Arben KELMENDI", "primary"), ("Ben KELMENDI", "alias"), ("BENKO", "weak")}
    assert [(one.type, one.number, one.issuer_alpha3) for one in entry.documents] == [
        ("passport", "AB1234567", "ALB"), ("id", "77-881", "XKX"),
    ]  # fmt: skip
    assert (imported.passed_over, imported.findings) == (1, ())


def test_the_delimited_form_without_its_main_file_says_which_file_is_missing():
    imported = read("ofac-csv", alt_csv=ALT)
    assert "sdn.csv" in imported.findings[0].reason


def test_the_advanced_xml_of_ofac_is_read_with_scripts_qualities_periods_and_places():
    imported = read("ofac-advanced", sdn_xml=ADVANCED)
    (entry,) = imported.entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("9001", ("1968-12-10", "1969"), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("KELMENDI", "Arben")
    assert kinds(entry) == {("Arben KELMENDI", "primary"), ("Арбен Кельменди", "primary"), ("Benko", "weak")}
    assert {name.script for name in entry.names} == {"LATIN", "CYRILLIC"}
    assert [(one.number, one.issuer_alpha3) for one in entry.documents] == [("AB1234567", "XKX")]
    assert (imported.passed_over, imported.findings) == (1, ())


def test_the_consolidated_list_of_the_united_nations_is_read():
    imported = read("un-consolidated", un_xml=UN)
    (entry,) = imported.entries
    assert (entry.id, entry.gender, entry.nationality) == ("QDi.999", "M", ("ALB", "XKX"))
    assert entry.dob == ("1968-12-10", "1969", "1970", "1974", "1975", "1976")
    assert kinds(entry) == {
        ("ARBEN IBN KELMENDI", "primary"), ("أربن كلمندي", "alias"), ("Ben KELMENDI", "alias"),
        ("Beni Kelmendi", "alias"), ("Benko", "weak"),
    }  # fmt: skip
    assert [(one.type, one.number, one.issuer_alpha3) for one in entry.documents] == [("passport", "AB1234567", "ALB")]
    assert imported.passed_over == 1


def test_the_financial_sanctions_of_the_european_union_are_read_and_false_documents_left_out():
    imported = read("eu-financial", eu_xml=EU)
    (entry,) = imported.entries
    assert (entry.id, entry.gender, entry.nationality) == ("EU.999.1", "M", ("ALB",))
    assert entry.dob == ("1968-12-10", "1961-08", "1953", "1954", "1955")
    assert (entry.names[0].surname, entry.names[0].given) == ("Kelmendi", "Arben Ibn")
    assert kinds(entry) == {("Arben Ibn Kelmendi", "primary"), ("Арбен Келменди", "alias"), ("Benko", "weak")}
    assert [one.number for one in entry.documents] == ["AB1234567"]
    assert imported.passed_over == 1


def test_follow_the_money_is_read_with_documents_nested_and_apart():
    imported = read("follow-the-money", ftm_json="\n".join(json.dumps(one) for one in (APART, PERSON, FIRM)))
    (entry,) = imported.entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("ex-1", ("1968-12-10", "1969"), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("Kelmendi", "Arben")
    assert kinds(entry) == {("Arben Kelmendi", "primary"), ("Ben Kelmendi", "alias"), ("Benko", "weak")}
    assert {(one.number, one.issuer_alpha3) for one in entry.documents} == {
        ("AB1234567", "ALB"), ("77881", "XKX"), ("CD7654321", ""),
    }  # fmt: skip
    assert imported.passed_over == 1


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(NOTICE),
        json.dumps([NOTICE]),
        json.dumps({"total": 1, "_embedded": {"notices": [NOTICE]}}),
        json.dumps(NOTICE) + "\n\n",
    ],
)
def test_notices_are_read_one_by_one_as_a_page_and_line_by_line(text):
    (entry,) = read("interpol-notices", red_json=text).entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("2026/1", ("1968-12-10",), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("KELMENDI", "ARBEN")


def test_a_bad_notice_costs_itself_alone_and_its_values_are_not_told():
    page = [{"name": "SECRETNAME"}, NOTICE, {"entity_id": "2026/2"}]
    imported = read("interpol-notices", red_json=json.dumps(page))
    assert [entry.id for entry in imported.entries] == ["2026/1"]
    assert len(imported.findings) == 2
    assert not any("SECRETNAME" in one.reason for one in imported.findings)


@pytest.mark.parametrize(("form", "text"), [("ofac-advanced", ADVANCED), ("un-consolidated", UN), ("eu-financial", EU)])
def test_a_file_that_breaks_off_is_refused_whole(form, text):
    with pytest.raises(WireFault, match="xml-syntax"):
        read(form, cut_xml=text[: len(text) * 3 // 4])


@pytest.mark.parametrize("form", ["ofac-advanced", "un-consolidated", "eu-financial"])
def test_entities_and_document_types_are_refused(form):
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><INDIVIDUAL><DATAID>&b;</DATAID></INDIVIDUAL></a>'
    with pytest.raises(WireFault, match="xml-doctype"):
        read(form, bomb_xml=bomb)


def test_xml_nested_too_deeply_is_refused():
    with pytest.raises(WireFault, match="xml-depth"):
        read("un-consolidated", deep_xml="<a>" * 40 + "</a>" * 40)


def test_a_text_in_another_encoding_is_refused_with_what_to_do():
    with pytest.raises(RuleFault, match="iconv"):
        read_list("json-lines", {"a": io.BytesIO(b'{"id": "\xe9"}')}, "demo")


def test_a_byte_order_mark_does_no_harm():
    assert read("un-consolidated", un_xml="\ufeff" + UN).entries == read("un-consolidated", un_xml=UN).entries
    assert read("interpol-notices", red_json="\ufeff" + json.dumps(NOTICE)).entries


def test_a_list_cut_into_small_reads_is_the_same_list():
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7) if size and size > 0 else size)

    whole = read("eu-financial", eu_xml=EU)
    assert read_list("eu-financial", {"eu.xml": Dripping(EU.encode())}, "demo") == whole


def test_a_header_that_cannot_be_read_is_refused():
    with pytest.raises(RuleFault, match="header"):
        read_list("national-csv", {"list.csv": io.BytesIO(b'"')}, "demo", CsvForm({"full": "name"}))


@given(st.sampled_from(FORMATS), st.binary(max_size=200))
def test_no_bytes_break_a_reader_of_lists(form, body):
    try:
        imported = read_list(form, {"sdn.csv": io.BytesIO(body)}, "demo")
    except (WireFault, RuleFault):
        return
    assert all(entry.id and (entry.names or entry.documents) for entry in imported.entries)


@given(st.data())
def test_a_list_with_a_piece_cut_out_is_read_or_refused_but_never_invents(data):
    form, text = data.draw(st.sampled_from([("un-consolidated", UN), ("eu-financial", EU), ("ofac-csv", SDN)]))
    start = data.draw(st.integers(0, len(text)))
    damaged = text[:start] + text[start + data.draw(st.integers(1, 40)) :]
    try:
        imported = read(form, sdn_csv=damaged)
    except (WireFault, RuleFault):
        return
    assert len(imported.entries) <= 2
