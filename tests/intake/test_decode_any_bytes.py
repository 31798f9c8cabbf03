"""Whatever comes, `decode` answers: at least one message, no exception, no invented traveller, linear time."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.records import Message
from pnr_pipeline.stores.rule_files import rule_texts

FOLDER = Path(__file__).parent.parent / "vectors" / "paxlst"
VECTORS = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.edi"))}
PLAIN = VECTORS["plain.edi"]
NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)
RULEBOOK = Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"))


def read(body: bytes) -> list[Message]:
    return decode(body, rulebook=RULEBOOK, now=NOW)


def people(messages: list[Message]) -> list[tuple[str, str]]:
    return [(t.surname, t.given_names) for message in messages for t in message.travellers]


def assert_sound(body: bytes, messages: list[Message]) -> None:
    assert messages
    for message in messages:
        assert message.kind != "UNREADABLE" or (message.findings and not message.travellers)
        assert [t.ordinal for t in message.travellers] == list(range(1, len(message.travellers) + 1))
        assert all(-1 <= found.offset <= len(body) for found in message.findings)
        msgspec.json.encode(message)


@given(st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(b"<".__add__)))
def test_any_bytes_yield_a_message_and_never_raise(body):
    assert_sound(body, read(body))


TAGS = ["UNA", "UNB", "UNG", "UNH", "UNT", "UNE", "UNZ", "UNS", "UIB", "BGM", "TDT", "LOC", "DTM", "NAD", "ATT", "MEA"]
TAGS += ["MSG", "ORG", "TVL", "EQN", "SRC", "RCI", "SSR", "DAT", "IFT", "ADD", "EBD", "TIF", "FTI", "REF", "FAR", "TKT"]
TAGS += ["MON", "PTK", "TXD", "FOP", "TRA", "RPI", "APD", "TRI", "SSD", "TBD", "ABI", "SAC", "LTS", "ERP"]
TAGS += ["GEI", "FTX", "COM", "EMP", "NAT", "RFF", "DOC", "CNT", "PDT", "XYZ", "nad", "UNG ", "", "CUSRES"]
VALUES = ["", "+", ":", "'", "?", "*", "PAXLST", "CUSRES", "D", "12B", "FL", "FM", "VW", "20", "2", "BAG", "CT", "WT"]
VALUES += ["329", "36", "189", "232", "201", "125", "87", "92", "130", "178", "91", "AVF", "SEA", "42", "41", "TK1883"]
VALUES += ["DOCS", "HK", "1", "/P/MNE/T9821217/MNE/01JAN52/M/06OCT35/DOE/JANE", "INFT", "SEAT", "700", "100126", "A"]
VALUES += ["DOE", "JANE MRS", "FNU", "260110", "999999", "2601100705", "1e9", "²", "KGM", "01", "C", "F", "IST", "\r\n"]
SEGMENT = st.builds(
    lambda tag, values: tag + "".join(values) + "'",
    st.sampled_from(TAGS),
    st.lists(st.builds("{}{}".format, st.sampled_from(["+", "+", ":", "+++"]), st.sampled_from(VALUES)), max_size=6),
)


@settings(max_examples=300)
@given(st.lists(SEGMENT, max_size=25), st.sampled_from(["PAXLST:D:12B", "PNRGOV:13:1", "CUSRES:D:05B", "IFTMIN:D", ""]))
def test_any_order_of_any_segments_is_read(segments, kind):
    head = f"UNB+UNOW:4+A+B+260110:0500+1'UNH+1+{kind}+X+01:F'" if kind else ""
    body = (head + "".join(segments)).encode()
    assert_sound(body, read(body))


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_cut_at_any_byte_is_read_and_invents_nobody(name):
    body = VECTORS[name]
    whole = people(read(body))
    step = 1 if name in ("plain.edi", "type_b.edi", "multi.edi") else 7
    for length in range(0, len(body), step):
        cut = read(body[:length])
        assert_sound(body, cut)
        assert people(cut) == whole[: len(people(cut))]


@pytest.mark.parametrize("name", ["plain.edi", "full_traveller.edi", "set.edi"])
@given(st.data())
def test_a_damaged_vector_is_read(name, data):
    body = bytearray(VECTORS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.sampled_from(b"+:'?*\r\n \0\x80\xffA1"))
    assert_sound(bytes(body), read(bytes(body)))


def test_a_cut_message_is_marked_incomplete_until_it_is_whole():
    unt_end = PLAIN.index(b"'", PLAIN.index(b"UNT+")) + 1
    header_end = PLAIN.index(b"'", PLAIN.index(b"UNH+")) + 1
    assert not any(read(PLAIN[:length])[0].complete for length in range(header_end, unt_end))
    assert read(PLAIN[:unt_end])[0].complete


def test_a_list_or_a_push_above_its_limit_keeps_its_kind_and_nobody_so_that_it_is_set_aside_whole():
    texts = rule_texts("validation") | rule_texts("intake")
    limits = "rules/intake/limits.yaml"
    small = texts[limits].replace("travellers: 10000", "travellers: 7").replace("bookings: 5000", "bookings: 2")
    rulebook = Rulebook.from_texts(texts | {limits: small})
    listed = PLAIN[: PLAIN.index(b"NAD+FL")]
    push = b"UNH+1+PNRGOV:13:1:IA'MSG+:22'TVL+100126:2240+CAI+FRA+MS+367'"
    booked = b"<PNR><Passenger><Surname>DOE</Surname></Passenger></PNR>"
    for kind, head, each, most, end in (
        ("PAXLST", listed, b"NAD+FL+++DEMIRKAN:AYSE'", 7, b"UNT+1+1'"),
        ("PNRGOV", push, b"SRC'TIF+DOE+JANE'", 2, b"UNT+1+1'"),
        ("PNR-XML", b"<x>", booked, 2, b"</x>"),
    ):
        (kept,) = decode(head + each * most + end, rulebook=rulebook, now=NOW)
        (over,) = decode(head + each * (most + 1) + end, rulebook=rulebook, now=NOW)
        assert (kept.kind, len(kept.travellers), kept.complete) == (kind, most, True)
        assert (over.kind, over.travellers, over.bookings, over.complete) == (kind, (), (), False)
        assert ("ENV-08", "E") in {(found.rule, found.severity) for found in over.findings}


def test_messages_over_the_limit_are_told_and_not_read(monkeypatch):
    monkeypatch.setattr(sys.modules["pnr_pipeline.intake.decode"], "MESSAGES_MAX", 3)
    message = b"UNH+1+CUSRES:D:05B'BGM+962'UNT+3+1'"
    one = b"UNB+UNOA:4+A+B'" + message * 5 + b"UNZ+5'"
    two = (b"UNB+UNOA:4+A+B'" + message * 2 + b"UNZ+2'") * 2
    four = (b"UNB+UNOA:4+A+B'" + message + b"UNZ+1'") * 4
    for body in (one, two, four):
        messages = read(body)
        assert len(messages) == 3
        assert [found.rule for message in messages for found in message.findings].count("ENV-08") == 1


@pytest.mark.parametrize(
    "piece",
    [
        b"NAD+FL+++DEMIRKAN:AYSE'DOC+P+U1234567'RFF+SEA:12A'",
        b"UNH+1+PAXLST:D:12B'BGM+745'NAD+FL+++DOE:JANE'UNT+4+1'",
        b"LOC+92+IST'DTM+189:2601100705:201'",
        b"FTX+BAG+++TK000001:99'",
        b"?'",
        b"X",
    ],
)
def test_time_is_linear_in_the_message(piece):
    head = PLAIN[: PLAIN.index(b"NAD+FL")]

    def seconds(count: int) -> float:
        body = head + piece * count
        start = time.perf_counter()
        read(body)
        return time.perf_counter() - start

    seconds(10)
    small, large = min(seconds(100) for _ in range(3)), min(seconds(1_000) for _ in range(3))
    assert large < 30 * small + 0.05


def test_elements_longer_than_the_directory_allows_are_kept_and_told():
    body = PLAIN.replace(b"U12345678", b"U" + b"12" * 40).replace(b"MARKOVSKI:LUKA", b"MARKOVSKI:" + b"LU" * 200)
    (message,) = read(body)
    told = [(found.rule, found.traveller) for found in message.findings]
    assert told == [("DOC-02", 1), ("SYN-02", 1), ("SYN-02", 3)]
    assert len(message.travellers[2].given_names) == 400


def test_an_empty_file_and_a_file_of_something_else_say_so():
    assert [found.message for found in read(b"")[0].findings] == ["the file is empty"]
    (letter,) = read(b"Dear colleagues, the list follows tomorrow.")
    assert (letter.kind, [found.rule for found in letter.findings]) == ("UNREADABLE", ["ENV-01"])


def test_no_finding_quotes_a_value():
    for name in VECTORS:
        for message in read(VECTORS[name]):
            text = " ".join(found.message for found in message.findings)
            for traveller in message.travellers:
                values = [traveller.surname, *(document.number for document in traveller.documents)]
                assert not any(value in text for value in values if len(value) > 3)
