"""The tables of intake mean what Annex I, the directories and the airlines mean: a line that is lost is missed here."""

from pathlib import Path

import pytest

from pnr_pipeline.cli.check_quote import QuotedFile
from pnr_pipeline.intake.catalogue import AnnexFile
from pnr_pipeline.intake.directory import DirectoryFile
from pnr_pipeline.intake.sensitive import Sensitive, SensitiveCodesFile, SensitiveTermsFile
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records import Finding
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_rulebook

VECTORS = Path(__file__).parent.parent / "vectors"
INTAKE = load_rulebook().intake
TEXTS = rule_texts("intake")
ANNEX = read_rule(TEXTS["rules/intake/annex-i.yaml"], "annex-i.yaml", AnnexFile)
SENSITIVE = read_rule(TEXTS["rules/intake/sensitive-codes.yaml"], "sensitive-codes.yaml", SensitiveCodesFile)
TERMS = read_rule(TEXTS["rules/intake/sensitive-terms.yaml"], "sensitive-terms.yaml", SensitiveTermsFile)
DIRECTORY = read_rule(TEXTS["rules/intake/directory.yaml"], "directory.yaml", DirectoryFile)

ITEMS = {
    1: "RCI",
    2: "RCI DAT",
    3: "TVL",
    4: "TIF",
    5: "ADD IFT | CTCE CTCM CTCH CTCB CTCP DOCA | 28",
    6: "FOP MON IFT ADD | | 43",
    7: "TVL TRA MSG",
    8: "FTI | FQTV FQTR FQTU FQTS",
    9: "ORG ABI",
    10: "RPI DAT ORG TRI",
    11: "EQN RCI",
    12: "ADD | UMNR",
    13: "TKT MON PTK TXD DAT FAR | TKNE TKNA TKNM",
    14: "SSD TRI | SEAT RQST NSST NSSA NSSW SMSA SMSW SMST",
    15: "TVL TRA",
    16: "TBD EBD APD",
    17: "TIF RPI | INFT INST CHLD",
    18: "REF | DOCS DOCO FOID",
    19: "ABI SAC",
}
"""Where each item of Annex I stands in PNRGOV: segments, service codes, subjects of text (28 contact, 43 payer)."""

SERVICES = {
    "R": "KSML MOML HNML VJML JNML AVML CKML SAML",
    "H": """DBML GFML BLML LCML LFML LSML NLML HFML LPML PRML PNUT NUTA PFML MEDA STCR OXYG BLND DEAF DPNA WCHR WCHS
        WCHC WCHP WCOB WCMP WCBD WCBW ESAN WCLB SVAN ASAN LEGL LEGR LEGB MEQT PPOC MPIC""",
    "A": """VGML VLML VOML RVML ORML FPML SFML CHML BBML SPML EXST MAAS LANG OTHS CKIN RQST AVIH PETC GRPF GRPS GPST
        CLID SEMN DIPL COUR CRUZ TWOV DEPA DEPU""",
    "N": """DOCS DOCA DOCO FOID TKNE TKNA TKNM INFT INST CHLD UMNR BSCT FQTV FQTR FQTU FQTS SEAT NSST NSSA NSSW SMSA
        SMSW SMST CTCE CTCM CTCR CTCH CTCB CTCP CTCT CTCF PCTC EPAY BIKE SPEQ BULK CBBG FRAG XBAG SLPR FRAV ADTK ADPI
        ADMD PDBG""",
}
"""Meals of a faith; diets, nuts, wheelchairs, medical help; what may hide either; what tells neither (AIRIMP)."""

FARES = {
    "R": "CLG CGB CL CS PIL HAJ UMRAH UMR",
    "H": "BLD BL DIS",
    "A": "BRV",
    "P": "AEP DNN 3 9 48 49 53 LBR DL 40",
    "O": "REF EMI",
    "X": "28 27 16",
}
"""Clergy and pilgrims; blind, disabled; bereaved; parliament and labour; refugees and emigrants; couples unmarried."""

