import pytest
from pnrgov_texts import HEADER, LEG, PNR, booking, names, one, read, rules

from pnr_pipeline.intake.content import MessageHead
from pnr_pipeline.records.booking import Contact, HistoryEntry, Payment, Ticket

DOE = "TIF+DOE+JANEMRS:A:1'"


def test_several_telephone_numbers_in_one_place_are_all_kept():
    contacts = booking(DOE + "ADD++700:::::::H5555555555 W 1 555555 5556'").bookings[0].contacts
    assert [(one.kind, one.value) for one in contacts] == [("phone", "5555555555"), ("phone", "1 555555 5556")]


def test_a_postcode_one_place_too_late_belongs_to_the_address():
    (contact,) = booking("ADD++700:351 MILL ROAD:SLOUGH:BERKSHIRE::GB::SL1AA'").bookings[0].contacts
    assert contact.value == "351 MILL ROAD, SLOUGH, BERKSHIRE, GB, SL1AA"


def test_the_header_of_a_booking_tells_locators_times_and_agency():
    (record,) = booking(DOE, "RCI+MS:KXW3J2::050126:0718+LH:9ABCDE'").bookings
    assert (record.locator, record.carrier, record.locators) == ("KXW3J2", "MS", ("LH:9ABCDE",))
    assert (record.created, record.changed) == ("2026-01-05T07:18:00Z", "2026-01-08T16:10:00Z")
    assert (record.agency, record.agent) == ("MS 51935352 CAI", "WS32")


def test_a_creation_time_in_the_place_of_the_locator_type_is_read():
    content = read(HEADER + "SRC'RCI+MS:KXW3J2:050126:071830'" + DOE + LEG)
    assert content.bookings[0].created == "2026-01-05T07:18:00Z"


def test_a_booking_without_locator_is_kept_with_a_finding():
    content = read(HEADER + "SRC'" + DOE + LEG)
    assert names(content) == [("DOE", "JANE")]
    assert "PNR-01" in rules(content)


def test_an_empty_org_cancels_the_booking_in_an_update_only():
    cancelled = "SRC'RCI+MS:KXW3J2'ORG'"
    update = read(HEADER.replace("+:22", "+:141") + cancelled)
    assert (update.function, update.bookings[0].cancelled) == ("141", True)
    assert "PNR-02" not in rules(update)
    assert not read(HEADER + cancelled).bookings[0].cancelled


@pytest.mark.law("ING-3")
def test_the_traveller_contacts_are_kept_and_those_of_others_are_dropped_and_counted():
    content = booking(
        "IFT+4:28::MS+CTCM 995680682652'"
        "TIF+DOE+JANEMRS:A:1'IFT+4:28::MS+CTCE JANE..DOE//EXAMPLE.COM'IFT+4:28::MS+CTCT CAI 20 2 555 0100 NILE TOURS'"
        "SSR+CTCM:HK:1:MS:::::4915112345678/DE+::1'SSR+PCTC:HK:1:MS:::::ROE MAX/DE49301234567-DOE/JANE. FATHER+::1'"
    )
    assert content.bookings[0].contacts == (
        Contact("phone", "995680682652", None),
        Contact("email", "JANE_DOE@EXAMPLE.COM", 1),
        Contact("phone", "4915112345678", 1),
    )
    assert content.dropped == {"contact:third": 2}
    assert "CAT-01" in rules(content)


def test_addresses_of_the_booking_and_of_a_traveller_are_told_apart():
    content = booking(
        "ADD++700:45 HIGH STREET:SLOUGH:BERKSHIRE::GB:SL1AA:00441753637285'"
        "TIF+DOE+JANEMRS:A:1'ADD++700:RINGSTRASSE 1:KOELN:::DE:50667'"
    )
    assert content.bookings[0].contacts == (
        Contact("address", "45 HIGH STREET, SLOUGH, BERKSHIRE, GB, SL1AA", None),
        Contact("phone", "00441753637285", None),
        Contact("address", "RINGSTRASSE 1, KOELN, DE, 50667", 1),
    )


