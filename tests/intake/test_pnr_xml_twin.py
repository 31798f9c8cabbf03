"""One push in EDIFACT and in XML gives the same records; XML in any encoding of Unicode and under any root."""

from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import msgspec
import pytest
from pnrgov_texts import NOW, RULES

from pnr_pipeline.intake.decode import decode
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.message import Message
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.pnr_xml import as_utf8, read_elements

TWINS = Path(__file__).parent.parent / "vectors" / "twins"
XML = (TWINS / "pnrgov.xml").read_bytes()
TEXT = XML.decode("utf-8")
UNDECLARED = TEXT.partition("?>")[2].strip()


def read(body: bytes) -> Message:
    (message,) = decode(body, rulebook=RULES, now=NOW)
    return message


def bare(message: Message) -> tuple[list[Traveller], list[Booking]]:
    return (
        [msgspec.structs.replace(one, offset=-1) for one in message.travellers],
        [msgspec.structs.replace(one, offset=-1) for one in message.bookings],
    )


def test_both_forms_give_the_same_flights_travellers_bookings_and_counts():
    edifact, xml = read((TWINS / "pnrgov.edi").read_bytes()), read(XML)
    assert xml.flights == edifact.flights
    assert bare(xml) == bare(edifact)
    assert xml.dropped == edifact.dropped == {"sensitive:R": 1, "sensitive:H": 1}
    told = [
        sorted((one.rule, one.severity, one.traveller) for one in message.findings if not one.rule.startswith("ENV"))
        for message in (edifact, xml)
    ]
    assert told[0] == told[1]
    arta, nenad, lea, luc = xml.travellers
    assert (arta.seat, nenad.seat, lea.role) == ("6F", "6D", "infant")
    assert (arta.checked_in, luc.travel_status) == (True, "no_show")


@pytest.mark.parametrize(
    "body",
    [
        TEXT.replace("UTF-8", "UTF-16").encode("utf-16"),
        b"\xff\xfe" + TEXT.replace("UTF-8", "UTF-16").encode("utf-16-le"),
        b"\xfe\xff" + TEXT.replace("UTF-8", "UTF-16").encode("utf-16-be"),
        TEXT.replace("UTF-8", "UTF-16").encode("utf-16-le"),
        TEXT.replace("UTF-8", "UTF-16").encode("utf-16-be"),
        TEXT.encode("utf-16-le"),  # declared as something else
        UNDECLARED.encode("utf-16-le"),
        ("\r\n " + UNDECLARED + "\r\n").encode("utf-16-be"),
        b"\xef\xbb\xbf" + XML,
        UNDECLARED.encode(),
    ],
)
def test_any_encoding_gives_the_same_records_and_places_in_the_file_as_received(body):
    message = read(body)
    assert bare(message) == bare(read(XML))
    for traveller in message.travellers:
        if traveller.role != "infant":
            assert body[traveller.offset :].replace(b"\0", b"").startswith(b"<Passenger RPH=")
    for booking in message.bookings:
        assert body[booking.offset :].replace(b"\0", b"").startswith(b"<PNR NumberOf")


def test_letters_of_two_units_do_not_move_the_places():
    body = TEXT.replace("ARTA<", "\N{OLD ITALIC LETTER A}ŽARTA<").encode("utf-16")
    places = [one.offset for one in read(body).travellers if one.role != "infant"]
    assert [body[place : place + 20].decode("utf-16-le") for place in places] == ["<Passenger"] * 3


@pytest.mark.parametrize("end", range(40, len(TEXT) * 2 - 40, 397))
def test_cut_utf_16_keeps_whoever_was_complete(end):
    body = TEXT.replace("UTF-8", "UTF-16").encode("utf-16-le")[:end]
    whole = [name for name in ("ARTA", "NENAD", "LUC") if f">{name}<" in body.decode("utf-16-le", "ignore")]
    message = read(body)
    assert not message.complete
    assert len([one for one in message.travellers if one.given_names in whole]) >= len(whole) - 1


@pytest.mark.parametrize(
    "root",
    [
        "IATA_PNRGOV_NotifRQ",
        "iata_pnrgov_notifrq",
        "IATA_PNRGOV_NOTIF_RQ",
        "IATA_PNRGOV_PushRQ",
        "DaneXML",
        "gov:IATA_PNRGOV_NotifRQ xmlns:gov='urn:other'",
    ],
)
def test_the_root_may_have_any_name_of_the_family(root):
    name = root.split()[0]
    body = TEXT.replace("<IATA_PNRGOV_NotifRQ", f"<{root}").replace("</IATA_PNRGOV_NotifRQ", f"</{name}")
    assert bare(read(body.encode())) == bare(read(XML))


@pytest.mark.parametrize("root", ["IATA_PNRGOV_NotifRS", "iata_pnrgov_rq"])
def test_answers_and_requests_are_no_push(root):
    message = read(f"<{root} xmlns='urn:x'><Success/></{root}>".encode())
    assert (message.kind, message.travellers) == ("OTHER", ())
    assert [found.rule for found in message.findings] == ["ENV-10"]


def test_a_push_that_says_it_has_no_bookings_is_one():
    start = TEXT.partition("<PNRs")[0]
    message = read((start + '<PNRs NumberOfPnrs="0"/></IATA_PNRGOV_NotifRQ>').encode())
    assert (message.kind, message.complete, [leg.designator for leg in message.flights]) == ("PNR-XML", True, ["MS367"])
    none = read((start + "</IATA_PNRGOV_NotifRQ>").encode())
    assert none.kind == "UNREADABLE"


def test_dates_of_cards_and_addresses_in_lines_are_read_as_xml_writes_them():
    body = XML.replace(b'"0628"', b'"2028-06-30"').replace(b'AddressType="R"', b'AddressType="O"')
    message = read(body.replace(b"HAUPTSTRASSE 5", b"HAUPTSTRASSE&#10;5"))
    assert message.bookings[0].payments[0].expires == "0628"
    assert "HAUPTSTRASSE 5, BERLIN, 10115, DEU" in {one.value for one in message.bookings[0].contacts}


def test_who_checks_in_without_being_named_is_a_go_show_in_xml_too():
    body = XML.replace(b'"CAI-033" RPH="2"', b'"CAI-034"').replace(
        b"<GivenName>NENAD</GivenName><Surname>KOVAC</Surname></Passenger><Seat",
        b"<GivenName>EVA</GivenName><Surname>ROE</Surname></Passenger><Seat",
    )
    eva = next(one for one in read(body).travellers if one.surname == "ROE")
    assert (eva.travel_status, eva.seat, eva.checked_in) == ("go_show", "6D", True)


def test_bookings_are_read_one_by_one_and_leave_nothing_behind():
    first, last = TEXT.index("<PNR "), TEXT.index("</PNR>") + len("</PNR>")
    many = as_utf8((TEXT[:first] + TEXT[first:last] * 5_000 + TEXT[last:]).encode())
    before = getrusage(RUSAGE_SELF).ru_maxrss
    assert sum(element.name == "pnr" for element in read_elements(many, ("pnr",))) == 5_001
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 8_000  # kB, of a document of 15 MB
