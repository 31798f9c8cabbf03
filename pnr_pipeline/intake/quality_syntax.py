"""SYN-02: elements longer than the directory allows, looked for in the text of an interchange (FORMATS 2.1).

Bytes are looked at and not segments, as this is asked of every message: long runs without separator are found by one
search. Names and document numbers are measured in the records.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.transport import Interchange

RUN_MAX: Final = 70
"""What is no longer is never looked at, whatever the directory says: an..70 is the length of most elements."""
_RUN: Final = b"x" * (RUN_MAX + 1)
_FOUND_MAX: Final = 50


def check_lengths(interchange: Interchange, rulebook: Rulebook) -> list[Finding]:
    """At most 50 findings, in the order of the text. Linear."""
    text, separators, measured = interchange.text, interchange.separators, rulebook.intake.directory.measured
    runs = text.translate(_runs_table(separators))
    terminator = separators.terminator.encode("latin-1")
    found: list[Finding] = []
    at = runs.find(_RUN)
    while at >= 0 and len(found) < _FOUND_MAX:
        start = text.rfind(terminator, 0, at) + 1
        start += len(text[start:at]) - len(text[start:at].lstrip())
        end = text.find(terminator, at)
        end = len(text) if end < 0 else end
        tag = text[start : start + 3].decode("latin-1").upper()
        if tag in measured:
            found += _too_long(text[start:end].decode("latin-1"), tag, start, interchange, rulebook)
        at = runs.find(_RUN, end)
    return found


@lru_cache(maxsize=64)
def _runs_table(separators: Separators) -> bytes:
    """Every byte as `x` except those that end a value."""
    ends = {ord(sign) for sign in (separators.component, separators.element, separators.terminator)}
    return bytes(byte if byte in ends else ord("x") for byte in range(256))


def _too_long(segment: str, tag: str, start: int, interchange: Interchange, rulebook: Rulebook) -> Iterator[Finding]:
    lengths = rulebook.intake.directory.lengths
    for element, place, length in _components(segment, interchange.separators):
        most = lengths.get((tag, element))
        if most is not None and length > max(most, RUN_MAX):
            yield rulebook.finding(
                "SYN-02",
                offset=interchange.received(start + place),
                segment=tag,
                detail=f"element {element}, at most {most} characters",
            )


def _components(segment: str, separators: Separators) -> Iterator[tuple[int, int, int]]:
    """Element, place and length in characters, without release characters, of each component that is not empty."""
    element, place, length, released = 0, 0, 0, False
    for index, sign in enumerate(segment):
        if not released and sign in (separators.component, separators.element):
            if length:
                yield element, place, length
            element += sign == separators.element
            place, length = index + 1, 0
        elif not released and separators.release and sign == separators.release:
            released = True
        else:
            released = False
            length += 1
    if length:
        yield element, place, length
