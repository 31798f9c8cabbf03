"""What every reader of XML keeps to: no DTD, no entities, no network, bounded depth, memory freed as it is read."""

from typing import Final

from lxml import etree

from pnr_pipeline.errors import WireFault

DEPTH_MAX: Final = 32
CLAUSE: Final = "W3C XML 1.0"
LIMITS: Final = "DESIGN 10"


def guarded_parser(encoding: str | None = None) -> "etree.XMLPullParser":
    """A parser fed in chunks that tells the start and the end of each element and fetches nothing.

    `encoding` overrides what the document says of itself; None leaves it to the document.
    """
    return etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
        encoding=encoding,
    )


def refuse_dtd(root: "etree._Element") -> None:
    """Raises WireFault `xml-doctype` where the document of this root has a DTD."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise WireFault("xml-doctype", 0, LIMITS)


def local_name(tag: object) -> str:
    """The name of an element or attribute without its namespace."""
    return str(tag).rpartition("}")[2]


def forget(element: "etree._Element") -> None:
    """Free what was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
