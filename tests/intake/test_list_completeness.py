"""Which passenger and crew lists tell everybody on their flight."""

from datetime import UTC, datetime

import pytest

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.stores.rule_files import rule_texts

TEXTS = rule_texts("validation") | rule_texts("intake")
RULEBOOK = Rulebook.from_texts(TEXTS)
FILE = "rules/intake/passenger-lists.yaml"
NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)


def is_in_full(function: str, listed: int, cnt: str = "", *, part: str = "01:F", role="FL", rulebook=RULEBOOK) -> bool:
    people = "".join(f"NAD+{role}+++DEMIREL:AYSE{chr(65 + n)}'ATT+2++F'DTM+329:870214'" for n in range(listed))
    flight = "TDT+20+QX101+++QX'LOC+125+IST'DTM+189:2601100705:201'LOC+87+TIA'DTM+232:2601100835:201'"
    text = (
        f"UNA:+.? 'UNB+UNOA:4+QX+PIU+260110:0500+1'UNH+1+PAXLST:D:12B:UN:IATA+QX101/260110/0835+{part}'"
        f"BGM+{function}'{flight}{people}{cnt}UNT+9+1'UNZ+1+1'"
    )
    (message,) = decode(text.encode(), rulebook=rulebook, now=NOW)
    return message.in_full


@pytest.mark.parametrize(
    ("listed", "cnt", "full"),
    [
        (11, "CNT+42:11'", True),
        (11, "CNT+42:9'", True),
        (11, "CNT+42:160'", False),
        (11, "", False),
        (11, "CNT+41:11'", False),
        (11, "CNT+42:X'", False),
        (10, "CNT+42:10'", False),
    ],
    ids=[
        "with its own count is", "with a smaller count is", "with the total of the flight is not",
        "without a count is not", "with the count of crew is not", "with a count that is no number is not",
        "as short as an interactive message is not",
    ],
)  # fmt: skip
def test_a_list_of_passengers_in_one_message(listed, cnt, full):
    assert is_in_full("745", listed, cnt) is full


def test_each_part_of_a_list_in_parts_tells_that_its_set_is_in_full():
    assert is_in_full("745", 2, "CNT+42:160'", part="02:F")
    assert is_in_full("745", 2, "CNT+42:160'", part="01:C")


@pytest.mark.parametrize("function", ["745+CP", "745+XR", "745+RP", "266+CL", "250+CC", "250+EC", "336+G"])
def test_a_change_is_no_full_list_whatever_it_counts(function):
    assert not is_in_full(function, 11, "CNT+42:11'CNT+41:11'", role="FM" if function[0] in "23" else "FL")


def test_a_crew_list_is_one_by_its_count_however_short():
    assert is_in_full("250", 2, "CNT+41:2'", role="FM")
    assert is_in_full("250+C", 2, "CNT+41:2'", role="FM")
    assert not is_in_full("250+C", 1, "CNT+41:8'", role="FM")
    assert not is_in_full("250+C", 2, role="FM")


@pytest.mark.parametrize(("practice", "full"), [("batch", True), ("interactive", False)])
def test_a_carrier_may_be_known_to_do_otherwise(practice, full):
    told = TEXTS[FILE].replace("carriers: {}", f"carriers: {{QX: {practice}}}")
    rulebook = Rulebook.from_texts(TEXTS | {FILE: told})
    assert is_in_full("745", 2, rulebook=rulebook) is full
    assert is_in_full("745", 40, "CNT+42:40'", rulebook=rulebook) is full
    assert not is_in_full("745", 0, rulebook=rulebook)
