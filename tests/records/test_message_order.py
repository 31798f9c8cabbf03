"""Which of two messages is newer, where their envelopes tell the same minute."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_flights import START

from pnr_pipeline.records import Message
from pnr_pipeline.records.answer import ReplyTo
from pnr_pipeline.records.push import order_key


def message(reference: str = "", message_id: str = "f:1", sequence: int = 0) -> Message:
    return Message(message_id, "PAXLST", prepared_at=START, sequence=sequence, reply_to=ReplyTo(reference=reference))


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (message("9", "f:1"), message("10", "a:1")),
        (message("QX0099", "f:1"), message("QX0100", "a:1")),
        (message("000000009"), message("99999999999999")),
        (message("7", "f:1", sequence=2), message("8", "a:1")),
        (message("7", "f:1", sequence=1), message("7", "a:1", sequence=2)),
        (message("7", "f:2"), message("7", "f:10")),
        (message("7", "f:9"), message("7", "a:10")),
        (message("7", "a:1"), message("7", "f:1")),
    ],
    ids=[
        "the next number of the interchange, whatever the hash",
        "numbers behind letters",
        "numbers of fourteen digits",
        "the number of the interchange before that of the part",
        "the number of the part",
        "the place in the file, as a number",
        "the place in the file before the hash",
        "the hash, where nothing else tells",
    ],
)
def test_newer_is(older, newer):
    assert older.order < newer.order
    assert order_key(older) < order_key(newer)


MESSAGES = st.builds(
    message,
    st.from_regex(r"[A-Z]{0,3}[0-9]{0,14}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{2}:[1-9][0-9]{0,4}", fullmatch=True),
    st.integers(0, 999_999),
)


@given(MESSAGES, MESSAGES)
def test_the_text_of_an_order_sorts_as_the_order(one, other):
    assert (order_key(one) < order_key(other)) == (one.order < other.order)


def test_a_reference_brings_no_letters_into_the_order():
    assert "DRAGANOV" not in order_key(message("DRAGANOV"))
    assert order_key(message("DRAGANOV")) == order_key(msgspec.structs.replace(message(), reply_to=None))
