"""The sweep: what is due ends with its keys, then its rows go, then the log says so (RET-1 to RET-5, RET-8).

Four steps for all periods that are due, each fit to be taken again after a crash between or within them. A transaction
takes the periods out of use for good, so that the same ones are gone on with whatever the clock then says. Their keys,
a handful for each period and not one for each record, are destroyed in one act. That is the end in law: a transaction
takes what is kept by period out of reach and writes the receipt of it into the log. It lasts as long for ten million
records as for one million. What is left is room to be won back: rows that tell nothing go in small batches, then files,
then a second receipt says how many rows of which kind.
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
from pnr_pipeline.stores.sql.period_rows import clear_rows, count_masked, counted, note_counts, part_rows
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
        if is_right := now >= mark - ASTRAY:
            _date_again(ground, now)
        due = _take_out_of_use(ground, certain, now)
        (held,) = ground.db.execute(
            "SELECT count(*) FROM key_period WHERE ended_at IS NULL AND ending_at IS NULL"
            " AND (delete_at <= ? OR mask_at <= ? AND masked_at IS NULL)",
            (utc_text(now), utc_text(now)),
        ).fetchone()
    _destroy(ground, due, now)
    told(len(due), 2 * len(due))
    ended = []
    for number, one in enumerate(due, 1):
        ended += _clear(ground, one, now)
        told(len(due) + number, 2 * len(due))
    if is_right:  # before the law was in force nothing is five years old
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
        "SELECT period, class, delete_at, delete_because, delete_article, ending_at FROM key_period"
        " WHERE ended_at IS NULL AND (delete_at <= ? OR ending_at IS NOT NULL) ORDER BY delete_at, period",
        (utc_text(certain),),
    ).fetchall()
    due = []
    for period, key_class, at, because, article, ending_at in rows:
        due.append(_Due(period, key_class, "delete", utc_time(at), because, article))
        if key_class == "api" and not ending_at:
            keep_absent(ground, period)
    rows = ground.db.execute(
        "SELECT period, class, mask_at, mask_because, mask_article FROM key_period LEFT JOIN clearing USING (period)"
        " WHERE ended_at IS NULL AND delete_at > ? AND ending_at IS NULL"
        " AND (masked_at IS NULL AND mask_at <= ? OR what = 'mask') ORDER BY mask_at, period",
        (utc_text(certain), utc_text(certain)),
    ).fetchall()
    due += [_Due(period, of, "mask", utc_time(at), because, art) for period, of, at, because, art in rows]
    for one in due:
        column = "ending_at" if one.what == "delete" else "masked_at"
        ground.db.execute(
            f"UPDATE key_period SET {column} = coalesce({column}, ?) WHERE period = ?",  # noqa: S608  # one of two columns
            (utc_text(now), one.period),
        )
        ground.db.execute(
            "INSERT INTO clearing VALUES (?, ?, NULL, '{}') ON CONFLICT DO NOTHING", (one.period, one.what)
        )
    return due


def _destroy(ground: Ground, due: list[_Due], now: datetime) -> None:
    """End the keys of all these periods and take what lies by period out of reach: the end in law."""
    ground.sealer.destroy((one.period, part) for one in due for part in (MASKED if one.what == "mask" else PARTS))
    with trouble_in("copies"):
        copies = {one: end_copies(ground.state, one.period) for one in due if one.what == "delete"}
    with transaction(ground.db):
        for one in due:
            fresh = ground.db.execute(
                "UPDATE clearing SET keys_ended_at = ? WHERE period = ? AND what = ? AND keys_ended_at IS NULL",
                (utc_text(now), one.period, one.what),
            ).rowcount
            if fresh:
                part_rows(ground, one.period, one.what)
                _write_receipt(ground, one, {f"{one.what}.keys": 1} | copies.get(one, {}), now)


def _clear(ground: Ground, one: _Due, now: datetime) -> list[Ended]:
    """Win back the room and write how many rows went; nothing where another process was first."""
    if not clear_rows(ground, one.key_class, one.period, one.what):
        return []
    with transaction(ground.db):
        if one.what == "mask":
            note_counts(ground, one.period, one.what, count_masked(ground, one.period))
        counts = counted(ground, one.period, one.what)
        if counts is None:
            return []
        if one.what == "delete":
            ground.db.execute("UPDATE key_period SET ended_at = ? WHERE period = ?", (utc_text(now), one.period))
            ground.db.execute("DELETE FROM clearing WHERE period = ?", (one.period,))
        else:
            ground.db.execute("DELETE FROM clearing WHERE period = ? AND what = 'mask'", (one.period,))
        if counts:
            _write_receipt(ground, one, counts, now)
    return [Ended(one.period, one.what, one.due_at, one.because, one.article, counts)]


def _write_receipt(ground: Ground, one: _Due, counts: dict[str, int], now: datetime) -> None:
    write_entry(
        ground, "erasure", now=now, article=one.article, case=f"sweep:{utc_text(now)}", purpose="admin",
        references=(f"key:{one.period}",), counts=counts,
    )  # fmt: skip


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
