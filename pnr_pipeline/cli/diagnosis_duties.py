"""What the doctor says of the daily duties."""

from collections.abc import Iterator
from datetime import datetime

from pnr_pipeline.cli.diagnosis import Diagnosis
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.duties import duty_states


def duties_told(db: Database, now: datetime) -> Iterator[Diagnosis]:
    """Each duty that was done ever, or failed; one line where no timer runs at all."""
    states = duty_states(db)
    if all(one.done_at is None and not one.fault for one in states):
        yield Diagnosis("daily duties", "warning", "none was ever done", "a timer that runs pnr daily: docs/backup.md")
        return
    for one in states:
        last = f"last done {one.done_at:%Y-%m-%d %H:%M} UTC" if one.done_at else "never done"
        what = f"{last}; the last time failed: {one.fault}" if one.fault else last
        late = one.is_late(now)
        yield Diagnosis(f"daily {one.name}", "fault" if late else "ok", what, "pnr daily" * late)
