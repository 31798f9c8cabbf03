"""What `pnr check` quotes of a file: shapes and codes, never a value, and the fault underlined."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.cli.check_place import CheckedFile
from pnr_pipeline.cli.check_quote import Quote, masked
from pnr_pipeline.cli.check_text import window
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Finding
from pnr_pipeline.stores.rulebooks import load_rulebook

VECTORS = Path(__file__).parents[1] / "vectors"
RULEBOOK = load_rulebook()
DIRECTORY = RULEBOOK.intake.directory
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)


def underlined(body: bytes, rule: str, segment: str, at: bytes, inside: int = 0) -> tuple[str, str]:
    """The quote, and what of it is underlined."""
    placed = CheckedFile("list", body, DIRECTORY).place(Finding(rule, "W", body.index(at) + inside, "", segment))
    assert placed.quote
    text, start, length, _ = placed.quote
    return text, text[start : start + length]


def plain() -> bytes:
    return (VECTORS / "paxlst" / "plain.edi").read_bytes()


def test_a_name_is_shown_by_its_shape_and_underlined_whole():
    assert underlined(plain(), "NAM-03", "NAD", b"NAD+FL+++O?'") == ("NAD+FL+++A?'AAAAAA:AAAA'", "A?'AAAAAA:AAAA")


def test_a_fault_of_a_traveller_is_shown_in_the_segment_that_has_it():
    assert underlined(plain(), "DOC-04", "NAD", b"NAD+FL+++DEMIRKAN") == ("DTM+36:999999'", "999999")
    assert underlined(plain(), "DOC-05", "NAD", b"NAD+FL+++DEMIRKAN") == ("LOC+91+AAA'", "AAA")


def test_what_a_traveller_lacks_is_not_looked_for_with_the_next():
    body = plain().replace(b"DTM+329:870214'", b"")
    assert underlined(body, "DOB-01", "NAD", b"NAD+FL+++DEMIRKAN") == ("NAD+FL+++AAAAAAAA:AAAA:AAA'", "NAD")


def test_a_fault_inside_a_segment_is_underlined_there():
    assert underlined(plain(), "SYN-02", "RFF", b"RFF+ABO:X7K2PQ01", 8) == ("RFF+ABO:A9A9AA99'", "A9A9AA99")


def test_counts_of_service_segments_are_readable_and_references_are_not():
    assert underlined(plain(), "ENV-02", "UNT", b"UNT+51") == ("UNT+51+AAA999'", "51")


def test_the_separators_of_the_file_are_kept():
    body = (VECTORS / "paxlst" / "separators.edi").read_bytes()
    (message,) = decode(body, rulebook=RULEBOOK, now=NOW)
    offset = message.travellers[0].offset
    quote = CheckedFile("list", body, DIRECTORY).place(Finding("NAM-02", "W", offset, "", "NAD")).quote
    assert quote
    assert quote.text[:3] == "NAD"
    assert quote.text[3] == body[offset + 3 : offset + 4].decode()


def test_a_line_broken_by_a_link_is_one_line_again():
    body = plain().replace(b"MARKOVSKI", b"MARK\r\nOVSKI")
    assert underlined(body, "NAM-03", "NAD", b"NAD+FL+++MARK") == ("NAD+FL+++AAAAAAAAA:AAAA'", "AAAAAAAAA:AAAA")


def test_cells_are_masked_and_columns_we_know_are_named():
    body = (VECTORS / "csv" / "bad_cells.csv").read_bytes()
    header, column = underlined(body, "CSV-03", "", b"surname")
    assert header.startswith("flight_no;")
    assert column == "surname"
    for message in decode(body, rulebook=RULEBOOK, now=NOW):
        for finding in message.findings:
            quote = CheckedFile("list", body, DIRECTORY).place(finding).quote
            if quote and finding.rule != "CSV-03":
                assert {sign for sign in quote.text if sign.isalnum()} <= {"A", "a", "9"}


def test_names_of_known_elements_are_readable_and_values_are_not():
    body = (VECTORS / "pnr-xml" / "notification.xml").read_bytes()
    assert underlined(body, "PNR-01", "", b"<PNR ")[1] == "<PNR"
    assert "KXW3J2" not in underlined(body, "PNR-01", "", b"<BookingRefID ID")[0]


@given(st.text())
def test_a_mask_keeps_marks_and_no_letter_or_digit(value):
    shape = masked(value)
    assert len(shape) == len(value)
    assert {sign for sign in shape if sign.isalnum()} <= {"A", "a", "9"}


@given(st.binary(max_size=300), st.integers(0, 320))
def test_any_bytes_can_be_quoted(body, offset):
    for start in (b"", b"UNB+UNOA:4+A+B+260110:0500+1'", b"<a>", b"surname;given_names;sex\n"):
        placed = CheckedFile("any", start + body, DIRECTORY).place(Finding("DOC-04", "W", offset, "", "NAD"))
        if placed.quote:
            assert "\n" not in placed.quote.text
            assert 0 <= placed.quote.start <= len(placed.quote.text) + 1


@given(st.integers(1, 300), st.data())
def test_the_fault_is_inside_whatever_width_there_is(size, data):
    start = data.draw(st.integers(0, size - 1))
    length = data.draw(st.integers(1, size - start))
    text = "x" * size
    shown, first, told = window(Quote(text, start, length, 0), 40)
    assert len(shown) <= 40
    assert 0 <= first < len(shown)
    assert first + told <= len(shown)
