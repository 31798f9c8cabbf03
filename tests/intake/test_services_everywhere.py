"""Every service code of the catalogue in every place where one can stand: kept for the right person, or nowhere.

The marks stand where a diagnosis, a belief or a remark would: no mark may be found in anything that is decoded.
"""

import msgspec
import pytest
import yaml
from pnrgov_texts import HEADER, LEG, NOW, PNR, RULES

from pnr_pipeline.intake.decode import decode
from pnr_pipeline.records.message import Message
from pnr_pipeline.stores.rule_files import rule_texts

CODES = yaml.safe_load(rule_texts("intake")["rules/intake/sensitive-codes.yaml"])
CLASS = {code: row["class"] for row in CODES["services"] for code in row["codes"]}
CLASS |= {"XXML": "A", "WCXX": "H", "QQQQ": ""}  # known by pattern, and by nobody
MARK = "ZQMARK"
SEATS = {"SEAT", "RQST", "NSST", "NSSA", "NSSW", "SMSA", "SMSW", "SMST"}
TEXTS = {
    "DOCS": ("/P/GBR/X7654321/GBR/01JAN90/M/01JAN30/ROE/MAX", "X7654321"),
    "DOCO": ("/V/V7654321/LON/05JAN26/DEU", "V7654321"),
    "DOCA": ("/R/DEU/NADELWEG 5/KOELN", "NADELWEG 5, KOELN"),
    "FOID": ("PPX7654321", "X7654321"),
    "CHLD": ("20SEP18", "2018-09-20"),
    "INFT": ("ROE/TIM 20SEP25", "2025-09-20"),
    "INST": ("ROE/TIM 20SEP25", "2025-09-20"),
    "UMNR": ("UM08", "UM08"),
    **dict.fromkeys(("TKNE", "TKNA", "TKNM"), ("0777654321098C1", "0777654321098")),
    **dict.fromkeys(("FQTV", "FQTR", "FQTU", "FQTS"), ("MS7654321098", "MS7654321098")),
    **dict.fromkeys(("CTCM", "CTCH", "CTCB", "CTCP"), ("4930765432109", "4930765432109")),
    "CTCE": ("MAX.ROE//EXAMPLE.COM", "MAX.ROE@EXAMPLE.COM"),
}
"""A text of each service that is kept, and what must be found of it."""

JANE, MAX = "TIF+DOE+JANEMRS:A:1'", "TIF+ROE+MAXMR:A:2'"
TWO = LEG.replace("RPI+1", "RPI+2")


def request(code: str, text: str, reference: str = "2") -> str:
    seat = "17C" if code in SEATS else ""
    return f"SSR+{code}:HK:1:MS:::CAI:FRA:{text}+{seat}::{reference}'"


def edifact(code: str, text: str) -> dict[str, str]:
    """The request of MAX at each place of a message; in the history it is one of the past."""
    free = f"{code} {text}"
    past = "ABI+4+05FD28:GS+CAI++MS'DAT+T:090126:1706'SAC+++A'"
    return {
        "booking": request(code, text) + JANE + MAX + TWO,
        "traveller": JANE + MAX + request(code, text, "") + TWO,
        "other traveller": JANE + request(code, text) + MAX + TWO,
        "segment": JANE + MAX + TWO + request(code, text),
        "history": JANE + MAX + TWO + past + request(code, text),
        "history lines": JANE + MAX + TWO + f"LTS+0/O/SR/SSR {code} {text}'",
        "free text": f"{JANE}{MAX}IFT+4:28::MS+{free}'IFT+4:15+{free}'ADD++700:{code} 5:::::::{free}'{TWO}",
    }


