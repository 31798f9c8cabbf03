"""How the store is at a moment, in counts and ages: what `pnr doctor` tells and the metrics show, read in one place.

No key is opened and no purpose shown: all of it stands in counts, times and codes of the tables.
"""

from datetime import datetime, timedelta

import msgspec

from pnr_pipeline.stores.sql.database import Database, utc_text, utc_time

ENDING_SOON = timedelta(hours=12)
"""Dead letters that end within this time are told apart: after 72 hours their key is destroyed."""
SWEEP_LAG_MAX = timedelta(hours=24)
"""RET-8."""

LOG_LAG_MAX = timedelta(minutes=1)
"""A run is never more than a second behind (LOG-5); an act without a run waits for the next one."""


class Condition(msgspec.Struct, frozen=True):
    """Numbers of rows, and ages at the moment asked for; an age is zero where nothing waits.

    `begun` are transmissions begun and not committed, `begun_again` those of them in a second attempt or later.
    `swept` is the time since a sweep came to its end, None before the first; `due` are key periods past their end or
    masking, `overdue` those for more than 24 hours. `clock_ahead` is the wall clock against the machine's own count
    of time, negative where it is behind. `behind` are live travellers, on legs that may still be assessed, who were
    screened with other lists than those in force.
    """

    begun: int
    begun_age: timedelta
    begun_again: int
    dead_letters: int
    dead_letters_ending: int
    hits_waiting: int
    unrelayed: int
    unrelayed_age: timedelta
    unpublished: int
    unpublished_age: timedelta
    inbox_waiting: int
    inbox_overdue: int
    swept: timedelta | None
    sweep_fault: str
    due: int
    due_age: timedelta
    overdue: int
    interrupted: int
    clock_ahead: timedelta
    behind: int


def condition(db: Database, lists: str, now: datetime) -> Condition:
    """The store's condition at `now` (aware UTC); `lists` is the version of the index over the lists in force."""
    at, over = utc_text(now), utc_text(now - SWEEP_LAG_MAX)

    def row(statement: str, *values: str) -> tuple[int, ...]:
        return tuple(db.execute(statement, values).fetchone())

    def waiting(statement: str, *values: str) -> tuple[int, timedelta]:
        number, oldest = db.execute(statement, values).fetchone()
        return number, max(now - utc_time(oldest), timedelta()) if oldest else timedelta()

    begun, begun_age = waiting("SELECT count(*), min(at) FROM attempt")
    unrelayed, unrelayed_age = waiting("SELECT count(*), min(created_at) FROM outbox WHERE seq IS NULL")
    unpublished, unpublished_age = waiting("SELECT count(*), min(at) FROM audit_entry WHERE seq IS NULL")
    due, due_age = waiting(
        "SELECT count(*), min(CASE WHEN delete_at <= ? THEN delete_at ELSE mask_at END) FROM key_period"
        " WHERE ended_at IS NULL AND (delete_at <= ? OR mask_at <= ? AND masked_at IS NULL)",
        at, at, at,
    )  # fmt: skip
    (begun_again,) = row("SELECT count(*) FROM attempt WHERE count > 1")
    letters, ending = row(
        "SELECT count(*), count(CASE WHEN expires_at < ? THEN 1 END) FROM dead_letter WHERE replayed_at IS NULL",
        utc_text(now + ENDING_SOON),
    )
    inbox, inbox_overdue = row(
        "SELECT count(*), count(CASE WHEN due_at <= ? THEN 1 END) FROM dpo_item WHERE done_at IS NULL", at
    )
    (hits,) = row("SELECT count(*) FROM hit WHERE state IN ('new', 'under_review')")
    (overdue,) = row(
        "SELECT count(*) FROM key_period WHERE ended_at IS NULL AND (delete_at <= ? OR mask_at <= ?"
        " AND masked_at IS NULL)",
        over, over,
    )  # fmt: skip
    (interrupted,) = row("SELECT count(*) FROM key_period WHERE ended_at IS NULL AND ending_at IS NOT NULL")
    (behind,) = row(
        # leg by leg: most records are of legs whose time is over, and are not looked at
        "SELECT coalesce(sum((SELECT count(*) FROM record_head r WHERE r.leg_id = leg.leg_id AND kind = 'traveller'"
        " AND status = 'live' AND substr(list_version, 1, length(?)) != ?)), 0) FROM leg WHERE assess_until > ?",
        lists, lists, at,
    )  # fmt: skip
    done_at, fault = db.execute("SELECT done_at, fault FROM sweep_state").fetchone() or (None, "")
    mark = db.execute("SELECT mark FROM clock_mark").fetchone()
    return Condition(
        begun, begun_age, begun_again, letters, ending, hits, unrelayed, unrelayed_age, unpublished, unpublished_age,
        inbox, inbox_overdue, now - utc_time(done_at) if done_at else None, fault, due, due_age, overdue, interrupted,
        now - utc_time(mark[0]) if mark else timedelta(), int(behind),
    )  # fmt: skip
