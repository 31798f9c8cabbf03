"""The mark in a database that came back from a backup: nobody is served before what it asks for is seen to.

Opening the store sweeps, and refuses while the sweep holds anything back or while nobody answers for what the log has
lost: a backup is older than what a witness saw.
"""

from datetime import datetime

import msgspec

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.sql.database import Database, utc_text, utc_time


class Restored(msgspec.Struct, frozen=True):
    """When the backup was made and restored (UTC), how many log entries were seen since, and who answers for that.

    `lost` is None where no witness was asked.
    """

    made_at: datetime
    restored_at: datetime
    lost: int | None
    accepted_by: str = ""


def restored_state(db: Database) -> Restored | None:
    """What the mark tells; None where the state is no restored one."""
    row = db.execute("SELECT made_at, restored_at, lost, accepted_by FROM restored").fetchone()
    return Restored(utc_time(row[0]), utc_time(row[1]), row[2], row[3]) if row else None


def mark_restored(db: Database, told: Restored) -> None:
    """Set the mark, in the caller's transaction."""
    db.execute(
        "INSERT INTO restored VALUES (1, ?, ?, ?, ?)"
        " ON CONFLICT (one) DO UPDATE SET accepted_by = excluded.accepted_by",
        (utc_text(told.made_at), utc_text(told.restored_at), told.lost, told.accepted_by),
    )


def refuse_unless_seen_to(db: Database, held: int) -> None:
    """Raises StoreFault where this is a restored state in which periods are `held` by the sweep, or losses are open."""
    told = restored_state(db)
    if told is None:
        return
    if held:
        what = f"{held} periods that are over wait for the clock"
        raise StoreFault(f"restored from a backup: {what}: `pnr retain clock --confirm` (RET-9)")
    if told.lost != 0 and not told.accepted_by:
        lost = "nobody compared the log with a witness" if told.lost is None else f"the log lacks {told.lost} entries"
        raise StoreFault(f"restored from a backup, and {lost}: the data-protection officer says `pnr backup accept`")
