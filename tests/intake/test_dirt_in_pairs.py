"""A list or a push in several kinds of transport dirt at once tells the travellers of the clean one (FORMATS 1.6)."""

import re
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pnrgov_texts import NOW, RULES

from pnr_pipeline.intake import decode

VECTORS = Path(__file__).parent.parent / "vectors"
CLEAN = (VECTORS / "paxlst" / "plain.edi").read_bytes().replace(b"\n", b"")
PUSH = (VECTORS / "pnrgov" / "family-codeshare-history.edi").read_bytes().replace(b"\n", b"")


def wrapped(body: bytes) -> bytes:
    return b"\r\n".join(body[at : at + 64] for at in range(0, len(body), 64)) + b"\r\n"


def ended(body: bytes, by: bytes) -> bytes:
    """The body with `by` behind each terminator."""
    return re.sub(rb"(?<!\?)'", b"'" + by, body)


DIRT = {
    "type b": lambda body: b"QN VIEPIXS\r\n.ISTAPTK 101530\r\n" + body + b"\r\nNNNN\r\n",
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "sub and nul": lambda body: body + b"\x1a\0\0",
    "no una": lambda body: body[body.index(b"UNB") :] if body.startswith(b"UNA") else body,
    "a segment a line": lambda body: ended(body, b"\r\n"),
    "blanks behind terminators": lambda body: ended(body, b" "),
    "wrong count": lambda body: body.replace(b"UNT+", b"UNT+9"),
    "typographic quotes": lambda body: body.replace(b"'", "’".encode()),
    "junk before": lambda body: b"see the list below\r\n" + body,
    "twice": lambda body: body + b"\r\n" + body,
    "wrapped": wrapped,
    "cr": lambda body: ended(body, b"\r"),
    "leading blanks": lambda body: ended(body, b"\n "),
    "possible duplicate": lambda body: b"QN VIEPIXS\r\n.ISTAPTK 101530\r\nPDM\r\n" + body,
    "footer": lambda body: body + b"\r\n\r\nscanned by nobody\r\n",
    "stx and etx": lambda body: b"\x02" + body + b"\x03",
    "wrong interchange count": lambda body: body.replace(b"UNZ+", b"UNZ+8"),
    "no group trailer": lambda body: re.sub(rb"UNE\+[^']*'", b"", body),
}
LINES = {"a segment a line", "cr", "leading blanks", "blanks behind terminators", "twice"}
SPLIT_LETTER = ["byte order mark", "cr", "wrapped"]
"""A letter of two bytes at the end of a line."""
ONLY_ASCII = ("typographic quotes", "no una")
"""Not for the push: its UNA names another release character, and its names are in UTF-8."""


def people(body: bytes) -> set[bytes]:
    return {
        msgspec.json.encode(msgspec.structs.replace(one, offset=-1))
        for message in decode(body, rulebook=RULES, now=NOW)
        for one in message.travellers
    }


@pytest.mark.parametrize(("first", "second"), list(permutations(DIRT, 2)))
def test_two_dirts_at_once_lose_and_invent_nobody(first, second):
    assert len(people(CLEAN)) > 1
    assert people(DIRT[second](DIRT[first](CLEAN))) == people(CLEAN)


@settings(max_examples=150)
@given(st.lists(st.sampled_from([name for name in DIRT if name not in ONLY_ASCII]), max_size=3, unique=True))
@example(SPLIT_LETTER)
def test_a_push_in_up_to_three_dirts_loses_and_invents_nobody(names):
    # lines cut between a release character and its sign are mended only where all lines are cut
    assume("wrapped" not in names or names == SPLIT_LETTER or not LINES & set(names))
    body = PUSH
    for name in sorted(names, key="wrapped".__eq__):  # lines are cut last
        body = DIRT[name](body)
    assert len(people(PUSH)) == 4
    assert people(body) == people(PUSH)
