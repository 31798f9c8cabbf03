"""Whether two listings on one leg may be the same person: reference, then document, then name within the booking.

Each answer is about one pair; `join` asks them in order and joins only where the answer is unique both ways.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec
from anyascii import anyascii

from pnr_pipeline.records.traveller import Document, Name, Traveller
from pnr_pipeline.records.view import is_nameless, merged

Source = Literal["api", "pnr"]
Standing = Literal["listed", "boarded", "not_boarded", "cancelled", "dropped"]

INFANT_YEARS = 2


class Listing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person as one source lists them last.

    `order` is the message's place in time (`join.order_key`), `locator` the booking they stand in, `locators` that one
    with those it was split from or is known by elsewhere. `standing` is `dropped` where their booking came again
    without them. `leg_day` is the local day of departure, ISO or ''. `corrects` where the message changes the
    particulars of a person whom it names by reference (745+CP).
    """

    order: str
    message_id: str
    traveller: Traveller
    locator: str = ""
    locators: tuple[str, ...] = ()
    standing: Standing = "listed"
    leg_day: str = ""
    corrects: bool = False


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person on one leg: the newest listing of each source."""

    api: Listing | None = None
    pnr: Listing | None = None

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The listings there are, API first."""
        return tuple(listing for listing in (self.api, self.pnr) if listing)

    @property
    def by_source(self) -> tuple[tuple[Source, Listing], ...]:
        """The listings there are, with who lists, API first."""
        told: tuple[tuple[Source, Listing | None], ...] = (("api", self.api), ("pnr", self.pnr))
        return tuple((source, listing) for source, listing in told if listing)

    @property
    def view(self) -> Traveller:
        """API and PNR as one person; the very object where only one of them lists the person."""
        return merged(self.api.traveller if self.api else None, self.pnr.traveller if self.pnr else None)


def keys_of(listing: Listing) -> Iterator[str]:
    """Everything by which this listing could be found again; two that share no key are not the same person to us."""
    traveller = listing.traveller
    if traveller.carrier_reference:
        yield f"r:{traveller.carrier_reference}"
    for document in traveller.documents:
        if document.number:
            yield f"d:{document.number}"
    for locator in listing.locators:
        for surname in {_letters(name.surname) for name in traveller.names}:
            yield f"l:{locator}:{surname}"
    if _full(traveller.date_of_birth):
        for name in traveller.names:
            yield f"n:{traveller.date_of_birth}:{_name_key(name)}"


def ages_allow(listing: Listing, person: Person, source: Source) -> bool:
    """An infant and an adult are never one person, though they share a booking, a surname, even a document.

    Where one side cannot tell (API has no role for infants, and a closing list no birth dates), an infant is met by
    name only.
    """
    ours = _age(listing, source)
    theirs = {_age(person.api, "api") if person.api else None, _age(person.pnr, "pnr") if person.pnr else None}
    if "infant" not in (ours, *theirs):
        return True
    known = "infant" if "infant" in theirs else "adult" if "adult" in theirs else None
    return ours == known or (None in (ours, known) and any(alike(listing, other) for other in person.listings))


def _age(listing: Listing, source: Source) -> Literal["infant", "adult"] | None:
    """By role, or by age on the day of the flight; None where neither is told."""
    if listing.traveller.role == "infant":
        return "infant"
    born = listing.traveller.date_of_birth
    if born is None or not _full(born) or not listing.leg_day:
        return "adult" if source == "pnr" or listing.traveller.role == "crew" else None
    flight = date.fromisoformat(listing.leg_day)
    since = f"{flight.year - INFANT_YEARS:04}-{flight.month:02}-{flight.day:02}"
    return "infant" if born > since else "adult"


Test = Callable[[Listing, Person, Source], bool]


def by_reference(listing: Listing, person: Person, source: Source) -> bool:
    """The carrier's own reference; not trusted where all else speaks against it (some carriers send a constant).

    A correction may change all else: it is believed.
    """
    reference = listing.traveller.carrier_reference
    return bool(reference) and any(
        other.traveller.carrier_reference == reference and (listing.corrects or not _somebody_else(listing, other))
        for other in person.listings
    )


def by_document(listing: Listing, person: Person, source: Source) -> bool:
    """The same document number of the same issuer (or one that is not told)."""
    return any(
        _shares_document(listing.traveller, other.traveller) and not _somebody_else(listing, other)
        for other in person.listings
    )


def by_name_and_birth(listing: Listing, person: Person, source: Source) -> bool:
    """The same name and full birth date in the same booking."""
    return any(
        _same_booking(listing, other) and _same_name(listing, other) and _same_birth(listing, other)
        for other in person.listings
    )


def by_name_and_birth_without_booking(listing: Listing, person: Person, source: Source) -> bool:
    """The same name and full birth date where one side tells no booking, and nothing against it."""
    return any(
        not (listing.locators and other.locators)
        and _same_name(listing, other)
        and _same_birth(listing, other)
        and not _contradicts(listing, person)
        for other in person.listings
    )


def by_name_again(listing: Listing, person: Person, source: Source) -> bool:
    """The same name in the same booking as this source listed before, and nothing against it."""
    before: Listing | None = getattr(person, source)
    return (
        before is not None
        and _same_booking(listing, before)
        and _same_name(listing, before)
        and not _contradicts(listing, person)
    )


