from datetime import datetime

import pytest
from pnrgov_texts import HEADER, LEG, PNR, booking, names, one, read, rules

from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Bags

DOE = "TIF+DOE+JANEMRS:A:1'"
MESSAGE_LEG = FlightLeg(
    carrier="MS",
    number="367",
    origin="CAI",
    destination="FRA",
    departure_local=datetime.fromisoformat("2026-01-10T22:40"),
    arrival_local=datetime.fromisoformat("2026-01-11T03:10"),
)


def leg_of(text: str) -> FlightLeg:
    return read(HEADER + PNR + DOE + text).bookings[0].itinerary[0]


def test_the_leg_of_the_header_is_the_flight_of_the_message():
    content = booking(DOE)
    assert content.flights == (MESSAGE_LEG,)
    assert content.bookings[0].itinerary == (MESSAGE_LEG,)
    assert content.bookings[0].status == ("HK",)


def test_a_header_that_names_another_flight_keeps_both_and_is_told():
    other = LEG.replace("CAI+FRA+MS+367", "IAD+ICN+KE+94")
    content = read(HEADER + PNR + DOE + other + PNR.replace("KXW3J2", "ABC123") + "TIF+ROE+MAX:A:1'" + other)
    assert [leg.designator for leg in content.flights] == ["MS367", "KE94"]
    assert "ITI-01" in rules(content)


@pytest.mark.parametrize(
    ("text", "carrier", "number", "marketing"),
    [
        ("TVL+110126:0800:110126:0900+FRA+PRN+UA:LH+9146:B'TVL+++++860:M'", "LH", "860", "UA9146"),
        ("TVL+100126:2240+CAI+FRA+LH:MS+367:B'RPI+1+HK'TVL+++++5800:M'", "MS", "367", "LH5800"),
        ("TVL+110126:0800:110126:0900+FRA+PRN+DL+9146:B'TRA+KL+1860:M'", "KL", "1860", "DL9146"),
        ("TVL+110126:0800:110126:0900+FRA+PRN+DL:KL+0123:B'", "KL", "123", "DL123"),
        ("TVL+110126:0800+FRA+PRN+UA:LH+9146:B'TVL+++++860:M'TVL+++++9200:M'", "LH", "860", "UA9146 UA9200"),
    ],
)
def test_a_codeshare_is_one_leg_in_each_of_its_forms(text, carrier, number, marketing):
    content = read(HEADER + PNR + DOE + text)
    (leg,) = content.bookings[0].itinerary
    assert (leg.carrier, leg.number, leg.marketing) == (carrier, number, marketing)


@pytest.mark.parametrize(
    ("header", "marketing"),
    [
        ("TVL+100126:2240:110126:0310+CAI+FRA+MS+367'TVL+++++5800:M'", "MS5800"),
        ("TVL+100126:2240:110126:0310+CAI+FRA+LH:MS+367'TVL+++++5800:M'", "LH5800"),
        ("TVL+100126:2240:110126:0310+CAI+FRA+LH+5800'TRA+MS+367'", "LH5800"),
    ],
)
def test_a_codeshare_in_the_header_is_one_flight(header, marketing):
    content = read("MSG+:22'ORG+MS:CAI'" + header + "EQN+1'" + PNR + DOE + LEG)
    (leg,) = content.flights
    assert (leg.designator, leg.marketing) == ("MS367", marketing)
    assert "ITI-01" not in rules(content)


def test_open_and_surface_legs_stay_in_the_itinerary():
    content = booking(DOE, "TVL+++++ARNK'TVL++LHR+ORD++OPEN'")
    assert [(leg.number, leg.origin, leg.departure_local) for leg in content.bookings[0].itinerary[1:]] == [
        ("ARNK", "", None),
        ("OPEN", "LHR", None),
    ]


def test_an_arrival_without_date_is_on_the_day_of_departure_or_its_variation():
    assert leg_of("TVL+100126:2240::2330+CAI+ATH+MS+1'").arrival_local == datetime.fromisoformat("2026-01-10T23:30")
    assert leg_of("TVL+100126:2240::0130:1+CAI+ATH+MS+1'").arrival_local == datetime.fromisoformat("2026-01-11T01:30")
    assert leg_of("TVL+100126:2240:2330+CAI+ATH+MS+1'").arrival_local == datetime.fromisoformat("2026-01-10T23:30")


def check_in(people: str) -> str:
    return "DAT+2:100126:2010'ORG+MS++++A'" + people


