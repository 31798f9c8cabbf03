"""Receipts outside the database: what a carrier sent, sealed under the key of its hour until it is committed (ING-2).

The key ends with its period, after 72 hours: what lies unread on a broker, or in a copy of it, cannot be opened then.
"""

import hmac
from datetime import datetime

import msgspec

from pnr_pipeline.errors import Damaged
from pnr_pipeline.records import LogPlace, Received
from pnr_pipeline.stores.sql.database import no_locks, transaction
from pnr_pipeline.stores.sql.ground import Ground, new_id
from pnr_pipeline.stores.sql.periods import use_period

_RECORD = "receipts"
"""One key for all receipts of an hour; nonces are random."""

_LEGS = "kafka/legs"


class SealedReceipt(msgspec.Struct, frozen=True):
    """A receipt as it lies on a broker: `box` tells what it is; `leg` is a keyed hash that keeps a leg together."""

    id: str
    period: str
    leg: bytes
    box: bytes


class _Content(msgspec.Struct, frozen=True, array_like=True):
    id: str
    received_at: datetime
    body: bytes


_decoder = msgspec.msgpack.Decoder(_Content)


def seal_receipt(ground: Ground, body: bytes, leg: str, received_at: datetime) -> SealedReceipt:
    """See Store.seal_receipt."""
    with transaction(ground.db, no_locks):
        period = use_period(ground.db, ground.law, "ingest", received_at).id
    receipt = new_id()
    clear = msgspec.msgpack.encode(_Content(receipt, received_at, body))
    box = ground.sealer.seal(period, "receipt", _RECORD, 1, clear)
    return SealedReceipt(receipt, period, hmac.digest(ground.sealer.named(_LEGS), leg.encode(), "sha256")[:16], box)


def open_receipt(ground: Ground, sealed: SealedReceipt, source: str, place: LogPlace | None) -> Received:
    """See Store.open_receipt."""
    known = ground.db.execute("SELECT 1 FROM key_period WHERE period = ? AND class = 'ingest'", (sealed.period,))
    if known.fetchone() is None:  # asked first: no key is made for an hour that somebody thought up
        raise Damaged("a receipt that names no hour of ours was not sealed here")
    try:
        content = _decoder.decode(ground.sealer.open(sealed.period, "receipt", _RECORD, 1, sealed.box))
    except msgspec.DecodeError:
        raise Damaged("a receipt that holds something else was not sealed here") from None
    if content.id != sealed.id:
        raise Damaged("a receipt under another's id was moved")
    return Received(source, sealed.id, content.body, content.received_at, place=place)
