"""The piece of a file that a finding is about, with every value masked: letters as A or a, digits as 9.

Marks, tags, names of elements and columns, and codes of `rules/intake/directory.yaml` stay readable, as nothing of a
traveller can stand in them; shape and length of a value stay, the value does not.
"""

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from pnr_pipeline.cli.check_faults import FAULTS, Fault
from pnr_pipeline.intake.csv_columns import BY_NAME
from pnr_pipeline.intake.csv_upload import is_csv
from pnr_pipeline.intake.directory import Directory, Place
from pnr_pipeline.records import Finding
from pnr_pipeline.wire.csv_table import column_name
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.transport import interchanges

_QUOTED_MAX: Final = 2_000
_GROUP_SEGMENTS_MAX: Final = 200
_COUNTS: Final = {"UNT": (1, 1), "UNE": (1, 1), "UNZ": (1, 1), "CNT": (1, 2), "EQN": (1, 1), "RPI": (1, 1)}
"""Where numbers stand that count segments, messages, travellers or bookings: shown, up to six digits."""
_ENDS_OF_GROUP: Final = {"NAD", "TIF", "CNT", "SRC", "UNT", "PDT"}
_BLANKS: Final = b" \t\r\n\f\v\0\x01\x02\x03\x1a"
_XML_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")


class Quote(NamedTuple):
    """Masked text, and the part of it (in characters) where the fault is.

    `offset` is the byte that is pointed at: of the segment, or of the fault where it is known more closely.
    """

    text: str
    start: int
    length: int
    offset: int


def masked(text: str) -> str:
    """The shape of a value."""
    return "".join(
        "9"
        if sign.isnumeric()
        else "A"
        if sign.isupper()
        else "a"
        if sign.isalpha()
        else sign
        if sign.isascii()
        else "?"
        for sign in text
    )