def xml(code: str, text: str) -> dict[str, str]:
    """The same in XML, in the passenger, in the flight and in the booking."""
    seat = ' SeatNumber="17C"' if code in SEATS else ""
    service = f'<SSR SSR_Code="{code}" Status="HK"{seat}{{}}><Text>{text}</Text></SSR>'
    places = ("passenger", "flight", "booking")
    names = ("<GivenName>JANE</GivenName><Surname>DOE</Surname>", "<GivenName>MAX</GivenName><Surname>ROE</Surname>")
    written = {}
    for place in places:
        here = {one: service.format("" if one == "passenger" else ' RPH="2"') if one == place else "" for one in places}
        written[f"xml {place}"] = (
            "<IATA_PNRGOV_NotifRQ>"
            "<FlightLeg CarrierCode='MS' FlightNumber='367' DepartureDateTime='2026-01-10T22:40:00'>"
            "<DepartureAirport LocationCode='CAI'/><ArrivalAirport LocationCode='FRA'/></FlightLeg><PNRs><PNR>"
            f"<BookingRefID ID='KXW3J2'/><Passenger RPH='1'>{names[0]}</Passenger>"
            f"<Passenger RPH='2'>{names[1]}{here['passenger']}</Passenger>{here['booking']}"
            "<Flight FlightNumber='367' DepartureDateTime='2026-01-10T22:40:00'><DepartureAirport LocationCode='CAI'/>"
            f"<ArrivalAirport LocationCode='FRA'/><MarketingAirline Code='MS'/>{here['flight']}</Flight>"
            "</PNR></PNRs></IATA_PNRGOV_NotifRQ>"
        )
    return written


def read_all(code: str, text: str) -> dict[str, Message]:
    bodies = {
        place: f"UNH+1+PNRGOV:13:1:IA'{HEADER}{PNR}{middle}UNT+1+1'" for place, middle in edifact(code, text).items()
    } | xml(code, text)
    return {place: decode(body.encode(), rulebook=RULES, now=NOW)[0] for place, body in bodies.items()}


def whose(message: Message, value: str) -> set[str]:
    """Given names of those who have the value; '' for the booking."""
    given = {one.ordinal: one.given_names for one in message.travellers}
    holders = {one.given_names for one in message.travellers if value in msgspec.json.encode(one).decode()}
    for booking in message.bookings:
        holders |= {given.get(one.traveller or 0, "") for one in booking.contacts if value in one.value}
        holders |= {"" for remark in booking.remarks if value in remark}
    return holders


@pytest.mark.parametrize("code", sorted(CLASS))
def test_no_mark_in_a_text_is_decoded_and_no_sensitive_code_either(code):
    klass = CLASS[code]
    for place, message in read_all(code, f"{MARK} {MARK}").items():
        found = msgspec.json.encode(message).decode()
        if code not in ("UMNR", "INFT", "INST", "DOCS", "DOCA"):  # their texts are remarks on minors, names, addresses
            assert MARK not in found, place
        if klass and klass not in "AN":
            assert code not in found, place
            if not place.startswith("free"):
                assert any(kind in (f"sensitive:{klass}", "text:LTS") for kind in message.dropped), place
        assert [one.given_names for one in message.travellers if one.role == "passenger"][:2] == ["JANE", "MAX"], place


@pytest.mark.law("ING-3")
@pytest.mark.parametrize("code", sorted(RULES.intake.services))
def test_what_is_kept_is_kept_for_its_person_alone(code):
    text, value = TEXTS.get(code, ("", "17C"))
    owner = {"UMNR": "", "INFT": "TIM", "INST": "TIM"}.get(code, "MAX")
    for place, message in read_all(code, text).items():
        expected = set() if place in ("history", "history lines", "free text") else {owner}
        if place == "free text" and code.startswith("CTC"):
            expected = {owner}  # the text stands in his group
        assert whose(message, value) == expected, place
        if owner == "TIM" and expected:
            assert [one.accompanied_by for one in message.travellers] == [None, None, 2], place


def test_every_service_that_is_kept_is_tried():
    assert RULES.intake.services == TEXTS.keys() | SEATS
    assert RULES.intake.services <= CLASS.keys()
