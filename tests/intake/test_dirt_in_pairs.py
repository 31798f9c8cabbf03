"""A list in two kinds of transport dirt at once tells the travellers of the clean one (FORMATS 1.6)."""

from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from pnrgov_texts import NOW, RULES

from pnr_pipeline.intake import decode

CLEAN = (Path(__file__).parent.parent / "vectors" / "paxlst" / "plain.edi").read_bytes().replace(b"\n", b"")


def wrapped(body: bytes) -> bytes:
    return b"\r\n".join(body[at : at + 64] for at in range(0, len(body), 64)) + b"\r\n"


DIRT = {
    "type b": lambda body: b"QN VIEPIXS\r\n.ISTAPTK 101530\r\n" + body + b"\r\nNNNN\r\n",
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "sub and nul": lambda body: body + b"\x1a\0\0",
    "no una": lambda body: body[body.index(b"UNB") :] if body.startswith(b"UNA") else body,
    "a segment a line": lambda body: body.replace(b"'", b"'\r\n"),
    "blanks behind terminators": lambda body: body.replace(b"'", b"' ").replace(b"?' ", b"?'"),
    "wrong count": lambda body: body.replace(b"UNT+", b"UNT+9"),
    "typographic quotes": lambda body: body.replace(b"'", "’".encode()),
    "junk before": lambda body: b"see the list below\r\n" + body,
    "twice": lambda body: body + b"\r\n" + body,
    "wrapped": wrapped,
}


def people(body: bytes) -> set[bytes]:
    return {
        msgspec.json.encode(msgspec.structs.replace(one, offset=-1))
        for message in decode(body, rulebook=RULES, now=NOW)
        for one in message.travellers
    }


@pytest.mark.parametrize(("first", "second"), permutations(DIRT, 2))
def test_two_dirts_at_once_lose_and_invent_nobody(first, second):
    assert len(people(CLEAN)) > 1
    assert people(DIRT[second](DIRT[first](CLEAN))) == people(CLEAN)
