"""What the tables keep for five years beside the log itself: receipts, hashes and counts without any name (LOG-3)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pnr_pipeline.law import Law
from pnr_pipeline.stores.sql.database import utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground

_FEEDS = "SELECT message_id FROM feed_message WHERE day < ?"
_LEGS = """DELETE FROM leg WHERE period IN (SELECT period FROM key_period WHERE starts_at < ?)
    AND NOT EXISTS (SELECT 1 FROM message WHERE message.leg_id = leg.leg_id)
    AND NOT EXISTS (SELECT 1 FROM record_head WHERE record_head.leg_id = leg.leg_id)
    AND NOT EXISTS (SELECT 1 FROM push WHERE push.leg_id = leg.leg_id)
    AND NOT EXISTS (SELECT 1 FROM hit WHERE hit.leg_id = leg.leg_id)"""
"""Of a flight of which nothing is kept any more."""
_KNOWN = "SELECT leg_key FROM leg"
_OLD = (
    (
        "archive_finds",
        "DELETE FROM archive_find WHERE order_id IN (SELECT order_id FROM archive_search WHERE begun_at < ?)",
    ),
    ("archive_searches", "DELETE FROM archive_search WHERE begun_at < ?"),
    ("rights_notices", "DELETE FROM rights_notice WHERE at < ?"),
    ("receipts", "DELETE FROM receipt WHERE committed_at < ?"),
    ("message_hashes", "DELETE FROM message WHERE committed_at < ?"),
    ("legs", _LEGS),
    ("leg_names", f"DELETE FROM leg_name WHERE told_at < ? AND main NOT IN ({_KNOWN})"),  # noqa: S608  # constant
    ("finding_counts", f"DELETE FROM finding_count WHERE message_id IN ({_FEEDS})"),  # noqa: S608  # constant
    ("element_counts", f"DELETE FROM element_count WHERE message_id IN ({_FEEDS})"),  # noqa: S608  # constant
    ("feed_messages", "DELETE FROM feed_message WHERE day < ?"),
    ("kept_act_ids", "DELETE FROM kept_act WHERE at < ?"),
    ("suspensions", "DELETE FROM suspension WHERE ended_at < ?"),
    ("key_periods", "DELETE FROM key_period WHERE ended_at < ?"),
)


def drop_old_log_rows(ground: Ground, certain: datetime) -> Iterator[tuple[str, int]]:
    """Delete what is past the time for which the law keeps logs, in the caller's transaction; rows by kind."""
    before = utc_text(_start_of_kept(ground.law, certain))
    for what, statement in _OLD:
        at = before[:10] if " day < ?" in statement else before  # a day sorts before its own moments
        number = ground.db.execute(statement, (at,)).rowcount
        if number:
            yield what, number
    if number := ground.state.acts.prune(utc_time(before)):
        yield "kept_acts", number


def _start_of_kept(law: Law, certain: datetime) -> datetime:
    """The latest moment of which the period of logs is over."""
    period = law.value("eu.pnr.log_period", certain.date()).period
    months = certain.year * 12 + certain.month - 1 - period.months
    start = certain.replace(year=months // 12, month=months % 12 + 1, day=min(certain.day, 28))
    return start - timedelta(days=period.days, hours=period.hours)
