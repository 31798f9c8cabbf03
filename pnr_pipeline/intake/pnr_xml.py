"""PNRGOV XML into messages (FORMATS 4.8): the same records, the same allow-list and the same joins as for EDIFACT.

The root may be `IATA_PNRGOV_NotifRQ` or a State's wrapper; elements and attributes are known by name whatever their
namespace and case. Service requests go through the readers of SSR texts, so both forms are judged by one rule.
"""

from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from pnr_pipeline.errors import WireFault
from pnr_pipeline.intake.content import MessageHead
from pnr_pipeline.intake.pnr_xml_booking import read_booking, read_flight, xml_time
from pnr_pipeline.intake.pnrgov_close import close_booking, flights_of, mark_no_shows, note_counts
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_infants import InfantLines
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import Message, MessageKind
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.pnr_xml import BLANKS, NOTHING, Element, as_utf8, places_of, read_elements

_CASES: Final = {"xml-doctype": "doctype", "xml-depth": "depth", "xml-size": "size", "xml-syntax": ""}

_NO_PUSH: Final = frozenset(("iata_pnrgov_notifrs", "iata_pnrgov_rq", "iata_pnrgov_rs"))
"""The answer to a push, and requests for data: to be confirmed with the guide."""


def read_pnr_xml(body: bytes, rulebook: Rulebook, now: datetime) -> list[Message]:
    """The message in an XML body; a list of one, as every reader of whole bodies gives a list.

    Never raises for any bytes: where the XML breaks off, a finding says so (XML-01), the bookings and passengers that
    were complete before it are kept, and the message is not `complete`. Kind UNREADABLE if there is no booking at
    all. `now` (UTC) decides centuries where no flight does. The id is the SHA-256 of the body without byte order mark
    and outer blanks, with `:1`.
    """
    message_id = f"{sha256(body.strip(BLANKS)).hexdigest()}:1"
    return [_Reader(body, rulebook, now).read(message_id)]


class _Reader:
    """One document while it is read."""

    def __init__(self, body: bytes, rulebook: Rulebook, now: datetime) -> None:
        self.document = as_utf8(body)
        self.draft = MessageDraft(rulebook, now.date(), 0)
        self.root = self.originator = NOTHING
        self.legs: list[FlightLeg] = []
        self.bookings: list[Booking] = []
        self.travellers: list[Traveller] = []
        self.told: int | None = None
        self.complete = True
        self.passenger_places = places_of(self.document, "passenger")
        self.booking_places = places_of(self.document, "pnr")

    def read(self, message_id: str) -> Message:
        """The message, whatever the bytes."""
        try:
            elements = read_elements(self.document, ("originator", "flightleg", "pnr"), heads=("pnrs",))
            self.root = next(elements, NOTHING)
            for element in elements:
                self._take(element)
                if len(self.bookings) > self.draft.rules.limits.bookings:
                    return self._too_large(message_id)
        except WireFault as fault:
            self.complete = False
            self.draft.note("XML-01", case=_CASES[fault.code], offset=fault.offset)
        if not self.bookings and not (self.legs and self.told == 0):
            return self._without_bookings(message_id)
        self._unshare_references()
        flights = flights_of(self.draft, self.legs, self.bookings)
        prepared = xml_time(self.root.get("timestamp"))
        self.draft.pools.close(self.travellers)
        mark_no_shows(
            self.draft, MessageHead("PNR-XML", prepared_at=prepared), self.travellers, self.bookings, self.legs
        )
        note_counts(self.draft, MessageHead("PNR-XML"), self.told, len(self.bookings))
        self.draft.close()
        root = self.root
        return Message(
            message_id,
            "PNR-XML",
            version=root.get("version"),
            sender=self.originator.get("airlinecode", "systemcode"),
            reference=root.get("transactionidentifier"),
            access_reference=root.get("correlationid"),
            prepared_at=prepared,
            complete=self.complete,
            total=self.told,
            flights=flights,
            travellers=tuple(self.travellers),
            bookings=tuple(self.bookings),
            findings=tuple(self.draft.findings),
            dropped=self.draft.dropped,
        )

    def _without_bookings(self, message_id: str) -> Message:
        """An answer or a request, or what is no message; a push that says that it has no bookings is one."""
        kind: MessageKind = "UNREADABLE"
        if self.root.name in _NO_PUSH:
            kind = "OTHER"
            self.draft.note("ENV-10", offset=0)
        elif self.complete:
            self.draft.note("XML-01", case="no-booking", offset=0)
        return Message(message_id, kind, complete=False, findings=tuple(self.draft.findings))

    def _too_large(self, message_id: str) -> Message:
        """A message without bookings, which is set aside whole."""
        over = self.draft.rulebook.finding("ENV-08", case="limit", offset=self.bookings[-1].offset)
        return Message(message_id, "PNR-XML", complete=False, flights=tuple(self.legs), findings=(over,))

    def _unshare_references(self) -> None:
        """Take SurnameRefNumber from those who share it: some senders name a family by it, and records join by it."""
        shared = Counter(traveller.carrier_reference for traveller in self.travellers)
        self.travellers = [
            msgspec.structs.replace(traveller, carrier_reference=None)
            if shared[traveller.carrier_reference] > 1
            else traveller
            for traveller in self.travellers
        ]

    def _take(self, element: Element) -> None:
        if element.name == "originator":
            self.originator = element
        elif element.name == "flightleg":
            self.legs.append(read_flight(element))
            self.draft.depart(self.legs[0])
        elif element.name == "pnrs":
            number = element.get("numberofpnrs")
            self.told = int(number) if number.isdecimal() and len(number) < 7 else None
        else:
            read = read_booking(
                element, self.draft, self.legs[:1], next(self.booking_places, -1), self.passenger_places
            )
            record, travellers = close_booking(
                read.booking, self.draft, read.services, InfantLines(), len(self.bookings), len(self.travellers)
            )
            self.bookings.append(record)
            self.travellers += travellers
