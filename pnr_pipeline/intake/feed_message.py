"""One message as carriers' feeds are judged by it: flight, time, counts; nothing of any traveller."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

import msgspec

from pnr_pipeline.records.clear import clear
from pnr_pipeline.records.code_shares import flown_as
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import Message
from pnr_pipeline.records.places import to_utc
from pnr_pipeline.records.push import order_key

Source = Literal["api", "pnr", ""]
_SOURCES: Final[dict[str, Source]] = {"PAXLST": "api", "CSV": "api", "PNRGOV": "pnr", "PNR-XML": "pnr"}


def sources_of(kinds: Iterable[str]) -> frozenset[str]:
    """The sources that these kinds of message are of."""
    return frozenset(_SOURCES[kind] for kind in kinds if kind in _SOURCES)


class FeedMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message; `departs` is the scheduled departure of `flight` and `received_at` the receipt, both aware UTC.

    `order` sorts as the messages were prepared, `set_key` is common to the parts of one list. `sender`, `interchange`
    and `set_key` are digests: they are only compared, and may hold whatever a carrier puts there. `checked_in` counts
    passengers whom bookings tell as checked in. `resends` counts how often the same bytes came again.
    `operated` is carrier and number of the operating flight, where that is known to have others too.
    `waits` where it is the newest part of a set that is not whole, as the store judges it (`records.push_sets`).
    """

    message_id: str
    received_at: datetime
    order: str
    kind: str
    function: str
    flight: FlightLeg
    departs: datetime | None = None
    sender: str = ""
    interchange: str = ""
    set_key: str = ""
    sequence: int = 0
    last_of_set: bool = True
    passengers: int = 0
    crew: int = 0
    checked_in: int = 0
    leg_id: str = ""
    resends: int = 0
    operated: tuple[str, str] | None = None
    waits: bool = False

    @property
    def flown(self) -> FlightLeg:
        """The flight under the number of its operating carrier."""
        return flown_as(self.flight, *self.operated) if self.operated else self.flight

    @property
    def partner(self) -> bool:
        """Whether it came under a marketing flight's number: it tells but the passengers of that carrier."""
        return self.operated not in (None, (self.flight.carrier, self.flight.number))

    @property
    def source(self) -> Source:
        """`api` for passenger lists, `pnr` for bookings, '' for what is neither."""
        return _SOURCES.get(self.kind, "")

    @property
    def digest(self) -> str:
        """SHA-256 of the interchange."""
        return self.message_id.partition(":")[0]


def feed_message(message: Message, flight: FlightLeg, received_at: datetime, leg_id: str = "") -> FeedMessage:
    """The counts of a message that is stored on `flight`, received at `received_at` (aware UTC)."""
    crew = sum(1 for one in message.travellers if one.role == "crew")
    return FeedMessage(
        message_id=message.message_id,
        received_at=received_at,
        order=order_key(message),
        kind=message.kind,
        function=clear("function", message.function),
        flight=flight,
        departs=to_utc(flight.departure_local, flight.origin) if flight.departure_local else None,
        sender=_digest(message.sender),
        interchange=_digest(message.reply_to.reference) if message.reply_to else "",
        set_key=_digest(message.access_reference or message.message_id),
        sequence=message.sequence,
        last_of_set=message.last_of_set,
        passengers=len(message.travellers) - crew,
        crew=crew,
        checked_in=sum(1 for one in message.travellers if one.checked_in),
        leg_id=leg_id,
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32] if text else ""


def newest_parts(messages: Iterable[FeedMessage]) -> list[FeedMessage]:
    """The parts of the newest set among these messages; empty where there are none.

    A carrier may use one key for all its pushes: of each part the newest counts, and none behind the newest last part.
    """
    by_age = sorted(messages, key=lambda one: one.order)
    if not by_age:
        return []
    parts = {max(one.sequence, 1): one for one in by_age if one.set_key == by_age[-1].set_key}
    ends = [number for number, one in parts.items() if one.last_of_set]
    last = max(ends, key=lambda number: parts[number].order) if ends else max(parts)
    return [one for number, one in sorted(parts.items()) if number <= last]
