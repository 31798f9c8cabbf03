"""A file as received into its EDIFACT interchanges, without the dirt of transport (FORMATS 1.6 and 6.1).

Type B lines, byte order marks, hard line breaks, typographic quotes, text before and after are set aside and told as
oddities; offsets always lead back to the file as received. Nothing is judged here, and nothing raises.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from pnr_pipeline.wire.edifact.reader import MESSAGE_BYTES_MAX
from pnr_pipeline.wire.edifact.segment import Separators, separators_of
from pnr_pipeline.wire.typeb import (
    Places,
    is_hard_wrapped,
    is_possible_duplicate,
    is_type_b,
    without_breaks,
    without_frames,
)

_BEGINNING: Final = re.compile(
    rb"UNA(?P<una>[^\r\n]{6}|[^\r\n]{5})\s{0,80}(?=U(?:N[BGH]|IB))"
    rb"|U(?:NB|IB)(?P<el>[^\w\s])[A-Za-z]{4}(?P<co>[^\w\s])\d"
)
_BARE_MESSAGE: Final = re.compile(rb"UN(?:H(?P<el>[^\w\s])[\w/ .-]{0,20}(?P=el)|G(?P<gel>[^\w\s]))[A-Za-z]{6}(?![A-Z])")
_QUOTES: Final = re.compile(rb"\xe2\x80[\x98\x99]|\xc2\xb4|(?<![\x80-\xff])[\x91\x92\xb4]")
_QUOTED_HEADER: Final = re.compile(rb"(?:" + _QUOTES.pattern + rb")\s*UN[GH]")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_AROUND: Final = b" \t\r\n\f\v\0\x01\x02\x03\x1a"
_QUOTE_WINDOW: Final = 512
_HEADER_WINDOW: Final = 1024
_TRAILER_BYTES_MAX: Final = 80
INTERCHANGES_MAX: Final = 50_000


class Interchange(NamedTuple):
    """One interchange: `text` from its first header to the end of its trailer, without UNA.

    `digest` is the SHA-256 of the text without line breaks, so that a wrapped and an unwrapped copy are the same.
    `oddities` are codes of what was set aside, with the byte in the file. `closed` is False without UNZ.
    """

    text: bytes
    separators: Separators
    start: int
    places: tuple[Places, ...]
    digest: str
    oddities: tuple[tuple[str, int], ...]
    closed: bool

    @property
    def moved(self) -> bool:
        """Whether bytes inside were taken out, so that `received` is more than an addition."""
        return bool(self.places)

    def received(self, offset: int) -> int:
        """The byte in the file as received of a byte in `text`."""
        return _received(self.places, self.start + offset)


def interchanges(body: bytes) -> list[Interchange]:
    """The interchanges of a file, in order; none where there is neither UNB nor UNH. Linear in the body.

    What comes after 64 MiB or after 50,000 interchanges is not read; the oddity `limit` says so.
    """
    noted: list[tuple[str, int]] = []
    if len(body) > MESSAGE_BYTES_MAX:
        body = body[:MESSAGE_BYTES_MAX]
        noted.append(("limit", MESSAGE_BYTES_MAX))
    body, places = _mended(body, noted)
    tags = body if b"UNH" in body or b"UNB" in body else body.upper()  # tags in lower case: same length, same places
    found: list[Interchange] = []
    behind = 0
    for begin, start, limit, separators, oddity in _spans(tags):
        if len(found) == INTERCHANGES_MAX:
            found[-1] = found[-1]._replace(oddities=(*found[-1].oddities, ("limit", _received(places, begin))))
            return found
        end, closed = _end(tags, start, limit, separators)
        noted += [(code, _received(places, behind)) for code in _around(body[behind:begin])]
        if oddity:
            noted.append((oddity, _received(places, start)))
        text = body[start:end]
        terminator = separators.terminator.encode("latin-1")
        if closed and not text.endswith(terminator):
            text += terminator
        found.append(Interchange(text, separators, start, places, _digest(text, terminator), tuple(noted), closed))
        noted = []
        behind = end
    if found and (codes := _around(body[behind:])):
        after = _received(places, behind)
        found[-1] = found[-1]._replace(oddities=(*found[-1].oddities, *((code, after) for code in codes)))
    return found


def _received(places: tuple[Places, ...], offset: int) -> int:
    for step in reversed(places):
        offset = step.received(offset)
    return offset


def _mended(body: bytes, noted: list[tuple[str, int]]) -> tuple[bytes, tuple[Places, ...]]:
    """The body without hard line breaks and typographic terminators, and the way back."""
    places: list[Places] = []
    parted, frames = without_frames(body)
    if frames.removed:
        noted.append(("type-b", frames.received(frames.cleaned[0] - 1) + 1))
        body = parted
        places.append(frames)
    first = _BEGINNING.search(body)
    start = first.start() if first else 0
    if b"\n" in body or b"\r" in body:
        una = _una(first.group("una")) if first and first.group("una") else None
        terminator = (una[0] if una else _guessed(body, start)[0]).terminator.encode("latin-1")
        if _breaks_inside(body, terminator) and is_hard_wrapped(body[start:], terminator):
            body, breaks = without_breaks(body)
            places.append(breaks)
            noted.append(("wrapped", start))
    start = max(body.find(b"UNB"), body.find(b"UNH", 0, _HEADER_WINDOW) if first is None else -1, 0)
    window = body[start : start + _QUOTE_WINDOW]
    if b"'" not in window and _QUOTED_HEADER.search(window):
        cleaned: list[int] = []
        removed: list[int] = []
        gone = 0
        for quote in _QUOTES.finditer(body):
            gone += quote.end() - quote.start() - 1
            cleaned.append(quote.end() - gone)
            removed.append(gone)
        body = _QUOTES.sub(b"'", body)
        places.append(Places(tuple(cleaned), tuple(removed)))
        noted.append(("typographic-quote", start))
    return body, tuple(places)


def _breaks_inside(body: bytes, terminator: bytes) -> bool:
    """Whether some line break stands elsewhere than right behind a terminator; told without looking at each line."""
    returns = body.count(terminator + b"\r\n") if b"\r" in body else 0
    lines = body.count(terminator + b"\n") + returns
    return body.count(b"\n") > lines or (b"\r" in body and body.count(b"\r") > returns)


def _spans(tags: bytes) -> Iterator[tuple[int, int, int, Separators, str]]:
    """Beginning (UNA), start (header), limit, separators and oddity of each interchange.

    What stands before the first header, or a file without any, may begin at UNH or UNG.
    """
    starts: list[tuple[int, int, Separators, str]] = []
    headers = -1
    for found in _BEGINNING.finditer(tags):
        una = found.group("una")
        told = _una(una) if una else None
        if una is not None:
            if told is None or told[0].element.encode("latin-1") != tags[found.end() + 3 : found.end() + 4]:
                continue  # no UNA, or one that its own UNB contradicts: the header speaks for itself
            headers = found.end()
            starts.append((found.start(), headers, *told))
        elif found.start() != headers:
            starts.append((found.start(), found.start(), *_guessed(tags, found.start())))
    bare = _BARE_MESSAGE.search(tags)
    if bare and (not starts or bare.end() < starts[0][0]):
        starts.insert(0, (bare.start(), bare.start(), *_guessed(tags, bare.start())))
    for index, (begin, start, separators, oddity) in enumerate(starts):
        limit = starts[index + 1][0] if index + 1 < len(starts) else len(tags)
        yield begin, start, limit, separators, oddity


def _una(una: bytes) -> tuple[Separators, str] | None:
    """Separators of a UNA of six marks, or of five where the decimal mark or the reserved blank was lost."""
    text = una.decode("latin-1")
    if len(text) == 6 and (separators := separators_of(text)):
        return separators, ""
    short = separators_of(f"{text[:4]} {text[4]}" if text[2] in "., " else f"{text[:2]}.{text[2:5]}")
    return (short, "una-short") if short else None


def _guessed(tags: bytes, start: int) -> tuple[Separators, str]:
    """Separators without UNA: the default, or what the header itself shows where it differs."""
    default = Separators()
    head = _BEGINNING.match(tags, start)
    element = component = b""
    if head and head.group("el"):
        element, component = head.group("el"), head.group("co")
    elif bare := _BARE_MESSAGE.match(tags, start):
        element, component = bare.group("el") or bare.group("gel"), tags[bare.end() : bare.end() + 1]
    if not element:
        return default, ""
    following = rb"([^\w\s])\s*(?:UN[GH]|BGM|MSG|RFF|ORG|NAD|TDT)" + re.escape(element)
    shown = re.search(following, tags[start : start + _HEADER_WINDOW])
    terminator = shown.group(1) if shown else b"'"
    marks = (component + element + b".? " + terminator).decode("latin-1")
    separators = separators_of(marks) or default
    return separators, "" if separators == default else "separators-guessed"


def _end(tags: bytes, start: int, limit: int, separators: Separators) -> tuple[int, bool]:
    """Where the interchange ends, and whether UNZ closes it."""
    terminator, release = separators.terminator.encode("latin-1"), separators.release.encode("latin-1")
    position = start
    while (position := tags.find(b"UNZ", position, limit)) >= 0:
        before = tags[max(start, position - _TRAILER_BYTES_MAX) : position].rstrip(_AROUND)
        mark = tags[position + 3 : position + 4]
        position += 3
        released = release and before[:-1].endswith(release) and not before[:-1].endswith(release * 2)
        if not before.endswith(terminator) or released or mark.isalnum():
            continue
        line = tags[position : min(limit, position + _TRAILER_BYTES_MAX)]
        if (length := line.find(terminator)) >= 0:
            return position + length + 1, True
        return position + len(line.split(b"\n")[0].rstrip()), True
    return limit, False


def _around(text: bytes) -> list[str]:
    """Codes of what stands before, between or after interchanges."""
    codes: list[str] = []
    if text.startswith(_BYTE_ORDER_MARK):
        codes.append("byte-order-mark")
        text = text[3:]
    if is_possible_duplicate(text):
        codes.append("possible-duplicate")
    if is_type_b(text):
        codes.append("type-b")
    elif text.strip(_AROUND):
        codes.append("text-around")
    return codes


def _digest(text: bytes, terminator: bytes) -> str:
    """SHA-256 of the text without line breaks, telex signs and blanks between segments."""
    plain = text.translate(None, b"\r\n\0\x01\x02\x03\x1a")
    if terminator + b" " in plain:
        plain = re.sub(rb"(?<!\?)" + re.escape(terminator) + rb" +", terminator, plain)
    return sha256(plain).hexdigest()
