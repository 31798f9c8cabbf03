"""What is to be done once a day, by one process at a time: begun by a timer, noted when done, told when late."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from pnr_pipeline.errors import PnrFault
from pnr_pipeline.stores.sql.database import Database, no_locks, transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.lease import end_lease, take_lease

Duty = Literal["sweep", "log", "lake", "keys", "backup"]
"""In their order: what the sweep destroys is not copied, and a backup is made under keys that have their copies."""
DUTIES: tuple[Duty, ...] = get_args(Duty)

LATE = timedelta(hours=26)
"""A day, and time for it to be done."""
_LEASE = timedelta(hours=2)


class DutyState(msgspec.Struct, frozen=True):
    """When a duty was done last, UTC, and what was wrong the last time, '' where nothing was."""

    name: Duty
    done_at: datetime | None
    fault: str

    def is_late(self, now: datetime) -> bool:
        """Whether it was not done within a day, or failed."""
        return bool(self.fault) or self.done_at is None or now - self.done_at > LATE


def duty_states(db: Database) -> list[DutyState]:
    """Each duty, also those that were never done."""
    rows = {name: (at, fault) for name, at, fault in db.execute("SELECT name, done_at, fault FROM duty").fetchall()}
    told = [(name, *rows.get(name, (None, ""))) for name in DUTIES]
    return [DutyState(name, utc_time(at) if at else None, fault) for name, at, fault in told]


class Duties:
    """The daily duties of one open store."""

    def __init__(self, ground: Ground, holder: str) -> None:
        self._ground, self._holder = ground, holder

    def do(self, name: Duty, work: Callable[[], Mapping[str, int]], now: datetime) -> bool:
        """Do it unless it was done on this day (UTC); whether it was done now.

        `work` tells what it did, by kind; that goes into the log. Raises what it raises, after that was noted. Another
        process that is at it is not disturbed. A day that was missed is made good by the next: each duty does all that
        is open.
        """
        (state,) = [one for one in duty_states(self._ground.db) if one.name == name]
        if state.done_at is not None and state.done_at.date() == now.date() and not state.fault:
            return False
        db, task = self._ground.db, f"duty:{name}"
        with transaction(db, no_locks):
            if not take_lease(self._ground, task, self._holder, now, _LEASE):
                return False
        try:
            counts = work()
        except PnrFault as fault:
            self._note(name, None, type(fault).__name__, {}, now)
            raise
        else:
            self._note(name, now, "", counts, now)
        finally:
            with transaction(db, no_locks):
                end_lease(self._ground, task, self._holder)
        return True

    def _note(self, name: Duty, done: datetime | None, fault: str, counts: Mapping[str, int], now: datetime) -> None:
        with transaction(self._ground.db, no_locks):
            self._ground.db.execute(
                "INSERT INTO duty VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " done_at = coalesce(excluded.done_at, duty.done_at), fault = excluded.fault",
                (name, utc_text(done) if done else None, fault),
            )
            write_entry(
                self._ground, "administration", now=now, article="LED 29(2)", case=f"daily:{utc_text(now)}",
                purpose="admin", counts={f"duty.{name}": 0 if fault else 1} | dict(counts),
            )  # fmt: skip
