"""A booking (passenger name record): what belongs to the party and not to one traveller.

Only elements of Annex I of Directive (EU) 2016/681 have a field here; what has no field is not kept (ING-2).
"""

from typing import Literal

import msgspec

from pnr_pipeline.records.flight import FlightLeg

ContactKind = Literal["phone", "email", "address", "other"]


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """Annex I item 5, of the traveller only (ING-3). `traveller` is an ordinal, None for the whole party."""

    kind: ContactKind
    value: str
    traveller: int | None = None


class Payment(msgspec.Struct, frozen=True, omit_defaults=True):
    """Annex I item 6. `account` keeps at most the first six and last four digits of a card (PNR-07)."""

    form: str
    amount: str = ""
    currency: str = ""
    vendor: str = ""
    account: str = ""
    expires: str = ""
    holder: str = ""
    billing_address: str = ""
    traveller: int | None = None


class Ticket(msgspec.Struct, frozen=True, omit_defaults=True):
    """Annex I item 13: number, date of issue (ISO), one-way or not, fare quote (`T 232.17 EUR`)."""

    number: str
    issued: str | None = None
    fare: str = ""
    traveller: int | None = None


class HistoryEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Annex I item 19: one change: ISO time (UTC), `action` A added / X cancelled, what changed.

    `element` is the kind of thing changed (`name`, `segment`, `ssr DOCS` …); `value` the old or new content
    where it is a leg with its status, a name, a seat or bags; prohibited content never gets here. `by` is the sign of
    who changed it, with place and company.
    """

    at: str | None
    action: str
    element: str
    value: str = ""
    by: str = ""


class Booking(msgspec.Struct, frozen=True, omit_defaults=True):
    """One PNR of a message.

    `created` is the ISO time of creation (UTC), `changed` of the last transaction. `locators` are the record
    locators of other systems as `SYSTEM:LOCATOR`. `travellers` are ordinals. `cancelled` is set by an empty ORG
    in an update push. `party_size` counts those who travel together, named or not (item 17). `remarks` holds
    item 12 only: the listed unaccompanied-minor items. `status` stands beside `itinerary`, leg by leg (HK, HL …; ''
    where none is told). `excess_baggage` are bags paid for by the party, as `1 N 50.00 USD` (item 16). `split_from` are
    the bookings that travellers were split to or from, as `SYSTEM:LOCATOR`, `split_size` how many travellers (item 11).
    """

    locator: str = ""
    carrier: str = ""
    locators: tuple[str, ...] = ()
    created: str | None = None
    changed: str | None = None
    travellers: tuple[int, ...] = ()
    party_size: int | None = None
    group_name: str = ""
    itinerary: tuple[FlightLeg, ...] = ()
    status: tuple[str, ...] = ()
    agency: str = ""
    agent: str = ""
    contacts: tuple[Contact, ...] = ()
    payments: tuple[Payment, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    excess_baggage: tuple[str, ...] = ()
    split_from: tuple[str, ...] = ()
    split_size: int | None = None
    remarks: tuple[str, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    cancelled: bool = False
    offset: int = -1