class QuotedFile:
    """One file, ready to be quoted."""

    def __init__(self, body: bytes, directory: Directory) -> None:
        self._body = body
        self._directory = directory
        self._form = (
            "xml" if body.lstrip(_BLANKS + b"\xef\xbb\xbf")[:1] == b"<" else "csv" if is_csv(body) else "edifact"
        )
        self._starts: list[int] = []
        self._marks: list[Separators] = []
        if self._form == "edifact":
            for one in interchanges(body):
                self._starts.append(one.received(0))
                self._marks.append(one.separators)

    def quote(self, finding: Finding) -> Quote | None:
        """What stands where the finding points; None where it points nowhere, or at what is no message."""
        if not 0 <= finding.offset < len(self._body):
            return None
        if self._form == "xml":
            return self._element(finding.offset)
        if self._form == "csv":
            return self._row(finding.offset)
        at = bisect_right(self._starts, finding.offset) - 1
        return self._segment(finding, self._marks[at]) if at >= 0 else None

    def _segment(self, finding: Finding, marks: Separators) -> Quote:
        start, tag = finding.offset, finding.segment
        fault = FAULTS.get(finding.rule, {}).get(tag)
        if not tag or self._body[start : start + 3].upper() != tag.encode("latin-1", "replace"):
            start = self._start(start, marks)
        elif fault and fault.segment != tag:
            start = self._in_group(start, marks, fault)
            fault = fault if start != finding.offset else None
        end = self._end(start, marks)
        raw = self._body[start : min(end + 1, start + _QUOTED_MAX)]
        text = self._text(raw)
        shown, places = _edifact(text, marks, self._directory)
        at, length, offset = 0, 3, start
        if start < finding.offset < end:  # the fault is inside the segment
            at, offset = len(self._text(raw[: finding.offset - start])), finding.offset
            length = next((stop - at for first, stop in places.values() if first <= at < stop), 1)
        elif fault:
            found = places.get((fault.element, fault.component))
            whole = [span for (element, _), span in places.items() if element == fault.element]
            if fault.component == 0 and whole:
                found = whole[0][0], whole[-1][1]
            at, stop = found or (len(shown) - 1, len(shown))
            length = max(stop - at, 1)
        return Quote(shown, at, length, offset)

    def _text(self, raw: bytes) -> str:
        """One line of text; line ends that a link put into a segment are left out."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        return text.replace("\r", "").replace("\n", "")

    def _start(self, offset: int, marks: Separators) -> int:
        before = self._body.rfind(marks.terminator.encode("latin-1"), max(0, offset - _QUOTED_MAX), offset) + 1
        start = before or max(0, offset - 20)
        while start < offset and self._body[start] in _BLANKS:
            start += 1
        return start

    def _end(self, start: int, marks: Separators) -> int:
        """The byte of the terminator, a released one left out; the end of the file or of what is quoted without."""
        terminator, release = marks.terminator.encode("latin-1"), marks.release.encode("latin-1")
        limit = min(len(self._body), start + _QUOTED_MAX)
        at = self._body.find(terminator, start, limit)
        while at > 0 and release:
            before = self._body[start:at]
            if (len(before) - len(before.rstrip(release))) % 2 == 0:
                break
            at = self._body.find(terminator, at + 1, limit)
        return at if at >= 0 else limit

    def _in_group(self, start: int, marks: Separators, fault: Fault) -> int:
        """The segment that the rule is about, behind the one that names the traveller; `start` where there is none."""
        at = self._end(start, marks) + 1
        wanted = f"{fault.segment}{marks.element}{fault.qualifier}".encode("latin-1")
        for _ in range(_GROUP_SEGMENTS_MAX):
            while at < len(self._body) and self._body[at] in _BLANKS:
                at += 1
            tag = self._body[at : at + 3].decode("latin-1")
            if not tag or tag in _ENDS_OF_GROUP:
                break
            if self._body.startswith(wanted, at):
                return at
            at = self._end(at, marks) + 1
        return start

    def _element(self, offset: int) -> Quote:
        begin = self._body.find(b"<", offset, offset + _QUOTED_MAX)
        begin = begin if begin >= 0 else offset
        end = self._body.find(b">", begin, begin + _QUOTED_MAX)
        raw = self._body[begin : end + 1 if end >= 0 else begin + 80]
        shown = _xml(" ".join(raw.decode("utf-8", "replace").split()), self._directory)
        name = re.match(r"</?[\w:.?!-]*", shown)
        return Quote(shown, 0, max(name.end() if name else 1, 1), begin)

    def _row(self, offset: int) -> Quote:
        begin = max(self._body.rfind(b"\n", 0, offset), self._body.rfind(b"\r", 0, offset)) + 1
        end = min(
            at
            for mark in (b"\n", b"\r", b"")
            if (at := self._body.find(mark, offset) if mark else len(self._body)) >= 0
        )
        line = self._body[begin : min(end, begin + _QUOTED_MAX)]
        text = line.decode("utf-8", "replace")
        mark = max(";,\t", key=text.count)
        at = len(line[: offset - begin].decode("utf-8", "replace"))
        header = sum(column_name(cell.strip('" ')) in BY_NAME for cell in text.split(mark)) >= 3
        cells = [
            cell if header and column_name(cell.strip('" ')) in BY_NAME else masked(cell) for cell in text.split(mark)
        ]
        cell = text[at:].split(mark)[0]
        return Quote(mark.join(cells).replace("\t", " "), at, max(len(cell), 1), offset)


def _edifact(text: str, marks: Separators, directory: Directory) -> tuple[str, dict[tuple[int, int], tuple[int, int]]]:
    """The segment masked, and where each component stands by element and component (1-based)."""
    tag = text[:3].upper()
    shown: list[str] = []
    places: dict[tuple[int, int], tuple[int, int]] = {}
    element, component, start, released = 0, 1, 0, False
    closed = text.endswith(marks.terminator)
    text = text.removesuffix(marks.terminator)
    for index, sign in enumerate(text + marks.terminator):
        if released or sign == marks.release:
            released = not released
        elif sign in (marks.component, marks.element, marks.terminator):
            value = text[start:index]
            place = Place(tag, element, component)
            keep = (
                value.upper() in directory.tags
                if element == 0
                else value in directory.codes.get(place, ())
                or (_COUNTS.get(tag) == (element, component) and value.isdecimal() and len(value) <= 6)
            )
            shown.append(value if keep else masked(value))
            shown.append(sign)
            if element:
                places[element, component] = (start, index)
            start = index + 1
            component = 1 if sign != marks.component else component + 1
            element += sign == marks.element
    shown.append(masked(text[start:]))
    return "".join(shown)[: len(text) + closed], places


def _xml(text: str, directory: Directory) -> str:
    """A start tag: names that the directory knows, all values masked."""

    def name(found: re.Match[str]) -> str:
        return found[0] if found[0].lower() in directory.xml or found[0].startswith("xmlns") else masked(found[0])

    parts = re.split(r"(\"[^\"]*\"?|'[^']*'?)", text)
    return "".join(masked(part) if part[:1] in "\"'" and part else _XML_NAME.sub(name, part) for part in parts)
