"""The store's side of backups: made, restored ones noted, losses answered for; each in the log."""

from datetime import datetime
from pathlib import Path

import msgspec

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.backups import make_backup
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.log_publisher import publish_log
from pnr_pipeline.stores.sql.periods import use_period
from pnr_pipeline.stores.sql.restored_mark import Restored, mark_restored, restored_state

_ARTICLE = "LED 29(2)"


class BackupDesk:
    """Backups of one open store."""

    def __init__(self, ground: Ground, holder: str) -> None:
        self._ground, self._holder = ground, holder

    def make(self, folder: Path | None, now: datetime) -> Path:
        """Seal the store as it is into a file of this folder, the state's own if not given; noted in the log first.

        Its key is of the day and ends within 35 days (RET-8). Raises StoreFault where nothing was made.
        """
        ground = self._ground
        with transaction(ground.db):
            period = use_period(ground.db, ground.law, "backup", now)
            write_entry(
                ground, "administration", now=now, article=_ARTICLE, case=f"backup:{utc_text(now)}", purpose="admin",
                references=(f"key:{period.id}",),
            )  # fmt: skip
        publish_log(ground, self._holder, now)
        return make_backup(
            ground.state, ground.db, ground.sealer, period, ground.profile.id, ground.domain,
            folder or ground.state.backups, now,
        )  # fmt: skip

    def note_restored(self, restored: Restored, now: datetime) -> None:
        """Write into the restored log that it was restored, from a backup of when."""
        with transaction(self._ground.db):
            write_entry(
                self._ground, "administration", now=now, article=_ARTICLE, purpose="admin",
                case=f"restored:{utc_text(restored.made_at)}", counts={"log.lost": restored.lost or 0},
            )  # fmt: skip

    def accept(self, actor: str, case: str, now: datetime) -> Restored:
        """The data-protection officer answers for the entries that the restored log lacks; noted in it.

        Raises UsageFault where this is no restored state.
        """
        self._ground.admit(actor, "oversight", now)
        told = restored_state(self._ground.db)
        if told is None:
            raise UsageFault("this state was not restored from a backup")
        with transaction(self._ground.db):
            write_entry(
                self._ground, "administration", now=now, article=_ARTICLE, purpose="admin", case=case, actor=actor,
                counts={"log.lost": told.lost or 0},
            )  # fmt: skip
            mark_restored(self._ground.db, msgspec.structs.replace(told, accepted_by=actor))
        return told
