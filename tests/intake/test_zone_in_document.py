import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.stores.rule_files import rule_texts

PLAIN = (Path(__file__).parent.parent / "vectors" / "paxlst" / "plain.edi").read_bytes()
RULEBOOK = Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"))
LINE = b"L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def findings(number: bytes) -> list[str]:
    body = PLAIN.replace(b"U12345678", number, 1)
    (message,) = decode(body, rulebook=RULEBOOK, now=datetime(2026, 1, 10, 5, tzinfo=UTC))
    assert message.travellers[0].documents
    return [f"{found.rule} {found.message}" for found in message.findings if found.rule.startswith("DOC")]


def test_a_line_of_the_zone_in_place_of_the_number_is_told():
    told = findings(LINE)
    assert any(one.startswith("DOC-07 a line of the machine readable zone") for one in told)


@pytest.mark.parametrize("at", [0, 8, 9, 13, 19, 21, 27])
def test_a_wrong_character_in_that_line_is_told_by_its_check_digit(at):
    wrong = LINE[:at] + (b"5" if at else b"M") + LINE[at + 1 :]
    assert any(one.startswith("DOC-07 a check digit") for one in findings(wrong))


def test_a_long_number_that_is_no_zone_has_no_check_digits():
    assert not [one for one in findings(b"ABCDEFGHIJ1234567890123") if one.startswith("DOC-07")]


ZONE = b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
PUSH = (Path(__file__).parent.parent / "vectors" / "pnrgov" / "family-codeshare-history.edi").read_bytes()


def kept(number: bytes) -> str:
    (message,) = decode(
        PLAIN.replace(b"U12345678", number, 1), rulebook=RULEBOOK, now=datetime(2026, 1, 10, 5, tzinfo=UTC)
    )
    return message.travellers[0].documents[0].number


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        (LINE, "L898902C3"),
        (LINE.replace(b"<", b""), "L898902C3"),
        (b"AB12345<<5UTO7408122F1204159<<<<<<<<<<<<<<04", "AB12345"),
        (ZONE, "L898902C3"),
        (ZONE[:44], ""),
        (ZONE[:44].replace(b"<", b""), ""),
        (b"I<UTOD231458907<<<<<<<<<<<<<<<", "D23145890"),
        (b"<<<<<<<<<<<<<<<<<<<<<<<<<<<<", ""),
        (b"ABCDEFGHIJ1234567890123", "ABCDEFGHIJ1234567890123"),
        (b"D23145890<", "D23145890"),
    ],
)
def test_only_the_number_of_a_zone_is_kept_and_nothing_where_it_cannot_be_read(sent, number):
    assert kept(sent) == number


def test_the_zone_in_a_service_text_of_a_booking_keeps_its_number_alone():
    number = re.search(rb"DOCS[^']*?/P/\w+/(\w+)/", PUSH)[1]
    (message,) = decode(PUSH.replace(number, LINE), rulebook=RULEBOOK, now=datetime(2026, 1, 9, tzinfo=UTC))
    assert "L898902C3" in {paper.number for one in message.travellers for paper in one.documents}
    assert b"740812" not in msgspec.json.encode(message)


@given(st.text(alphabet="ABCXYZ0123456789<", min_size=21, max_size=95))
def test_no_text_with_fillers_is_kept_as_a_number(text):
    assert "<" not in kept(text.encode())
