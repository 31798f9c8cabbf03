"""One booking while it is read: locators, agency, contacts, tickets, payment (groups 1, 3, 4 and 8 of PNRGOV)."""

import re
from functools import lru_cache
from typing import NamedTuple

import msgspec

from pnr_pipeline.intake.dates import day_month_year, local_time
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_party import Party, Person
from pnr_pipeline.intake.pnrgov_payment import Purse, mask_cards
from pnr_pipeline.intake.ssr_contacts import is_travellers, phones_or_email, read_contact, read_osi_contact
from pnr_pipeline.records.booking import Booking, Contact, ContactKind, HistoryEntry
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.wire.edifact.segment import Segment

_CODE = re.compile(r"[A-Z0-9][A-Z0-9 /.\-]{0,34}")
_LOCATOR, _COMPANY = re.compile(r"[A-Z0-9]{1,14}"), re.compile(r"[A-Z0-9]{1,4}")
_AMOUNT_OR_UNIT = re.compile(r"\d{1,9}(?:\.\d{1,3})?|[A-Z]{1,3}")
_DATE, _TIME = re.compile(r"\d{6}|\d{8}"), re.compile(r"\d{3,4}|\d{6}")
_EXCESS_MAX = 50
_DCS_REFERENCE = "C"
"""RCI 9958: a reference of the departure control system, which received no booking."""
NO_SEAT = frozenset(("HX", "XX", "XK", "XR", "UN", "UC", "NO", "GO", "GN"))  # cancelled, refused, passive
_POSTCODE = re.compile(r"(?=\D*\d)[A-Z0-9]{2,5}[ \-]?[A-Z0-9]{1,4}")
_CONTACT_PURPOSES = frozenset(("700", "702", "E", ""))


class _Owned(NamedTuple):
    """A contact and whose it is; None for the whole party."""

    kind: ContactKind
    value: str
    person: Person | None


