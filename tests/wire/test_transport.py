import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.wire.edifact.reader import MESSAGE_BYTES_MAX, SegmentReader
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.transport import Interchange, interchanges

SEGMENTS = (
    "UNB+UNOA:4+AIR:ZZ+PIU:ZZ+260110:0650+000000001++APIS",
    "UNH+PAX001+PAXLST:D:12B:UN:IATA+TK1883/260110/0835+01:F",
    "BGM+745",
    "TDT+20+TK1883+++TK",
    "NAD+FL+++YILMAZOGLU:AYSEGUL",
    "ATT+2++F",
    "DTM+329:870214",
    "NAD+FL+++O?'NEIL:SEAN",
    "UNT+8+PAX001",
    "UNZ+1+000000001",
)
PLAIN = "".join(f"{segment}'" for segment in SEGMENTS).encode()
NOTHING_RELEASED = PLAIN.replace(b"?'", b"")
STARS_AND_DOLLARS = bytes.maketrans(b"+'", b"*$")
UNA = b"UNA:+.? '"


def wrapped(body: bytes, columns: int = 64, end: bytes = b"\r\n") -> bytes:
    return end.join(body[start : start + columns] for start in range(0, len(body), columns)) + end


def only(body: bytes) -> Interchange:
    (found,) = interchanges(body)
    return found


def tags_at(body: bytes, found: Interchange) -> list[str]:
    """The bytes of the file as received at the offset of each segment."""
    reader = SegmentReader(found.separators)
    reader.feed(found.text)
    return [chr(body[found.received(segment.offset)]) for segment in reader.drain()]


DIRT = {
    "plain": PLAIN,
    "una": UNA + PLAIN,
    "lf": b"\n".join(f"{segment}'".encode() for segment in SEGMENTS),
    "crlf": UNA + b"\r\n" + b"\r\n".join(f"{segment}'".encode() for segment in SEGMENTS) + b"\r\n",
    "cr": b"\r".join(f"{segment}'".encode() for segment in SEGMENTS),
    "leading_blanks": b" UNA:+.? '\n " + b"\n ".join(f"{segment}'".encode() for segment in SEGMENTS),
    "wrap64": UNA + wrapped(PLAIN),
    "wrap69": wrapped(UNA + PLAIN, 69),
    "wrap_lf": wrapped(UNA + PLAIN, 64, b"\n"),
    "type_b": b"\r\nQN VIEPIXS BUDXXYY\r\n.ISTAPTK 101530\r\n" + wrapped(UNA + PLAIN, 69) + b"\r\nNNNN\r\n",
    "type_b_parts": b"QN VIEPIXS\r\n.ISTAPTK 101530\r\n"
    + UNA
    + PLAIN[:150]
    + b"\r\n\x03\r\n\x01QN VIEPIXS\r\n.ISTAPTK 101531\r\n\x02"
    + PLAIN[150:]
    + b"\r\n\x03",
    "type_b_pdm": b"\x01QN VIEPIXS\r\n.ISTAPTK 101530\r\nPDM\r\n\x02" + UNA + PLAIN + b"\x03",
    "footer": UNA + PLAIN + b"\r\n\r\nChecked by somebody's scanner 'A'\r\n 27AUG21 0031Z *3872\r\n\x0c",
    "bom": b"\xef\xbb\xbf" + PLAIN,
    "sub_nul": PLAIN + b"\x1a\0\0",
    "junk": b"see the list below: " + UNA + PLAIN,
    "una_short": b"UNA:+.?'\r\n" + PLAIN,
    "no_last_terminator": PLAIN[:-1] + b"\r\n",
}


@pytest.mark.parametrize("dirt", DIRT)
def test_the_same_interchange_in_other_dirt_has_the_same_digest(dirt):
    found = only(DIRT[dirt])
    assert found.digest == only(PLAIN).digest
    assert found.closed


@pytest.mark.parametrize("dirt", DIRT)
def test_offsets_lead_back_into_the_file_as_received(dirt):
    assert tags_at(DIRT[dirt], only(DIRT[dirt])) == [segment[0] for segment in SEGMENTS]


@pytest.mark.parametrize(
    ("dirt", "codes"),
    [
        ("plain", []),
        ("crlf", []),
        ("leading_blanks", []),
        ("wrap69", ["wrapped"]),
        ("type_b", ["wrapped", "type-b", "type-b"]),
        ("type_b_parts", ["type-b", "type-b"]),
        ("type_b_pdm", ["possible-duplicate", "type-b"]),
        ("footer", ["text-around"]),
        ("bom", ["byte-order-mark"]),
        ("sub_nul", []),
        ("junk", ["text-around"]),
        ("una_short", ["una-short"]),
    ],
)
def test_what_was_set_aside_is_told(dirt, codes):
    assert [code for code, _ in only(DIRT[dirt]).oddities] == codes


