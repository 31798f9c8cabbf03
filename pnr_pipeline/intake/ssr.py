"""Special service requests of PNRGOV: the segment SSR, and seats, infants, tickets and loyalty numbers in its text.

Texts are read by position and pattern; what is neither a name, a date, a seat nor a number is not returned, so that
a remark hidden in a text is never kept (FORMATS 4.3 and 4.5, AIRIMP; LAW ING-2).
"""

import re
from typing import NamedTuple

from pnr_pipeline.wire.edifact.segment import Segment

_HEAD_LENGTH = 9  # components of C334
CANCELLED_STATUS = frozenset(("XX", "HX", "XK", "XR"))


class Ssr(NamedTuple):
    """One request. `references` are those of C332, normalised; `seats` the seats named beside them ('' for none)."""

    code: str
    status: str
    carrier: str
    board: str
    off: str
    text: str
    references: tuple[str, ...]
    seats: tuple[str, ...]
    offset: int


class Infant(NamedTuple):
    """What INFT or INST says of an infant; `birth` as sent, all empty for a bare request."""

    surname: str
    given: str
    birth: str


def read_ssr(segment: Segment) -> Ssr:
    """The request in an SSR segment: C334 at 1 (text from the ninth component on), then C332 for each person."""
    head = segment.components(1)
    if len(head) == _HEAD_LENGTH:
        code, status, _, carrier, _, _, board, off, text = head
    else:
        code, status, _, carrier, _, _, board, off = (*head, *("",) * _HEAD_LENGTH)[: _HEAD_LENGTH - 1]
        text = "".join(head[_HEAD_LENGTH - 1 :])
    if not text:  # a published template has a component less: take the first that looks like a text
        text = next((part for part in (board, off) if "/" in part), "")
    seats: list[str] = []
    references: list[str] = []
    for place in range(2, len(segment)):
        parts = segment.components(place)
        if parts:
            seats.append(seat_number(parts[0]) if parts[0] else "")
            references.append(normal_reference(parts[2]) if len(parts) > 2 else "")
    return Ssr(code.strip().upper(), status, carrier, board, off, text, tuple(references), tuple(seats), segment.offset)


def normal_reference(raw: str) -> str:
    """`1`, `001` and ` 1 ` are one reference, `01.01` is `1.1` (FORMATS 1.6, fault `ref`); '' stays ''."""
    raw = raw.strip()
    if raw.isdecimal() and raw[0] != "0":
        return raw
    return ".".join(part.lstrip("0") or "0" for part in raw.split(".")) if raw else ""


_SEQUENCE = re.compile(r"(?:[A-Z]{3}-)?\d{1,4}")


def normal_sequence(told: str) -> str:
    """A check-in sequence without blanks: `SIN- 168` is `SIN-168`; '' for what is none."""
    sequence = told.replace(" ", "").upper()
    return sequence if _SEQUENCE.fullmatch(sequence) else ""


_SEAT = re.compile(r"0*([1-9]\d{0,2}[A-Z]{1,2})")
_SEAT_IN_TEXT = re.compile(r"(?<![A-Z0-9])0*([1-9]\d?[A-Z])N?(?=[^A-Z]|$)")


def seat_number(raw: str) -> str:
    """`24A` for `24A`, `024A`, `24a`; '' for an unassigned seat (`XXX`), a zone or nothing."""
    seat = _SEAT.fullmatch(raw.strip().upper())
    return seat[1] if seat else ""


def seats_in_text(text: str) -> tuple[str, ...]:
    """The seats of a text like `.03BN03AN` (3B and 3A, non-smoking), in its order."""
    joined = text.upper().removeprefix(".")
    if re.fullmatch(r"(?:0*[1-9]\d?[A-Z][NS])+", joined):
        return tuple(re.findall(r"0*([1-9]\d?[A-Z])[NS]", joined))
    return tuple(_SEAT_IN_TEXT.findall(joined))


_DAY = re.compile(r"\d{2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:\d{4}|\d{2})(?!\d)")


def day_in_text(text: str) -> str:
    """The first DDMMMYY or DDMMMYYYY of a text, '' if there is none."""
    day = _DAY.search(text.upper())
    return day[0] if day else ""


_NAME = re.compile(r"[^\W\d_][^\W\d_ '.\-]*(?:[ '.\-]+[^\W\d_]+)*")


def name_in_text(text: str) -> str:
    """The leading words of letters, the rest cut off: names are kept, remarks behind a digit or a sign are not."""
    name = _NAME.match(text.strip())
    return name[0] if name else ""


def read_infant(text: str) -> Infant:
    """`BELT/SOPHY 20SEP12`, `BELT/SOPHY/20SEP12`, with or without a leading slash; what follows the date is cut off."""
    birth = day_in_text(text)
    before = text[: text.upper().index(birth)] if birth else text
    fields = [field for field in before.strip(" /").split("/") if field.strip()]
    surname = name_in_text(fields[0]) if fields else ""
    given = name_in_text(fields[1]) if len(fields) > 1 else ""
    return Infant(surname, given, birth)


_TICKET = re.compile(r"(INF)?(?<!\d)(\d{10,14})(?:C\d{1,2})?(?!\d)")


def read_ticket(text: str) -> tuple[str, bool] | None:
    """The ticket number in a TKNE text without its coupon, and whether it is the infant's; None if there is none."""
    ticket = _TICKET.search(text)
    return (ticket[2], bool(ticket[1])) if ticket else None


_LOYALTY = re.compile(r"\s*/?\s*([A-Z][A-Z0-9]|[A-Z0-9][A-Z])?[ \-]?([A-Z]{0,3}\d[A-Z0-9]{3,18})(?![A-Z0-9])")


def read_loyalty(text: str, carrier: str) -> str:
    """`SQ8794285757` from an FQTV text; the carrier of the request where the text has only a number; '' for none."""
    found = _LOYALTY.match(text.upper())
    return f"{found[1] or carrier}{found[2]}" if found else ""


_NAME_TAIL = re.compile(r"-\s?(?:\d{1,2})?([^\W\d_][^/\d]*)(?:/([^/\d]*))?$")


def named_in_tail(text: str) -> tuple[str, str]:
    """Surname and given names of a tail `-1BELT/ISABELLEMRS`, ('', '') where the text ends in none."""
    tail = _NAME_TAIL.search(text) if "-" in text else None
    return (tail[1].strip(), (tail[2] or "").strip()) if tail else ("", "")