CODES = """
    UNH 2 1 0065 read PAXLST PNRGOV CUSRES ACKRES GOVREQ
    UNH 2 2 0052 read D
    UNH 2 4 0051 read UN IA XS
    UNB 1 1 0001 read UNOA UNOB UNOC UNOW IATA IATB SIRE
    BGM 1 1 1001 read 745 250 266 336 655
    BGM 2 1 1004 read CP XR RP CL CLNB CLOB XF CF
    NAD 1 1 3035 read MS FL FM DDU DDT COT CPE DEE DET DEU DEV
    TDT 1 1 8051 told 20 34
    LOC 1 1 3227 told 125 87 92 130 188 172 22 178 179 174 180 91
    DTM 1 1 2005 told 189 232 554 329 36 182
    RFF 1 1 1153 told TN AVF ABO SEA AEA CR YZY
    ATT 1 1 9017 told 2
    MEA 1 1 6311 told CT WT
    GEI 1 1 9649 told 4
    GEI 2 1 7365 read 173 174 ZZZ
    FTX 1 1 4451 read BAG
    NAT 1 1 3493 told 1 2 3
    EMP 1 1 9003 told 1
    CNT 1 1 6069 told 41 42
    DOC 1 1 1001 read P V A C I AC IP F
    DOC 1 2 1131 read 110
    DOC 1 3 3055 read 111 ZZZ
    DTM 1 3 2379 read 201 203 101 102
    MSG 1 2 1225 read 22 141
    SSR 1 1 9962 read DOCS DOCO DOCA TKNE SEAT FQTV INFT CHLD CTCE CTCM
    SSR 1 2 1245 read HK
    TBD 4 1 7365 read HP MP
"""
"""Segment, element, component, data element; whether another code is told (SYN-03) or only not shown; the codes."""

SHOWN = """
    UNA UNB UNG UNH UNT UNE UNZ UNS UIB BGM RFF DTM LOC NAD CTA COM TDT ATT MEA GEI FTX EMP NAT DOC CPI QTY GID CNT
    AUT PDT MSG ORG TVL EQN SRC RCI SSR DAT IFT ADD EBD TIF FTI REF FAR TKT MON PTK TXD FOP TRA RPI APD TRI SSD TBD
    ABI SAC LTS ERC ERP
"""
XML = """
    IATA_PNRGOV_NotifRQ Originator FlightLeg Flight DepartureAirport ArrivalAirport PNRs PNR BookingRefID
    CompanyName POS Source Passenger Passengers GivenName Surname NamePrefix NameTitle ContactInfo CustLoyalty SSR
    Text TicketDocument TotalFare PaymentInfo DOCSSR DOCS DOCA DOCO ID Type Code RPH Version CarrierCode
    FlightNumber LocationCode
"""


OUTSIDE = """
    ERC NAD ATT DTM MEA GEI FTX LOC COM EMP NAT RFF DOC CPI QTY TDT CNT AUT BGM CTA GID SDT PDI RCD HAV ODI PRD RTC CNX
    DAS APF CHG IRV TFF PAS SEG LTM NME RLS TIV RUL STX CRI BCD
"""


@pytest.mark.law("ING-2", "ING-3")
def test_each_item_of_annex_i_is_read_where_it_stands_in_the_message():
    told = {}
    for row in ANNEX.items:
        parts = [" ".join(part) for part in (row.segments, row.ssr, row.texts)]
        told[row.item] = " | ".join(parts).rstrip(" |").replace("|  |", "| |")
    assert told == ITEMS


@pytest.mark.law("ING-2")
def test_what_carries_the_message_is_read_and_what_annex_i_does_not_name_is_counted_by_its_tag():
    assert set(ANNEX.structure) == {"UNA", "UNB", "UNG", "UNH", "UNT", "UNE", "UNZ", "UNS", "MSG", "EQN", "SRC", "SSR"}
    assert set(ANNEX.read_only) == {"LTS"}  # read for infants that nothing else names
    outside = OUTSIDE.split()
    assert not INTAKE.segments & set(outside)
    assert [INTAKE.counted_as(tag) for tag in outside] == [f"seg:{tag}" for tag in outside]


@pytest.mark.law("ING-4")
@pytest.mark.parametrize("klass", SERVICES)
def test_each_service_code_reveals_what_it_does_by_itself_and_not_by_likeness(klass):
    listed = Sensitive(SENSITIVE.model_copy(update={"unknown_services": ()}), TERMS)
    assert not [code for code in SERVICES[klass].split() if listed.service(code) != klass]
    assert not [code for code in SERVICES[klass].split() if INTAKE.sensitive.service(code) != klass]


@pytest.mark.law("ING-4")
def test_a_meal_nobody_knows_is_ambiguous_and_a_wheelchair_nobody_knows_tells_of_health():
    assert (INTAKE.sensitive.service("ZZML"), INTAKE.sensitive.service("WCZZ")) == ("A", "H")
    assert INTAKE.sensitive.service("ZZZZ") is None
    assert INTAKE.sensitive.text("NEEDS WCZZ") == "H"


