"""Which alphabet the values of an interchange are in (UNB S001, service code list 0001; FORMATS 1.2)."""

import re
from string import ascii_lowercase, ascii_uppercase
from typing import Final, NamedTuple

from pnr_pipeline.wire.edifact.segment import Segment

_CODECS: Final = {
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "utf-8",
    "UNOY": "utf-8",
}


_UNCODED: Final = {
    "NAD": range(3, 99),
    "TIF": range(1, 99),
    "FTX": range(4, 99),
    "IFT": range(2, 99),
    "LTS": range(1, 99),
    "ADD": range(2, 99),
}
"""Positions of names and free text, from … to."""

_CAPITALS: Final = str.maketrans(ascii_lowercase, ascii_uppercase)
"""Codes are ASCII; other letters are not yet recoded where case is raised, and their bytes must stay."""
_OFFICE: Final = re.compile(rb"[\x80-\x9f]")


class Charset(NamedTuple):
    """The codec that reads all bytes; `outside` where bytes stand outside the declared repertoire."""

    codec: str
    outside: bool = False


def charset_of(text: bytes, declared: str) -> Charset:
    """The codec for an interchange that declares `declared` (UNOA, UNOW …).

    The declared codec if it fits; else UTF-8 if that fits; else latin-1, or what office software makes of it
    (Windows-1252) where its quotes and letters stand among the control characters of latin-1. UNOA, UNOB and the PADIS
    names (IATA, IATB, SIRE) promise ASCII only, so anything else there is outside.
    """
    if text.isascii():
        return Charset("ascii")
    text = text.translate(None, b"\r\n")  # a line may have been wrapped in the middle of a letter
    promised = _CODECS.get(declared.upper(), "ascii")
    for codec in (promised, "utf-8"):
        try:
            text.decode(codec)
        except UnicodeDecodeError:
            continue
        return Charset(codec, outside=codec != promised)
    return Charset("cp1252" if _OFFICE.search(text) else "latin-1", outside=True)


def recode(segment: Segment, codec: str) -> None:
    """Turn the values of a segment, read as latin-1, into the text they mean."""
    for position, element in enumerate(segment.elements):
        if isinstance(element, str):
            if not element.isascii():
                segment.elements[position] = _text(element, codec)
        elif not all(map(str.isascii, element)):
            segment.elements[position] = tuple(_text(component, codec) for component in element)


def raise_case(segment: Segment) -> None:
    """Turn the coded values of a segment that was sent in lower case into capitals; names and free text stay."""
    spared = _UNCODED.get(segment.tag, ())
    for position, element in enumerate(segment.elements):
        if position in spared:
            continue
        if isinstance(element, str):
            segment.elements[position] = element.translate(_CAPITALS)
        else:
            segment.elements[position] = tuple(component.translate(_CAPITALS) for component in element)


def _text(value: str, codec: str) -> str:
    """A value cut by a stray separator inside a character keeps what can be read."""
    return value.encode("latin-1").decode(codec, "replace")
