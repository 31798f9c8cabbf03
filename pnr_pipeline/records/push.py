"""One message as the join needs it, its place in time, and what it says about those it leaves out."""

from collections.abc import Iterable

import msgspec

from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.full_list import LIST_KINDS, ListKind
from pnr_pipeline.records.message import API_KINDS, Message
from pnr_pipeline.records.same_person import Listing, Source, Standing
from pnr_pipeline.records.traveller import Traveller

_STANDING: dict[str, Standing] = {
    "745+XR": "cancelled",
    "745+RP": "cancelled",
    "266+XF": "cancelled",
    "266+CLNB": "not_boarded",
    "266+CLOB": "boarded",
    "336+H": "cancelled",
}
_CORRECTING = ("745+CP", "336+I")
"""Functions that change the particulars of people named by reference (FORMATS 2.2 and 2.9)."""

_FULL_LISTS = ("22", "266+CLOB", "266+XF")
"""Functions whose message lists everybody: PNRGOV full push (MSG 22), API closing list of those on board, a cancelled
flight."""

_CANCELLED = "266+XF"
_CREW_LISTS = ("250", "336")

_WRONG_COUNT = "CNT-02"


class Push(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message as the join needs it; this is what is kept, sealed, to fold again. `lists` are those it is about."""

    order: str
    message_id: str
    source: Source
    travellers: tuple[Traveller, ...] = ()
    bookings: tuple[Booking, ...] = ()
    standing: Standing = "listed"
    flight: FlightLeg = FlightLeg()
    corrects: bool = False
    lists: tuple[ListKind, ...] = ()

    def listing(self, traveller: Traveller) -> Listing:
        """The traveller as this message lists them, with every locator that leads to them."""
        index = traveller.booking
        booking = self.bookings[index] if index is not None and index < len(self.bookings) else None
        locator = traveller.locator or (booking.locator if booking else "")
        others = (*booking.split_from, *(one.rpartition(":")[2] for one in booking.locators)) if booking else ()
        cancelled = booking is not None and booking.cancelled
        return Listing(
            order=self.order,
            message_id=self.message_id,
            traveller=traveller,
            locator=locator,
            locators=tuple(dict.fromkeys(one for one in (locator, *others) if one)),
            standing="cancelled" if cancelled else self.standing,
            leg_day=self.flight.departure_local.date().isoformat() if self.flight.departure_local else "",
            corrects=self.corrects,
        )

    @property
    def told_bookings(self) -> set[str]:
        """Locators whose whole party this message tells: a PNR always lists all of a booking."""
        return {booking.locator for booking in self.bookings if booking.locator}


def order_key(message: Message) -> str:
    """`Message.order` as text that sorts the same way."""
    at, sequence, message_id = message.order
    return f"{at} {max(sequence, 0):012d} {message_id}"


def push_of(message: Message, flight: FlightLeg) -> Push:
    """The message as the join needs it; `flight` is the leg its travellers are stored on."""
    return Push(
        order=order_key(message),
        message_id=message.message_id,
        source="api" if message.kind in API_KINDS else "pnr",
        travellers=message.travellers,
        bookings=message.bookings,
        standing=_STANDING.get(message.function, "listed"),
        flight=flight,
        corrects=message.function in _CORRECTING,
        lists=lists_of(message),
    )


def is_full_list(message: Message) -> bool:
    """Whether who is not in this message (or its set) is no longer on the list; a 745 alone never says so.

    An uploaded table lists all passengers of its flight, all crew, or both, as it lists any. A push whose own count of
    bookings does not agree may be one of several messages: it takes nobody off.
    """
    if any(finding.rule == _WRONG_COUNT for finding in message.findings):
        return False
    if message.kind == "CSV":
        return message.complete and bool(message.travellers)
    return message.complete and message.function in _FULL_LISTS


def full_list_floor(parts: Iterable[tuple[str, int, bool]]) -> str:
    """Where a full list begins that came as these parts (order, sequence from 1, last of the set); '' while one lacks.

    Whoever its source lists only before that is no longer listed. A list in one message has sequence 0 or 1. Where the
    carrier used one reference for several lists, the newest part of each number counts, in whatever order they came.
    """
    told = {max(sequence, 1): (order, last) for order, sequence, last in sorted(parts)}
    whole = [number for number, (_, last) in told.items() if last]
    if not whole or any(number not in told for number in range(1, max(whole) + 1)):
        return ""
    return min(order for order, _ in told.values())


def lists_of(message: Message) -> tuple[ListKind, ...]:
    """The lists of its leg that the message is about; a cancelled flight (266+XF) ends all of them.

    A table may list passengers and crew; a closing list is about passengers, whoever else stands in it.
    """
    if message.function == _CANCELLED:
        return LIST_KINDS
    if message.kind not in API_KINDS:
        return ("pnr",)
    if message.kind == "CSV":
        crew = {traveller.role == "crew" for traveller in message.travellers}
        told: tuple[tuple[ListKind, bool], ...] = (("api", False in crew), ("crew", True in crew))
        return tuple(kind for kind, any_told in told if any_told)
    return ("crew",) if message.function.partition("+")[0] in _CREW_LISTS else ("api",)


def fold_flight(before: FlightLeg, now: FlightLeg) -> FlightLeg:
    """The newer schedule of the same leg; what it does not tell stays."""
    told = msgspec.structs.asdict(now)
    return FlightLeg(**{field: told[field] or value for field, value in msgspec.structs.asdict(before).items()})


def fold_booking(before: Booking | None, now: Booking) -> Booking:
    """The newer version; an empty cancellation (ORG without content) keeps what was known and marks it cancelled."""
    if before is not None and now.cancelled and not now.travellers:
        return msgspec.structs.replace(before, cancelled=True)
    return now
