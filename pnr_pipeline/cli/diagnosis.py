"""One thing that the doctor looked at; and how deletion is: late, missed and failed sweeps (RET-8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pnr_pipeline.retention.high_water import LATE as MARK_LATE
from pnr_pipeline.stores.sql.database import Database

Mark = Literal["ok", "warning", "fault"]
SWEEP_LAG_MAX = timedelta(hours=24)
"""RET-8."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: how it is, and what to do where it is not well."""

    subject: str
    mark: Mark
    what: str
    remedy: str = ""


def sweeps_told(db: Database, now: datetime) -> Iterator[Diagnosis]:
    """Late, missed and failed sweeps, and a mark that holds them up (RET-8, RET-9)."""
    text = "%Y-%m-%dT%H:%M:%S.%fZ"
    state = db.execute("SELECT done_at, fault FROM sweep_state").fetchone()
    done_at, fault = state or (None, "")
    if fault:
        remedy = "pnr retain sweep once the database and the keystore are well: what it began it goes on with"
        yield Diagnosis("sweep", "fault", f"the last one failed: {fault}", remedy)
    over = (now - SWEEP_LAG_MAX).strftime(text)
    late, overdue = (
        db.execute(
            "SELECT count(*) FROM key_period WHERE ended_at IS NULL AND (delete_at <= ? OR mask_at <= ?"
            " AND masked_at IS NULL)",
            (at, at),
        ).fetchone()[0]
        for at in (now.strftime(text), over)
    )
    (ending,) = db.execute(
        "SELECT count(*) FROM key_period WHERE ended_at IS NULL AND ending_at IS NOT NULL"
    ).fetchone()
    if late or ending:
        what = f"{late} periods due and not ended, {overdue} for more than 24 hours, {ending} interrupted"
        yield Diagnosis("deletion", "fault" if overdue or ending else "warning", what, "pnr retain sweep (RET-8)")
    elif done_at is None or done_at < over:
        seen = f"last at {done_at[:16]}" if done_at else "none yet"
        yield Diagnosis(
            "deletion", "warning", f"no sweep for 24 hours: {seen}", "pnr run sweeps hourly; pnr retain sweep"
        )
    else:
        yield Diagnosis("deletion", "ok", f"nothing due, last sweep {done_at[:16]} UTC")
    row = db.execute("SELECT mark FROM clock_mark").fetchone()
    behind = now - datetime.fromisoformat(row[0]) if row else timedelta()
    if behind > MARK_LATE and (done_at or "") >= over:
        remedy = "look at another clock, then pnr retain clock --confirm (RET-9): until then deletions are held up"
        yield Diagnosis("clock", "fault", f"{behind} ahead of the time counted by the machine", remedy)
    elif -behind > timedelta(hours=1):
        yield Diagnosis("clock", "fault", f"{-behind} behind the time counted by the machine", "set the clock (RET-9)")
