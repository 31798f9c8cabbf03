"""Bytes as received into messages: the only door of intake.

One message comes out for each UNH (or each XML message), and at least one for any bytes at all. Bad data are findings
in the message; nothing is raised, nothing is kept that has no field in the records.
"""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from pnr_pipeline.errors import WireFault
from pnr_pipeline.intake.ackres import read_ackres
from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.csv_upload import is_csv, read_csv
from pnr_pipeline.intake.cusres import read_cusres
from pnr_pipeline.intake.envelope import Part, open_envelope
from pnr_pipeline.intake.govreq import read_govreq
from pnr_pipeline.intake.message_sets import mark_complete_sets
from pnr_pipeline.intake.paxlst import read_paxlst
from pnr_pipeline.intake.pnrgov import read_pnrgov
from pnr_pipeline.intake.quality import check_content
from pnr_pipeline.intake.quality_syntax import RUN_MAX, check_lengths
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.intake.sensitive_texts import without_words_for_references
from pnr_pipeline.records.answer import ReplyTo
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.message import Message
from pnr_pipeline.wire.csv_table import Charset
from pnr_pipeline.wire.edifact.charset import charset_of, raise_case, recode
from pnr_pipeline.wire.edifact.reader import SegmentReader
from pnr_pipeline.wire.edifact.segment_list import SegmentList
from pnr_pipeline.wire.transport import Interchange, interchanges

_BLANKS: Final = b" \t\r\n\f\v\0\xef\xbb\xbf"
_BEFORE_XML: Final = _BLANKS + b"\xff\xfe"
"""Blanks and the byte order marks of UTF-8 and UTF-16."""
MESSAGES_MAX: Final = 50_000
_HEADER_SEGMENTS_MAX: Final = 12
"""Where RFF TN stands: right behind BGM, or behind what carriers put between."""
_FLIGHT_TAGS: Final = {"PAXLST": "TDT", "PNRGOV": "TVL"}
_FOREIGN: Final = re.compile(rb"[\x80-\xff]")
_TEXT_ONLY: Final = ("unterminated-segment", "release-at-end")


def decode(body: bytes, *, rulebook: Rulebook, now: datetime, charset: Charset = "utf-8") -> list[Message]:
    """All messages in a file as received: PAXLST, PNRGOV, CUSRES, ACKRES, GOVREQ in EDIFACT, PNRGOV in XML.

    Never raises and never returns an empty list: what cannot be read is a message of kind UNREADABLE with findings.
    `now` is the time of receipt, aware UTC; it decides centuries where a message tells no flight. Offsets point into
    `body`. Linear in the body, which is read up to 64 MiB and 50,000 messages.
    """
    if body.lstrip(_BEFORE_XML)[:1] == b"<":
        return _read_xml(body, rulebook, now)
    if is_csv(body):
        return read_csv(body, rulebook, now, charset)
    messages: list[Message] = []
    for interchange in interchanges(body):
        if len(messages) == MESSAGES_MAX:
            over = rulebook.finding("ENV-08", case="limit", offset=interchange.received(0))
            messages[-1] = msgspec.structs.replace(messages[-1], findings=(*messages[-1].findings, over))
            break
        messages += _read_interchange(interchange, rulebook, now, MESSAGES_MAX - len(messages))
    if messages:
        return mark_complete_sets(messages, rulebook)
    case = "" if body.strip(_BLANKS) else "empty"
    return [_unreadable(sha256(body).hexdigest(), [rulebook.finding("ENV-01", case=case, offset=0)])]


def _unreadable(digest: str, findings: list[Finding]) -> Message:
    return Message(f"{digest}:1", "UNREADABLE", complete=False, findings=tuple(findings))


def _read_xml(body: bytes, rulebook: Rulebook, now: datetime) -> list[Message]:
    from pnr_pipeline.intake.pnr_xml import read_pnr_xml  # lxml takes its time to load, and most feeds are EDIFACT

    digest = sha256(body.strip(_BLANKS)).hexdigest()
    messages: list[Message] = []
    for ordinal, message in enumerate(read_pnr_xml(body, rulebook, now), start=1):
        content = Content(
            message.function, message.flights, message.travellers, message.bookings, findings=list(message.findings)
        )
        if message.kind == "PNR-XML":
            check_content(content, MessageHead("PNR-XML", sender=message.sender), rulebook, now, None)
        told = msgspec.structs.replace(
            message,
            message_id=f"{digest}:{ordinal}",
            travellers=content.travellers,
            findings=tuple(content.findings),
        )
        messages.append(without_words_for_references(told, rulebook.intake.sensitive))
    return messages


