"""Tables of text: a header and rows of cells, each with its byte in the file as received (RFC 4180, read leniently).

UTF-8 with or without byte order mark, or a declared alphabet of Windows; `;`, `,` or tab, told by the header; a line
`sep=;` before it, as spreadsheets write, is passed over. Nothing raises; what is wrong is a code with its byte.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal, NamedTuple

Charset = Literal["utf-8", "windows-1250", "windows-1251", "windows-1254"]
"""Bytes cannot tell the alphabets of Windows apart, so one of them counts only where it is declared."""

TABLE_BYTES_MAX: Final = 64 * 1024 * 1024
CELL_BYTES_MAX: Final = 16 * 1024
CELLS_MAX: Final = 100
ROWS_MAX: Final = 20_000

_HEADER_BYTES_MAX: Final = 4_096
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BEFORE: Final = b" \t\r\n\0\x1a"
_SEPARATORS: Final = (b";", b",", b"\t")
_SEPARATOR_LINE: Final = re.compile(rb"sep=[;,\t][ \t]*\r?\n", re.IGNORECASE)
_LINE: Final = re.compile(rb"[^\r\n]*")
_QUOTED: Final = re.compile(rb' *"((?:[^"]++|"")*+)" *')
_MESSAGES: Final = (b"UNA", b"UNB", b"UNH")
_BLANK_LINES: Final = re.compile(rb"(?:[ ;,\t]*+[\r\n]++)*+")
_SCANNED_MAX: Final = 2 * ROWS_MAX
"""Rows looked at, those of empty cells included."""
_COLUMNS_TO_BE_A_TABLE: Final = 3


class Cell(NamedTuple):
    """One value, without quotes and blanks around it, and the byte where it stands."""

    text: str
    offset: int


class Row(NamedTuple):
    """A row by its number in the file, the header being row 1 and blank lines left out, with its cells."""

    number: int
    offset: int
    cells: tuple[Cell, ...]


class Oddity(NamedTuple):
    """Something wrong with the form: `charset`, `quote`, `limit`; the row and byte where it was first seen."""

    code: Literal["charset", "quote", "limit"]
    row: int
    offset: int


class Table(NamedTuple):
    """A header, its rows in order, and what is wrong with the form."""

    header: tuple[Cell, ...]
    rows: tuple[Row, ...]
    oddities: tuple[Oddity, ...]


def column_name(text: str) -> str:
    """The name of a column as it is compared: lower case, one `_` for blanks, hyphens and dots."""
    return re.sub(r"[\s_.\-]+", "_", text.lower()).strip("_")


def is_table(body: bytes, known: Collection[str]) -> bool:
    """Whether the first line is a header that names at least three of the known columns (as `column_name` has them)."""
    if body.startswith(_MESSAGES):  # what most files are is told by three bytes
        return False
    start, _, named = _begin(body, known)
    return start >= 0 and named >= _COLUMNS_TO_BE_A_TABLE


def read_table(body: bytes, known: Collection[str], charset: Charset = "utf-8") -> Table:
    """All rows, whatever their width. Linear in the body; at most 20,000 rows, 100 cells a row, 16 kB a cell.

    Bytes that are not of the declared alphabet are read as Windows-1252 would have them, and told as `charset`.
    """
    start, separator, _ = _begin(body, known)
    scan = _Scan(body, start, separator, charset)
    rows = list(scan.rows())
    header = rows[0].cells if rows else ()
    return Table(header, tuple(rows[1:]), tuple(scan.oddities))


def _begin(body: bytes, known: Collection[str]) -> tuple[int, bytes, int]:
    """Where the header begins, what parts its cells, and how many known columns it names."""
    start = len(_BYTE_ORDER_MARK) if body.startswith(_BYTE_ORDER_MARK) else 0
    head = body[start : start + _HEADER_BYTES_MAX]
    start += len(head) - len(head.lstrip(_BEFORE))
    if told := _SEPARATOR_LINE.match(body, start):
        start = told.end()
    line = _LINE.match(body, start, start + _HEADER_BYTES_MAX)
    text = line.group().decode("latin-1") if line else ""

    def named(separator: bytes) -> int:
        if text.count(separator.decode()) > CELLS_MAX:
            return 0
        cells = {column_name(cell.strip().strip('"')) for cell in text.split(separator.decode())}
        return len(cells.intersection(known))

    separator = max(_SEPARATORS, key=named)
    return start, separator, named(separator)


class _Scan:
    """One pass over the bytes, cell by cell."""

    def __init__(self, body: bytes, start: int, separator: bytes, charset: Charset) -> None:
        self.oddities: list[Oddity] = []
        self._body = body[:TABLE_BYTES_MAX]
        self._cut = len(body) > TABLE_BYTES_MAX
        self._at = start
        self._separator = separator
        self._plain = re.compile(rb"[^\r\n" + separator + rb"]*")
        self._charset = charset
        self._told: set[str] = set()

    def rows(self) -> Iterator[Row]:
        number = 1
        for _ in range(_SCANNED_MAX):
            blank = _BLANK_LINES.match(self._body, self._at)
            self._at = offset = blank.end() if blank else self._at
            if offset >= len(self._body):
                break
            cells = self._row(number)
            if any(cell.text for cell in cells):
                if number > ROWS_MAX + 1:
                    self._note("limit", number, offset)
                    return
                yield Row(number, offset, cells)
                number += 1
        else:
            self._note("limit", number, self._at)
        if self._cut:
            self._note("limit", number, len(self._body))

    def _row(self, number: int) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        while True:
            cells.append(self._cell(number))
            if len(cells) == CELLS_MAX and self._body.startswith(self._separator, self._at):
                self._note("limit", number, self._at)
                rest = _LINE.match(self._body, self._at)
                self._at = rest.end() if rest else len(self._body)
            if self._body[self._at : self._at + 1] != self._separator:
                break
            self._at += 1
        if self._body.startswith(b"\r\n", self._at):
            self._at += 1
        self._at += 1  # the line end, or the end of the body
        return tuple(cells)

    def _cell(self, number: int) -> Cell:
        start = self._at
        quoted = _QUOTED.match(self._body, start, start + CELL_BYTES_MAX)
        end = quoted.end() if quoted else start
        plain = self._plain.match(self._body, end)
        rest = plain.group() if plain else b""
        self._at = end + len(rest)
        text = quoted.group(1).replace(b'""', b'"') if quoted else b""
        if rest and (quoted or rest.lstrip()[:1] == b'"'):
            self._note("quote", number, start)
            rest = rest.lstrip(b' "')
        text += rest
        if len(text) > CELL_BYTES_MAX:
            self._note("limit", number, start)
            text = text[:CELL_BYTES_MAX]
        return Cell(self._decoded(text, number, start).strip("\0\x1a \t\r\n\u00a0"), start)

    def _decoded(self, text: bytes, number: int, offset: int) -> str:
        if text.isascii():
            return text.decode("ascii")
        try:
            return text.decode(self._charset)
        except UnicodeDecodeError:
            self._note("charset", number, offset)
            return text.decode("windows-1252", "replace")

    def _note(self, code: Literal["charset", "quote", "limit"], number: int, offset: int) -> None:
        if code not in self._told:
            self._told.add(code)
            self.oddities.append(Oddity(code, number, offset))
