"""Each file of tests/vectors/paxlst against what expected.yaml says of it."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import yaml

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.records import Message, Traveller
from pnr_pipeline.stores.rule_files import rule_texts

FOLDER = Path(__file__).parent.parent / "vectors" / "paxlst"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())
NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)
RULEBOOK = Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"))


def read(name: str) -> list[Message]:
    return decode((FOLDER / name).read_bytes(), rulebook=RULEBOOK, now=NOW)


def without_place(travellers: tuple[Traveller, ...]) -> list[Traveller]:
    return [msgspec.structs.replace(traveller, offset=0) for traveller in travellers]


def line(t: Traveller) -> str:
    papers = ",".join(document.number or "?" for document in t.documents)
    values = (t.date_of_birth, t.sex, t.nationality, t.seat, papers)
    return f"{t.role} {t.surname}/{t.given_names} " + " ".join(value or "-" for value in values)


def test_every_vector_is_expected_and_every_expectation_has_its_vector():
    assert sorted(EXPECTED) == sorted(path.name for path in FOLDER.glob("*.edi"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_vector_yields_what_it_states(name):
    messages = read(name)
    assert len(messages) == len(EXPECTED[name])
    for message, expected in zip(messages, EXPECTED[name], strict=True):
        assert message.kind == expected["kind"]
        assert message.function == expected.get("function", "")
        assert message.complete is expected.get("complete", True)
        assert [leg.key for leg in message.flights] == expected.get("legs", ["TK1883/2026-01-10/IST-VIE"])
        if expected["people"] == "plain":
            assert without_place(message.travellers) == without_place(read("plain.edi")[0].travellers)
        else:
            assert [line(traveller) for traveller in message.travellers] == expected["people"]
        told = [
            f"{found.rule} {found.severity} {found.segment or '-'} at {found.offset}"
            + (f" traveller {found.traveller}" if found.traveller else "")
            for found in message.findings
        ]
        assert told == expected.get("findings", [])


DIRTY = ["lf", "crlf", "cr", "leading_blank", "wrap64", "type_b", "type_b_pdm", "no_una", "junk_before", "bom", "twice"]
DIRTY += ["wrap69", "wrap69_lf", "type_b_parts", "sub_nul_etx"]


@pytest.mark.parametrize("name", DIRTY)
def test_transport_dirt_does_not_make_another_message_of_it(name):
    assert read(f"{name}.edi")[0].message_id == read("plain.edi")[0].message_id


@pytest.mark.parametrize("name", EXPECTED)
def test_findings_and_people_point_at_their_segment_in_the_file_as_received(name):
    body = (FOLDER / name).read_bytes().translate(bytes.maketrans(b"\r\n", b"  "))
    for message in read(name):
        for found in message.findings:
            if found.segment:
                assert body[found.offset : found.offset + 3].upper() == found.segment.encode()
        for traveller in message.travellers:
            assert body[traveller.offset : traveller.offset + 3].upper() in (b"NAD", b"PDT")


def test_all_elements_of_a_traveller_are_read():
    (traveller,) = read("full_traveller.edi")[0].travellers
    assert msgspec.json.decode(msgspec.json.encode(msgspec.structs.replace(traveller, offset=-1))) == {
        "ordinal": 1,
        "role": "passenger",
        "surname": "DEMIRKAN",
        "given_names": "AYSE GUL",
        "date_of_birth": "1987-02-14",
        "sex": "F",
        "nationality": "TUR",
        "nationality_alpha3": "TUR",
        "residence": {"country": "AUT", "country_alpha3": "AUT"},
        "birth_place": {"country": "TUR", "country_alpha3": "TUR", "town": "IZMIR"},
        "documents": [
            {
                "type": "P",
                "number": "U12345678",
                "issuer": "TUR",
                "issuer_alpha3": "TUR",
                "expires": "2031-09-30",
                "issued": "2021-10-01",
            },
            {"type": "V", "number": "22738413", "issuer": "AUT", "issuer_alpha3": "AUT", "expires": "2027-08-01"},
        ],
        "locator": "X7K2PQ",
        "carrier_reference": "X7K2PQ0001",
        "seat": "012A",
        "embarkation": "ADB",
        "disembarkation": "VIE",
        "clearance": "VIE",
        "bags": {
            "pieces": 3,
            "weight": 64.5,
            "weight_unit": "KGM",
            "tags": ["TK012345", "TK012346", "TK012347", "TK099999"],
        },
        "contacts": ["43 1 0000000", "AYSE.AT.EXAMPLE.ORG"],
        "address": "12 ROSE STREET, VIENNA, NOE, 1010, AUT",
        "frequent_flyer": ["TK000111222"],
        "tickets": ["2350000000001C1"],
        "redress": "R123",
        "verified": False,
    }


@pytest.mark.law("ING-2")
def test_what_has_no_field_is_counted_and_not_kept():
    message = read("full_traveller.edi")[0]
    assert message.dropped == {"seg:NAT": 1, "seg:FTX": 1, "seg:GID": 1}
    kept = msgspec.json.encode(message)
    assert b"BGR" not in kept
    assert b"REMARK" not in kept


def test_the_contact_of_the_carrier_is_not_kept():
    kept = msgspec.json.encode(read("plain.edi"))
    assert b"OPS DESK" not in kept
    assert b"902120000000" not in kept


def test_local_times_of_a_progressive_flight_stay_with_their_airports():
    legs = read("progressive.edi")[0].flights
    assert [(leg.origin, leg.destination) for leg in legs] == [("SOF", "VIE"), ("VIE", "SKP"), ("SKP", "OHD")]
    assert [f"{leg.departure_local:%H:%M}" for leg in legs[:2]] == ["11:00", "19:30"]
    assert legs[2].departure_local is None
    assert [f"{leg.arrival_local:%H:%M}" for leg in legs] == ["11:40", "21:05", "22:30"]


def test_crew_functions_and_roles_are_told():
    crew = read("crew.edi")[0].travellers
    assert [(t.role, t.crew_function) for t in crew] == [("crew", "CR1"), ("crew", ""), ("in_transit", "")]


def test_travellers_of_a_close_out_are_known_by_their_reference():
    message = read("close_out.edi")[0]
    assert message.function == "266+CLNB"
    assert [t.carrier_reference for t in message.travellers] == ["X7K2PQ01", "X7K2PR01"]


def test_titles_are_set_apart():
    assert [t.title for t in read("titles.edi")[0].travellers] == ["MRS", "MSTR", "INF", "", "", ""]


def test_the_envelope_is_in_the_message():
    message = read("plain.edi")[0]
    assert (message.version, message.sender, message.recipient) == ("D:12B", "TKAPIS", "XXPIU")
    assert (message.reference, message.access_reference) == ("PAX001", "TK1883/260110/0835")
    assert (message.sequence, message.last_of_set, message.test) == (1, True, False)
    assert message.prepared_at == NOW.replace(tzinfo=None)
    assert read("test_indicator.edi")[0].test
