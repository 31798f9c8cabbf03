"""PNR-04 to PNR-08: a message that breaks each rule, and ones near to it that do not."""

import pytest
from pnrgov_texts import HEADER, LEG, PNR, RULES, booking, read

from pnr_pipeline.intake.content import Content
from pnr_pipeline.intake.decode import decode
from pnr_pipeline.records.finding import Finding

JANE = "TIF+DOE+JANEMRS:A:1'"


def told(content: Content) -> list[Finding]:
    return [found for found in content.findings if found.rule in ("PNR-04", "PNR-05", "PNR-06", "PNR-08")]


def wordings(content: Content) -> list[tuple[str, str]]:
    return [(found.rule, found.segment) for found in told(content)]


def seats(people: str, quantity: str, status: str = "HK") -> Content:
    return read(HEADER + PNR + people + LEG.replace("RPI+1+HK", f"RPI+{quantity}+{status}"))


INFANT = "TIF+DOE+LEA:IN:2'"


@pytest.mark.parametrize(
    ("people", "quantity", "status", "wrong"),
    [
        (JANE, "1", "HK", False),
        (JANE, "3", "HK", True),
        (JANE, "3", "XX", False),  # cancelled
        (JANE + "TIF+DOE+JOHN:A:2'", "1", "HK", True),
        (JANE + INFANT, "1", "HK", False),  # on the lap
        (JANE + INFANT, "2", "HK", False),  # with a seat
        ("TIF+SEETHE WORLD:G:20'", "20", "HK", False),
        ("TIF+SEETHE WORLD:G'" + JANE, "20", "HK", False),  # a group that names some
        (JANE, "", "HK", False),
        (JANE, "0", "HK", False),
        (JANE, "X", "HK", False),
    ],
)
def test_seats_of_a_segment_are_as_many_as_travellers(people, quantity, status, wrong):
    found = wordings(seats(people, quantity, status))
    assert found == ([("PNR-04", "RPI")] if wrong else [])


def test_too_few_and_too_many_seats_are_told_apart_once_a_booking():
    assert "more seats" in told(seats(JANE, "3"))[0].message
    assert "fewer seats" in told(seats(JANE + "TIF+DOE+JOHN:A:2'", "1"))[0].message
    assert len(told(booking(JANE, LEG.replace("RPI+1", "RPI+2") + LEG.replace("RPI+1", "RPI+3")))) == 1


@pytest.mark.parametrize(
    ("created", "changed", "wrong"),
    [
        ("050126:0718", "080126:1610", False),
        ("080126:1610", "080126:1610", False),
        ("080126:1611", "080126:1610", True),
        ("080126", "080126:1610", False),  # the day alone
        ("090126", "080126:1610", True),
        ("050126:0718", "", False),
        ("100126:2039", "", False),  # the flight leaves Cairo at 20:40 UTC
        ("100126:2041", "", True),
        ("110126", "", True),
    ],
)
def test_a_booking_is_created_before_its_last_change_and_before_departure(created, changed, wrong):
    pnr = f"SRC'RCI+MS:KXW3J2::{created}'" + (f"DAT+700:{changed}'" if changed else "")
    text = HEADER + pnr + JANE + LEG
    found = told(read(text))
    assert [(one.rule, text[one.offset :][:4]) for one in found] == ([("PNR-05", "RCI+")] if wrong else [])


@pytest.mark.parametrize(
    ("ticket", "wrong"),
    [
        ("TKT+0775475831909:T:1'", False),
        ("TKT+077 5475831909:T:1'", False),
        ("TKT+07754758319093:T:1'", False),  # with its check digit
        ("TKT+:1'", False),  # without ticket
        ("TKT+5475831909:T:1'", True),
        ("TKT+KXW3J2:T:1'", True),
        ("SSR+TKNE:HK:1:MS:::::0775475831909C1+::1'", False),
        ("SSR+TKNE:HK:1:MS:::::75475831909C1+::1'", True),
    ],
)
def test_a_ticket_number_has_thirteen_digits(ticket, wrong):
    found = wordings(booking(JANE + ticket))
    assert found == ([("PNR-06", ticket[:3])] if wrong else [])


def test_tickets_of_an_unknown_airline_are_one_note_for_the_message():
    (found,) = told(booking(JANE + "TKT+0005475831909:T:1'TKT+0005475831910:T:1'TKT+0775475831909:T:1'"))
    assert (found.rule, found.severity) == ("PNR-06", "I")
    assert found.message.endswith("2 in all")


@pytest.mark.parametrize(
    ("contact", "tag"),
    [
        ("ADD++700:::::::004915112345678'", ""),
        ("ADD++700:::::::JANE//EXAMPLE.COM'", ""),
        ("ADD++700:NILE STREET 4:CAIRO'", ""),
        ("ADD++702:351 MILL ROAD:SLOUGH:BERKSHIRE::GB::SL1AA'", ""),  # the postcode one place too late
        ("ADD++700:::::::NONE GIVEN'", "ADD"),
        ("IFT+4:28::MS+CTCM 4915112345678'", ""),
        ("IFT+4:28::MS+CTCM NONE'", "IFT"),
        ("IFT+4:28::MS+CTCT ASK FOR JANE'", ""),  # an agency's
        ("IFT+4:28::MS+VIP ON BOARD'", ""),
        ("SSR+CTCE:HK:1:MS:::::JANE//EXAMPLE.COM+::1'", ""),
        ("SSR+CTCE:HK:1:MS:::::JANE EXAMPLE COM+::1'", "SSR"),
        ("SSR+CTCR:HK:1:MS:::::REFUSED+::1'", ""),
    ],
)
def test_a_contact_is_a_telephone_number_or_an_address(contact, tag):
    content = booking(JANE + contact)
    assert wordings(content) == ([("PNR-08", tag)] if tag else [])
    assert "NONE" not in str(content.bookings)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('Status="HK"', 'Status="HK" NumberInParty="5"', "PNR-04"),
        ('PNR_TransDate="2026-01-08', 'PNR_TransDate="2026-01-04', "PNR-05"),
        ("0775475831909", "5475831909", "PNR-06"),
        ("E+ARTA@EXAMPLE.COM", "NONE", "PNR-08"),
    ],
)
def test_the_xml_form_is_held_to_the_same_rules(old, new, rule):
    from test_pnr_xml_reader import NOW, WHOLE

    for body, broken in ((WHOLE, False), (WHOLE.replace(old.encode(), new.encode()), True)):
        (message,) = decode(body, rulebook=RULES, now=NOW)
        assert (rule in {found.rule for found in message.findings}) is broken


@pytest.mark.parametrize("rule", ["PNR-04", "PNR-05", "PNR-06", "PNR-08"])
def test_the_examples_of_a_rule_keep_it_and_break_it(rule):
    for example, broken in ((RULES[rule].example, False), (RULES[rule].wrong, True)):
        begin = "SRC'" if example.startswith("RCI") else PNR
        people = "" if "TIF" in example else JANE
        text = f"{example}{people}" if example.startswith("RCI") else f"{people}{example}"
        content = read(HEADER + begin + text + ("" if "TVL" in example else LEG))
        assert (rule in {found.rule for found in content.findings}) is broken