def test_tickets_fares_and_payments_belong_to_their_traveller():
    content = booking(
        "TIF+DOE+JANEMRS:A:1'TKT+0775475831909:T:1'MON+B:148.00:EUR+T:232.17:EUR'DAT+710:050126'"
        "FOP+CC::232.17:VI:4111111111111111:0628::::123:JANE DOE'IFT+4:43+JANE DOE+RINGSTRASSE 1 KOELN+4922155501'"
        "TIF+ROE+MAXMR:A:2'TKT+:1'FOP+CA::80.00'"
    )
    (record,) = content.bookings
    assert record.tickets == (Ticket("0775475831909", "2026-01-05", "T 232.17 EUR", 1),)
    assert record.payments == (
        Payment(
            form="CC",
            amount="232.17",
            currency="EUR",
            vendor="VI",
            account="411111XXXXXX1111",
            expires="0628",
            holder="JANE DOE",
            billing_address="RINGSTRASSE 1 KOELN",
            traveller=1,
        ),
        Payment(form="CA", amount="80.00", traveller=2),
    )
    assert rules(content).count("PNR-07") == 2
    assert content.dropped == {"payment:security-code": 1, "contact:third": 1}


@pytest.mark.parametrize("account", ["XXXXXXXXXXXX9433", "411111XXXXXX1111", "370266XXXXX6916"])
def test_a_masked_account_stays_as_sent_and_needs_no_finding(account):
    content = booking(f"TIF+DOE+JANEMRS:A:1'TKT+0775475831909:T:1'FOP+CC::232.17:VI:{account}:0628'")
    assert content.bookings[0].payments[0].account == account
    assert "PNR-07" not in rules(content)


@pytest.mark.law("ING-3")
def test_a_guaranteed_payment_is_erased_and_told():
    content = booking("TIF+DOE+JANEMRS:A:1'SSR+EPAY:HK:1:MS:::::CC4111111111111111D0628C123+::1'")
    assert "PNR-07" in rules(content)
    assert content.dropped == {"payment:guarantee": 1}


def test_a_billing_address_stands_with_the_payment():
    content = booking(
        DOE + "TKT+0775475831909:T:1'FOP+CC::1.00:VI:XXXX1111:0628'ADD++702:RINGSTRASSE 1:KOELN:::DE:50667'"
    )
    assert content.bookings[0].payments[0].billing_address == "RINGSTRASSE 1, KOELN, DE, 50667"
    assert content.bookings[0].contacts == ()


def test_excess_baggage_split_bookings_and_what_is_beside_the_flight_are_kept():
    content = booking(
        "EBD+USD:50.00+1::N'" + DOE,
        "EQN+2'RCI+MS:ABCDEF'MSG+8'TVL+121226:1500:151226+FRA:HOTEL ADLER++VN+67576:ROH'",
    )
    (record,) = content.bookings
    assert record.excess_baggage == ("1 N 50.00 USD",)
    assert (record.split_from, record.split_size) == (("MS:ABCDEF",), 2)
    assert record.status == ("HK", "hotel")
    assert (record.itinerary[1].origin, record.itinerary[1].number) == ("FRA", "")
    assert record.locators == ()


@pytest.mark.law("ING-3")
def test_an_unaccompanied_minor_is_the_only_remark_kept():
    content = booking("TIF+DOE+TIM:C:1'SSR+UMNR:HK:1:MS:::::UM08+::1'SSR+OTHS:::::::: CALLED TWICE'IFT+4:28::MS+VIP'")
    assert content.bookings[0].remarks == ("UMNR UM08",)
    assert content.dropped == {"sensitive:A": 1, "text:IFT": 1}


def test_bags_paid_for_are_of_the_person_under_whose_name_they_stand():
    content = booking("EBD+USD:50.00+1::N'" + DOE + "EBD+USD:80.00+2::N'TIF+ROE+MAX:A:2'")
    assert content.bookings[0].excess_baggage == ("1 N 50.00 USD",)
    assert [t.excess_baggage for t in content.travellers] == [("2 N 80.00 USD",), ()]


def test_a_ticket_in_connection_with_another_is_the_persons_too():
    content = booking(DOE + "TKT+0775475831909:T:2::::0775475831911'".replace("2::::", "2:::") + "MON+T:232.17:EUR'")
    assert set(one(content).tickets) == {"0775475831909", "0775475831911"}
    assert [ticket.fare for ticket in content.bookings[0].tickets] == ["", "T 232.17 EUR"]


