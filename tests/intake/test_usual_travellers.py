"""The pattern for usual travellers and the reader of all others say the same of any list."""

from datetime import UTC, datetime
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pnr_pipeline.intake import decode, paxlst, paxlst_usual
from pnr_pipeline.stores.rulebooks import load_rulebook

NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
RULEBOOK = load_rulebook()
USUAL = (
    "NAD+FL+++MARKOVA:ELENA", "ATT+2++F", "DTM+329:870214", "MEA+CT++:2", "MEA+WT++KGM:34", "GEI+4+173",
    "FTX+BAG+++TK600000:2", "LOC+178+IST", "LOC+179+VIE", "LOC+174+BGR", "NAT+2+BGR", "RFF+AVF:X7000Q",
    "RFF+ABO:X70000", "RFF+SEA:12A", "RFF+CR:TK1234567", "DOC+P:110:111+U12345678", "DTM+36:310930", "LOC+91+BGR",
)  # fmt: skip
OTHER = (
    "NAD+FL+++A:B", "NAD+FM+++DOE:JOHN", "NAD+FL+++MARKOVA:ELENA:MARIA", "NAD+FL+++DE LA CRUZ:ANA MARIA MRS",
    "NAD+FL+++DOE:BABY INF", "NAD+FL+++FNU:LNU", "NAD+FL+++ MARKOVA : ", "NAD+FL+++:ELENA", "NAD+FL+++MARKOVA",
    "NAD+FL++MARKOVA:ELENA", "NAD+FL+++MARKOVA:ELENA+STREET 1", "NAD+FL+++O?'NEIL:ANA", "NAD+ZZ+++A:B", "NAD+MS+++DESK",
    "NAD+FL+++TEST:GUEST", "NAD+FL+++MARKOVA::ELENA", "NAD+DDU+++MARKOVA:ELENA", "ATT+2++X", "ATT+2++Q", "ATT+2+M",
    "DTM+329:19870214", "DTM+329:870200", "DTM+329:879999", "DTM+329:", "DTM+36:379999", "DTM+182:200101", "DTM+36:",
    "MEA+CT++:0", "MEA+CT++:999", "MEA+WT++LBR:40", "MEA+WT++KGM:0", "MEA+WT++:40", "GEI+4+174", "GEI+4+999",
    "FTX+BAG+++TK600000", "FTX+BAG+++TK600000:99", "FTX+BAG+++TK600000:0", "FTX+BAG+++NOTAG", "FTX+BAG+++12",
    "FTX+AAA+++TEXT", "LOC+178+LTFM", "LOC+178+", "LOC+22+SOF", "LOC+174+XX", "LOC+91+QQQ", "LOC+91+D", "LOC+180+BGR",
    "NAT+2+QQQ", "NAT+2+BG", "NAT+1+BGR", "RFF+AVF:", "RFF+AVF: X 1", "RFF+SEA:012A", "RFF+YZY:2351234567890",
    "RFF+AEA:REDRESS", "RFF+ZZZ:1", "RFF+CR:A B", "DOC+V:110:111+V1234567", "DOC+P:110:111+", "DOC++U1", "DOC+P+U1",
    "DOC+P:110:111+U123<456", "COM+a@b.example:EM", "EMP+1+CR1", "XXX+1", "LOC+91+BGR+X", "nat+2+bgr", " NAT+2+BGR",
    "NAT+2+B\r\nGR", "RFF+AVF:É1", "RFF+AVF:X?+1", "", "ATT", "DTM+329:８７０２１４",
)  # fmt: skip


def interchange(segments: list[str]) -> bytes:
    return (
        "UNB+UNOC:4+AIR+PIU+260110:0650+1'UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'TDT+20+TK1883'LOC+125+IST'"
        f"DTM+189:2601100705:201'LOC+87+VIE'DTM+232:2601100835:201'{''.join(f'{one}{chr(39)}' for one in segments)}"
        "CNT+42:3'UNT+9+1'UNZ+1+1'"
    ).encode()


def told(body: bytes) -> bytes:
    return msgspec.json.encode(decode(body, rulebook=RULEBOOK, now=NOW))


def told_without_the_pattern(body: bytes) -> bytes:
    with patch.object(paxlst, "is_usual", lambda separators: False):
        return told(body)


EDIT = st.tuples(
    st.sampled_from(["drop", "double", "replace", "insert", "swap"]), st.integers(0, 60), st.sampled_from(OTHER)
)


def edited(edits) -> list[str]:
    """Three usual travellers after some edits of their segments."""
    segments = [*USUAL, *USUAL, *USUAL]
    for edit, place, other in edits:
        at = place % len(segments)
        match edit:
            case "drop" if len(segments) > 1:
                del segments[at]
            case "double":
                segments.insert(at, segments[at])
            case "replace":
                segments[at] = other
            case "insert":
                segments.insert(at, other)
            case "swap":
                segments[at - 1], segments[at] = segments[at], segments[at - 1]
    return segments


@settings(max_examples=400)
@given(edits=st.lists(EDIT, max_size=12))
@example(edits=[("replace", at, other) for at, other in enumerate(OTHER[:17])])
def test_any_list_read_both_ways_is_the_same(edits):
    body = interchange(edited(edits))
    assert told(body) == told_without_the_pattern(body)


@pytest.mark.parametrize("other", OTHER)
def test_any_segment_in_its_place_is_read_both_ways_the_same(other):
    places = [at for at, one in enumerate(USUAL) if one[:4] == other[:4]] or [3]
    for at in places:
        for segments in ([*USUAL[:at], other, *USUAL[at + 1 :]], [*USUAL[: at + 1], other, *USUAL[at + 1 :]]):
            body = interchange([*segments, *USUAL])
            assert told(body) == told_without_the_pattern(body)


def test_the_pattern_reads_usual_travellers_and_leaves_the_others():
    seen = []

    def read(*arguments):
        seen.append(paxlst_usual.read_usual(*arguments) is not None)
        return

    with patch.object(paxlst, "read_usual", read):
        decode(interchange([*USUAL, *USUAL[:5], "XXX+1", USUAL[0], *USUAL[7:]]), rulebook=RULEBOOK, now=NOW)
    assert seen == [True, False, True]


def test_other_marks_are_not_those_of_the_pattern():
    marks = str.maketrans("+:'", "*|$")
    usual = interchange([*USUAL]).decode()
    other = ("UNA:+.? '" + usual).translate(marks).encode()
    first, second = (decode(body, rulebook=RULEBOOK, now=NOW)[0] for body in (usual.encode(), other))
    assert [msgspec.structs.replace(one, offset=0) for one in first.travellers] == [
        msgspec.structs.replace(one, offset=0) for one in second.travellers
    ]
