"""PNRGOV XML into plain elements: no DTD, no entities, no network, bounded depth and size, one booking at a time.

Names of elements and attributes are lower-cased and lose their namespace, as carriers spell both at will
(FORMATS 4.8). Sans-IO: bytes in, elements out.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from lxml import etree

from pnr_pipeline.errors import WireFault
from pnr_pipeline.wire.xml_guard import CLAUSE, DEPTH_MAX, LIMITS, forget, guarded_parser, local_name, refuse_dtd

BYTES_MAX: Final = 64 * 1024 * 1024
_CHUNK: Final = 64 * 1024
BLANKS: Final = b" \t\r\n\f\v\0\xef\xbb\xbf"


class Element(NamedTuple):
    """An element as plain values; `text` is what stands before its first child, trimmed.

    `whole` is False for an element that the data ended in: it has those of its children that were complete.
    """

    name: str
    attributes: dict[str, str]
    text: str
    children: tuple["Element", ...]
    whole: bool = True

    def get(self, *names: str) -> str:
        """The first of these attributes that has a value, trimmed; '' for none, and for the filler `-`."""
        for name in names:
            value = self.attributes.get(name, "").strip()
            if value and value != "-":
                return value
        return ""

    def all(self, name: str) -> Iterator["Element"]:
        """The children of this name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element":
        """The first child of this name, an empty element if there is none."""
        return next(self.all(name), NOTHING)


NOTHING: Final = Element("", {}, "", ())


class Utf8(NamedTuple):
    """A document in UTF-8, whatever its encoding was where that is told by a byte order mark or by its first letters.

    `start` is the place in the file as received where it begins; `wide` says that each unit took two bytes there.
    """

    body: bytes
    start: int
    wide: bool

    def received(self, places: Iterable[int]) -> Iterator[int]:
        """The places, in rising order, in the file as received. Linear in the body."""
        before, received = 0, self.start
        for place in places:
            step = self.body[before:place]
            received += len(step.decode("utf-8", "replace").encode("utf-16-le")) if self.wide else len(step)
            before = place
            yield received


def as_utf8(body: bytes) -> Utf8:
    """UTF-16 with or without byte order mark as UTF-8; any other body as it is, without blanks and marks around."""
    for codec, lead in _WIDE:
        if (found := lead.match(body)) is not None:
            start = found.start(1)
            text = body[start:].decode(codec, "replace").strip("\0\ufeff \t\r\n\f\v")
            return Utf8(text.encode("utf-8", "replace"), start, wide=True)
    return Utf8(body.strip(BLANKS), len(body) - len(body.lstrip(BLANKS)), wide=False)


_WIDE: Final = (
    ("utf-16-le", re.compile(rb"(?:\xff\xfe)?(?:[ \t\r\n]\0)*(<)\0")),
    ("utf-16-be", re.compile(rb"(?:\xfe\xff)?(?:\0[ \t\r\n])*(\0<)")),
)


def read_elements(document: Utf8, wanted: Collection[str], heads: Collection[str] = ()) -> Iterator[Element]:
    """The root without its children, then each outermost element with a name in `wanted`, in order, as it is complete.

    Of elements with a name in `heads` only the attributes come, as soon as they begin.
    Memory is bounded by the largest wanted element. Raises WireFault, after what was complete before it, with code
    `xml-size`, `xml-doctype`, `xml-depth` or `xml-syntax`; its offset is the beginning of the line in
    the file as received.
    """
    body = document.body
    if len(body) > BYTES_MAX:
        raise WireFault("xml-size", BYTES_MAX, LIMITS)
    parser = guarded_parser("utf-8" if document.wide else None)
    open_elements = _OpenElements(wanted, heads)
    try:
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
            yield from open_elements.take(parser)
        parser.close()
        yield from open_elements.take(parser)
    except etree.XMLSyntaxError as fault:
        yield from open_elements.take(parser)
        yield from open_elements.rest()
        (place,) = document.received((_line_offset(body, fault.lineno),))
        raise WireFault("xml-syntax", place, CLAUSE) from None


class _OpenElements:
    """Where the parser stands: the depth, and the wanted element that is open."""

    def __init__(self, wanted: Collection[str], heads: Collection[str]) -> None:
        self._wanted = wanted
        self._heads = heads
        self._depth = 0
        self._open: etree._Element | None = None
        self._open_depth = 0
        self._ended: list[etree._Element] = []

    def take(self, parser: "etree.XMLPullParser") -> Iterator[Element]:
        """What the parser found since it was asked last."""
        for event, element in parser.read_events():
            if not isinstance(element, etree._Element):
                continue  # only `start` and `end` were asked for
            if event == "start":
                self._depth += 1
                if self._depth == 1:
                    refuse_dtd(element)
                    yield Element(_name(element.tag), _attributes(element), "", ())
                if self._depth > DEPTH_MAX:
                    yield from self.rest()
                    raise WireFault("xml-depth", 0, LIMITS)
                name = _name(element.tag)
                if self._open is None and name in self._wanted:
                    self._open, self._open_depth = element, self._depth
                elif self._open is None and self._depth > 1 and name in self._heads:
                    yield Element(name, _attributes(element), "", ())
            else:
                self._depth -= 1
                if self._open is not None and element is self._open:
                    self._open = None
                    self._ended.clear()
                    yield _plain(element)
                    forget(element)
                elif self._open is None:
                    forget(element)
                elif self._depth == self._open_depth:
                    self._ended.append(element)

    def rest(self) -> Iterator[Element]:
        """The wanted element that never ended, with its complete children."""
        if self._open is not None:
            children = tuple(_plain(child) for child in self._ended)
            yield Element(_name(self._open.tag), _attributes(self._open), "", children, whole=False)
            self._open = None


def places_of(document: Utf8, name: str) -> Iterator[int]:
    """The byte of each start tag of this name, whatever its prefix and case; a guess where comments hold tags too."""
    pattern = re.compile(rb"<(?:[\w.\-]+:)?" + name.encode() + rb"(?=[\s/>])", re.IGNORECASE)
    return document.received(found.start() for found in pattern.finditer(document.body))


def _plain(element: "etree._Element") -> Element:
    """The element and all below it; the depth is bounded by now."""
    children = tuple(_plain(child) for child in element if isinstance(child.tag, str))
    return Element(_name(element.tag), _attributes(element), (element.text or "").strip(), children)


def _attributes(element: "etree._Element") -> dict[str, str]:
    return {_name(name): str(value) for name, value in element.attrib.items()}


@lru_cache(maxsize=4096)  # a few dozen names make up a document
def _name(tag: object) -> str:
    return local_name(tag).lower()


def _line_offset(body: bytes, line: int | None) -> int:
    """The byte where a line (1-based) begins; 0 where it is not known."""
    at = 0
    for _ in range((line or 1) - 1):
        found = body.find(b"\n", at)
        if found < 0:
            break
        at = found + 1
    return at
