"""Bytes into EDIFACT segments (ISO 9735-1), without any IO.

Feed it bytes in chunks of any size and ask for segments until it says NEED_DATA; the cuts never change what is read::

    reader = SegmentReader()
    for chunk in chunks:
        reader.feed(chunk)
        while (segment := reader.next_segment()) is not NEED_DATA:
            ...
    reader.end()

Bytes are read as latin-1, one character a byte, so that offsets stay true; `charset` turns values of other repertoires
into text. Nothing is split on the repetition character: PADIS messages do not use it and carry it in free text.
"""

import re
from enum import Enum
from itertools import accumulate, count
from operator import add
from typing import Final

from pnr_pipeline.errors import WireFault
from pnr_pipeline.wire.edifact.release import elements_of, ends_released, rejoin_released
from pnr_pipeline.wire.edifact.segment import Segment, Separators, separators_of
from pnr_pipeline.wire.edifact.segment_list import HEAD, SegmentList

SEGMENT_BYTES_MAX: Final = 64 * 1024
SEGMENTS_MAX: Final = 2_000_000
MESSAGE_BYTES_MAX: Final = 64 * 1024 * 1024

FREE_TEXT_TAGS: Final = frozenset({"FTX", "IFT", "LTS"})
"""Segments of running text: a line break inside them stands for a blank; anywhere else, for nothing."""

_AROUND: Final = " \t\r\n\f\v\0\x01\x02\x03\x1a"
"""What lines, telex frames and old editors leave around segments."""

_STRUCTURE: Final = "ISO 9735-1, segment structure"
_LIMITS: Final = "limits of this system"
_TAG_AFTER_BREAK: Final = re.compile(r"[\r\n][ \t]*(?=[A-Z]{3}[^A-Za-z0-9\s])")


class NeedData(Enum):
    """The answer of a reader that wants more bytes."""

    NEED_DATA = "need data"


NEED_DATA: Final = NeedData.NEED_DATA


