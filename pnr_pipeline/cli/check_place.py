"""A finding with the file, line and column that it points at."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import msgspec

from pnr_pipeline.cli.check_quote import Quote, QuotedFile
from pnr_pipeline.intake.directory import Directory
from pnr_pipeline.records import Finding


class Placed(NamedTuple):
    """A finding with its place: line and column in code points, both 1-based, 0 where it has none.

    `characters` is how many code points stand before it in the file.
    """

    file: str
    line: int
    column: int
    characters: int
    finding: Finding
    quote: Quote | None

    @property
    def place(self) -> str:
        """`list.edi:3:17`."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class CheckedFile:
    """One file whose findings are placed. Bytes that are no UTF-8 count as one code point each."""

    def __init__(self, name: str, body: bytes, directory: Directory) -> None:
        self.name = name
        self._continued = _continued(body)
        self._ends = [index for index, byte in enumerate(body) if byte == 0x0A] if b"\n" in body else []
        self._quoted = QuotedFile(body, directory)

    def place(self, finding: Finding) -> Placed:
        """Where the finding is; one that names a traveller's NAD points at the segment of theirs that is at fault."""
        if finding.offset < 0:
            return Placed(self.name, 0, 0, 0, finding, None)
        quote = self._quoted.quote(finding)
        if quote and quote.offset != finding.offset:
            segment = quote.text[:3] if finding.segment else ""
            finding = msgspec.structs.replace(finding, offset=quote.offset, segment=segment)
        before = bisect_right(self._ends, finding.offset - 1)
        start = self._ends[before - 1] + 1 if before else 0
        column = self._length(start, finding.offset) + 1
        characters = self._length(0, finding.offset)
        return Placed(self.name, before + 1, column, characters, finding, quote)

    def _length(self, start: int, stop: int) -> int:
        return stop - start - bisect_left(self._continued, stop) + bisect_left(self._continued, start)


def _continued(body: bytes) -> list[int]:
    """Where bytes stand that begin no code point; none where the file is not UTF-8."""
    if body.isascii():
        return []
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return []
    return [index for index, byte in enumerate(body) if 0x80 <= byte < 0xC0]
