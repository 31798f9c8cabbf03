"""Copies from the channel that stands in while the router is out: tagged, and deleted once its own are here (ING-9)."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.sql.database import no_locks, transaction, utc_text
from pnr_pipeline.stores.sql.erasure import recall
from pnr_pipeline.stores.sql.ground import Ground, write_entry

_ROUTERS_COPY = (
    "SELECT 1 FROM push other LEFT JOIN fallback USING (message_id)"
    " WHERE other.leg_id = ? AND other.source = ? AND other.received_at >= ? AND fallback.at IS NULL LIMIT 1"
)


class Recovered(msgspec.Struct, frozen=True):
    """How many fallback copies went, how many wait for the router's; `units` were sent a hit and must be told."""

    deleted: int
    waiting: int
    units: tuple[str, ...]


def tag_fallback(ground: Ground, messages: Iterable[str], request: str, access: Access, now: datetime) -> int:
    """See Retention.tag_fallback."""
    ground.admit(access.actor, "retention", now)
    ids = sorted(set(messages))
    with transaction(ground.db, no_locks):
        for one in ids:
            if not ground.db.execute("SELECT 1 FROM push WHERE message_id = ?", (one,)).fetchone():
                raise UsageFault("no message with one of these ids is kept")
            ground.db.execute(
                "INSERT INTO fallback VALUES (?, ?, ?, ?, (SELECT min(basis) FROM push WHERE message_id = ?))"
                " ON CONFLICT DO NOTHING",
                (one, request, access.actor, utc_text(now), one),
            )
        write_entry(
            ground, "alteration", now=now, article="R13 16(1)", case=access.case, actor=access.actor,
            purpose="admin", references=[f"message:{one}" for one in ids], counts={"fallback": len(ids)},
        )  # fmt: skip
    return len(ids)


def router_recovered(ground: Ground, access: Access, index: Index, now: datetime) -> Recovered:
    """See Retention.router_recovered."""
    ground.admit(access.actor, "retention", now)
    waiting = deleted = 0
    units: set[str] = set()
    for (message_id,) in ground.db.execute("SELECT message_id FROM fallback ORDER BY at, message_id").fetchall():
        legs = ground.db.execute(
            "SELECT leg_id, source, received_at FROM push WHERE message_id = ?", (message_id,)
        ).fetchall()
        if not all(ground.db.execute(_ROUTERS_COPY, leg).fetchone() for leg in legs):
            waiting += 1
            continue
        units |= set(recall(ground, message_id, access, index, now).units)
        with transaction(ground.db, no_locks):
            ground.db.execute("DELETE FROM fallback WHERE message_id = ?", (message_id,))
        deleted += 1
    return Recovered(deleted, waiting, tuple(sorted(units)))
