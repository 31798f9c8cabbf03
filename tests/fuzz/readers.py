"""Each reader as one function of bytes that must never raise, with the bytes its fuzzing begins with."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import NamedTuple

import msgspec
import seeds

from pnr_pipeline.errors import RuleFault, WireFault
from pnr_pipeline.intake import Rulebook, decode, ssr, ssr_contacts, ssr_documents
from pnr_pipeline.intake.pnr_xml import read_pnr_xml
from pnr_pipeline.records import Finding, Message
from pnr_pipeline.screening.list_formats.formats import FORMATS, CsvForm, read_list
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.wire import mrz
from pnr_pipeline.wire.edifact.reader import SegmentReader
from pnr_pipeline.wire.transport import interchanges

NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)
COLUMNS = CsvForm({"id": "number", "surname": "name", "given": "given", "dob": "born", "number": "doc"})
RULEBOOK = Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"))


class Target(NamedTuple):
    """`read` gives the findings; it asserts what must hold of the records."""

    read: Callable[[bytes], Iterable[Finding]]
    seeds: Callable[[], list[bytes]]
    edifact: bool = True


def read_segments(body: bytes) -> list[Finding]:
    """Segments, fed in two pieces; where they are cut changes nothing."""
    whole, pieces = SegmentReader(), SegmentReader()
    whole.feed(body)
    at = len(body) // 3
    pieces.feed(body[:at])
    first = pieces.drain()
    pieces.feed(body[at:])
    told = [(one.tag, one.elements, one.offset) for one in whole.drain()]
    assert told == [(one.tag, one.elements, one.offset) for one in first + pieces.drain()]
    for reader in (whole, pieces):
        try:
            reader.end()
        except WireFault as fault:
            assert 0 <= fault.offset <= len(body)
    return []


def read_transport(body: bytes) -> list[Finding]:
    """Interchanges; every byte of each leads back into the file."""
    for found in interchanges(body):
        assert 0 <= found.received(0) <= found.received(len(found.text)) <= len(body) + 1
        assert all(0 <= offset <= len(body) for _, offset in found.oddities)
    return []


def read_message(body: bytes) -> Iterable[Finding]:
    """The whole of decode."""
    return sound(body, decode(body, rulebook=RULEBOOK, now=NOW))


def read_xml(body: bytes) -> Iterable[Finding]:
    """PNRGOV in XML."""
    return sound(body, read_pnr_xml(body, RULEBOOK, NOW))


def sound(body: bytes, messages: Sequence[Message]) -> list[Finding]:
    """The findings of messages that are consistent in themselves."""
    assert messages
    for message in messages:
        assert message.kind != "UNREADABLE" or (message.findings and not message.travellers)
        assert [one.ordinal for one in message.travellers] == list(range(1, len(message.travellers) + 1))
        assert all(-1 <= found.offset <= len(body) for found in message.findings)
        msgspec.json.encode(message)
    return [found for message in messages for found in message.findings]


_TEXT_READERS: tuple[Callable[[str], object], ...] = (
    ssr.normal_reference, ssr.seat_number, ssr.seats_in_text, ssr.day_in_text, ssr.name_in_text, ssr.read_infant,
    ssr.read_ticket, ssr.named_in_tail, ssr_contacts.read_osi_contact, ssr_contacts.phone_or_email,
    ssr_documents.read_docs, ssr_documents.read_visa, ssr_documents.read_address, ssr_documents.read_identification,
)  # fmt: skip


def read_service_text(body: bytes) -> list[Finding]:
    """Texts of service requests, each by every reader of texts."""
    text = body.decode("latin-1")
    for reader in _TEXT_READERS:
        reader(text)
    ssr.read_loyalty(text, "QX")
    return []


def read_zone(body: bytes) -> list[Finding]:
    """A machine readable zone, whose faults point into it."""
    reading = mrz.read(body.decode("utf-8", "replace"))
    assert reading.zone is not None or reading.faults
    assert all(fault.line >= 0 and fault.position >= 0 for fault in reading.faults)
    return []


def read_watchlist(body: bytes) -> list[Finding]:
    """A list, by the reader that its first byte names; it is read, or refused whole with its place."""
    form = FORMATS[body[0] % len(FORMATS)] if body else FORMATS[0]
    name = "sdn.csv" if form == "ofac-csv" else "list"
    try:
        found = read_list(form, {name: BytesIO(body[1:])}, "demo", COLUMNS)
    except (RuleFault, WireFault) as fault:
        return [Finding("list", "E", 0, str(fault))]
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert all(entry.names or entry.documents for entry in found.entries)
    return [Finding("list", "E", 0, one.reason) for one in found.findings]


TARGETS = {
    "segments": Target(read_segments, seeds.edifact),
    "transport": Target(read_transport, seeds.edifact),
    "paxlst": Target(read_message, lambda: seeds.edifact("PAXLST")),
    "pnrgov": Target(read_message, lambda: seeds.edifact("PNRGOV")),
    "answers": Target(read_message, seeds.answers),
    "csv": Target(read_message, seeds.tables, edifact=False),
    "pnr-xml": Target(read_xml, lambda: seeds.named("*.xml"), edifact=False),
    "mrz": Target(read_zone, seeds.zones, edifact=False),
    "watchlists": Target(read_watchlist, seeds.lists, edifact=False),
    "service-text": Target(read_service_text, seeds.service_texts, edifact=False),
}
