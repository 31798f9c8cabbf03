"""What is due when, by which article: the calendar of the data-protection officer (RET-7, RET-8)."""

from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.stores.sql.clock_mark import mark_of
from pnr_pipeline.stores.sql.database import utc_time
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.promotion import PromotionLine, promotions

_COUNTS = {
    "records": "SELECT period, count(*) FROM record_head GROUP BY period",
    "hits": "SELECT period, count(*) FROM hit GROUP BY period",
    "messages": "SELECT period, count(*) FROM push GROUP BY period",
    "dead_letters": "SELECT period, count(*) FROM dead_letter GROUP BY period",
}


class CalendarLine(msgspec.Struct, frozen=True):
    """One thing to come: a period, what happens to it, when (UTC), by which article (short form too); rows by kind.

    `state` is `due` where the moment has come and nothing was done yet, `ending` where a sweep was interrupted.
    """

    at: datetime
    what: Literal["mask", "delete"]
    period: str
    because: str
    article: str
    state: Literal["to come", "due", "ending"]
    counts: dict[str, int]


class Calendar(msgspec.Struct, frozen=True):
    """The lines by time. `mark` is the moment that has certainly come; a sweep deletes what is due until then."""

    now: datetime
    mark: datetime
    swept_at: datetime | None
    fault: str
    ended: int
    lines: tuple[CalendarLine, ...]
    reviews_due: tuple[PromotionLine, ...]
    """Promoted records whose review is past (RET-3)."""

    @property
    def late(self) -> tuple[CalendarLine, ...]:
        """What should have been done by now."""
        return tuple(line for line in self.lines if line.state != "to come")


def calendar(ground: Ground, now: datetime) -> Calendar:
    """See Retention.calendar."""
    db = ground.db
    counted: dict[str, dict[str, int]] = {}
    for what, statement in _COUNTS.items():
        for period, number in db.execute(statement).fetchall():
            counted.setdefault(period, {})[what] = number
    lines = []
    masking = {period for (period,) in db.execute("SELECT period FROM clearing WHERE what = 'mask'").fetchall()}
    for period, mask_at, masked_at, delete_at, ending_at, *why in db.execute(
        "SELECT period, mask_at, masked_at, delete_at, ending_at, mask_because, mask_article, delete_because,"
        " delete_article FROM key_period WHERE ended_at IS NULL"
    ).fetchall():
        counts = counted.get(period, {})
        if mask_at and (not masked_at or period in masking):
            lines.append(_line(now, "mask", period, mask_at, why[0], why[1], masked_at, counts))
        lines.append(_line(now, "delete", period, delete_at, why[2], why[3], ending_at, counts))
    (ended,) = db.execute("SELECT count(*) FROM key_period WHERE ended_at IS NOT NULL").fetchone()
    done_at, fault = db.execute("SELECT done_at, fault FROM sweep_state").fetchone() or (None, "")
    return Calendar(
        now=now,
        mark=mark_of(db) or now,
        swept_at=utc_time(done_at) if done_at else None,
        fault=fault,
        ended=ended,
        lines=tuple(sorted(lines, key=lambda line: (line.at, line.period))),
        reviews_due=tuple(one for one in promotions(ground) if one.review_by <= now.date().isoformat()),
    )


def _line(
    now: datetime, what: Literal["mask", "delete"], period: str, at: str, because: str, article: str,
    ending_at: str | None, counts: dict[str, int],
) -> CalendarLine:  # fmt: skip
    due = utc_time(at)
    state: Literal["to come", "due", "ending"] = "ending" if ending_at else "due" if due <= now else "to come"
    return CalendarLine(due, what, period, because, article, state, counts)
