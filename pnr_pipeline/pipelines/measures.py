"""What a run shows to a monitoring: its feeds, and how store, lists and disk are (the doctor tells the same)."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from pnr_pipeline.errors import PnrFault
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import shelf_of
from pnr_pipeline.screening.index import version_of
from pnr_pipeline.stores.list_conditions import ListCondition, ListConditions
from pnr_pipeline.stores.sql.condition import Condition, condition
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.duties import duty_states
from pnr_pipeline.stores.sql.place import open_to_look
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.telemetry.metrics import Sample, Told, serving

LOOKS_APART_SECONDS = 5.0
"""The store is looked at no more often, however often its figures are read."""


@contextmanager
def measured(options: RunOptions, feeds: Told) -> Iterator[None]:
    """Serve the figures while a run lasts, where a port was given; `feeds` tells what waits before the store."""
    if options.metrics_port is None:
        yield
        return
    with ExitStack() as stack:
        store = StoreFigures(options)
        stack.callback(store.close)
        stack.enter_context(serving(options.metrics_host, options.metrics_port, [feeds, store]))
        yield


class StoreFigures:
    """The figures of one store, over a database connection of its own; where it is in trouble they say so."""

    def __init__(self, options: RunOptions) -> None:
        self._options = options
        self._lists = ListConditions(shelf_of(options))
        self._db: Database | None = None
        self._looked: float | None = None
        self._last: list[Sample] = []

    def __call__(self) -> list[Sample]:
        """The figures, looked up where the last look is some seconds ago."""
        if self._looked is None or time.monotonic() - self._looked >= LOOKS_APART_SECONDS:
            try:
                self._last = [Sample("pnr_store_up", 1), *self._look(self._options.clock())]
            except (PnrFault, OSError):
                self.close()  # and try anew at the next look
                self._last = [Sample("pnr_store_up", 0)]
            self._looked = time.monotonic()
        return self._last

    def close(self) -> None:
        """End the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _look(self, now: datetime) -> Iterator[Sample]:
        state = StateFolder(self._options.state, address=self._options.database)
        yield Sample("pnr_disk_free_bytes", shutil.disk_usage(state.root).free)
        lists = self._lists.at(now)
        for one in lists:
            yield from list_samples(one)
        if self._db is None:
            self._db = open_to_look(state)
        newest = min((one.age for one in lists), default=timedelta())
        in_force = version_of({one.list_id: one.version for one in lists})
        yield from store_samples(condition(self._db, in_force, now), newest)
        for duty in duty_states(self._db):
            yield Sample("pnr_duty_late", duty.is_late(now), (duty.name,))
            if duty.done_at:
                yield Sample("pnr_duty_age_seconds", (now - duty.done_at).total_seconds(), (duty.name,))


def list_samples(one: ListCondition) -> Iterator[Sample]:
    """One list in force."""
    yield Sample("pnr_list_age_seconds", one.age.total_seconds(), (one.list_id,))
    yield Sample("pnr_list_entries", one.entries, (one.list_id,))
    yield Sample("pnr_list_stale", one.state != "fresh", (one.list_id,))
    yield Sample("pnr_list_review_seconds", one.review_in * 86_400, (one.list_id,))


def store_samples(found: Condition, newest_list: timedelta) -> Iterator[Sample]:
    """The store; `newest_list` is the age of the list built last."""
    numbers: dict[str, float | timedelta] = {
        "pnr_uncommitted": found.begun,
        "pnr_uncommitted_age_seconds": found.begun_age,
        "pnr_attempts_again": found.begun_again,
        "pnr_dead_letters": found.dead_letters,
        "pnr_dead_letters_ending": found.dead_letters_ending,
        "pnr_hits_waiting": found.hits_waiting,
        "pnr_relay_waiting": found.unrelayed,
        "pnr_relay_lag_seconds": found.unrelayed_age,
        "pnr_log_waiting": found.unpublished,
        "pnr_log_lag_seconds": found.unpublished_age,
        "pnr_sweep_failed": bool(found.sweep_fault),
        "pnr_sweep_lag_seconds": found.due_age,
        "pnr_periods_due": found.due,
        "pnr_clock_ahead_seconds": found.clock_ahead,
        "pnr_rescreen_waiting": found.behind,
        "pnr_rescreen_lag_seconds": newest_list if found.behind else timedelta(),
        "pnr_inbox_waiting": found.inbox_waiting,
        "pnr_inbox_overdue": found.inbox_overdue,
    }
    if found.swept is not None:
        numbers["pnr_sweep_age_seconds"] = found.swept
    for figure, number in numbers.items():
        yield Sample(figure, number.total_seconds() if isinstance(number, timedelta) else number)
