"""An event of a unit's queue, opened with the unit's own key: from the database, a file or a topic."""

import base64
from typing import Any

import msgspec

from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.unit_event import Delivery, SealedUnitEvent, UnitEvent
from pnr_pipeline.stores.sealed_box import open_box, seal_box

_BOUND = "topic:"
"""What the outer box is bound to besides the event's id: neither box passes for the other."""


class Delivered(msgspec.Struct, frozen=True):
    """One event of a queue with its payload opened."""

    seq: int
    event: dict[str, Any]
    payload: Delivery


def delivered(private: bytes, event: UnitEvent) -> Delivered:
    """The event with what its unit alone can open. Raises StoreFault for another unit's."""
    box = base64.b64decode(event.data.sealed)
    told = msgspec.to_builtins(event)
    del told["data"]["sealed"]
    return Delivered(event.seq, told, from_json(Delivery, open_box(private, box, event.id.encode())))


def sealed_event(public: bytes, event: UnitEvent) -> SealedUnitEvent:
    """The event for a broker: what is open in the queue's table (flight, entry of the list) is sealed too."""
    box = seal_box(public, to_json(event), f"{_BOUND}{event.id}".encode())
    return SealedUnitEvent(event.id, event.source, event.time, base64.b64encode(box).decode())


def opened_event(private: bytes, sealed: SealedUnitEvent) -> UnitEvent:
    """What `sealed_event` sealed to this key; StoreFault for another's."""
    box = base64.b64decode(sealed.data_base64)
    return from_json(UnitEvent, open_box(private, box, f"{_BOUND}{sealed.id}".encode()))
