"""Segments to bytes: escaping, counts and references as ISO 9735 asks.

The reader's counterpart, and as ignorant of passengers. A message is built as a list of segments, closed by `message`
(UNH, UNT), wrapped by `interchange` (UNB, UNG, UNE, UNZ) and written by a `Renderer`. Each step gives a plain list, so
that a test or a carrier's fault can be put between two steps.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from pnr_pipeline.wire.edifact.segment import Separators

Element = str | tuple[str, ...]
"""A data element, or a composite with its components."""

WireSegment = tuple[Element, ...]
"""The tag, then the elements by the directories' positions: `("NAD", "FL", "", "", ("DOE", "JANE"))`."""

UNA_WITHOUT_REPETITION = Separators()
UNA_OF_PADIS = Separators(repetition="*")
"""PNRGOV practice: `*` stands in UNA, though UNB says version 1 and nothing repeats."""


class Envelope(msgspec.Struct, frozen=True):
    """Who sends what to whom. `prepared_at` is written as it is: give UTC.

    `syntax` is the repertoire and version of UNB; `sender` and `recipient` may carry their qualifier. `group` is the
    version and release of UNG S008 (`("D", "12B")`), or None for an interchange without group.
    """

    syntax: tuple[str, str]
    sender: Element
    recipient: Element
    prepared_at: datetime
    reference: str
    application: str
    message_type: str
    agency: str
    group: tuple[str, str] | None = None


def message(
    reference: str,
    identifier: tuple[str, ...],
    access_reference: str,
    part: tuple[str, str],
    body: Iterable[WireSegment],
) -> list[WireSegment]:
    """The body between UNH and an UNT that counts both (0074). `part` is S010, such as `("01", "F")`."""
    head: WireSegment = ("UNH", reference, identifier, access_reference, part)
    segments = [head, *body]
    segments.append(("UNT", str(len(segments) + 1), reference))
    return segments


def interchange(envelope: Envelope, messages: Sequence[Sequence[WireSegment]]) -> list[WireSegment]:
    """UNB to UNZ around the messages; UNZ counts the groups if there is one, else the messages (0036)."""
    stamp = (f"{envelope.prepared_at:%y%m%d}", f"{envelope.prepared_at:%H%M}")
    parties: tuple[Element, ...] = (envelope.sender, envelope.recipient)
    segments: list[WireSegment] = [
        ("UNB", envelope.syntax, *parties, stamp, envelope.reference, "", envelope.application)
    ]
    if envelope.group:
        head = ("UNG", envelope.message_type, *parties, stamp, envelope.reference, envelope.agency, envelope.group)
        segments.append(head)
    for one in messages:
        segments.extend(one)
    if envelope.group:
        segments.append(("UNE", str(len(messages)), envelope.reference))
    segments.append(("UNZ", "1" if envelope.group else str(len(messages)), envelope.reference))
    return segments


class Renderer:
    """Writes segments with one set of service characters.

    A service character inside a value is released; with `release=''` it becomes a blank, as nothing else can be done.
    Trailing empty elements and components are left out. `after` follows each terminator: '' or a line end.
    """

    def __init__(self, separators: Separators = UNA_WITHOUT_REPETITION, *, after: str = "") -> None:
        self._separators = separators
        self._after = after
        service = separators.component + separators.element + separators.release + separators.terminator
        self._service = re.compile(f"[{re.escape(service)}]")
        self._release = separators.release

    @property
    def una(self) -> str:
        """The nine characters of the service string advice."""
        s = self._separators
        return f"UNA{s.component}{s.element}{s.decimal}{s.release or ' '}{s.repetition}{s.terminator}"

    def value(self, text: str) -> str:
        """The text with its service characters released."""
        return self._service.sub(lambda found: self._release + found[0] if self._release else " ", text)

    def segment(self, segment: WireSegment) -> str:
        """One segment with its terminator."""
        component, element, _, _, _, terminator = self._separators
        special = self._service.search
        parts = []
        for part in segment:
            if part.__class__ is tuple:
                values = [self.value(one) if special(one) else one for one in part]
                while values and not values[-1]:
                    values.pop()
                parts.append(component.join(values))
            else:
                parts.append(self.value(part) if special(part) else part)  # type: ignore[arg-type]  # not a tuple
        while not parts[-1]:
            parts.pop()
        return element.join(parts) + terminator

    def text(self, segments: Iterable[WireSegment], *, una: bool = True) -> str:
        """All segments, after the service string advice if `una`."""
        written: dict[WireSegment, str] = {}  # half of a list's segments stand in it many times
        lines = [written.get(one) or written.setdefault(one, self.segment(one)) for one in segments]
        if una:
            lines.insert(0, self.una)
        return self._after.join(lines)
