from datetime import UTC, datetime
from pathlib import Path

import pytest

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