class SegmentReader:
    """Segments of one interchange.

    Without `separators` a UNA at the very start sets them, else the defaults hold. `first_offset` is the place of the
    first byte fed, where that is not 0. `oddities` counts, by code, what was tolerated (`junk-before-tag`,
    `break-in-segment`, `lower-case-tag`, `bad-tag`), with the first offset; `longest` is the most characters that a
    segment has. A `WireFault` for a limit that was passed
    comes after the last good segment.
    """

    def __init__(
        self,
        separators: Separators | None = None,
        *,
        first_offset: int = 0,
        segment_bytes_max: int = SEGMENT_BYTES_MAX,
        segments_max: int = SEGMENTS_MAX,
        message_bytes_max: int = MESSAGE_BYTES_MAX,
    ) -> None:
        self.oddities: dict[str, tuple[int, int]] = {}
        self.longest = 0
        self.separators = separators or Separators()
        self._una_may_come = separators is None
        self._segment_bytes_max = segment_bytes_max
        self._segments_left = segments_max
        self._bytes_left = message_bytes_max
        self._pending: list[str] = []
        self._pending_bytes = 0
        self._offset = first_offset
        self._ready = SegmentList(self.separators)
        self._given = 0
        self._fault: WireFault | None = None
        self._plain_heads: set[str] = set()

    def feed(self, chunk: bytes) -> None:
        """Take more bytes; never raises."""
        if self._fault or not chunk:
            return
        if len(chunk) > self._bytes_left:
            chunk = chunk[: self._bytes_left]
            self._fault = WireFault("message-too-long", self._offset + self._pending_bytes + len(chunk), _LIMITS)
        self._bytes_left -= len(chunk)
        text = chunk.decode("latin-1")
        self._pending.append(text)
        self._pending_bytes += len(text)
        if self._una_may_come:
            if not self._take_una():
                return
            text = "".join(self._pending)
        if self.separators.terminator in text:
            self._read()
        if self._pending_bytes > self._segment_bytes_max and not self._fault:
            self._fault = WireFault("segment-too-long", self._offset, _LIMITS)

    def next_segment(self) -> Segment | NeedData:
        """The next segment; NEED_DATA when more bytes are needed. Raises WireFault where a limit was passed."""
        if self._given < len(self._ready):
            self._given += 1
            return self._ready[self._given - 1]
        if self._fault:
            raise self._fault
        return NEED_DATA

    def drain(self) -> list[Segment]:
        """All segments that are complete by now: `next_segment` until NEED_DATA or fault, in one call."""
        return self.take().cut()

    def take(self) -> SegmentList:
        """The same, not yet cut into elements."""
        taken = self._ready[self._given :] if self._given else self._ready
        self._ready = SegmentList(self.separators)
        self._given = 0
        return taken

    def end(self) -> None:
        """Say that no more bytes come.

        Raises WireFault for the limit that was passed or for a last segment without terminator; segments read so far
        stay available.
        """
        if self._fault:
            raise self._fault
        if self._una_may_come:
            self._una_may_come = False
            self._read()
        rest = "".join(self._pending)
        if rest.strip(_AROUND):
            released = ends_released(rest, self.separators.release)
            self._fault = WireFault(
                "release-at-end" if released else "unterminated-segment",
                self._offset + len(rest) - 1 if released else self._offset + _blanks_before(rest),
                _STRUCTURE,
            )
            raise self._fault

    def _take_una(self) -> bool:
        """Look for UNA at the start; False while too few bytes are there to tell."""
        text = "".join(self._pending)
        start = _blanks_before(text)
        head = text[start : start + 9]
        if "UNA".startswith(head[:3]) and len(head) < 9:
            return False
        self._una_may_come = False
        if head.startswith("UNA"):
            separators = separators_of(head[3:])
            if separators is None:
                self._fault = WireFault("una-not-usable", self._offset + start, "ISO 9735-1, UNA")
                return False
            self.separators = separators
            self._ready = SegmentList(separators)
            self._pending = [text[start + 9 :]]
            self._offset += start + 9
            self._pending_bytes = len(text) - start - 9
        return True

    def _read(self) -> None:
        """Cut what is pending into segments, in one pass over the text."""
        text = "".join(self._pending)
        release, terminator = self.separators.release, self.separators.terminator
        parts = text.split(terminator)
        if release and release + terminator in text:
            parts = rejoin_released(parts, release, terminator)
        rest = parts.pop()
        over = len(parts) > self._segments_left
        if over:
            parts = parts[: self._segments_left]
        self._segments_left -= len(parts)
        self._read_parts(parts)
        if self._fault and self._fault.code == "segment-too-long":
            return
        if over:
            self._fault = WireFault("too-many-segments", self._offset, _LIMITS)
            return
        self._pending = [rest] if rest else []
        self._pending_bytes = len(rest)

    def _read_parts(self, parts: list[str]) -> None:
        """Sort the texts between terminators into those that are plain and those that need a close look.

        Most are plain, and to see it takes no Python step for each of them: the tags are looked at once for each tag,
        the other signs are looked for in all texts together.
        """
        lengths = list(map(len, parts))
        longest = max(lengths, default=0)
        self.longest = max(self.longest, longest)
        if longest > self._segment_bytes_max:
            first = next(index for index, length in enumerate(lengths) if length > self._segment_bytes_max)
            self._read_parts(parts[:first])
            self._fault = WireFault("segment-too-long", self._offset, _LIMITS)
            return
        if not parts:
            return
        texts, whole = parts, "".join(parts)
        if "\n" in whole or "\r" in whole:
            texts = [part.lstrip(_AROUND) for part in parts]
            whole = "".join(texts)
        heads = [text[:HEAD] for text in texts]
        ends = list(map(add, accumulate(lengths), count(self._offset)))
        self._offset = ends[-1] + 1
        strange = {head for head in set(heads) - self._plain_heads if not self._is_plain(head)}
        odd = {index for index, head in enumerate(heads) if head in strange} if strange else set()
        for mark in ("\n", "\r", self.separators.release):
            if mark and mark in whole:
                odd.update(index for index, text in enumerate(texts) if mark in text)
        ready = self._ready
        first = len(ready)
        ready.extend(texts, heads, ends)
        empty = []
        for index in sorted(odd):
            segment = self._odd_segment(texts[index], ends[index] - len(texts[index]))
            if segment is not None:
                ready.set_odd(first + index, segment)
            else:
                empty.append(first + index)
        ready.remove(empty)

    def _is_plain(self, head: str) -> bool:
        """Whether a segment begins with a tag as it should; there are few, so those seen are kept."""
        tag = head[: HEAD - 1]
        plain = len(tag) == HEAD - 1 and tag.isalnum() and tag.isupper() and head[3:] in ("", self.separators.element)
        if plain:
            self._plain_heads.add(head)
        return plain

    def _odd_segment(self, raw: str, offset: int) -> Segment | None:
        """One segment by the slow road: blanks, line breaks, release characters, wrong tags."""
        start = _blanks_before(raw)
        offset += start
        raw = raw[start:]
        if not raw:
            return None
        if "\n" in raw or "\r" in raw:
            raw, moved = self._without_breaks(raw, offset)
            offset += moved
        elements = elements_of(raw, self.separators)
        tag = elements[0] if isinstance(elements[0], str) else elements[0][0]
        tag = tag.strip(_AROUND)
        if tag.islower():
            self._note("lower-case-tag", offset)
            tag = tag.upper()
        if len(tag) != 3 or not tag.isupper():
            self._note("bad-tag", offset)
        return Segment(tag, elements, offset)

    def _without_breaks(self, raw: str, offset: int) -> tuple[str, int]:
        """The text of a segment without line breaks, and by how much its tag moved."""
        moved = 0
        if not raw[:3].isalpha() and (found := _TAG_AFTER_BREAK.search(raw)):
            self._note("junk-before-tag", offset)  # text of somebody's editor between two segments
            moved = found.end()
            raw = raw[moved:]
        if "\n" in raw or "\r" in raw:
            self._note("break-in-segment", offset)
            blank = " " if raw[:3].upper() in FREE_TEXT_TAGS else ""
            raw = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\n", blank)
        return raw, moved

    def _note(self, code: str, offset: int) -> None:
        first, count = self.oddities.get(code, (offset, 0))
        self.oddities[code] = (first, count + 1)


def _blanks_before(text: str) -> int:
    return len(text) - len(text.lstrip(_AROUND))
