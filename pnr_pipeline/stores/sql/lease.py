"""One worker at a time for a task of the store, across processes."""

from datetime import datetime, timedelta

from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.ground import Ground

LEASE = timedelta(seconds=30)


def take_lease(ground: Ground, task: str, holder: str, now: datetime, lasting: timedelta = LEASE) -> bool:
    """Take or renew the one lease of a task, in the caller's transaction; False while another holds it."""
    taken = ground.db.execute(
        "INSERT INTO lease VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder,"
        " until = excluded.until WHERE lease.holder = excluded.holder OR lease.until <= ?",
        (task, holder, utc_text(now + lasting), utc_text(now)),
    )
    return taken.rowcount == 1


def end_lease(ground: Ground, task: str, holder: str) -> None:
    """Give the lease back, in the caller's transaction."""
    ground.db.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (task, holder))