def by_name_across(listing: Listing, person: Person, source: Source) -> bool:
    """The same name in the same booking as any source lists it, and nothing against it.

    Where the person's own source listed them by another name before, that one has been corrected.
    """
    return any(
        _same_booking(listing, other) and _same_name(listing, other) and not _contradicts(listing, person)
        for other in person.listings
    )


def by_compatible_name_across(listing: Listing, person: Person, source: Source) -> bool:
    """As `by_name_across`, where one source cut the given names short."""
    return getattr(person, source) is None and any(
        _same_booking(listing, other) and _compatible_names(listing, other) and not _contradicts(listing, person)
        for other in person.listings
    )


TESTS: tuple[Test, ...] = (
    by_reference,
    by_document,
    by_name_and_birth,
    by_name_and_birth_without_booking,
    by_name_again,
    by_name_across,
    by_compatible_name_across,
)
"""In the order in which they are believed."""


def alike(one: Listing, other: Listing) -> bool:
    """Names that may be of one person, as far as they are told: compatible, or one side without (given) names."""
    return (
        is_nameless(one.traveller)
        or is_nameless(other.traveller)
        or any(_may_be_one(mine, theirs) for mine in _name_keys(one) for theirs in _name_keys(other))
    )


def _may_be_one(mine: str, theirs: str) -> bool:
    cut = mine.endswith("/") or theirs.endswith("/")
    return _compatible(mine, theirs) or (cut and _surname(mine) == _surname(theirs))


def _compatible_names(one: Listing, other: Listing) -> bool:
    """Equal surnames, and given names that are equal or of which one continues the other (three letters or more)."""
    return any(_compatible(mine, theirs) for mine in _name_keys(one) for theirs in _name_keys(other))


def _surname(name_key: str) -> str:
    return name_key.partition("/")[0]


def _compatible(mine: str, theirs: str) -> bool:
    if mine == theirs:
        return True
    surname, given = mine.split("/")
    their_surname, their_given = theirs.split("/")
    shorter, longer = sorted((given, their_given), key=len)
    return surname == their_surname and len(shorter) >= 3 and longer.startswith(shorter)


def _same_name(one: Listing, other: Listing) -> bool:
    return not _name_keys(one).isdisjoint(_name_keys(other))


def _same_booking(one: Listing, other: Listing) -> bool:
    return not set(one.locators).isdisjoint(other.locators)


def _same_birth(one: Listing, other: Listing) -> bool:
    born = one.traveller.date_of_birth
    return _full(born) and born == other.traveller.date_of_birth


def _birth_differs(one: Listing, other: Listing) -> bool:
    mine, theirs = one.traveller.date_of_birth, other.traveller.date_of_birth
    return mine is not None and theirs is not None and not (mine.startswith(theirs) or theirs.startswith(mine))


def _somebody_else(one: Listing, other: Listing) -> bool:
    """A shared number is not enough where the names are unlike and a birth date, document or booking differs too."""
    if alike(one, other):
        return False
    apart = bool(one.locators and other.locators) and not _same_booking(one, other)
    documents = _conflicting_documents(one.traveller, other.traveller)
    return _birth_differs(one, other) or apart or (documents and not _same_birth(one, other))


def _contradicts(listing: Listing, person: Person) -> bool:
    """Whether any listing of the person tells another birth date, sex, or number of the same kind of document."""
    return any(
        _birth_differs(listing, other)
        or {listing.traveller.sex, other.traveller.sex} == {"M", "F"}
        or _conflicting_documents(listing.traveller, other.traveller)
        for other in person.listings
    )


def _conflicting_documents(one: Traveller, other: Traveller) -> bool:
    """The same kind of document of the same issuer with another number, and none shared."""
    kinds = {(document.type, _issuer(document)) for document in one.documents if document.number}
    theirs = {(document.type, _issuer(document)) for document in other.documents if document.number}
    return not kinds.isdisjoint(theirs) and not _shares_document(one, other)


def _shares_document(one: Traveller, other: Traveller) -> bool:
    return any(
        mine.number and mine.number == theirs.number and (_issuer(mine) == _issuer(theirs) or not _told(mine, theirs))
        for mine in one.documents
        for theirs in other.documents
    )


def _told(one: Document, other: Document) -> bool:
    return bool(_issuer(one) and _issuer(other))


def _issuer(document: Document) -> str:
    return document.issuer_alpha3 or document.issuer


def _full(day: str | None) -> bool:
    return day is not None and len(day) == 10


def _name_keys(listing: Listing) -> set[str]:
    """The names that are told; those without a letter say nothing."""
    return {key for name in listing.traveller.names if (key := _name_key(name)) != "/"}


def _name_key(name: Name) -> str:
    return f"{_letters(name.surname)}/{_letters(name.given_names)}"


@lru_cache(maxsize=8192)
def _letters(text: str) -> str:
    """Latin capitals alone: carriers drop blanks, hyphens, apostrophes and diacritics as they please."""
    return "".join(letter for letter in anyascii(text).upper() if letter.isalnum())
