"""An event of a unit's queue, opened with the unit's own key: from the database, a file or a topic."""

import base64
from typing import Any

import msgspec

from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.unit_event import Delivery, UnitEvent
from pnr_pipeline.stores.sealed_box import open_box


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
