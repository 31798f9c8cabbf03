"""A push of bookings in the dirt of each link is the same push; and files as received are their cleaned twins."""

from pathlib import Path

import msgspec
import pytest
from pnrgov_texts import NOW, RULES

from pnr_pipeline.intake.decode import decode

VECTORS = Path(__file__).parent.parent / "vectors"
SEGMENT_A_LINE = (VECTORS / "pnrgov" / "family-codeshare-history.edi").read_bytes()
UNA = b"UNA:+.?*'"
CLEAN = SEGMENT_A_LINE.replace(b"\n", b"")
TEXT = CLEAN.removeprefix(UNA)
NO_RELEASE = CLEAN.replace(b"?'", b" ")


def wrapped(body, columns, end=b"\r\n"):
    return end.join(body[at : at + columns] for at in range(0, len(body), columns)) + end


def telegrams(body, lines):
    """The body at 64 columns, in several Type B telegrams."""
    told = wrapped(body, 64).split(b"\r\n")[:-1]
    parts = [told[at : at + lines] for at in range(0, len(told), lines)]
    frame = b"\x01QN VIEPIXS BUDXXYY\r\n.CAIAPMS 09224%d\r\n\x02"
    return b"\r\n\x03\r\n".join(frame % number + b"\r\n".join(part) for number, part in enumerate(parts)) + b"\r\n\x03"


DIRT = {
    "a segment a line": SEGMENT_A_LINE,
    "cr lf": SEGMENT_A_LINE.replace(b"\n", b"\r\n"),
    "cr": SEGMENT_A_LINE.replace(b"\n", b"\r"),
    "leading blanks": SEGMENT_A_LINE.replace(b"\n", b"\n "),
    "wrapped at 64": wrapped(CLEAN, 64),
    "wrapped at 69": wrapped(CLEAN, 69),
    "wrapped at 69 by lf": wrapped(CLEAN, 69, b"\n"),
    "type b": b"QN VIEPIXS\r\n.CAIAPMS 092240\r\n" + wrapped(CLEAN, 69) + b"NNNN\r\n",
    "type b in parts": telegrams(CLEAN, 12),
    "possible duplicate": b"QN VIEPIXS\r\n.CAIAPMS 092240\r\nPDM\r\n" + CLEAN,
    "byte order mark": b"\xef\xbb\xbf" + CLEAN,
    "stx etx sub nul": b"\x02" + CLEAN + b"\x03\x1a\0\0",
    "no una": TEXT,
    "junk before": b"see the push below\r\n" + CLEAN,
    "footer": CLEAN + b"\r\n\r\nscanned by nobody\r\n",
    "blanks behind terminators": CLEAN.replace(b"'", b"'  ").replace(b"?'  ", b"?'"),
}


def told(body):
    """All that the messages of a file say, without places, of which dirt has others."""
    return [
        (
            message.kind,
            message.function,
            message.complete,
            message.flights,
            [msgspec.structs.replace(one, offset=-1) for one in message.travellers],
            [msgspec.structs.replace(one, offset=-1) for one in message.bookings],
            dict(message.dropped),
        )
        for message in decode(body, rulebook=RULES, now=NOW)
    ]


@pytest.mark.parametrize("dirt", DIRT)
def test_a_push_in_dirt_says_what_the_clean_push_says(dirt):
    assert len(told(CLEAN)[0][4]) == 4
    assert told(DIRT[dirt]) == told(CLEAN)


@pytest.mark.parametrize("quote", ["’".encode(), b"\x92"], ids=["utf-8", "cp1252"])
def test_a_push_with_typographic_terminators_says_what_the_clean_push_says(quote):
    ascii_only = NO_RELEASE.decode().encode("ascii", "replace").replace(b"?", b"X")
    una, text = ascii_only[:9].replace(b".X*", b".?*"), ascii_only[9:]
    body = (una + text).replace(b"'", quote)
    assert told(body) == told(una + text)


def test_three_pushes_in_one_file_are_three_messages():
    other = TEXT.replace(b"43765166186191", b"43765166186192").replace(b"KXW3J2", b"KXW3J3")
    third = TEXT.replace(b"43765166186191", b"43765166186193").replace(b"KXW3J2", b"KXW3J4")
    read = told(CLEAN + b"\r\n" + UNA + other + third)
    assert [message[4][0].locator for message in read] == ["KXW3J2", "KXW3J3", "KXW3J4"]


def test_a_push_without_envelope_keeps_everybody():
    bare = TEXT[TEXT.index(b"UNH+") : TEXT.index(b"UNE+")]
    ((kind, _, _, flights, travellers, bookings, _),) = told(bare)
    assert (kind, flights, travellers, bookings) == (told(CLEAN)[0][0], *told(CLEAN)[0][3:6])


def test_a_push_cut_short_keeps_the_bookings_before_the_cut():
    (message,) = told(CLEAN[: CLEAN.rindex(b"SRC'")])
    assert not message[2]
    assert [one.given_names for one in message[4]] == ["ARTA", "LEA"]


@pytest.mark.parametrize(
    ("declared", "codec"),
    [(b"UNOC", "iso8859-1"), (b"UNOD", "iso8859-2"), (b"UNOE", "iso8859-5"), (b"UNOF", "iso8859-7"), (b"UNOW", "utf-8"),
     (b"IATA", "utf-8"), (b"UNOA", "iso8859-1")],
)  # fmt: skip
def test_names_are_read_in_the_alphabet_that_was_declared_or_the_one_that_fits(declared, codec):
    names = {"iso8859-2": "ĐORĐEVIĆ", "iso8859-5": "ЂОРЂЕВИЋ", "iso8859-7": "ΓΕΩΡΓΙΟΥ", "utf-8": "ЂΟĐ"}
    name = names.get(codec, "MÜLLÉR")
    body = CLEAN.replace(b"IATA:1", declared + b":1").replace("ĐORĐEVIĆ".encode(), name.encode(codec))
    (message,) = decode(body, rulebook=RULES, now=NOW)
    assert message.travellers[2].surname == name
    outside = {finding.rule for finding in message.findings} & {"ENV-07"}
    assert bool(outside) is (declared in (b"IATA", b"UNOA"))


TWINS = sorted(path.stem.removesuffix("-received") for path in (VECTORS / "twins").glob("*-received.edi"))


@pytest.mark.parametrize("name", TWINS)
def test_a_file_as_received_says_what_its_cleaned_twin_says(name):
    received = (VECTORS / "twins" / f"{name}-received.edi").read_bytes()
    cleaned = (VECTORS / "twins" / f"{name}-cleaned.edi").read_bytes()
    assert told(received) == told(cleaned)
    assert sum(len(message[4]) for message in told(received)) >= 3


def test_there_are_three_twins():
    assert len(TWINS) == 3
