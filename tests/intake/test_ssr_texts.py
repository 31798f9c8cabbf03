import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.intake.ssr import (
    Infant,
    day_in_text,
    named_in_tail,
    normal_reference,
    read_infant,
    read_loyalty,
    read_ssr,
    read_ticket,
    seat_number,
    seats_in_text,
)
from pnr_pipeline.intake.ssr_contacts import read_contact, read_osi_contact
from pnr_pipeline.intake.ssr_documents import (
    Address,
    Docs,
    Visa,
    read_address,
    read_docs,
    read_identification,
    read_visa,
)
from pnr_pipeline.wire.edifact.segment import Segment

USA = Docs("P", "USA", "898159734", "", "27JUL1993", "M", False, "14AUG2026", "ROE", "MAX")
LEA = Docs("P", "", "512731999", "GBR", "20SEP25", "F", True, "", "ROE", "LEA")
WHOLE = Docs("P", "MNE", "T9821217", "MNE", "01JAN52", "M", False, "06OCT35", "PEROVIC", "VUK IVAN")


@pytest.mark.parametrize(
    "text",
    [
        "/P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN",
        "P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN",
        "//P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN",
        "/P/MNE/T982/1217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN",
        "/P//MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN",
        "/P/MNE/T9821217/MNE/01JAN52//M/06OCT35/PEROVIC/VUK/IVAN",
        "/P/MNE/T9821217/MNE/01JAN52/M//06OCT35/PEROVIC/VUK/IVAN",
        "/P/MNE/T9821217/MNE/01JAN52/M/06OCT35//PEROVIC/VUK/IVAN",
        "/P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN/H",
        "/P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK/IVAN-1PEROVIC/VUKMR",
        "/P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC /VUK / IVAN/",
    ],
)
def test_docs_are_read_with_a_slash_too_many_or_too_few(text):
    assert read_docs(text) == WHOLE


@pytest.mark.parametrize(
    ("text", "docs"),
    [
        ("/////05FEB53/F//DORIC/NINA", Docs(birth="05FEB53", sex="F", surname="DORIC", given="NINA")),
        ("////GBR/12JUL64/M//ROE/MAX", Docs("", "", "", "GBR", "12JUL64", "M", False, "", "ROE", "MAX")),
        ("/P/USA/898159734/0/27JUL1993/M/14AUG2026/ROE/MAX", USA),
        ("/P/GBR/123/GBR//M/23AUG29/ROE/MAX", Docs("P", "GBR", "123", "GBR", "", "M", False, "23AUG29", "ROE", "MAX")),
        ("/P/512731999/GBR/20SEP25/FI//ROE/LEA", LEA),
        ("/VV/VV/VV/GBR/12JUL64/M/VV/ROE/MAX", Docs("", "", "", "GBR", "12JUL64", "M", False, "", "ROE", "MAX")),
    ],
)  # fmt: skip
def test_docs_with_fields_left_out_keep_the_others(text, docs):
    assert read_docs(text) == docs


def test_a_docs_text_without_anything_to_count_from_gives_nothing():
    assert read_docs("") is None
    assert read_docs("///") is None
    assert read_docs("ROE/MAX") is None


@given(st.text(alphabet="/-ABCPMF019 ", max_size=60))
def test_no_text_of_a_request_raises(text):
    for read in (read_docs, read_visa, read_address, read_identification, read_infant, read_ticket, named_in_tail):
        read(text)
    read_loyalty(text, "MS")
    seats_in_text(text)
    read_osi_contact(text)
    read_contact("M", text)
    read_contact("E", text)


@pytest.mark.law("ING-3")
def test_visas_are_found_wherever_they_stand_and_redress_numbers_are_not_kept():
    assert read_visa("/V/V10107129/PODGORICA/05JAN26/DEU") == Visa("V10107129", "PODGORICA", "05JAN26", "DEU", False)
    assert read_visa("PODGORICA/V/V10107129/WIEN/05JAN26/AUT/I") == Visa("V10107129", "WIEN", "05JAN26", "AUT", True)
    assert read_visa(" SKOPJE MK/V/8675309/WIEN/22DEC25/AT") == Visa("8675309", "WIEN", "22DEC25", "AT", False)
    assert read_visa("//K/123456789///US") is None
    assert read_visa("//R/123456789///US") is None


def test_addresses_are_read_by_kind():
    assert read_address("/D/AUS/13 SHORE AVENUE/BROADBEACH/QLD/4215") == Address(
        "D", "AUS", "13 SHORE AVENUE", "BROADBEACH", "QLD", "4215", False
    )
    assert read_address("/R") is None