def test_check_in_tells_seat_and_bags():
    content = booking(
        DOE,
        check_in(
            "TRI++SIN-168:::1'TIF+DOE+JANEMRS:A:1'SSD+011D++++J'"
            "TBD++3:33:700++HP:SIN-168+618:0123456789:2:FRA+618:0123456788:3:FRA+618:0123456787:722356:FRA'"
        ),
    )
    traveller = one(content)
    assert (traveller.seat, traveller.checked_in) == ("11D", True)
    assert traveller.bags == Bags(
        pieces=3,
        weight=33.0,
        weight_unit="KGM",
        tags=("0123456789", "0123456788", "0123456787"),
        pool="HP",
        pool_reference="SIN-168",
    )


@pytest.mark.parametrize(
    ("tbd", "bags"),
    [
        ("TBD++1:44:700+++MS:48521::FRA'", Bags(pieces=1, weight=44.0, weight_unit="KGM", tags=("MS48521",))),
        ("TBD++2:34:701++MP+618:1026000001:2:FRA'", Bags(2, 34.0, "LBR", ("1026000001", "1026000002"), "MP")),
        ("TBD+++MP:0741234123456'", Bags(pool="MP", pool_reference="0741234123456")),
        ("TBD++2:34:700+618:1026000001:2:FRA'", Bags(2, 34.0, "KGM", ("1026000001", "1026000002"))),
        ("TBD++1:12:702'", Bags(pieces=1, weight=12.0)),
        ("TBD'", None),
    ],
)
def test_bags_are_read_in_every_layout(tbd, bags):
    assert one(booking(DOE, check_in("TRI++220:::1'" + tbd))).bags == bags


def test_the_reference_of_tri_is_enough_and_an_unassigned_seat_costs_nothing():
    content = booking(DOE + "TIF+ROE+MAXMR:A:2'", check_in("TRI++220:::2'SSD+XXX++++Y'TRI++:::1'SSD+24A++++Y'"))
    assert [(t.seat, t.checked_in) for t in content.travellers] == [("24A", True), (None, True)]


def test_a_tri_reference_that_means_nobody_is_told_and_loses_nobody():
    content = booking(DOE, check_in("TRI++220:::20'SSD+24A'"))
    assert names(content) == [("DOE", "JANE")]
    assert "PNR-03" in rules(content)
    named = booking(DOE, check_in("TRI++20:::20'TIF+DOE+JANEMRS:A:1'SSD+24A'"))
    assert one(named).seat == "24A"


def test_who_checks_in_without_booking_is_a_traveller():
    content = booking(DOE, check_in("TRI++220:::2'TIF+ROE+MAXMR:A:2'SSD+24A'"))
    assert names(content) == [("DOE", "JANE"), ("ROE", "MAX")]
    assert (content.travellers[1].seat, content.travellers[1].checked_in) == ("24A", True)


def test_a_check_in_whose_tri_is_missing_makes_no_second_traveller():
    content = booking(DOE, check_in("TIF+DOE+JANEMRS:A:1'SSD+24A'"))
    assert names(content) == [("DOE", "JANE")]
    assert one(content).seat == "24A"


def test_check_in_repeated_for_each_traveller_is_read():
    content = booking(
        DOE + "TIF+ROE+MAXMR:A:2'",
        "DAT'ORG+MS++++A'TRI++1:::1'TIF+DOE+JANEMRS:A:1'SSD+24A'DAT'ORG+MS++++A'TRI++2:::2'TIF+ROE+MAXMR:A:2'SSD+24B'",
    )
    assert [t.seat for t in content.travellers] == ["24A", "24B"]


def test_the_seat_is_that_of_the_reported_leg():
    before = "TVL+090126:0800:090126:1000+LHR+CAI+MS+2:Y'SSR+SEAT:HK:1:MS:::LHR:CAI+1A::1:N'" + check_in(
        "TRI++1:::1'SSD+2A'"
    )
    content = booking(DOE + before, "SSR+SEAT:HK:1:MS:::CAI:FRA+64A::1:N'")
    assert one(content).seat == "64A"
    assert one(content).checked_in is True
    assert (
        one(booking(DOE + before, "SSR+SEAT:HK:1:MS:::CAI:FRA+XXX::1'" + check_in("TRI++1:::1'SSD+12C'"))).seat == "12C"
    )


def test_requested_seats_belong_to_their_references():
    content = booking(DOE + "TIF+ROE+MAXMR:A:2'", "SSR+SEAT:HK:2:MS:::CAI:FRA++074J::001:N+XXX::2'")
    assert [t.seat for t in content.travellers] == ["74J", None]
    by_text = booking(DOE + "TIF+ROE+MAXMR:A:2'", "SSR+NSST:HK:2:MS:::CAI:FRA:.03BN03AN'")
    assert [t.seat for t in by_text.travellers] == ["3B", "3A"]


def test_a_cancelled_request_gives_nothing():
    assert one(booking(DOE, "SSR+SEAT:XX:1:MS:::CAI:FRA+64A::1'")).seat is None
