"""Promotion to class L: a record with objective evidence is sealed anew, to be kept beyond six months (RET-3).

Each record is promoted by itself: a booking, which tells of others too, only where it is named. Hits go with it that a
person confirmed; others, negative ones and memories end with class S, no later than they would have (SCR-7).
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.retention.promotion import Grounds
from pnr_pipeline.stores.seal import Part
from pnr_pipeline.stores.sql.bookings import KEEP_BODY
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, term, write_entry
from pnr_pipeline.stores.sql.rights_index import move_rights

_CONFIRMED = ("confirmed", "sent")


class PromotionLine(msgspec.Struct, frozen=True):
    """One promoted record: on what evidence, why, by whom, since when (UTC), and the day of its next review."""

    record_id: str
    period: str
    evidence: str
    reason: str
    actor: str
    at: datetime
    review_by: str


def promote(ground: Ground, records: Iterable[str], grounds: Grounds, access: Access, now: datetime) -> int:
    """See Retention.promote."""
    ids = sorted(set(records))
    ground.admit(access.actor, "retention", now, records=ids)
    with transaction(ground.db):
        for record_id in ids:
            _promote(ground, record_id, grounds, access, now)
        write_entry(
            ground, "alteration", now=now, article="CJ 259", case=access.case, actor=access.actor,
            purpose=access.purpose, references=[f"record:{one}" for one in ids],
            counts={"promoted": len(ids), f"reason.{grounds.reason}": len(ids)},
        )  # fmt: skip
    return len(ids)


def promotions(ground: Ground) -> list[PromotionLine]:
    """See Retention.promotions."""
    rows = ground.db.execute(
        "SELECT record_id, period, evidence, reason, actor, at, review_by FROM promotion ORDER BY review_by, record_id"
    ).fetchall()
    return [
        PromotionLine(record_id, period, evidence, reason, actor, utc_time(at), review_by)
        for record_id, period, evidence, reason, actor, at, review_by in rows
    ]


def _promote(ground: Ground, record_id: str, grounds: Grounds, access: Access, now: datetime) -> None:
    row = ground.db.execute(
        "SELECT version, period, received_at FROM record_head WHERE record_id = ?", (record_id,)
    ).fetchone()
    if row is None or not row[1].startswith(("S/", "L/")):
        raise UsageFault("no record with this id that could be promoted: see `pnr hits show`")
    version, old, received_at = row
    kept = term(ground, utc_time(received_at), promoted=True)
    grounds.check(now.date(), utc_time(kept.delete_at).date())
    _refuse_unverified(ground, record_id, grounds)
    if old != kept.period:
        _seal_anew(ground, record_id, version, old, kept.period)
        ground.db.execute(
            "UPDATE record_head SET period = ?, delete_at = ?, delete_because = ? WHERE record_id = ?",
            (kept.period, kept.delete_at, kept.delete_because, record_id),
        )
    ground.db.execute(
        "INSERT INTO promotion VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT basis FROM record_head WHERE record_id = ?))"
        " ON CONFLICT (record_id) DO UPDATE SET"
        " evidence = excluded.evidence, reason = excluded.reason, actor = excluded.actor, at = excluded.at,"
        " review_by = excluded.review_by",
        (record_id, kept.period, grounds.evidence, grounds.reason, access.actor, utc_text(now),
         grounds.review_by.isoformat(), record_id),
    )  # fmt: skip


def _refuse_unverified(ground: Ground, record_id: str, grounds: Grounds) -> None:
    """Evidence that is a hit must be one of this record that a person confirmed: a match alone proves nothing."""
    hit = grounds.evidence.removeprefix("hit:")
    if hit == grounds.evidence:
        return
    row = ground.db.execute("SELECT state FROM hit WHERE hit_id = ? AND record_id = ?", (hit, record_id)).fetchone()
    if row is None or row[0] not in _CONFIRMED:
        raise UsageFault("this hit is not one of the record that a person confirmed (RET-3; C-817/19 ¶259)")


def _seal_anew(ground: Ground, record_id: str, version: int, old: str, new: str) -> None:
    def anew(part: Part, subject: str, number: int, sealed: bytes) -> bytes:
        clear = ground.sealer.open(old, part, subject, number, sealed)
        return ground.sealer.seal(new, part, subject, number, clear)

    db = ground.db
    at = (record_id, old)
    told, sealed, basis = db.execute(
        "SELECT open, identity, basis FROM body WHERE record_id = ? AND period = ?", at
    ).fetchone()
    db.execute("DELETE FROM body WHERE record_id = ? AND period = ?", at)
    db.execute(KEEP_BODY, (record_id, new, told, anew("identity", record_id, version, sealed), basis))
    move_rights(ground, record_id, old, new, ground.sealer.open(old, "identity", record_id, version, sealed))
    hits = db.execute(
        "SELECT hit_id, version, sealed FROM hit WHERE record_id = ? AND period = ? AND state IN (?, ?)",
        (record_id, old, *_CONFIRMED),
    ).fetchall()
    for hit_id, of, sealed in hits:
        for number, match in db.execute(
            "SELECT version, sealed FROM hit_version WHERE hit_id = ?", (hit_id,)
        ).fetchall():
            db.execute(
                "UPDATE hit_version SET period = ?, sealed = ? WHERE hit_id = ? AND version = ?",
                (new, anew("hits", f"{hit_id}/match", number, match), hit_id, number),
            )
        for row, number, note in db.execute(
            "SELECT row, version, sealed FROM decision WHERE hit_id = ?", (hit_id,)
        ).fetchall():
            db.execute(
                "UPDATE decision SET period = ?, sealed = ? WHERE row = ?",
                (new, anew("hits", f"{hit_id}/note", number, note), row),
            )
        db.execute(
            "UPDATE hit SET period = ?, sealed = ? WHERE hit_id = ?", (new, anew("hits", hit_id, of, sealed), hit_id)
        )
