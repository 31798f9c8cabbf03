"""Receipts: what was committed of each item of a source, and how often it was tried."""

import hashlib
from datetime import datetime

import msgspec

from pnr_pipeline.records import Received
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.notice import Acknowledged, ReceiptNotice
from pnr_pipeline.stores.receipt import MessageOutcome, Receipt
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.log_positions import advance
from pnr_pipeline.stores.sql.notices import put_notice


def position(item: str) -> str:
    """The name of an item as the tables keep it: a carrier names its files, and may name them after a traveller."""
    return hashlib.sha256(item.encode()).hexdigest()[:32]


def case_of(digest: str) -> str:
    """The case reference under which the log tells of a transmission."""
    return f"receipt:{digest[:32]}"


def read_receipt(ground: Ground, source: str, item: str, digest: str) -> Receipt | None:
    """See Store.receipt."""
    row = ground.db.execute(
        "SELECT body FROM receipt WHERE source = ? AND item = ? AND digest = ?", (source, position(item), digest)
    ).fetchone()
    return msgspec.structs.replace(from_json(Receipt, row[0].encode()), item=item) if row else None


def count_attempt(ground: Ground, source: str, item: str, digest: str, now: datetime) -> int:
    """See Store.begin_attempt; in a statement of its own."""
    (count,) = ground.db.execute(
        "INSERT INTO attempt VALUES (?, ?, ?, 1, ?) ON CONFLICT (source, item, digest) DO UPDATE SET"
        " count = attempt.count + 1, at = excluded.at RETURNING count",
        (source, position(item), digest, utc_text(now)),
    ).fetchone()
    return int(count)


def write_receipt(
    ground: Ground, received: Received, digest: str, outcomes: tuple[MessageOutcome, ...], now: datetime
) -> Receipt:
    """Receipt, source position and the end of the attempts, in the caller's transaction."""
    replayed = bool(outcomes) and all(outcome.replayed for outcome in outcomes)
    receipt = Receipt(received.source, received.item, digest, received.received_at, now, outcomes, replayed)
    key = (received.source, position(received.item), digest)
    kept = to_json(msgspec.structs.replace(receipt, item=key[1])).decode()
    if replayed:
        write_entry(
            ground, "collection", now=now, article="PNR 6(1)", case=case_of(digest), counts={"replayed": len(outcomes)}
        )
    ground.db.execute(
        "INSERT INTO receipt VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, item, digest) DO UPDATE SET"
        " committed_at = excluded.committed_at, body = excluded.body",
        (*key, utc_text(now), kept),
    )
    if received.place is None:
        ground.db.execute(
            "INSERT INTO source_position VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET item = excluded.item,"
            " digest = excluded.digest, committed_at = excluded.committed_at",
            (*key, utc_text(now)),
        )
    advance(ground.db, received.place, now)
    ground.db.execute("DELETE FROM attempt WHERE source = ? AND item = ? AND digest = ?", key)
    told = tuple(
        Acknowledged(one.message_id, one.kind, one.travellers, one.findings, one.dead_letter) for one in outcomes
    )
    acknowledged = ReceiptNotice(*key, received.received_at, now, replayed, told)
    put_notice(ground, "pnr.receipt.committed.v1", case_of(digest), acknowledged, now)
    return receipt
