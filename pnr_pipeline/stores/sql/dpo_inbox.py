"""The data-protection officer's inbox: one row for each order, release and whatever else must be told or reviewed."""

from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.rulebooks import load_marks
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, new_id, write_entry


class InboxItem(msgspec.Struct, frozen=True):
    """One item; references only, no value of a person. Times are UTC; `overdue` is as of the moment asked."""

    item_id: str
    at: datetime
    kind: str
    reference: str
    due_at: datetime | None
    done_at: datetime | None
    done_by: str
    outcome: str
    overdue: bool


def tell_dpo(ground: Ground, kind: str, reference: str, now: datetime, due_at: datetime | None = None) -> str:
    """Put an item into the inbox, in the caller's transaction; returns its id."""
    item_id = new_id()
    due = utc_text(due_at) if due_at else None
    ground.db.execute(
        "INSERT INTO dpo_item VALUES (?, ?, ?, ?, ?, NULL, '', '')", (item_id, utc_text(now), kind, reference, due)
    )
    return item_id


def inbox(ground: Ground, now: datetime, *, done: bool = False) -> list[InboxItem]:
    """What waits, or also what was done, the longest overdue first."""
    rows = ground.db.execute(
        "SELECT item_id, at, kind, reference, due_at, done_at, done_by, outcome FROM dpo_item"
        " WHERE done_at IS NULL OR ? = 1 ORDER BY coalesce(due_at, '9'), at, item_id",
        (int(done),),
    ).fetchall()
    return [
        InboxItem(
            item_id, utc_time(at), kind, reference, utc_time(due_at) if due_at else None,
            utc_time(done_at) if done_at else None, done_by, outcome,
            overdue=bool(due_at and not done_at and utc_text(now) >= due_at),
        )
        for item_id, at, kind, reference, due_at, done_at, done_by, outcome in rows
    ]  # fmt: skip


def settle_item(ground: Ground, item_id: str, outcome: str, access: Access, now: datetime, *, reason: str = "") -> None:
    """Say what came of an item: lawful or unlawful with a code of `rules/review/marks.yaml`, or seen; in the log.

    UsageFault where none waits, and for a mark without a reason that fits it.
    """
    marks = load_marks().of(outcome)
    if outcome != "seen" and reason not in marks:
        raise UsageFault(f"{outcome}: for which reason? {', '.join(marks)}")
    ground.admit(access.actor, "oversight", now)
    with transaction(ground.db):
        row = ground.db.execute(
            "SELECT kind, reference FROM dpo_item WHERE item_id = ? AND done_at IS NULL", (item_id,)
        ).fetchone()
        if row is None:
            raise UsageFault("no item of this id waits: pnr dpo inbox")
        ground.db.execute(
            "UPDATE dpo_item SET done_at = ?, done_by = ?, outcome = ? WHERE item_id = ?",
            (utc_text(now), access.actor, f"{outcome} {reason}".strip(), item_id),
        )
        told = {f"dpo.{row[0]}.{outcome}": 1} | ({f"dpo.reason.{reason}": 1} if reason else {})
        write_entry(
            ground, "decision", now=now, article="PNR 12(3)", case=access.case, actor=access.actor, purpose="admin",
            references=(row[1],), counts=told,
        )  # fmt: skip


def end_items(ground: Ground, kind: str, reference: str, now: datetime, by: str, outcome: str) -> None:
    """An item that ended by itself, as the timer of an urgent order does with its answer."""
    ground.db.execute(
        "UPDATE dpo_item SET done_at = ?, done_by = ?, outcome = ?"
        " WHERE kind = ? AND reference = ? AND done_at IS NULL",
        (utc_text(now), by, outcome, kind, reference),
    )
