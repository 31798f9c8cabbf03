"""The mark of the clock as stored: fed by commits and sweeps, moved by no jump of the wall clock (RET-9)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pnr_pipeline.retention.high_water import Anchor, Elapsed, HighWater, advanced, confirmed
from pnr_pipeline.stores.sql.database import Database, transaction, utc_text, utc_time

_WORTH_WRITING = timedelta(minutes=1)
ASTRAY = timedelta(hours=26)
"""A wall clock that is further behind the mark than this is wrong."""


@dataclass(frozen=True, slots=True)
class ClockMark:
    """The mark of one store; `elapsed` is the count of the machine that works on it."""

    elapsed: Callable[[], Elapsed]

    def look(self, db: Database, now: datetime) -> datetime:
        """Bring the mark up to the wall clock, as far as the machine's count allows."""
        before = _read(db)
        after = advanced(before, now, self.elapsed())
        if before is None or before.anchors != after.anchors or after.mark - before.mark >= _WORTH_WRITING:
            with transaction(db, lambda: {"clock"}):
                _write(db, after)
        return after.mark

    def confirm(self, db: Database, now: datetime) -> datetime:
        """Take a person's word that the wall clock is right; in the caller's transaction."""
        elapsed = self.elapsed()
        after = confirmed(_read(db) or advanced(None, now, elapsed), now, elapsed)
        _write(db, after)
        return after.mark

    def received_at(self, db: Database, told: datetime, now: datetime) -> datetime:
        """The moment of receipt that a term may count from: the mark, where the wall clock has fallen behind it."""
        mark = self.look(db, now)
        return mark if now < mark - ASTRAY else told


def mark_of(db: Database) -> datetime | None:
    """The mark as it was last written; None before the first look."""
    row = db.execute("SELECT mark FROM clock_mark").fetchone()
    return utc_time(row[0]) if row else None


def _read(db: Database) -> HighWater | None:
    mark = mark_of(db)
    if mark is None:
        return None
    rows = db.execute("SELECT boot, seconds, mark FROM clock_anchor").fetchall()
    return HighWater(mark, {boot: Anchor(float(seconds), utc_time(at)) for boot, seconds, at in rows})


def _write(db: Database, after: HighWater) -> None:
    """The mark may have moved on meanwhile, by another process: it never goes back."""
    db.execute(
        "INSERT INTO clock_mark VALUES (1, ?)"
        " ON CONFLICT (one) DO UPDATE SET mark = excluded.mark WHERE excluded.mark > clock_mark.mark",
        (utc_text(after.mark),),
    )
    for boot, anchor in after.anchors.items():
        db.execute(
            "INSERT INTO clock_anchor VALUES (?, ?, ?)"
            " ON CONFLICT (boot) DO UPDATE SET seconds = excluded.seconds, mark = excluded.mark",
            (boot, math.ceil(anchor.seconds), utc_text(anchor.mark)),
        )
