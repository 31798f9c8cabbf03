"""One message as the join needs it, its place in time, and what it says about those it leaves out."""

from datetime import datetime

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

CANCELLED_FLIGHT, _CLOSING = "266+XF", "266+CLOB"
_CREW_LISTS = ("250", "336")

_WRONG_COUNT, _CUT = "CNT-02", "ENV-08"


class Push(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message as the join needs it; this is what is kept, sealed, to fold again.

    A part of a list or push has a `set_key`, the same in all its parts, its `number` in the set (0 where none is told)
    and `last`; `total` is what it says there are in all (EQN, CNT 42). `sound` where it was not cut, `full` where it,
    or its set, lists everybody; `lists` are those it is about. `elsewhere` are the passengers of a part who are on
    other legs of its message alone, as they are counted: the carrier counts the message, not the leg.
    """

    order: str
    message_id: str
    source: Source
    travellers: tuple[Traveller, ...] = ()
    bookings: tuple[Booking, ...] = ()
    standing: Standing = "listed"
    flight: FlightLeg = FlightLeg()
    corrects: bool = False
    lists: tuple[ListKind, ...] = ()
    full: bool = False
    set_key: str = ""
    number: int = 0
    last: bool = False
    total: int | None = None
    sound: bool = True
    elsewhere: tuple[str, ...] = ()

    @property
    def prepared_at(self) -> datetime | None:
        """The time in the envelope, naive as sent."""
        at = self.order.partition(" ")[0]
        return datetime.fromisoformat(at) if at else None

    @property
    def content(self) -> frozenset[str]:
        """What the carrier counts, each once: bookings, or passengers where it is a passenger list."""
        if self.source == "pnr":
            return frozenset(one.locator or f"{self.message_id}#{place}" for place, one in enumerate(self.bookings))
        return frozenset(_counted_as(one) for one in self.travellers if one.role != "crew").union(self.elsewhere)

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
    at, interchange, sequence, place, message_id = message.order
    return f"{at} {interchange:014d} {max(sequence, 0):06d} {place:06d} {message_id}"


def push_of(message: Message, flight: FlightLeg, travellers: tuple[Traveller, ...] | None = None) -> Push:
    """The message as the join of a leg needs it: `travellers` are those on this `flight`, all if not given."""
    part = is_part(message)
    here = message.travellers if travellers is None else travellers
    on_leg = {one.ordinal for one in here}
    told = message.travellers if part and message.kind in API_KINDS else ()
    return Push(
        order=order_key(message),
        message_id=message.message_id,
        source="api" if message.kind in API_KINDS else "pnr",
        travellers=here,
        bookings=message.bookings,
        standing=_STANDING.get(message.function, "listed"),
        flight=flight,
        corrects=message.function in _CORRECTING,
        lists=lists_of(message),
        full=is_full_list(message),
        set_key=_set_key(message) if part else "",
        number=message.sequence if part and _is_numbered(message) else 0,
        last=part and _is_numbered(message) and message.last_of_set,
        total=message.total,
        sound=not _is_cut(message),
        elsewhere=tuple(_counted_as(one) for one in told if one.role != "crew" and one.ordinal not in on_leg),
    )


def _counted_as(traveller: Traveller) -> str:
    """What tells whether two parts list the same passenger."""
    return "/".join(
        (
            traveller.carrier_reference or "",
            traveller.surname,
            traveller.given_names,
            traveller.date_of_birth or "",
            *(paper.number for paper in traveller.documents),
        )
    )


def is_part(message: Message) -> bool:
    """Whether the message says that it is not all: by its number (S010), or by a count that is more than it holds.

    EQN is the count of the whole push (FORMATS 4.3). CNT tells it of closing lists alone: in other passenger lists it
    is as often the flight's.
    """
    return _is_numbered(message) or _is_counted_part(message)


def is_full_list(message: Message) -> bool:
    """Whether who is not in this message, or in the set of a part, is no longer on the list.

    An uploaded table lists all passengers of its flight, all crew, or both, as it lists any. A push that
    holds more bookings than it says takes nobody off.
    """
    part = is_part(message)
    if not part and any(finding.rule == _WRONG_COUNT for finding in message.findings):
        return False
    complete = message.complete or (part and not _is_cut(message))
    if message.kind == "CSV":
        return complete and bool(message.travellers)
    return complete and (message.function in _FULL_LISTS or message.in_full)


def _is_numbered(message: Message) -> bool:
    return message.sequence > 1 or not message.last_of_set


def _is_counted_part(message: Message) -> bool:
    if message.total is None or (message.kind in API_KINDS and message.function != _CLOSING):
        return False
    passengers = sum(traveller.role != "crew" for traveller in message.travellers)
    return message.total > (passengers if message.kind in API_KINDS else len(message.bookings))


def _is_cut(message: Message) -> bool:
    return any(finding.rule == _CUT for finding in message.findings)


def _set_key(message: Message) -> str:
    """Sender and common access reference (0068); of parts without number the reference may be each message's own."""
    reference = message.access_reference if _is_numbered(message) else f"{message.total} in all"
    return "\0".join((message.kind, message.sender, message.function, reference))


def lists_of(message: Message) -> tuple[ListKind, ...]:
    """The lists of its leg that the message is about; a cancelled flight (266+XF) ends all of them.

    A table may list passengers and crew; a closing list is about passengers, whoever else stands in it.
    """
    if message.function == CANCELLED_FLIGHT:
        return LIST_KINDS
    if message.kind not in API_KINDS:
        return ("pnr",)
    if message.kind == "CSV":
        crew = {traveller.role == "crew" for traveller in message.travellers}
        told: tuple[tuple[ListKind, bool], ...] = (("api", False in crew), ("crew", True in crew))
        return tuple(kind for kind, any_told in told if any_told)
    return ("crew",) if message.function.partition("+")[0] in _CREW_LISTS else ("api",)


def fold_flight(before: FlightLeg, now: FlightLeg) -> FlightLeg:
    """The newer schedule of the same leg; what it does not tell stays, and so does every marketing flight."""
    told = msgspec.structs.asdict(now)
    told["marketing"] = " ".join(sorted({*before.marketing.split(), *now.marketing.split()}))
    return FlightLeg(**{field: told[field] or value for field, value in msgspec.structs.asdict(before).items()})


def fold_booking(before: Booking | None, now: Booking) -> Booking:
    """The newer version; an empty cancellation (ORG without content) keeps what was known and marks it cancelled."""
    if before is not None and now.cancelled and not now.travellers:
        return msgspec.structs.replace(before, cancelled=True)
    return now
