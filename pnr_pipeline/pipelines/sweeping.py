"""While a pipeline runs, what is due is deleted once an hour, between two pieces of work (RET-8)."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from pnr_pipeline.telemetry import log
from pnr_pipeline.transforms.workplace import Store

EVERY = timedelta(hours=1)


@dataclass(slots=True)
class HourlySweep:
    """Sweeps when an hour has passed since the last sweep, or the clock was set back; raises as Store.sweep does."""

    last: datetime | None = None

    def when_due(self, store: Store, now: datetime) -> None:
        """To be called while nothing is in work."""
        if self.last is None or not timedelta() <= now - self.last < EVERY:
            begun = time.monotonic()
            store.sweep(now)
            self.last = now
            log.info("swept", seconds=time.monotonic() - begun)
