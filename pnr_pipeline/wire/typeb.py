"""What telex lines do to a message: Type B frames and hard line breaks (IATA SCR, Type B; FORMATS 6.1).

A Type B link puts address and origin lines before the text, signs behind it, and breaks lines at 64 or 69 columns, in
the middle of values if need be.
"""

import re
from bisect import bisect_right
from collections import Counter
from typing import Final, NamedTuple

_FRAME: Final = re.compile(rb"\.[A-Z]{3}[A-Z0-9]{4}[ \t][\w/ ]*\d{6}|(?:ZCZC|NNNN)(?![A-Z])")
_BETWEEN_PARTS: Final = re.compile(
    rb"[\r\n\x03]{1,8}(?:NNNN\s{1,8})?(?:ZCZC[^\r\n]{0,40}[\r\n]{1,4})?\x01?Q[A-Z](?: [A-Z0-9]{7}){1,32}[\r\n]{1,4}"
    rb"\.[A-Z]{3}[A-Z0-9]{4}[ \t][^\r\n]{6,40}[\r\n]{1,4}(?:PDM[\r\n]{1,4})?\x02?(?![\r\n]|UN[ABGH])"
)
_POSSIBLE_DUPLICATE: Final = re.compile(rb"(?:^|\s)PDM(?=\s|UN|$)")
_BREAKS: Final = re.compile(rb"[\r\n]+")
_WRAP_COLUMNS: Final = range(60, 81)
_SAME_LENGTH_SHARE: Final = 0.6


class Places(NamedTuple):
    """Where the bytes of a cleaned text stood in the text as received.

    From `cleaned[i]` on, `removed[i]` bytes had been taken out before; both grow.
    """

    cleaned: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()

    def received(self, offset: int) -> int:
        """The offset in the text as received."""
        index = bisect_right(self.cleaned, offset)
        return offset + self.removed[index - 1] if index else offset


def is_type_b(around: bytes) -> bool:
    """Whether a Type B origin line (full stop, address, DDHHMM) or the signs ZCZC and NNNN stand in text around."""
    return _FRAME.search(around) is not None


def is_possible_duplicate(around: bytes) -> bool:
    """Whether the line PDM marks the transmission as one that may have come before."""
    return _POSSIBLE_DUPLICATE.search(around) is not None


def is_hard_wrapped(body: bytes, terminator: bytes) -> bool:
    """Whether lines were broken by column and not by segment.

    So it is when most lines that end inside a segment have one and the same length of 60 to 80 columns. A message of
    one segment a line, also one with raw line breaks in free text, is left as it is.
    """
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    broken = [line for line in lines[:-1] if line.strip() and not line.rstrip().endswith(terminator)]
    if not broken:
        return False
    length, count = Counter(map(len, broken)).most_common(1)[0]
    return length in _WRAP_COLUMNS and count >= _SAME_LENGTH_SHARE * len(broken)


def without_breaks(body: bytes) -> tuple[bytes, Places]:
    """The body with all CR and LF taken out, and where its bytes stood."""
    return body.translate(None, b"\r\n"), _places_without(_BREAKS, body)


def without_frames(body: bytes) -> tuple[bytes, Places]:
    """The body without the frames between the parts of a list that was too long for one telegram.

    A frame before a header of its own stays: there another interchange begins.
    """
    if b"\n." not in body and b"\r." not in body:
        return body, Places()
    return _BETWEEN_PARTS.sub(b"", body), _places_without(_BETWEEN_PARTS, body)


def _places_without(taken: re.Pattern[bytes], body: bytes) -> Places:
    cleaned: list[int] = []
    removed: list[int] = []
    gone = 0
    for found in taken.finditer(body):
        cleaned.append(found.start() - gone)
        gone += found.end() - found.start()
        removed.append(gone)
    return Places(tuple(cleaned), tuple(removed))
