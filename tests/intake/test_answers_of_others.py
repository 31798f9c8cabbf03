"""Answers and requests as others write them."""

from datetime import UTC, datetime

import pytest

from pnr_pipeline.intake import decode
from pnr_pipeline.records import AnswerPoint, Message
from pnr_pipeline.stores.rulebooks import load_rulebook

RULEBOOK = load_rulebook()


def read(kind: str, body: str) -> Message:
    text = (
        f"UNB+UNOA:4+STATE+QX+260110:0501+7++IAPI'UNH+1+{kind}+REF+01:F'{body}'UNT+{body.count(chr(39)) + 3}+1'UNZ+1+7'"
    )
    (message,) = decode(text.encode(), rulebook=RULEBOOK, now=datetime(2026, 1, 10, tzinfo=UTC))
    return message


def test_a_status_stands_with_each_traveller():
    message = read(
        "CUSRES:D:05B:UN:IATA",
        "BGM+962'RFF+TN:0042'RFF+AF:QX339'DTM+189:2601101620:201'DTM+232:2601102035:201'LOC+125+IST'LOC+87+SKP'"
        "ERP+2'RFF+AVF:ABC123'RFF+ABO:1001'ERC+0Z'FTX+AAP+++OK TO BOARD'"
        "ERP+2'RFF+AVF:ABC124'RFF+ABO:1002'ERC+4Z'FTX+AAP+++CALL US:OR WRITE",
    )
    assert message.function == "962"
    assert message.points == (
        AnswerPoint("2", None, "", "ABC123", "1001", ("0Z",), ("OK TO BOARD",)),
        AnswerPoint("2", None, "", "ABC124", "1002", ("4Z",), ("CALL US OR WRITE",)),
    )
    assert message.reply_to.transaction == ("0042", "")
    assert not message.findings
    assert not message.travellers


@pytest.mark.parametrize("function", ["132", "312"])
def test_a_notice_and_its_acknowledgement_have_the_same_form(function):
    message = read("CUSRES:D:05B:UN:IATA", f"BGM+{function}'RFF+TN:7'ERP+2'RFF+ABO:1001'ERC+1Z")
    assert (message.function, message.points) == (
        function,
        (AnswerPoint("2", carrier_reference="1001", codes=("1Z",)),),
    )


def test_a_carrier_that_cannot_apply_a_notice_says_so_in_the_heading():
    message = read("CUSRES:D:05B:UN:IATA", "BGM+312'ERP+1'ERC+118")
    assert message.points == (AnswerPoint("1", codes=("118",)),)


def test_two_flights_keep_their_own_times_and_places():
    message = read(
        "CUSRES:D:05B:UN:IATA",
        "BGM+962'RFF+AF:QX339'DTM+189:2601102050:201'DTM+232:2601102135:201'LOC+92+OHD'LOC+92+SKP"
        "'RFF+AF:QX339'DTM+232:2601110435:201'DTM+189:2601102150:201'LOC+125+SKP'LOC+87+VIE'ERP+2'ERC+0Z",
    )
    assert [leg.key for leg in message.flights] == ["QX339/2026-01-10/OHD-SKP", "QX339/2026-01-10/SKP-VIE"]
    assert message.flights[1].arrival_local.hour == 4


def test_codes_without_a_point_are_about_the_message():
    assert read("CUSRES:D:05B", "BGM+963'ERC+118'FTX+AAP+++TRY LATER").points == (
        AnswerPoint(codes=("118",), texts=("TRY LATER",)),
    )


def test_a_function_of_another_trade_is_told():
    assert [finding.rule for finding in read("CUSRES:D:05B", "BGM+961").findings] == ["SYN-03"]


def test_an_acknowledgement_is_read_in_any_order():
    orders = ["MSG+:23+7'ERC+114'TVL+100126:2240+CAI+FRA+QX+367", "TVL+100126:2240+CAI+FRA+QX+367'ERC+114'MSG+:23+7"]
    for body in orders:
        message = read("ACKRES:13:1:IA", body)
        assert (message.kind, message.function) == ("ACKRES", "23+7")
        assert message.points == (AnswerPoint(codes=("114",)),)
        assert message.flights[0].key == "QX367/2026-01-10/CAI-FRA"


def test_what_an_answer_says_beside_is_counted_and_not_kept():
    message = read("ACKRES:13:1:IA", "MSG+:23+3'TIF+INVENTED+PERSON'TIF+INVENTED+OTHER")
    assert message.dropped == {"seg:TIF": 2}
    assert message.points == ()