def test_a_status_in_history_is_letters():
    changes = "ABI+4++++TZ'DAT+T:090126:1706'SAC+++A'TVL+100126::110126+CAI+FRA+MS+367:Y'RPI+1+HKIFT+4:19'"
    assert booking(DOE, changes).bookings[0].history[0].value == "MS367/2026-01-10/CAI-FRA"


def test_history_tells_bags_and_no_sensitive_name_of_a_group():
    content = booking(
        DOE,
        "ABI+4+JANEDOELONG:GS+CAI++MS'DAT+T:090126:1706'SAC+++A'TBD++2:34:700+++MS:48521::FRA:+MS:48522::FRA'"
        "SAC+++X'TIF+ISLAMIC PILGRIMS:G'SAC+++X'TIF+SEETHE WORLD:G'",
    )
    assert [(entry.element, entry.value) for entry in content.bookings[0].history] == [
        ("bags", "2 pieces 34 KGM MS48521 MS48522"),
        ("name", ""),
        ("name", "SEETHE WORLD"),
    ]
    assert {entry.by for entry in content.bookings[0].history} == {"GS CAI MS"}


def test_history_keeps_changes_of_legs_names_and_seats_and_no_other_content():
    content = booking(
        DOE,
        "ABI+4+05FD28:GS+CAI++MS'DAT+T:090126:1706'SAC+++A'TVL+100126:2240:110126:0310+CAI+FRA+MS+367:Y'RPI+1+HK'"
        "SAC+++X'TIF+DOE+JAMEMRS'SAC+++A'SSR+SEAT:HK:1:MS:::CAI:FRA+15A::1'"
        "SAC+++X'SSR+DOCS:HK:1:MS:::::/P/GBR/999999999/GBR/01JAN90/F//DOE/JANE'SAC+++A'IFT+4:19+XF MC 0 DOE'",
    )
    at, by = "2026-01-09T17:06:00Z", "05FD28 GS CAI MS"
    assert content.bookings[0].history == (
        HistoryEntry(at, "A", "segment", "MS367/2026-01-10/CAI-FRA HK", by),
        HistoryEntry(at, "X", "name", "DOE/JAMEMRS", by),
        HistoryEntry(at, "A", "ssr SEAT", "15A", by),
        HistoryEntry(at, "X", "ssr DOCS", "", by),
    )
    assert names(content) == [("DOE", "JANE")]
    assert one(content).documents == ()
    assert one(content).seat is None


@pytest.mark.law("ING-2")
def test_unknown_segments_and_services_are_counted_and_not_kept():
    content = booking(DOE + "XYZ+JANE'NAD+FL+++DOE:JANE'SSR+BIKE:HK:1:MS+::1'SSR+ZZZZ:HK:1:MS:::::SECRET+::1'")
    assert content.dropped == {"seg:other": 1, "seg:NAD": 1, "ssr:BIKE": 1, "ssr:other": 1}
    assert "CAT-01" in rules(content)


def test_a_booking_count_is_compared_only_where_the_push_is_whole():
    text = HEADER.replace("EQN+1", "EQN+3") + PNR + DOE + LEG
    whole, part = read(text), read(text, head=MessageHead(kind="PNRGOV", sequence=2, last_of_set=False))
    (wrong,) = [f for f in whole.findings if f.rule == "CNT-02"]
    (told,) = [f for f in part.findings if f.rule == "CNT-02"]
    assert (wrong.severity, told.severity) == ("W", "I")


def test_a_booking_whose_src_is_missing_is_still_a_booking():
    second = PNR.removeprefix("SRC'").replace("KXW3J2", "ABC123")
    content = read(HEADER + PNR + DOE + LEG + second + "TIF+ROE+MAXMR:A:1'" + LEG)
    assert [b.locator for b in content.bookings] == ["KXW3J2", "ABC123"]
    first = read(HEADER + second + DOE + LEG)
    assert first.bookings[0].locator == "ABC123"
    assert "SYN-01" in rules(first)
