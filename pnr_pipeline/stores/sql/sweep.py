"""The sweep: what is due ends with its keys, then its rows go, then the log says so (RET-1 to RET-5, RET-8).

Three steps for all periods that are due, each fit to be taken again after a crash between or within them: a
transaction takes the periods out of use for good, so that the same ones are gone on with whatever the clock then says;
their keys are destroyed, a handful for each period and not one for each record; a transaction for each period deletes
its rows, writes the receipt of the deletion into the log and marks the period as ended.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.errors import PnrFault, StoreFault
from pnr_pipeline.retention.high_water import sure
from pnr_pipeline.retention.key_periods import key_period
from pnr_pipeline.stores.copies import end_copies
from pnr_pipeline.stores.durable_file import trouble_in
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.seal import MASKED, PARTS
from pnr_pipeline.stores.sql.acts_again import do_again
from pnr_pipeline.stores.sql.clock_mark import ASTRAY
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.log_rows import drop_old_log_rows
from pnr_pipeline.stores.sql.memory import wake_expired
from pnr_pipeline.stores.sql.period_rows import drop_rows, end_legs, mask_rows
from pnr_pipeline.stores.sql.populations import tell_populations
from pnr_pipeline.stores.sql.presence import keep_absent
from pnr_pipeline.stores.sql.relay import forget_lines


class Ended(msgspec.Struct, frozen=True):
    """What became of one period: masked or deleted, due since when (UTC), by which article, and rows by kind."""

    period: str
    what: Literal["mask", "delete"]
    due_at: datetime
    because: str
    article: str
    counts: dict[str, int]


class Swept(msgspec.Struct, frozen=True):
    """One sweep. What is due until `sure_until` was done; `held` periods wait: the wall clock alone says due."""

    at: datetime
    sure_until: datetime
    ended: tuple[Ended, ...]
    held: int

    def count(self, what: str) -> int:
        """Rows of one kind that went, over all periods."""
        return sum(one.counts.get(what, 0) for one in self.ended)


class _Due(msgspec.Struct, frozen=True):
    period: str
    key_class: str
    what: Literal["mask", "delete"]
    due_at: datetime
    because: str
    article: str


def sweep(ground: Ground, now: datetime, told: Callable[[int, int], None] = lambda done, of: None) -> Swept:
    """See Retention.sweep. `told` hears how many of how many steps are done."""
    try:
        return _sweep(ground, now, told)
    except PnrFault as fault:
        _note_fault(ground, fault)
        raise


def _sweep(ground: Ground, now: datetime, told: Callable[[int, int], None]) -> Swept:
    mark = ground.clock.look(ground.db, now)
    certain = sure(now, mark)
    with transaction(ground.db):
        _begin(ground, now)
        if now >= mark - ASTRAY:
            _date_again(ground, now)
        due = _take_out_of_use(ground, certain, now)
        (held,) = ground.db.execute(
            "SELECT count(*) FROM key_period WHERE ended_at IS NULL AND ending_at IS NULL"
            " AND (delete_at <= ? OR mask_at <= ? AND masked_at IS NULL)",
            (utc_text(now), utc_text(now)),
        ).fetchone()
    ground.sealer.forget()  # another process may have destroyed what this one still holds in memory
    steps = 2 * len(due)
    for number, one in enumerate(due, 1):
        for part in MASKED if one.what == "mask" else PARTS:
            ground.sealer.destroy(one.period, part)
        told(number, steps)
    ended = []
    for number, one in enumerate(due, len(due) + 1):
        ended += _end(ground, one, now)
        told(number, steps)
    _end_log_rows(ground, certain, now)
    tell_populations(ground, certain)
    wake_expired(ground, now)
    do_again(ground, lambda: ListShelf(ground.state.lists).load(now), now)
    if ended:
        forget_lines(ground)
        ground.db.reclaim()
    with transaction(ground.db):
        ground.db.execute("UPDATE sweep_state SET done_at = ?, fault = ''", (utc_text(now),))
    return Swept(now, certain, tuple(ended), held)


def _begin(ground: Ground, now: datetime) -> None:
    ground.db.execute(
        "INSERT INTO sweep_state VALUES (1, ?, NULL, '') ON CONFLICT (one) DO UPDATE SET begun_at = excluded.begun_at",
        (utc_text(now),),
    )


def _take_out_of_use(ground: Ground, certain: datetime, now: datetime) -> list[_Due]:
    """What is due, and what an earlier sweep began; from here on it goes on to its end."""
    rows = ground.db.execute(
        "SELECT period, class, delete_at, delete_because, delete_article FROM key_period"
        " WHERE ended_at IS NULL AND (delete_at <= ? OR ending_at IS NOT NULL) ORDER BY delete_at, period",
        (utc_text(certain),),
    ).fetchall()
    due = [_Due(period, of, "delete", utc_time(at), because, art) for period, of, at, because, art in rows]
    rows = ground.db.execute(
        "SELECT period, class, mask_at, mask_because, mask_article FROM key_period"
        " WHERE ended_at IS NULL AND masked_at IS NULL AND mask_at <= ? AND delete_at > ? AND ending_at IS NULL"
        " ORDER BY mask_at, period",
        (utc_text(certain), utc_text(certain)),
    ).fetchall()
    due += [_Due(period, of, "mask", utc_time(at), because, art) for period, of, at, because, art in rows]
    for one in due:
        end_legs(ground, one.period)
        if one.what == "delete":
            if one.key_class == "api" and not _is_ending(ground, one.period):
                keep_absent(ground, one.period)
            ground.db.execute(
                "UPDATE key_period SET ending_at = coalesce(ending_at, ?) WHERE period = ?", (utc_text(now), one.period)
            )
    return due


def _is_ending(ground: Ground, period: str) -> bool:
    row = ground.db.execute("SELECT ending_at FROM key_period WHERE period = ?", (period,)).fetchone()
    return row[0] is not None


def _end(ground: Ground, one: _Due, now: datetime) -> list[Ended]:
    """Delete files and rows and write the receipt; nothing where another process was first."""
    with trouble_in("copies"):
        copies = end_copies(ground.state, one.period) if one.what == "delete" else {}
    done = "ended_at" if one.what == "delete" else "masked_at"
    with transaction(ground.db):
        fresh = ground.db.execute(
            f"UPDATE key_period SET {done} = ? WHERE period = ? AND {done} IS NULL",  # noqa: S608  # one of two columns
            (utc_text(now), one.period),
        ).rowcount
        if not fresh:
            return []
        counts: dict[str, int] = {}
        rows = drop_rows(ground, one.key_class, one.period) if one.what == "delete" else mask_rows(ground, one.period)
        for kind, number in (*rows, *copies.items()):
            if number:
                counts[kind] = counts.get(kind, 0) + number
        write_entry(
            ground, "erasure", now=now, article=one.article, case=f"sweep:{utc_text(now)}", purpose="admin",
            references=(f"key:{one.period}",), counts={f"{one.what}.keys": 1} | counts,
        )  # fmt: skip
    return [Ended(one.period, one.what, one.due_at, one.because, one.article, counts)]


def _end_log_rows(ground: Ground, certain: datetime, now: datetime) -> None:
    """In the first hour of each day: rows of five years go by their age, not by a key, for no name is in them."""
    if certain.hour:
        return
    with transaction(ground.db):
        counts = dict(drop_old_log_rows(ground, certain))
        if counts:
            write_entry(
                ground, "erasure", now=now, article="PNR 13(6)", case=f"sweep:{utc_text(now)}", purpose="admin",
                counts=counts,
            )  # fmt: skip


def _date_again(ground: Ground, now: datetime) -> None:
    """Periods of days that have not come were named by a clock that was ahead: their term counts from then."""
    rows = ground.db.execute(
        "SELECT period, class, noted_mark FROM key_period"
        " WHERE ended_at IS NULL AND class != 'evidence' AND starts_at > ? AND noted_mark <= ?",
        (utc_text(now + ASTRAY), utc_text(now + ASTRAY)),
    ).fetchall()
    for period, key_class, noted in rows:
        true = key_period(key_class, utc_time(noted), ground.law)
        ground.db.execute(
            "UPDATE key_period SET starts_at = ?, mask_at = ?, delete_at = ? WHERE period = ?",
            (
                utc_text(true.starts_at),
                utc_text(true.masks.at) if true.masks else None,
                utc_text(true.expires_at),
                period,
            ),
        )


def _note_fault(ground: Ground, fault: PnrFault) -> None:
    """Leave word of a sweep that failed, where that is still possible (RET-8)."""
    try:
        with transaction(ground.db):
            ground.db.execute("UPDATE sweep_state SET fault = ?", (type(fault).__name__,))
    except StoreFault:
        return
