"""Rejections remembered: "not this person", by traveller and entry version; listed, counted, woken (SCR-6, SCR-7)."""

import hmac
from datetime import datetime

import msgspec

from pnr_pipeline.errors import KeyGone, ReviewFault, UsageFault
from pnr_pipeline.records import Hit, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.review import Decision
from pnr_pipeline.review.memory import Identity, check_memory, identity_of, relation
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import SERVICE, Ground, new_id, write_entry
from pnr_pipeline.stores.sql.hits import CRITERIA, read_hits, update_hit
from pnr_pipeline.stores.sql.leg_locks import legs_of_hits
from pnr_pipeline.stores.sql.travellers import Kept


class MemoryLine(msgspec.Struct, frozen=True):
    """A memory as it is listed: nothing of the traveller. `suppressed` counts the hits it keeps down now; times UTC."""

    memory_id: str
    list_id: str
    entry_id: str
    entry_version: str
    reason: str
    reviewer: str
    second_reviewer: str
    at: datetime
    expires_at: datetime
    woken_at: datetime | None
    woken_because: str
    suppressed: int


def remember(ground: Ground, hit: Hit, kept: Kept, decision: Decision) -> str:
    """Remember a rejection, in the transaction of the decision; returns the memory's id. Raises ReviewFault.

    The key of its hashes is derived from the hit's period, so it ends with the record (SCR-7).
    """
    if hit.match.list_id.startswith(CRITERIA):
        raise ReviewFault("a criterion names no person, so there is nobody to remember: reject the hit without it")
    memory_id = new_id()
    (period,) = ground.db.execute("SELECT period FROM hit WHERE hit_id = ?", (hit.hit_id,)).fetchone()
    identity = _identity(ground, memory_id, period, kept.person.view)
    check_memory(decision, identity, ground.memory)
    expires_at = ground.memory.expiry(decision.at, utc_time(kept.term.delete_at))
    ground.db.execute(
        "INSERT INTO memory VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '',"
        " (SELECT basis FROM hit WHERE hit_id = ?))",
        (memory_id, hit.hit_id, hit.record_id, hit.match.list_id, hit.match.entry_id, hit.entry_version,
         to_json(identity).decode(), period, decision.reason, decision.reviewer, decision.second_reviewer,
         utc_text(decision.at), utc_text(expires_at), hit.hit_id),
    )  # fmt: skip
    return memory_id


def remembered(ground: Ground, traveller: Traveller, list_id: str, entry_id: str, version: str, now: datetime) -> str:
    """The memory that says of this traveller and this version of the entry "not this person"; '' where none does.

    A memory of the same traveller is woken where the entry, or the traveller's document or birth date, has changed.
    """
    rows = ground.db.execute(
        "SELECT memory_id, entry_version, identity, period FROM memory"
        " WHERE list_id = ? AND entry_id = ? AND woken_at IS NULL AND expires_at > ? ORDER BY at",
        (list_id, entry_id, utc_text(now)),
    ).fetchall()
    for memory_id, remembered_version, identity, period in rows:
        try:
            found = relation(from_json(Identity, identity.encode()), _identity(ground, memory_id, period, traveller))
        except KeyGone:  # its record has ended, and it with the record
            continue
        if found == "same" and remembered_version == version:
            return str(memory_id)
        if found != "another":
            wake(ground, memory_id, "the entry changed" if found == "same" else found, now)
    return ""


def wake(ground: Ground, memory_id: str, because: str, now: datetime, actor: str = SERVICE) -> int:
    """End a memory: it suppresses nothing from now on, and what it kept down is new; returns how many hits."""
    ground.db.execute(
        "UPDATE memory SET woken_at = ?, woken_because = ? WHERE memory_id = ?", (utc_text(now), because, memory_id)
    )
    # what it kept down may be on any leg; those are held before their hits are read
    ground.db.hold(legs_of_hits(ground, "state = 'suppressed'", ()))
    woken = [hit for hit in read_hits(ground, "suppressed") if hit.memory == memory_id]
    for hit in woken:
        update_hit(ground, msgspec.structs.replace(hit, state="new", memory="", changed_at=now))
    write_entry(
        ground, "alteration", now=now, article="PNR 6(5)", case=f"memory:{memory_id}:1", actor=actor,
        references=(f"memory:{memory_id}",), counts={"woken": len(woken)},
    )  # fmt: skip
    return len(woken)


def wake_of_hit(ground: Ground, hit_id: str, now: datetime, actor: str) -> None:
    """End what an earlier decision on this hit had remembered."""
    for (memory_id,) in ground.db.execute(
        "SELECT memory_id FROM memory WHERE hit_id = ? AND woken_at IS NULL", (hit_id,)
    ).fetchall():
        wake(ground, memory_id, "decided again", now, actor)


def wake_expired(ground: Ground, now: datetime) -> int:
    """End every memory whose time is over; returns how many hits are new by it."""
    due = ground.db.execute(
        "SELECT memory_id FROM memory WHERE woken_at IS NULL AND expires_at <= ?", (utc_text(now),)
    ).fetchall()
    if not due:
        return 0
    with transaction(ground.db):
        return sum(wake(ground, memory_id, "expired", now) for (memory_id,) in due)


def wake_by_hand(ground: Ground, memory_id: str, actor: str, now: datetime) -> int:
    """See Store.wake_memory."""
    ground.admit(actor, "review", now)
    with transaction(ground.db):
        row = ground.db.execute("SELECT woken_at FROM memory WHERE memory_id = ?", (memory_id,)).fetchone()
        if row is None or row[0] is not None:
            raise UsageFault("no memory with this id is asleep: see `pnr hits memory list`")
        return wake(ground, memory_id, "by hand", now, actor)


def lines(ground: Ground) -> list[MemoryLine]:
    """See Store.memories."""
    kept_down: dict[str, int] = {}
    for hit in read_hits(ground, "suppressed"):
        kept_down[hit.memory] = kept_down.get(hit.memory, 0) + 1
    rows = ground.db.execute(
        "SELECT memory_id, list_id, entry_id, entry_version, reason, reviewer, second_reviewer, at, expires_at,"
        " woken_at, woken_because FROM memory ORDER BY at, memory_id"
    ).fetchall()
    return [
        MemoryLine(
            memory_id=memory_id, list_id=list_id, entry_id=entry_id, entry_version=version, reason=reason,
            reviewer=reviewer, second_reviewer=second, at=utc_time(at), expires_at=utc_time(expires_at),
            woken_at=utc_time(woken_at) if woken_at else None, woken_because=because,
            suppressed=kept_down.get(memory_id, 0),
        )
        for memory_id, list_id, entry_id, version, reason, reviewer, second, at, expires_at, woken_at, because in rows
    ]  # fmt: skip


def _identity(ground: Ground, memory_id: str, period: str, traveller: Traveller) -> Identity:
    key = ground.sealer.record_key(period, "hits", f"{memory_id}/memory")
    return identity_of(traveller, lambda text: hmac.digest(key, text.encode(), "sha256")[:16].hex())
