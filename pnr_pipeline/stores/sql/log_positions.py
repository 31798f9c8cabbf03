"""How far each partition of a log is committed: kept here alone, moved by the commits themselves (DESIGN 4)."""

from collections.abc import Iterable
from datetime import datetime

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import LogPlace
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.stores.sql.database import Database, no_locks, transaction, utc_text


def log_positions(db: Database, logs: Iterable[str]) -> dict[str, int]:
    """The first offset that is not committed, of those partitions that were read before."""
    rows = db.execute(
        "SELECT log, next FROM log_position WHERE log IN (SELECT value FROM json_each(?))",
        (to_json(sorted(logs)).decode(),),
    )
    return {log: int(following) for log, following in rows.fetchall()}


def pass_over(db: Database, place: LogPlace, now: datetime) -> None:
    """See Store.pass_over."""
    with transaction(db, no_locks):
        advance(db, place, now)


def advance(db: Database, place: LogPlace | None, now: datetime) -> None:
    """Move the position behind this place, in the caller's transaction; never back, as a replay would.

    Raises StoreFault where the reader stood ahead of the position: what lies between would never be committed.
    """
    if place is None:
        return
    moved = db.execute(
        "INSERT INTO log_position VALUES (?, ?, ?) ON CONFLICT (log) DO UPDATE SET next ="
        " CASE WHEN excluded.next > log_position.next THEN excluded.next ELSE log_position.next END,"
        " committed_at = excluded.committed_at WHERE log_position.next >= ? RETURNING next",
        (place.log, place.offset + 1, utc_text(now), place.after),
    ).fetchone()
    if moved is None:
        raise StoreFault("a reader of the log is ahead of what is committed: start the run again")
