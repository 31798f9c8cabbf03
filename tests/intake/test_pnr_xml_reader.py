import re
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pnrgov_texts import NOW, RULES

from pnr_pipeline.errors import WireFault
from pnr_pipeline.intake.pnr_xml import read_pnr_xml
from pnr_pipeline.records.message import Message
from pnr_pipeline.wire.pnr_xml import as_utf8, read_elements
from pnr_pipeline.wire.xml_guard import DEPTH_MAX

WHOLE = (Path(__file__).parent.parent / "vectors" / "pnr-xml" / "notification.xml").read_bytes()


def read(body: bytes) -> Message:
    (message,) = read_pnr_xml(body, RULES, NOW)
    return message


def people(message: Message) -> list[tuple[str, str, str]]:
    return [(t.role, t.surname, t.given_names) for t in message.travellers]


def test_a_notification_is_read_into_the_same_records():
    message = read(WHOLE)
    assert (message.kind, message.version, message.sender, message.reference) == ("PNR-XML", "1.0", "MS", "T1")
    assert [leg.key for leg in message.flights] == ["MS367/2026-01-10/CAI-FRA"]
    assert people(message) == [
        ("passenger", "BERISHA", "ARTA"),
        ("passenger", "ĐORĐEVIĆ", "NENAD"),
        ("infant", "BERISHA", "LEA"),
    ]
    arta, nenad, lea = message.travellers
    assert (arta.date_of_birth, arta.sex, arta.nationality_alpha3) == ("1995-07-01", "F", "XKX")
    assert [(d.type, d.number, d.issuer_alpha3) for d in arta.documents] == [
        ("P", "P00333444", "XKX"),
        ("V", "V10107129", "DEU"),
    ]
    assert arta.documents[0].expires == "2032-11-12"
    assert (arta.frequent_flyer, arta.tickets, arta.carrier_reference) == (("MS8794285757",), ("0775475831909",), "A1")
    assert (nenad.date_of_birth, nenad.seat, nenad.documents[0].number) == ("1981-05-05", "12D", "012345678")
    assert (lea.date_of_birth, lea.accompanied_by) == ("2025-09-20", 1)
    (booking,) = message.bookings
    assert (booking.locator, booking.locators, booking.created) == ("KXW3J2", ("LH:9ABCDE",), "2026-01-05T07:18:00Z")
    assert (booking.agency, booking.agent, booking.status) == ("51935352 CAI", "WS32", ("HK",))
    assert [(leg.carrier, leg.number, leg.marketing) for leg in booking.itinerary] == [("MS", "367", "LH5800")]
    assert [(c.kind, c.value, c.traveller) for c in booking.contacts] == [("email", "ARTA@EXAMPLE.COM", 1)]
    assert booking.payments[0].account == "411111XXXXXX1111"
    assert message.complete


@pytest.mark.law("ING-2")
def test_sensitive_and_unlisted_content_of_xml_is_dropped_and_counted():
    message = read(WHOLE)
    stored = msgspec.json.encode((message.travellers, message.bookings)).decode()
    for never in ("MOML", "WHEELCHAIR", "PRIZREN", "4111111111111111"):
        assert never not in stored
    assert message.dropped == {"sensitive:R": 1, "sensitive:H": 1}
    assert {"SEN-01", "PNR-07"} <= {finding.rule for finding in message.findings}


def test_offsets_point_at_the_elements_in_the_file_as_received():
    message = read(b"\xef\xbb\xbf\n" + WHOLE)
    body = b"\xef\xbb\xbf\n" + WHOLE
    assert body[message.travellers[1].offset :].startswith(b'<Passenger RPH="2"')
    assert body[message.bookings[0].offset :].startswith(b"<PNR ")


def test_names_of_elements_and_attributes_are_known_in_any_case_and_namespace():
    plain = people(read(WHOLE))
    declaration, root = WHOLE.split(b"?>", 1)
    names = re.compile(rb"</?[A-Za-z_]+|[A-Za-z_]+(?==\")")
    for form in (bytes.lower, bytes.upper):
        spelt = names.sub(lambda found, form=form: found[0] if found[0] == b"xmlns" else form(found[0]), root)
        assert people(read(declaration + b"?>" + spelt)) == plain
    assert people(read(WHOLE.replace(b' xmlns="http://www.iata.org/IATA/2007/00"', b""))) == plain
    prefixed = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1p:", root).replace(b"xmlns=", b"xmlns:p=")
    assert people(read(declaration + b"?>" + prefixed)) == plain


def test_a_states_wrapper_is_read_like_the_message():
    pnr = WHOLE[WHOLE.index(b"<PNR ") : WHOLE.index(b"</PNR>") + len(b"</PNR>")]
    message = read(b"<DaneXML>" + pnr.replace(b"<PNR ", b'<PNR xmlns="urn:x" ') + b"</DaneXML>")
    assert people(message) == people(read(WHOLE))
    assert [leg.designator for leg in message.flights] == ["MS367"]


def test_the_same_body_is_the_same_message_whatever_stands_around_it():
    digest = sha256(WHOLE.strip()).hexdigest()
    for body in (WHOLE, b"\xef\xbb\xbf" + WHOLE, b"\r\n  " + WHOLE + b" \x00"):
        assert read(body).message_id == f"{digest}:1"


def test_a_reference_that_several_share_joins_nobody():
    shared = read(WHOLE.replace(b'"A2"', b'"A1"'))
    assert [t.carrier_reference for t in shared.travellers] == [None, None, None]


@pytest.mark.parametrize("end", range(0, len(WHOLE) - 30, 97))
def test_a_cut_body_keeps_every_passenger_that_was_complete_and_says_so(end):
    cut = read(WHOLE[:end])
    assert "XML-01" in {finding.rule for finding in cut.findings}
    assert not cut.complete
    assert len(cut.travellers) >= WHOLE[:end].count(b"</Passenger>")


def test_a_declared_document_type_is_refused_and_no_entity_is_read():
    bomb = b'<!DOCTYPE x [<!ENTITY a "SECRET"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    message = read(bomb + b"<x><PNR><Passenger><Surname>&a;&b;</Surname></Passenger></PNR></x>")
    assert message.kind == "UNREADABLE"
    assert message.travellers == ()
    assert "document type" in message.findings[0].message


def test_depth_is_bounded():
    deep = b"<a>" * (DEPTH_MAX + 1) + b"</a>" * (DEPTH_MAX + 1)
    with pytest.raises(WireFault) as fault:
        list(read_elements(as_utf8(deep), ("pnr",)))
    assert fault.value.code == "xml-depth"
    assert read(deep).kind == "UNREADABLE"
    fine = b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX
    assert [element.name for element in read_elements(as_utf8(fine), ())] == ["a"]


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr("pnr_pipeline.wire.pnr_xml.BYTES_MAX", 100)
    message = read(WHOLE)
    assert message.kind == "UNREADABLE"
    assert "64 MiB" in message.findings[0].message


@pytest.mark.parametrize(
    "body", [b"", b"<", b"<a/>", b"no xml", b"<PNR/>", b"<PNRs NumberOfPnrs='x'/>", b"<a>\xff</a>"]
)
def test_bodies_without_travellers_give_one_message_with_findings(body):
    message = read(body)
    assert message.travellers == ()
    assert message.findings


@given(st.binary(max_size=60), st.integers(0, len(WHOLE)))
def test_no_damage_raises(junk, at):
    read(WHOLE[:at] + junk + WHOLE[at:])
    read(WHOLE[:at] + junk)