@pytest.mark.parametrize("quote", ["’".encode(), "‘".encode(), b"\x92", "´".encode()])
def test_a_typographic_quote_ends_segments_where_no_true_one_stands(quote):
    body = b"".join(f"{segment}".encode().replace(b"?'", b"") + quote for segment in SEGMENTS)
    found = only(body)
    assert [code for code, _ in found.oddities] == ["typographic-quote"]
    assert tags_at(body, found) == [segment[0] for segment in SEGMENTS]


def test_a_typographic_quote_in_a_name_stays_where_true_terminators_stand():
    body = PLAIN.replace(b"O?'NEIL", "O’NEIL".encode())
    assert "O’NEIL".encode() in only(body).text


@pytest.mark.parametrize(
    ("body", "marks"),
    [
        (b"UNA:*.? $" + NOTHING_RELEASED.translate(STARS_AND_DOLLARS), Separators(element="*", terminator="$")),
        (NOTHING_RELEASED.replace(b"'", b'"'), Separators(terminator='"')),
        (b"UNA:+\\*'" + NOTHING_RELEASED, Separators(release="\\", repetition="*")),
        (b"UNAAAAAAA" + PLAIN, Separators()),
        (b"UNA:*.? '" + PLAIN, Separators()),
    ],
    ids=["una", "no-una-shown-by-header", "una-without-decimal", "una-of-letters", "una-against-unb"],
)
def test_service_characters_come_from_una_or_else_from_the_header_itself(body, marks):
    assert only(body).separators == marks


def test_several_interchanges_in_one_file_are_all_found():
    second = PLAIN.replace(b"000000001", b"000000002")
    found = interchanges(UNA + PLAIN + b"\r\nQN VIEPIXS\r\n.ISTAPTK 101531\r\n" + UNA + second + PLAIN)
    assert [f.digest for f in found] == [only(body).digest for body in (PLAIN, second, PLAIN)]
    assert [code for code, _ in found[1].oddities] == ["type-b"]


def test_an_interchange_that_was_cut_ends_where_the_next_begins():
    first, second = interchanges(PLAIN[:200] + b"\r\n" + UNA + PLAIN)
    assert not first.closed
    assert second.digest == only(PLAIN).digest


def test_a_message_without_interchange_header_is_found():
    bare = PLAIN[PLAIN.index(b"UNH") : PLAIN.index(b"UNZ")]
    assert only(b"\r\n" + bare).text.startswith(b"UNH")


def test_tags_in_lower_case_are_found():
    assert only(PLAIN.lower().replace(b"unoa", b"UNOA")).closed


def test_a_released_terminator_before_unz_closes_nothing():
    body = PLAIN.replace(b"UNZ+1+000000001'", b"FTX+BAG+++A?'UNZ+B'")
    assert not only(body).closed


def test_a_body_over_the_limit_is_cut_and_told():
    body = PLAIN[: PLAIN.index(b"UNT")] + b"A" * MESSAGE_BYTES_MAX
    assert ("limit", MESSAGE_BYTES_MAX) in only(body).oddities


@pytest.mark.parametrize("body", [b"", b"   ", b"hello", b"UNZ+1+1'", b"%PDF-1.7", b"UNA:+.? '"])
def test_a_file_without_header_holds_no_interchange(body):
    assert interchanges(body) == []


PIECES = st.sampled_from(
    [PLAIN, UNA, b"UNB+UNOA:4+", b"UNZ+1'", b"UNZ", b"UNA", b"UNH+1+PAXLST", b"\r\n", b"'", b"?", b"A"]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=30))
def test_no_bytes_raise_and_no_interchange_overlaps_the_next(pieces):
    body = b"".join(pieces)
    found = interchanges(body)
    starts = [f.received(0) for f in found]
    assert starts == sorted(set(starts))
    assert all(0 <= f.received(len(f.text) - 1) <= len(body) for f in found)


@pytest.mark.parametrize(
    "piece", [b"UNA", b"UNB+UNOA:4", b"UNZ+", b"UNA:+.? '  ", b"?'", b"' UNZ?", b"A\r\n", b"UNH+1+"]
)
def test_time_is_linear_in_the_body(piece):
    def seconds(count: int) -> float:
        body = piece * count
        start = time.perf_counter()
        interchanges(body)
        return time.perf_counter() - start

    seconds(100)
    small, large = min(seconds(5_000) for _ in range(3)), min(seconds(40_000) for _ in range(3))
    assert large < 40 * small + 0.05


def test_frames_between_parts_are_found_in_linear_time_among_blank_lines():
    body = PLAIN + b"\r\n" * 200_000 + b".ISTAPTK"
    start = time.process_time()
    interchanges(body)
    assert time.process_time() - start < 2