def _read_interchange(interchange: Interchange, rulebook: Rulebook, now: datetime, messages_max: int) -> list[Message]:
    """The messages of one interchange; findings on the interchange itself stand with its first message."""
    findings = [
        rulebook.finding("ENV-08", case="limit", offset=offset)
        if code == "limit"
        else rulebook.finding("ENV-11", case=code, offset=offset)
        for code, offset in interchange.oddities
    ]
    segments, fault = _segments(interchange, rulebook, findings)
    if segments and segments[0].tag == "UIB":
        findings.append(rulebook.finding("ENV-10", case="interactive", offset=segments[0].offset, segment="UIB"))
        return [_unreadable(interchange.digest, findings)]
    opened = open_envelope(segments, interchange.separators, rulebook)
    findings += opened.findings
    if not interchange.closed and segments and segments[0].tag == "UNB":
        findings.append(rulebook.finding("ENV-04", case="no-unz", offset=segments[-1].offset))
    if not opened.parts:
        findings.append(rulebook.finding("ENV-01", case="no-message", offset=interchange.received(0)))
        return [_unreadable(interchange.digest, findings)]
    if len(opened.parts) > messages_max:
        offset = opened.parts[messages_max].head.offset
        findings.append(rulebook.finding("ENV-08", case="limit", offset=offset, segment="UNH"))
        del opened.parts[messages_max:]
    last = opened.parts[-1]
    if fault is not None:
        if last.cut:
            case = "unfinished" if fault.code in _TEXT_ONLY else "limit"
            last.findings.append(rulebook.finding("ENV-08", case=case, offset=fault.offset))
        else:
            findings.append(rulebook.finding("ENV-11", case="text-around", offset=fault.offset))
    messages: list[Message] = []
    for ordinal, part in enumerate(opened.parts, start=1):
        if part.cut and not (part is last and fault is not None):
            part.findings.append(rulebook.finding("ENV-08", offset=part.head.offset, segment="UNH"))
        part.findings[:0] = findings
        findings = []
        messages.append(_read_message(f"{interchange.digest}:{ordinal}", part, rulebook, now))
    return messages


def _segments(
    interchange: Interchange, rulebook: Rulebook, findings: list[Finding]
) -> tuple[SegmentList, WireFault | None]:
    """All segments with offsets into the file, values in their alphabet, and the fault that ended the reading."""
    start = interchange.start
    reader = SegmentReader(interchange.separators, first_offset=start)
    reader.feed(interchange.text)
    segments = reader.take()
    fault = None
    try:
        reader.end()
    except WireFault as raised:
        fault = WireFault(raised.code, interchange.received(raised.offset - start), raised.clause)
    if interchange.moved:
        segments.move(lambda offset: interchange.received(offset - start))
    for code, (offset, count) in reader.oddities.items():
        place = interchange.received(offset - start)
        findings.append(rulebook.finding("SYN-01", case=code, offset=place, detail=f"{count} times"))
    if "lower-case-tag" in reader.oddities:
        segments.change(raise_case)
    declared = segments[0].get(1).upper() if segments and segments[0].tag == "UNB" else ""
    if reader.longest > RUN_MAX:
        findings += check_lengths(interchange, rulebook)
    charset = charset_of(interchange.text, declared)
    if charset.codec != "ascii":
        segments.change(lambda segment: recode(segment, charset.codec), foreign_only=True)
    if charset.outside:
        foreign = _FOREIGN.search(interchange.text)
        place = interchange.received(foreign.start() if foreign else 0)
        findings.append(rulebook.finding("ENV-07", offset=place))
    elif declared == "UNOA" and interchange.text != interchange.text.upper():
        findings.append(rulebook.finding("ENV-07", case="lower-case", offset=interchange.received(0), segment="UNB"))
    return segments, fault


def _read_message(message_id: str, part: Part, rulebook: Rulebook, now: datetime) -> Message:
    head = part.head
    content = _content(part, rulebook, now)
    message = Message(
        message_id=message_id,
        kind=head.kind,
        version=head.version,
        sender=head.sender,
        recipient=head.recipient,
        function=content.function,
        complete=content.complete and not part.cut and head.last_of_set and head.sequence <= 1,
        in_full=content.in_full,
        test=head.test,
        reference=head.reference,
        access_reference=head.access_reference,
        sequence=head.sequence,
        last_of_set=head.last_of_set,
        total=content.total,
        prepared_at=head.prepared_at,
        flights=content.flights,
        travellers=content.travellers,
        bookings=content.bookings,
        findings=(*part.findings, *content.findings),
        dropped=content.dropped,
        offset=head.offset,
        reply_to=_reply_to(part),
        points=content.points,
    )
    return without_words_for_references(message, rulebook.intake.sensitive)


def _reply_to(part: Part) -> ReplyTo | None:
    """The address of an answer, with the transaction (RFF TN) that the header of a list or of its answer tells."""
    address = part.head.reply_to
    if address is not None:
        for segment in part.body[:_HEADER_SEGMENTS_MAX].cut():
            if segment.tag == "RFF" and segment.get(1) == "TN":
                told = (segment.get(1, 1).strip(), segment.get(1, 4).strip())
                return msgspec.structs.replace(address, transaction=told)
    return address


def _content(part: Part, rulebook: Rulebook, now: datetime) -> Content:
    """What the reader of the message's type makes of it, checked."""
    head = part.head
    content: Content
    match head.kind:
        case "PAXLST":
            content = read_paxlst(part.body, head, rulebook, now)
        case "PNRGOV":
            bookings = part.body.places(("SRC",))
            if len(bookings) > (most := rulebook.intake.limits.bookings):
                over = part.body[bookings[most]].offset
                found = rulebook.finding("ENV-08", case="limit", offset=over, segment="SRC")
                return Content(findings=[found], complete=False)
            content = read_pnrgov(part.body.cut(), head, rulebook, now)
        case "CUSRES":
            return read_cusres(part.body.cut(), head, rulebook, now)
        case "ACKRES":
            return read_ackres(part.body.cut())
        case "GOVREQ":
            return read_govreq(part.body.cut())
        case _:
            return Content(findings=[rulebook.finding("ENV-10", offset=head.offset, segment="UNH")])
    tag = _FLIGHT_TAGS[head.kind]
    check_content(content, head, rulebook, now, part.body.first(tag))
    return content
