"""What the law lists as API data is what a passenger list is read into, each item in its field (ING-10, ING-11)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pnr_pipeline.intake import decode
from pnr_pipeline.records import Message
from pnr_pipeline.stores.rulebooks import load_law, load_rulebook

VECTORS = Path(__file__).parent.parent / "vectors" / "paxlst"
LAW = load_law()
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)


def _read(name: str) -> Message:
    (message,) = decode((VECTORS / f"{name}.edi").read_bytes(), rulebook=load_rulebook(), now=NOW)
    return message


FULL = _read("full_traveller")
(TRAVELLER,) = FULL.travellers
(LEG,) = FULL.flights
PASSPORT = TRAVELLER.documents[0]
assert TRAVELLER.bags is not None

GOLDEN = {
    "names": (TRAVELLER.surname, TRAVELLER.given_names),
    "birth_date": TRAVELLER.date_of_birth,
    "sex": TRAVELLER.sex,
    "nationality": TRAVELLER.nationality,
    "document_type": PASSPORT.type,
    "document_number": PASSPORT.number,
    "document_issuer": PASSPORT.issuer,
    "document_expiry": PASSPORT.expires,
    "record_locator": TRAVELLER.locator,
    "seat": TRAVELLER.seat,
    "bag_tags": TRAVELLER.bags.tags,
    "bag_count": TRAVELLER.bags.pieces,
    "bag_weight": TRAVELLER.bags.weight,
    "capture_method": TRAVELLER.verified,
    "flight": LEG.designator,
    "border_point": TRAVELLER.clearance,
    "airports": (LEG.origin, LEG.destination),
    "first_embarkation": TRAVELLER.embarkation,
    "local_times": (LEG.departure_local, LEG.arrival_local),
}
READ = {
    "names": ("DEMIRKAN", "AYSE GUL"), "birth_date": "1987-02-14", "sex": "F", "nationality": "TUR",
    "document_type": "P", "document_number": "U12345678", "document_issuer": "TUR", "document_expiry": "2031-09-30",
    "record_locator": "X7K2PQ", "seat": "012A", "bag_tags": ("TK012345", "TK012346", "TK012347", "TK099999"),
    "bag_count": 3, "bag_weight": 64.5, "capture_method": False, "flight": "TK1883", "border_point": "VIE",
    "airports": ("IST", "VIE"), "first_embarkation": "ADB",
    "local_times": (datetime(2026, 1, 10, 7, 5), datetime(2026, 1, 10, 8, 35)),  # noqa: DTZ001  local, without zone
}  # fmt: skip
UNKEPT = {"carrier_contact"}
"""Of the carrier's staff: listed, and of no use here."""


@pytest.mark.law("ING-10")
def test_every_element_of_the_regulations_is_read_into_its_field():
    assert set(LAW.rule("eu.r13.elements").values[-1].value) == set(READ) | UNKEPT
    assert GOLDEN == READ


@pytest.mark.law("ING-11")
def test_the_eleven_elements_of_the_directive_are_read_into_their_fields():
    told = {
        "document_number": PASSPORT.number == "U12345678",
        "document_type": PASSPORT.type == "P",
        "nationality": TRAVELLER.nationality == "TUR",
        "full_names": (TRAVELLER.surname, TRAVELLER.given_names) == ("DEMIRKAN", "AYSE GUL"),
        "birth_date": TRAVELLER.date_of_birth == "1987-02-14",
        "border_point_of_entry": TRAVELLER.clearance == "VIE",
        "transport_code": LEG.designator == "TK1883",
        "departure_time": LEG.departure_local is not None,
        "arrival_time": LEG.arrival_local is not None,
        "number_carried": FULL.total == 160,
        "first_embarkation": TRAVELLER.embarkation == "ADB",
    }
    assert set(LAW.value("eu.api.elements", date(2026, 11, 23)).items) == set(told)
    assert all(told.values())


@pytest.mark.law("ING-10")
def test_one_passenger_a_message_at_check_in_then_all_on_board_at_closure():
    closure = _read("close_out")
    assert (len(FULL.travellers), FULL.total, FULL.in_full) == (1, 160, False)
    assert closure.function.startswith("266")
    assert len(closure.travellers) > 1
