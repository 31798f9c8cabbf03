"""XML that may be larger than memory, one wanted element at a time: no DTD, no entities, no network, bounded depth.

For published lists of hundreds of megabytes. Names of elements and attributes lose their namespace and keep their case.
Sans-IO: chunks of bytes in, elements out.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from lxml import etree

from pnr_pipeline.errors import WireFault
from pnr_pipeline.wire.xml_guard import CLAUSE, DEPTH_MAX, LIMITS, forget, guarded_parser, local_name, refuse_dtd

ELEMENT_BYTES_MAX: Final = 16 * 1024 * 1024
"""What may be read before a wanted element ends: bounds the memory that one element can take."""


class Node:
    """One complete element: asked for texts and attributes by name, so that no reader walks a tree by hand."""

    __slots__ = ("_element",)

    def __init__(self, element: "etree._Element") -> None:
        self._element = element

    @property
    def name(self) -> str:
        """The local name."""
        return local_name(self._element.tag)

    @property
    def line(self) -> int:
        """Line in the file, 1-based."""
        line: int | None = self._element.sourceline  # type: ignore[assignment]  # lxml-stubs has no type for it
        return line or 0

    @property
    def own_text(self) -> str:
        """What stands before the first child, trimmed."""
        return (self._element.text or "").strip()

    def get(self, attribute: str) -> str:
        """An attribute, trimmed; '' where it is not."""
        return str(self._element.get(attribute, "")).strip()

    def all(self, *path: str) -> Iterator["Node"]:
        """All elements below by this path of names."""
        step, *rest = path
        for child in self._element:
            if isinstance(child.tag, str) and local_name(child.tag) == step:
                if rest:
                    yield from Node(child).all(*rest)
                else:
                    yield Node(child)

    def first(self, *path: str) -> "Node | None":
        """The first element below by this path."""
        return next(self.all(*path), None)

    def text(self, *path: str) -> str:
        """The text of the first element below by this path; '' where it is not."""
        found = self.first(*path)
        return found.own_text if found else ""

    def texts(self, *path: str) -> list[str]:
        """The texts, none empty, of all elements below by this path."""
        return [text for found in self.all(*path) if (text := found.own_text)]


def read_nodes(chunks: Iterable[bytes], wanted: Collection[str]) -> Iterator[Node]:
    """Each outermost element with a name in `wanted`, as soon as it is complete; it is forgotten with the next one.

    Raises WireFault `xml-syntax`, `xml-doctype`, `xml-depth` or `xml-size`, after what was complete before it; its
    offset is the number of bytes read.
    """
    parser = guarded_parser()
    reader = _Reader(wanted)
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield from reader.take(parser, len(chunk))
        parser.close()
        yield from reader.take(parser, 0)
    except etree.XMLSyntaxError:
        yield from reader.take(parser, 0)
        raise WireFault("xml-syntax", reader.bytes_read, CLAUSE) from None


class _Reader:
    """Where the parser stands."""

    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = wanted
        self._depth = 0
        self._open: etree._Element | None = None
        self._open_since = 0
        self.bytes_read = 0

    def take(self, parser: "etree.XMLPullParser", size: int) -> Iterator[Node]:
        self.bytes_read += size
        for event, element in parser.read_events():
            if not isinstance(element, etree._Element):
                continue  # only `start` and `end` were asked for
            if event == "start":
                self._start(element)
            else:
                self._depth -= 1
                if element is self._open:
                    self._open = None
                    yield Node(element)
                if self._open is None:
                    forget(element)
        if self._open is not None and self.bytes_read - self._open_since > ELEMENT_BYTES_MAX:
            raise WireFault("xml-size", self.bytes_read, LIMITS)

    def _start(self, element: "etree._Element") -> None:
        self._depth += 1
        if self._depth == 1:
            refuse_dtd(element)
        if self._depth > DEPTH_MAX:
            raise WireFault("xml-depth", self.bytes_read, LIMITS)
        if self._open is None and local_name(element.tag) in self._wanted:
            self._open, self._open_since = element, self.bytes_read