@pytest.mark.law("ING-3")
def test_only_identity_documents_are_kept_of_a_form_of_identification():
    assert read_identification("PP T9821217") == ("P", "T9821217")
    assert read_identification("NI0101952210019") == ("I", "0101952210019")
    assert read_identification("CC4111111111111111") is None
    assert read_identification("DLX12345") is None


@pytest.mark.parametrize(
    ("text", "infant"),
    [
        ("BELT/SOPHY 20SEP12", Infant("BELT", "SOPHY", "20SEP12")),
        ("/BELT/SOPHY/20SEP12", Infant("BELT", "SOPHY", "20SEP12")),
        ("BELT/SOPHY 20SEP2012 BASSINET FOR SICK CHILD", Infant("BELT", "SOPHY", "20SEP2012")),
        ("ĐORĐEVIĆ/ŠĆEPAN/20SEP12", Infant("ĐORĐEVIĆ", "ŠĆEPAN", "20SEP12")),
        ("O'NEIL/ANNE-MARIE 20SEP12", Infant("O'NEIL", "ANNE-MARIE", "20SEP12")),
        ("", Infant("", "", "")),
    ],
)
def test_an_infants_name_and_birth_date_are_taken_and_nothing_behind_them(text, infant):
    assert read_infant(text) == infant


def test_tickets_are_taken_without_coupon():
    assert read_ticket("1392178947000C2") == ("1392178947000", False)
    assert read_ticket("INF1392178947000C2") == ("1392178947000", True)
    assert read_ticket("TKT NBR 55890050196026 30AUG19 E MAXROE") == ("55890050196026", False)
    assert read_ticket("PLEASE ISSUE") is None


@pytest.mark.law("ING-3")
def test_loyalty_numbers_are_taken_with_their_carrier():
    assert read_loyalty("SQ8794285757-BELT/ISABELLEMRS", "MS") == "SQ8794285757"
    assert read_loyalty("8794285757", "SQ") == "SQ8794285757"
    assert read_loyalty("SQ", "SQ") == ""
    assert named_in_tail("SQ8794285757-1BELT/ISABELLEMRS") == ("BELT", "ISABELLEMRS")


def test_seats_are_normal_and_an_unassigned_one_is_none():
    assert [seat_number(raw) for raw in ("24A", "011D", "074J", "XXX", "", "NSSA", "0A")] == [
        "24A", "11D", "74J", "", "", "", "",
    ]  # fmt: skip
    assert seats_in_text(".03BN03AN") == ("3B", "3A")
    assert seats_in_text("UA 0226 ") == ()


@given(st.integers(1, 999), st.integers(0, 3), st.integers(0, 3))
def test_leading_zeros_never_make_another_reference(number, zeros, more):
    assert normal_reference("0" * zeros + str(number)) == str(number)
    assert normal_reference(f"{'0' * zeros}{number}.{'0' * more}1") == f"{number}.1"


def test_contacts_are_values_without_remarks():
    assert read_osi_contact("CTCE JANE..DOE//EXAMPLE.COM") == ("E", "JANE..DOE//EXAMPLE.COM")
    assert read_contact("E", "JANE..DOE//MY./MAIL.COM") == ("email", "JANE_DOE@MY-MAIL.COM")
    assert read_contact("M", "+389 70 123 456 SPEAK TO FATHER") == ("phone", "+389 70 123 456")
    assert read_contact("M", "4111111111111111") is None
    assert read_contact("T", "20 2 555 0100") is None
    assert read_osi_contact("VIP PASSENGER") is None


def test_the_text_of_a_request_is_joined_from_all_its_components():
    ssr = read_ssr(
        Segment("SSR", ["SSR", ("DOCS", "HK", "1", "MS", "", "", "CAI", "FRA", "/P/MNE", "/T98"), ("", "", "001")], 7)
    )
    assert (ssr.code, ssr.status, ssr.board, ssr.off, ssr.text) == ("DOCS", "HK", "CAI", "FRA", "/P/MNE/T98")
    assert (ssr.references, ssr.seats, ssr.offset) == (("1",), ("",), 7)
    early = read_ssr(Segment("SSR", ["SSR", ("DOCS", "HK", "1", "MS", "", "", "/P/MNE/T98")], 0))
    assert early.text == "/P/MNE/T98"
    assert day_in_text("BORN 01JAN52") == "01JAN52"