@pytest.mark.law("ING-4")
@pytest.mark.parametrize("klass", FARES)
def test_each_fare_and_passenger_type_reveals_what_it_does(klass):
    wrong = [code for code in FARES[klass].split() if INTAKE.sensitive.fare_type(code) != klass]
    assert not wrong


def test_a_ticket_of_each_airline_that_is_known_is_no_foreign_ticket():
    tickets = (VECTORS / "tickets.txt").read_text("ascii").split()
    assert not [ticket for ticket in tickets if ticket[:3] not in INTAKE.airlines]
    assert "992" not in INTAKE.airlines


def quoted(segment: str) -> str:
    """A segment as `pnr check` shows it."""
    head = "UNB+UNOA:4+A+B+260101:0000+1'"
    found = QuotedFile((head + segment).encode(), INTAKE.directory).quote(
        Finding("SYN-01", "W", len(head), "", segment[:3])
    )
    assert found is not None
    return found.text


@pytest.mark.parametrize("row", CODES.strip().splitlines(), ids=lambda row: " ".join(row.split()[:4]))
def test_each_code_of_a_directory_is_known_in_its_place_and_shown_and_another_is_not(row):
    segment, element, component, data, checked, *codes = row.split()
    before = segment + "+" * int(element) + ":" * (int(component) - 1)
    assert [quoted(f"{before}{code}'") for code in codes] == [f"{before}{code}'" for code in codes]
    assert quoted(f"{before}QX'") == f"{before}AA'"
    assert set(codes) <= INTAKE.directory.codes[segment, int(element), int(component)]
    (place,) = [
        one
        for one in DIRECTORY.codes
        if (one.segment, one.element, one.component) == (segment, int(element), int(component))
    ]
    assert (place.data, place.checked) == (data, checked == "told")
    if checked == "told":
        assert set(codes) <= INTAKE.directory.qualifiers[segment]
        assert "QX" not in INTAKE.directory.qualifiers[segment]


def test_each_tag_is_shown_and_a_word_in_its_place_is_not():
    assert [quoted(f"{tag}+1'")[:3] for tag in SHOWN.split()] == SHOWN.split()
    assert quoted("DOE+1'").startswith("AAA")


def test_each_name_of_an_xml_element_is_shown_and_another_is_not():
    def shown(name: str) -> str:
        found = QuotedFile(f"<{name}>".encode(), INTAKE.directory).quote(Finding("XML-01", "E", 0, ""))
        assert found is not None
        return found.text

    assert [shown(name) for name in XML.split()] == [f"<{name}>" for name in XML.split()]
    assert shown("Doe") == "<Aaa>"


def test_each_element_has_the_length_of_its_directory():
    assert INTAKE.directory.lengths == {
        ("NAD", 5): 70, ("RFF", 1): 70, ("LOC", 2): 256, ("TDT", 2): 17, ("DTM", 1): 35, ("ATT", 3): 17, ("NAT", 2): 35,
        ("TIF", 1): 70, ("TIF", 2): 70, ("RCI", 1): 35, ("TKT", 1): 35,
    }  # fmt: skip
    assert [one.data for one in DIRECTORY.lengths] == (
        ["3042", "1154", "3225", "8028", "2380", "9019", "3293", "9936", "9942", "9956", "1004"]
    )


def test_a_passport_number_has_one_of_the_forms_of_its_state():
    fits = (
        "AUT U1234567, BGR 123456789, FRA 12AB34567, GBR 123456789, SVK P1234567 PA123456 PA1234567, "
        "USA 123456789 A12345678"
    )
    misses = "AUT 12345678, BGR P12345678, FRA 123456789, GBR A12345678, SVK 12345678, USA AB1234567"
    for told, right in ((fits, True), (misses, False)):
        for row in told.split(", "):
            issuer, *numbers = row.split()
            for number in numbers:
                assert bool(INTAKE.directory.passports[issuer].fullmatch(number)) is right, (issuer, number)
    assert set(INTAKE.directory.passports) == {"AUT", "BGR", "FRA", "GBR", "SVK", "USA"}


def test_a_list_of_ten_thousand_and_a_push_of_five_thousand_bookings_are_read_and_check_in_ends_half_an_hour_before():
    limits = INTAKE.limits
    assert (limits.travellers, limits.bookings, limits.check_in_ends_minutes) == (10_000, 5_000, 30)
