"""The lists of a leg, and who is no longer on them: where full lists begin, and whom they leave out."""

from typing import Literal

import msgspec

from pnr_pipeline.records.same_person import Listing, Person, Source

ListKind = Literal["api", "crew", "pnr"]
LIST_KINDS: tuple[ListKind, ...] = ("api", "crew", "pnr")
"""Passengers of the API, crew of the API (their lists are separate: BGM 745 and 250), bookings."""


class Floors(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the full lists of a leg begin, by list, ascending: each an order of messages (`push.order_key`).

    Whoever a list named only before its newest floor is no longer on it. A cancelled flight is a floor of all three.
    """

    api: tuple[str, ...] = ()
    crew: tuple[str, ...] = ()
    pnr: tuple[str, ...] = ()

    def newest(self, kind: ListKind) -> str:
        """Where the newest full list begins; '' where there was none."""
        floors: tuple[str, ...] = getattr(self, kind)
        return floors[-1] if floors else ""

    def raised(self, kinds: tuple[ListKind, ...], floor: str) -> "Floors":
        """These and one more, of these lists; '' is none."""
        told = {kind: tuple(sorted({*getattr(self, kind), floor})) for kind in kinds} if floor else {}
        return msgspec.structs.replace(self, **told)

    def first_after(self, kind: ListKind, order: str) -> str:
        """The first full list that begins after `order`; '' where there is none."""
        floors: tuple[str, ...] = getattr(self, kind)
        return next((floor for floor in floors if floor > order), "")


def list_of(source: Source, listing: Listing) -> ListKind:
    """The list on which this source keeps the person."""
    return "crew" if source == "api" and listing.traveller.role == "crew" else source


def taken_off(source: Source, listing: Listing, floors: Floors) -> str:
    """The order of the message that took the person off this source's list; '' while they are on it."""
    if listing.standing not in ("listed", "boarded"):
        return listing.order
    return floors.first_after(list_of(source, listing), listing.order)


def unlisted_since(person: Person, floors: Floors) -> str:
    """The order of the message after which no source lists the person any more; '' while any does."""
    off = [taken_off(source, listing, floors) for source, listing in person.by_source]
    return max(off) if off and all(off) else ""
