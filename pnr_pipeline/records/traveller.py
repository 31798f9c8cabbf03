"""A traveller as one message describes them, and the documents they carry."""

from typing import Literal

import msgspec

Role = Literal["passenger", "crew", "in_transit", "infant"]
TravelStatus = Literal["", "go_show", "no_show", "no_record"]


class Name(msgspec.Struct, frozen=True):
    """One name of a person. `source` says where it stood: `NAD`, `TIF`, `DOCS`, `MRZ` …"""

    surname: str
    given_names: str = ""
    source: str = ""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place by country (as sent and alpha-3) and, where told, by town or subdivision."""

    country: str = ""
    country_alpha3: str = ""
    town: str = ""


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A travel document. `number` has blanks and `<` removed; dates are ISO 8601.

    `issuer` is the country as sent, `issuer_alpha3` its ISO 3166 or Doc 9303 code, or '' where unknown.
    `type` is the code as sent (P, V, I, AC …): an unknown code never costs a document.
    """

    type: str = ""
    number: str = ""
    issuer: str = ""
    issuer_alpha3: str = ""
    expires: str | None = None
    issued: str | None = None


class Bags(msgspec.Struct, frozen=True, omit_defaults=True):
    """Checked baggage: `pieces`, `weight` in `weight_unit` (KGM or LBR), tags, and the pool it is in.

    `pool` is HP for its head, MP for a member; `pool_reference` the ticket number or check-in sequence that names it.
    """

    pieces: int | None = None
    weight: float | None = None
    weight_unit: str = ""
    tags: tuple[str, ...] = ()
    pool: str = ""
    pool_reference: str = ""


class Traveller(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person in one message.

    `ordinal` (1-based) holds only inside that message: it never identifies a person between messages.
    `given_names` is as sent, parts joined by a blank, titles removed. `other_names` are further names the message gives
    for the same person (a document name that differs from the booking name). `date_of_birth` is ISO 8601 and may
    be partial (`1987`, `1987-02`); None when missing. `sex` is M, F, X or U. `carrier_reference` is the carrier's
    unique passenger reference (RFF ABO, REF). `booking` is the index into `Message.bookings`, or None.
    `title` and `fare_type` (A, C, IN …) are kept for plausibility rules only.
    """

    ordinal: int
    role: Role
    surname: str = ""
    given_names: str = ""
    other_names: tuple[Name, ...] = ()
    date_of_birth: str | None = None
    sex: str | None = None
    nationality: str | None = None
    nationality_alpha3: str | None = None
    residence: Place | None = None
    birth_place: Place | None = None
    documents: tuple[Document, ...] = ()
    locator: str | None = None
    booking: int | None = None
    carrier_reference: str | None = None
    seat: str | None = None
    embarkation: str = ""
    disembarkation: str = ""
    clearance: str = ""
    bags: Bags | None = None
    contacts: tuple[str, ...] = ()
    address: str = ""
    frequent_flyer: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    redress: str = ""
    verified: bool | None = None
    """True where the document was read by machine or checked (GEI 173), False for 174, None when not told."""
    crew_function: str = ""
    fare_type: str = ""
    title: str = ""
    checked_in: bool | None = None
    travel_status: TravelStatus = ""
    """Annex I item 10: `go_show` checked in without being named in the booking, `no_show` did not check in by the time
    check-in was closed, `no_record` has a reference of the departure control system but no booking."""
    excess_baggage: tuple[str, ...] = ()
    """Bags paid for by this person, as `1 N 50.00 USD`."""
    accompanied_by: int | None = None
    """Ordinal of the adult an infant travels with, where the message tells it."""
    pooled_with: int | None = None
    """Ordinal of the head of the baggage pool that the person is a member of."""
    offset: int = -1
    """Byte of the segment that names the person (NAD, TIF) in the file as received."""

    @property
    def names(self) -> tuple[Name, ...]:
        """Every name of the person, the message's own first."""
        return (Name(self.surname, self.given_names, "message"), *self.other_names)