class BookingDraft:
    """What a booking grows into; `record` freezes it. Lists keep the order of the message."""

    __slots__ = (
        "agency", "agent", "cancelled", "carrier", "changed", "contacts", "created", "created_offset", "excess",
        "group_name", "group_size", "history", "known_locators", "legs", "locator", "locators", "no_record", "offset",
        "party", "purse", "remarks", "seats", "split_from", "split_size", "status",
    )  # fmt: skip

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.party = Party()
        self.locator = ""
        self.carrier = ""
        self.locators: dict[str, None] = {}
        self.known_locators: set[str] = set()
        self.created: str | None = None
        self.created_offset = offset
        self.changed: str | None = None
        self.agency = ""
        self.agent = ""
        self.contacts: dict[_Owned, None] = {}
        self.group_name = ""
        self.group_size: int | None = None
        self.legs: list[FlightLeg] = []
        self.status: list[str] = []
        self.seats: dict[str, int] = {}
        self.purse = Purse()
        self.excess: list[str] = []
        self.split_from: list[str] = []
        self.split_size: int | None = None
        self.no_record = False
        self.remarks: list[str] = []
        self.history: list[HistoryEntry] = []
        self.cancelled = False

    def read_locators(self, segment: Segment) -> None:
        """RCI: the first locator is the booking's, with the time of creation; the others are other systems'."""
        for element in segment.elements[1:]:
            if isinstance(element, str):
                continue  # a company alone
            company, locator, *rest = (*element, "")
            self.no_record = rest[:1] == [_DCS_REFERENCE] and (self.no_record or not self.known_locators)
            self.add_locator(company, locator)
            if self.created is None:
                at = next((index for index, part in enumerate(rest) if _DATE.fullmatch(part)), None)
                if at is not None:
                    self.created = moment(rest[at], rest[at + 1] if at + 1 < len(rest) else "")
                    self.created_offset = segment.offset

    def add_locator(self, company: str, locator: str) -> None:
        """Keep a locator: the first as the booking's own, the others as `SYSTEM:LOCATOR`."""
        company, locator = company.strip(), locator.strip()
        if (locator and locator == self.locator) or not _LOCATOR.fullmatch(locator):
            return
        company = company if _COMPANY.fullmatch(company) else ""
        self.known_locators.add(locator)
        if not self.locator:
            self.locator, self.carrier = locator, company
        else:
            self.locators[f"{company}:{locator}"] = None

    def add_split(self, company: str, locator: str) -> None:
        """A booking that this one was split from, or into, as `SYSTEM:LOCATOR`."""
        company, locator = company.strip(), locator.strip()
        if _LOCATOR.fullmatch(locator):
            self.split_from.append(f"{company if _COMPANY.fullmatch(company) else ''}:{locator}")

    def read_dates(self, segment: Segment) -> None:
        """DAT of group 1: 700 last transaction, 710 issue of the tickets (times are UTC)."""
        for place in range(1, len(segment)):
            kind, day, hhmm = (*segment.components(place), "", "", "")[:3]
            if kind == "700":
                self.changed = moment(day, hhmm) or self.changed
            elif kind == "710":
                self.purse.issued_for_all = moment(day, "") or self.purse.issued_for_all

    def read_agency(self, draft: MessageDraft, segment: Segment) -> None:
        """ORG of group 1: IATA number, in-house ids and place of the agency, and the agent's sign."""
        if self.agency or self.agent:
            return
        parts = (segment.get(1), *segment.components(2), *segment.components(3)[:1])
        codes = [part for part in parts if _CODE.fullmatch(part)]
        self.agency = draft.kept(" ".join(codes))
        sine = segment.get(7)
        self.agent = draft.kept(sine) if _CODE.fullmatch(sine) else ""

    def read_address(self, draft: MessageDraft, segment: Segment, person: Person | None) -> None:
        """ADD: postal address and telephone or e-mail, of the person in group 2, of the party in group 1."""
        for place in range(2, len(segment)):
            purpose, *lines = (*segment.components(place), *("",) * 9)[:9]
            if purpose.strip().upper() not in _CONTACT_PURPOSES:
                draft.drop("contact:third")
                continue
            contacts = phones_or_email(lines[6])
            if not contacts and not lines[5] and _POSTCODE.fullmatch(lines[6]):
                lines[5], lines[6] = lines[6], ""  # seen: the postcode one place too late
            if line := draft.kept(address_line(lines[:6])):
                self.add_contact("address", line, person)
            if lines[6] and not contacts:
                draft.drop("text:ADD")
                draft.note("PNR-08", offset=segment.offset, segment="ADD")
            for kind, told in contacts:
                if value := draft.kept(told):
                    self.add_contact(kind, value, person)

    def read_excess(self, segment: Segment, person: Person | None) -> None:
        """EBD: excess bags as `1 N 50.00 USD`, of the person in group 2, of the party in group 1."""
        money = segment.components(1)
        for place in (2, 3, 4):
            bags = segment.components(place)
            if bags and bags[0].isdecimal() and int(bags[0]):
                unit = bags[2] if len(bags) > 2 else ""
                parts = (bags[0], unit, money[1] if len(money) > 1 else "", money[0] if money else "")
                told = " ".join(part for part in parts if _AMOUNT_OR_UNIT.fullmatch(part))
                if person is None:
                    self.excess.append(told)
                elif len(person.excess) < _EXCESS_MAX:
                    person.excess = (*person.excess, told)

    def read_osi(self, draft: MessageDraft, segment: Segment, person: Person | None) -> None:
        """IFT 4:28: the traveller's contacts are kept, everybody else's and all other text is dropped (ING-3)."""
        for place in range(2, len(segment)):
            text = "".join(segment.components(place))
            if not text:
                continue
            found = read_osi_contact(text)
            contact = read_contact(*found) if found else None
            if contact is None:
                if found and is_travellers(found[0]):
                    draft.note("PNR-08", offset=segment.offset, segment="IFT")
                draft.drop_text("IFT", text, "contact:third" if found else "text:IFT")
            elif value := draft.kept(contact[1]):
                self.add_contact(contact[0], value, person)

    def add_contact(self, kind: ContactKind, value: str, person: Person | None) -> None:
        """Keep a contact once."""
        self.contacts[_Owned(kind, value, person)] = None

    def read_group(self, draft: MessageDraft, segment: Segment) -> None:
        """A TIF that names a group: its name and size, no traveller."""
        name = draft.kept(mask_cards(segment.get(1).strip()))
        self.group_name = self.group_name or name
        size = segment.get(1, 2)
        if size.isdecimal() and len(size) < 5:
            self.group_size = int(size)

    def add_leg(self, leg: FlightLeg) -> None:
        """A leg of the itinerary, its status to come with RPI."""
        self.legs.append(leg)
        self.status.append("")

    def count_seats(self, told: str, status: str, offset: int) -> None:
        """The number of seats of a segment that is booked or waits, and where it stands (`offset`)."""
        if told not in self.seats and told.isdecimal() and len(told) < 4 and told != "0" and status not in NO_SEAT:
            self.seats.setdefault(told, offset)

    def add_beside(self, leg: FlightLeg, subject: str) -> None:
        """Something booked beside the flight (group 9): place and days; its name and number are not kept."""
        self.legs.append(msgspec.structs.replace(leg, number="", marketing=""))
        self.status.append(subject)

    def record(self) -> Booking:
        """The frozen booking; its persons must have their ordinals by now."""
        persons = self.party.persons
        return Booking(
            locator=self.locator,
            carrier=self.carrier,
            locators=tuple(self.locators),
            created=self.created,
            changed=self.changed,
            travellers=tuple(person.ordinal for person in persons),
            party_size=max(self.group_size or 0, len(persons)) or None,
            group_name=self.group_name,
            itinerary=tuple(self.legs),
            status=tuple(self.status),
            agency=self.agency,
            agent=self.agent,
            contacts=tuple(
                Contact(one.kind, one.value, one.person.ordinal if one.person else None) for one in self.contacts
            ),
            payments=self.purse.payments(),
            tickets=self.purse.tickets(),
            excess_baggage=tuple(self.excess),
            split_from=tuple(self.split_from),
            split_size=self.split_size,
            remarks=tuple(self.remarks),
            history=tuple(self.history),
            cancelled=self.cancelled,
            offset=self.offset,
        )


def issue_day(segment: Segment) -> str | None:
    """DAT behind TKT: the day of issue, 710 if told, else the first one."""
    days = [(segment.get(place), moment(segment.get(place, 1), "")) for place in range(1, len(segment))]
    return next((day for kind, day in days if kind == "710"), None) or next((day for _, day in days if day), None)


def address_line(lines: list[str] | tuple[str, ...]) -> str:
    """Street, town, subdivision, country and postcode in one line."""
    return mask_cards(", ".join(" ".join(part.split()) for part in lines if part.strip()))


def moment(day: str, hhmm: str) -> str | None:
    """ISO time (UTC) of DDMMYY and HHMM, the day alone where no time is told; None for what is no date."""
    digits = f"{day}{hhmm}"
    return _moment_of_digits(day, hhmm) if len(digits) <= 14 and digits.isdecimal() else _moment(day, hhmm)


def _moment(day: str, hhmm: str) -> str | None:
    date = day_month_year(day)
    if date is None:
        return None
    time = local_time(date, hhmm) if _TIME.fullmatch(hhmm) else None
    return f"{time.isoformat()}Z" if time else date.isoformat()


_moment_of_digits = lru_cache(maxsize=4096)(_moment)
"""Bookings of one flight share their days."""
