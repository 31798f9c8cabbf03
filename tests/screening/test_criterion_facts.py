from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.records import Bags, Booking, Document, FlightLeg, HistoryEntry, Payment, Ticket, Traveller
from pnr_pipeline.screening.criteria import Around, Facts, facts_of, paid_by_another


def leg(origin: str, destination: str, leaves: str, lands: str) -> FlightLeg:
    moments = datetime.fromisoformat(leaves), datetime.fromisoformat(lands)
    return FlightLeg("QX", "12", origin, destination, *moments)


OUT = leg("TIA", "VIE", "2026-11-20T06:00:00", "2026-11-20T07:30:00")
ON = leg("VIE", "IST", "2026-11-20T10:00:00", "2026-11-20T14:20:00")
BACK = leg("IST", "TIA", "2026-11-21T18:00:00", "2026-11-21T18:40:00")

ANNA = Traveller(
    1, "passenger", "INVENTED", "ANNA", bags=Bags(pieces=2, weight=41.0, weight_unit="KGM"),
    documents=(Document("P", "Q1", "ALB", "ALB", expires="2027-11-20", issued="2026-11-10"),),
    excess_baggage=("1 N 50.00 EUR",), travel_status="go_show",
)  # fmt: skip
BOOKING = Booking(
    locator="QXQXQX", created="2026-11-18T05:00:00Z", travellers=(1, 2), itinerary=(OUT, ON, BACK), agency="QX ATH",
    payments=(Payment("CC", holder="OTHER PERSON"),), tickets=(Ticket("1", "2026-11-18", "T 612.00 EUR"),),
    split_from=("QX:AAAAAA",),
    history=(
        HistoryEntry("2026-11-18T05:00:00Z", "A", "segment"),
        HistoryEntry("2026-11-19T05:00:00Z", "X", "name"),
        HistoryEntry("2026-11-19T05:00:00Z", "A", "name"),
    ),
)  # fmt: skip


def test_a_booking_of_three_flights_is_told_as_facts():
    told = facts_of(ANNA, BOOKING, OUT, Around(third_party=True, sharing_contact=2, sharing_payment=0)).variables()
    assert told["journey"] == {
        "leg_origin": "TIA", "leg_destination": "VIE", "origin": "TIA", "destination": "IST", "origin_country": "AL",
        "destination_country": "TR", "via": ("VIE",), "via_countries": ("AT",), "transfers": 1,
        "longest_transfer_hours": 2, "detour_percent": told["journey"]["detour_percent"], "legs": 3, "one_way": False,
        "stay_hours": 27, "return_weekday": "SA",
    }  # fmt: skip
    assert 200 < int(str(told["journey"]["detour_percent"])) < 300
    assert told["booking"] == {
        "lead_hours": 48, "lead_days": 2, "ticket_lead_days": 2, "agency_country": "GR", "agency_elsewhere": True,
        "travellers": 2, "split": True, "cancelled": False, "go_show": True, "no_show": False,
    }  # fmt: skip
    assert told["baggage"] == {"pieces": 2, "weight_kg": 41, "kg_a_night": 20, "excess_pieces": 1, "pooled": False}
    assert told["payment"] == {"form": "card", "third_party": True, "price_band": "500-2000"}
    assert told["timing"] == {"departure_hour": 6, "departure_weekday": "FR", "night": False}
    assert told["companions"] == {"count": 1, "bookings_sharing_contact": 2, "bookings_sharing_payment": 0}
    assert told["changes"] == {"count": 2, "renamed": 2, "segments": 0, "last_48_hours": 2}
    assert told["document"] == {"count": 1, "days_since_issue": 10, "valid_days": 365}


def test_a_traveller_of_an_api_list_alone_has_facts_of_the_leg_and_the_document_only():
    told = facts_of(Traveller(1, "passenger", documents=(Document("P", "Q1"),)), None, OUT).variables()
    assert {section for section, facts in told.items() if facts} == {"journey", "timing", "document"}
    assert told["journey"] == {"leg_origin": "TIA", "leg_destination": "VIE"}


@pytest.mark.law("SCR-4")
def test_no_fact_differs_between_two_persons_whose_names_sex_age_nationality_services_and_seat_differ():
    other = msgspec.structs.replace(
        ANNA, surname="OTHER", given_names="OMAR", date_of_birth="1950-01-01", sex="M", nationality="XKX", seat="12A",
        nationality_alpha3="XKX", title="MR", fare_type="C", frequent_flyer=("QX1",), address="A", contacts=("1",),
        documents=(Document("P", "Q2", "XKX", "XKX", expires="2027-11-20", issued="2026-11-10"),),
    )  # fmt: skip
    assert facts_of(other, BOOKING, OUT) == facts_of(ANNA, BOOKING, OUT)


def test_who_paid_is_known_by_words_of_the_name_in_any_order_and_only_the_answer_stays():
    party = (ANNA, Traveller(2, "passenger", "SECOND", "INVENTA"))
    assert paid_by_another((Payment("CC", holder="ANNA INVENTED"),), party) is False
    assert paid_by_another((Payment("CC", holder="SOMEBODY ELSE"),), party) is True
    assert paid_by_another((Payment("CA"),), party) is None
    assert paid_by_another((Payment("CC", holder="SOMEBODY ELSE"),), ()) is None


def test_a_fare_in_a_currency_without_a_fixed_rate_has_no_band():
    tickets = (Ticket("1", fare="T 100.00 USD"), Ticket("2", fare="nonsense"), Ticket("3", fare="T x EUR"))
    facts = facts_of(ANNA, msgspec.structs.replace(BOOKING, tickets=tickets), OUT)
    assert facts.payment.price_band is None


_texts = st.one_of(st.none(), st.sampled_from(["", "2026-11-20", "2026-13-45T99:00Z", "TIA", "LOWW", "x y", "1 N"]))
_moments = st.one_of(st.none(), st.datetimes())
_legs = st.builds(FlightLeg, st.just("QX"), st.just("1"), st.sampled_from(["", "TIA", "QQQ", "LOWW"]),
                  st.sampled_from(["", "VIE", "IST", "TIA"]), _moments, _moments)  # fmt: skip
_strings = _texts.map(lambda text: text or "")


@given(
    st.builds(
        Booking, created=_texts, itinerary=st.lists(_legs, max_size=5).map(tuple), agency=_strings,
        tickets=st.lists(st.builds(Ticket, _strings, _texts, _strings), max_size=3).map(tuple),
        history=st.lists(st.builds(HistoryEntry, _texts, _strings, _strings), max_size=3).map(tuple),
        payments=st.lists(st.builds(Payment, _strings, holder=_strings), max_size=2).map(tuple),
        party_size=st.one_of(st.none(), st.integers(-1, 5)),
    ),
    _legs,
    st.builds(
        Traveller, st.just(1), st.just("passenger"), excess_baggage=st.lists(_strings, max_size=2).map(tuple),
        documents=st.lists(st.builds(Document, number=_strings, expires=_texts, issued=_texts), max_size=2).map(tuple),
    ),
)  # fmt: skip
def test_whatever_a_carrier_sends_the_facts_are_of_the_model_and_nothing_raises(booking, flight, traveller):
    facts = facts_of(traveller, booking, flight)
    assert msgspec.convert(facts.variables(), Facts) == facts
