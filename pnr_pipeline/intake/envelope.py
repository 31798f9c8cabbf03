"""The envelope around messages: UNB, UNG, UNH, UNT, UNE, UNZ and their checks (FORMATS 1.3 and 1.5).

All checks are findings: a wrong count or reference never costs a passenger. Only a missing UNH leaves nothing to read.
"""

from itertools import pairwise
from typing import Final

import msgspec

from pnr_pipeline.intake.content import MessageHead
from pnr_pipeline.intake.dates import dtm_time
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.answer import ReplyTo
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.message import MessageKind
from pnr_pipeline.wire.edifact.segment import Segment, Separators
from pnr_pipeline.wire.edifact.segment_list import SegmentList

_SERVICE: Final = frozenset({"UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"})
_KINDS: Final[dict[str, MessageKind]] = {
    "PAXLST": "PAXLST",
    "PNRGOV": "PNRGOV",
    "CUSRES": "CUSRES",
    "ACKRES": "ACKRES",
    "GOVREQ": "GOVREQ",
}
_ASKED, _TEST = 9, 11
"""Positions of 0031 (acknowledgement asked) and 0035 (test) in UNB."""


class Part(msgspec.Struct):
    """One message of an interchange: its head, the segments between UNH and UNT, and findings on its envelope.

    `cut` where UNT is missing.
    """

    head: MessageHead
    body: SegmentList
    findings: list[Finding]
    cut: bool


class Opened(msgspec.Struct):
    """An interchange taken apart: its messages, and findings on the interchange itself."""

    parts: list[Part]
    findings: list[Finding]


def open_envelope(segments: SegmentList, separators: Separators, rulebook: Rulebook) -> Opened:
    """Take an interchange apart. Messages end at UNT, or where the next service segment shows that UNT is missing."""
    opened = Opened([], [])
    find = _Finder(rulebook, opened.findings)
    interchange: Segment | None = None
    group: Segment | None = None
    groups = messages_of_group = 0
    references: set[str] = set()
    places = segments.places(_SERVICE)
    for index, stop in pairwise([*places, len(segments)]):
        segment = segments[index]
        match segment.tag:
            case "UNB":
                interchange = segment
            case "UNG":
                if group is not None:
                    find("ENV-04", group, "no-une")
                group = segment
                groups += 1
                messages_of_group = 0
            case "UNH":
                head = _head(segment, interchange, group, separators)
                following = segments[stop] if stop < len(segments) else None
                trailer = following if following is not None and following.tag == "UNT" else None
                part = Part(head, segments[index + 1 : stop], [], cut=trailer is None)
                messages_of_group += 1
                if head.reference in references:
                    find("ENV-05", segment, "same-message-reference")
                references.add(head.reference)
                if trailer is not None:
                    _check_trailer(trailer, head.reference, len(part.body) + 2, _Finder(rulebook, part.findings))
                opened.parts.append(part)
            case "UNE":
                if group is not None:
                    _check_count(segment, messages_of_group, find)
                    if segment.get(2).strip() != group.get(5).strip():
                        find("ENV-03", segment)
                group = None
            case "UNZ":
                if group is not None:
                    find("ENV-04", group, "no-une")
                    group = None
                _check_count(segment, groups or len(opened.parts), find)
                if interchange is not None and segment.get(2).strip() != interchange.get(5).strip():
                    find("ENV-03", segment)
    if interchange is None:
        find("ENV-01", segments[0] if segments else None, "no-unb")
    elif interchange.get(_TEST).strip() == "1":
        find("ENV-06", interchange)
    return opened


class _Finder:
    __slots__ = ("_findings", "_rulebook")

    def __init__(self, rulebook: Rulebook, findings: list[Finding]) -> None:
        self._rulebook = rulebook
        self._findings = findings

    def __call__(self, rule: str, segment: Segment | None, case: str = "", detail: str = "") -> None:
        offset, tag = (segment.offset, segment.tag) if segment is not None else (0, "")
        self._findings.append(self._rulebook.finding(rule, case=case, offset=offset, segment=tag, detail=detail))


def _head(unh: Segment, unb: Segment | None, ung: Segment | None, separators: Separators) -> MessageHead:
    """What the header segments say; the group speaks where UNB is missing, or UNH lacks the type."""
    kind = unh.get(2).strip().upper() or (ung.get(1).strip().upper() if ung else "")
    outer = unb if unb is not None else ung
    at = f"{outer.get(4)}{outer.get(4, 1)}" if outer is not None else ""
    told = unh.get(4).strip()
    sequence = int(told) if told.isascii() and told.isdigit() and len(told) <= 6 else 0
    mark = unh.get(4, 1).strip().upper()
    version = ":".join(part for position in (1, 2) if (part := unh.get(2, position).strip()))
    return MessageHead(
        kind=_KINDS.get(kind, "OTHER"),
        type=kind,
        version=version,
        sender=outer.get(2).strip() if outer is not None else "",
        recipient=outer.get(3).strip() if outer is not None else "",
        reference=unh.get(1).strip(),
        access_reference=unh.get(3).strip(),
        prepared_at=dtm_time(at) if at else None,
        sequence=sequence,
        last_of_set=mark == "F" or (mark == "" and sequence <= 1),
        test=unb is not None and unb.get(_TEST).strip() == "1",
        separators=separators,
        offset=unh.offset,
        reply_to=_reply_to(outer, unh, unb, ung, separators) if outer is not None else None,
    )


def _reply_to(
    outer: Segment, unh: Segment, unb: Segment | None, ung: Segment | None, separators: Separators
) -> ReplyTo:
    """What an answer takes from the envelope; `outer` is the group where UNB is missing."""
    return ReplyTo(
        syntax=_told(unb, 1) or ("UNOA", "4"),
        sender=_told(outer, 2),
        recipient=_told(outer, 3),
        reference=outer.get(5).strip(),
        application=unb.get(7).strip() if unb is not None else "",
        group=_told(ung, 7),
        identifier=_told(unh, 2),
        separators="".join(mark or " " for mark in separators),
        asked=unb is not None and unb.get(_ASKED).strip() in ("1", "2"),
    )


def _told(segment: Segment | None, position: int) -> tuple[str, ...]:
    """The components at a position, at most as many as any of the envelope has."""
    return tuple(part.strip() for part in segment.components(position)[:7]) if segment is not None else ()


def _check_trailer(unt: Segment, reference: str, segments: int, find: _Finder) -> None:
    told = unt.get(1).strip()
    if not (told.isascii() and told.isdigit()):
        find("ENV-02", unt, "not-a-number")
    elif int(told[:9]) != segments:
        find("ENV-02", unt, detail=f"{segments} counted")
    if unt.get(2).strip() != reference:
        find("ENV-03", unt)


def _check_count(trailer: Segment, here: int, find: _Finder) -> None:
    told = trailer.get(1).strip()
    if not (told.isascii() and told.isdigit() and int(told[:9]) == here):
        find("ENV-04", trailer, detail=f"{here} counted")
