"""The audit log as the store offers it: published, read, pruned."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pnr_pipeline.audit import Access
from pnr_pipeline.retention.moments import earliest
from pnr_pipeline.stores.sql.database import no_locks, transaction
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.log_publisher import LOG_PERIOD, log_of, prune_log, publish_log
from pnr_pipeline.stores.tile_log import TileLog


class AuditLog:
    """The log of one open store."""

    def __init__(self, ground: Ground, holder: str) -> None:
        self._ground, self._holder = ground, holder

    @property
    def tiles(self) -> TileLog:
        """The published log."""
        return log_of(self._ground)

    @property
    def folder(self) -> Path:
        """Where the published log lies."""
        return self._ground.state.log

    def publish(self, now: datetime) -> int:
        """Number committed audit rows and put them into the signed log; returns how many went in (LOG-5).

        Raises StoreFault where the log or the database is not what the other says; nothing is signed then.
        """
        return publish_log(self._ground, self._holder, now)

    def prune(self, now: datetime) -> int:
        """Remove entries past the time for which the law keeps them, their hashes stay (LOG-3); returns how many.

        Whole bundles of 256 go, so up to 255 entries stay a little longer.
        """
        return prune_log(self._ground, self._holder, now)

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """(number, canonical bytes) of each numbered audit row, in order."""
        for seq, body in self._ground.db.execute(
            "SELECT seq, body FROM audit_entry WHERE seq IS NOT NULL ORDER BY seq"
        ):
            yield seq, body.encode()

    def kept_until(self, at: datetime) -> datetime:
        """Until when an entry of this moment is kept (LOG-3)."""
        return earliest("delete", LOG_PERIOD, at, self._ground.law).at

    def note_reading(self, access: Access, now: datetime) -> None:
        """Write down who reads the log, before it is shown (LOG-4)."""
        self._ground.admit(access.actor, "oversight", now)
        with transaction(self._ground.db, no_locks):
            write_entry(
                self._ground, "consultation", now=now, article="PNR 13(6)", case=access.case, actor=access.actor,
                purpose="admin",
            )  # fmt: skip
