"""Who checked in, who did not, and whose bags travel with whose (groups 6 and 7 of PNRGOV, TBD C686)."""

from datetime import datetime

import pytest
from pnrgov_texts import HEADER, LEG, PNR, booking, read, rules

from pnr_pipeline.intake.content import Content, MessageHead

DOE = "TIF+DOE+JANEMRS:A:1'TKT+0775475831909:T:1'"
ROE = "TIF+ROE+MAX:A:2'TKT+0775475831910:T:1'"
LEA = "TIF+DOE+LEA:IN:3'"
TWO = LEG.replace("RPI+1", "RPI+2")


def check_in(reference: int, bags: str = "") -> str:
    return f"DAT+2:100126:2010'TRI++FRA-{reference:03}:::{reference}'{bags}"


def pooled(content: Content) -> list[tuple[str, int | None]]:
    return [(one.bags.pool if one.bags else "", one.pooled_with) for one in content.travellers]


@pytest.mark.parametrize(
    ("head", "member"),
    [
        ("TBD++3:33:700++HP+618:0123456789:3:FRA'", "TBD++0:0:700++MP'"),
        ("TBD++3:33:700++HP+618:0123456789:3:FRA'", "TBD+++MP'"),
        ("TBD++3:33:700++HP:FRA-001+618:0123456789:3:FRA'", "TBD++++MP:FRA-001'"),
        ("TBD++3:33:700++HP+618:0123456789:3:FRA'", "TBD+++MP:0775475831909'"),
        ("TBD++3:33:700+++618:0123456789:3:FRA'", "TBD+++MP:FRA- 001'"),
    ],
)
def test_members_of_a_pool_know_its_head_and_each_keeps_their_own_bags(head, member):
    content = booking(DOE + ROE, check_in(1, head) + check_in(2, member))
    jane, max_ = content.travellers
    assert (max_.bags.pool, max_.pooled_with, jane.pooled_with) == ("MP", 1, None)
    assert (jane.bags.pieces, jane.bags.weight, jane.bags.tags) == (3, 33.0, ("0123456789", "0123456790", "0123456791"))
    assert (max_.bags.pieces or 0, max_.bags.tags) == (0, ())


def test_a_head_in_another_booking_is_found_by_ticket_or_sequence():
    for named in ("0775475831909", "FRA-001"):
        content = read(
            HEADER + PNR + DOE + LEG + check_in(1, "TBD++3:33:700++HP'")
            + PNR.replace("KXW3J2", "ABC123") + ROE + LEG + check_in(2, f"TBD+++MP:{named}'")
        )  # fmt: skip
        assert pooled(content) == [("HP", None), ("MP", 1)]


def test_a_pool_whose_head_nobody_can_tell_joins_nobody():
    two_heads = "TBD++1:10:700++HP'"
    content = booking(
        DOE + ROE + "TIF+POE+EVA:A:3'", check_in(1, two_heads) + check_in(2, two_heads) + check_in(3, "TBD+++MP'")
    )
    assert pooled(content) == [("HP", None), ("HP", None), ("MP", None)]
    assert pooled(booking(DOE, check_in(1, "TBD+++MP:0770000000000'"))) == [("MP", None)]
    assert pooled(booking(DOE, check_in(1, "TBD+++MP:0775475831909'"))) == [("MP", None)]  # their own ticket


def test_a_surname_misspelt_at_check_in_is_a_further_name_of_the_person_referred_to():
    content = booking(DOE, "DAT+2:100126:2010'TRI++108:::1'TIF+DEO+JANEMRS:A:1'SSD+24A++++Y'")
    (jane,) = content.travellers
    assert (jane.surname, jane.seat, jane.checked_in) == ("DOE", "24A", True)
    assert [(one.surname, one.given_names, one.source) for one in jane.other_names] == [("DEO", "JANE", "TIF")]


def test_who_checks_in_without_being_named_is_a_go_show():
    content = booking(DOE, "DAT+2:100126:2010'TRI++108'TIF+ROE+MAX'SSD+24A++++Y'")
    assert [(one.surname, one.travel_status, one.checked_in) for one in content.travellers] == [
        ("DOE", "", None),
        ("ROE", "go_show", True),
    ]


def test_a_reference_of_the_departure_system_alone_is_no_booking():
    dcs = PNR.replace("MS:KXW3J2::050126:0718", "MS:KXW3J2:C:050126:0718")
    assert [one.travel_status for one in read(HEADER + dcs + DOE + LEG).travellers] == ["no_record"]
    both = PNR.replace("MS:KXW3J2::050126:0718", "MS:KXW3J2::050126:0718+MS:ABC123:C")
    for text in (both, both.replace("MS:KXW3J2::", "MS:ABC123:C:").replace("+MS:ABC123:C", "+MS:KXW3J2")):
        assert [one.travel_status for one in read(HEADER + text + DOE + LEG).travellers] == [""]


@pytest.mark.parametrize(
    ("prepared", "statuses"),
    [
        ("2026-01-10T20:20", ["", "no_show", ""]),  # the flight leaves at 20:40 UTC
        ("2026-01-10T20:00", ["", "", ""]),
        (None, ["", "", ""]),
    ],
)
def test_who_is_booked_and_has_not_checked_in_when_check_in_is_closed_is_a_no_show(prepared, statuses):
    at = datetime.fromisoformat(prepared) if prepared else None
    content = read(HEADER + PNR + DOE + ROE + LEA + TWO + check_in(1), head=MessageHead("PNRGOV", prepared_at=at))
    assert [one.travel_status for one in content.travellers] == statuses
    assert "PNR-04" not in rules(content)


def test_nobody_is_a_no_show_who_has_cancelled_or_where_nobody_checked_in():
    late = MessageHead("PNRGOV", prepared_at=datetime.fromisoformat("2026-01-10T21:00"))
    assert [one.travel_status for one in read(HEADER + PNR + DOE + LEG, head=late).travellers] == [""]
    cancelled = PNR.replace("KXW3J2", "ABC123") + ROE + LEG.replace("+HK", "+HX")
    content = read(HEADER + PNR + DOE + LEG + check_in(1) + cancelled, head=late)
    assert [one.travel_status for one in content.travellers] == ["", ""]
