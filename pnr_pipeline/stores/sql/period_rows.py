"""What a period leaves in the tables once its keys are gone: records, indexes, hits, negative results too."""

from collections.abc import Iterator

from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.legs import ENDED

_RECORDS = "SELECT record_id FROM record_head WHERE period = ?"
_LEGS = "SELECT leg_id FROM leg WHERE period = ?"
_HITS = "SELECT hit_id FROM hit WHERE period = ?"
_EVENTS = f"SELECT event_id FROM outbox WHERE hit_id IN ({_HITS})"  # noqa: S608  # constant

_OF_RECORDS = (
    # what refers to a row goes before it; each is found by an index, so the time is that of the rows that go
    ("unit_events", f"DELETE FROM unit_queue WHERE event_id IN ({_EVENTS})"),  # noqa: S608  # constants, here and below
    ("events", f"DELETE FROM outbox WHERE hit_id IN ({_HITS})"),  # noqa: S608
    ("memories", "DELETE FROM memory WHERE period = ?"),
    ("memories", f"DELETE FROM memory WHERE hit_id IN ({_HITS})"),  # noqa: S608
    ("decisions", f"DELETE FROM decision WHERE hit_id IN ({_HITS})"),  # noqa: S608
    ("hit_versions", f"DELETE FROM hit_version WHERE hit_id IN ({_HITS})"),  # noqa: S608
    ("hits", "DELETE FROM hit WHERE period = ?"),
    ("shadow_hits", "DELETE FROM shadow_hit WHERE period = ?"),
    ("archive_finds", "DELETE FROM archive_find WHERE period = ?"),
    ("listings", f"DELETE FROM listing WHERE record_id IN ({_RECORDS})"),  # noqa: S608
    ("join_keys", f"DELETE FROM join_key WHERE leg_id IN ({_LEGS})"),  # noqa: S608
    ("shared_keys", f"DELETE FROM shared_key WHERE leg_id IN ({_LEGS})"),  # noqa: S608
    ("open_sets", f"DELETE FROM open_set WHERE leg_id IN ({_LEGS})"),  # noqa: S608
    ("fallbacks", "DELETE FROM fallback WHERE message_id IN (SELECT message_id FROM push WHERE period = ?)"),
    ("messages", "DELETE FROM push WHERE period = ?"),
    ("presences", f"DELETE FROM presence WHERE record_id IN ({_RECORDS})"),  # noqa: S608
    ("promotions", "DELETE FROM promotion WHERE period = ?"),
    ("rectifications", f"DELETE FROM rectification WHERE record_id IN ({_RECORDS})"),  # noqa: S608
    ("restrictions", f"DELETE FROM restriction WHERE record_id IN ({_RECORDS})"),  # noqa: S608
    ("letters", "DELETE FROM exchange_body WHERE period = ?"),
    ("records", "DELETE FROM record_head WHERE period = ?"),
)

_WITH_MASKING = ("messages", "join_keys", "shared_keys", "open_sets", "unit_events", "events")
"""What tells of people or leads to them, and is of no use for a masked record."""

_BODIES = {"messages": ("push_body",), "records": ("body", "rights_key")}
"""Kept by period: in PostgreSQL they go as a file, whatever their number."""


def end_legs(ground: Ground, period: str) -> None:
    """Let no message meet the legs whose index is under this period: what comes later begins a leg of its own."""
    ground.db.execute(
        f"UPDATE leg SET leg_key = '{ENDED}' || leg_id WHERE period = ? AND leg_key NOT LIKE '{ENDED}%'",  # noqa: S608  # constant
        (period,),
    )


def drop_rows(ground: Ground, key_class: str, period: str) -> Iterator[tuple[str, int]]:
    """Delete every row of the period, in the caller's transaction; tells after each kind how many went."""
    if key_class == "backup":
        return
    if key_class == "evidence":
        copies = ground.db.execute("DELETE FROM evidence_copy WHERE period = ?", (period,)).rowcount
        yield "restricted_copies", copies
        return
    if key_class == "ingest":
        yield "dead_letters", ground.db.execute("DELETE FROM dead_letter WHERE period = ?", (period,)).rowcount
        return
    for what, statement in _OF_RECORDS:
        yield what, _delete(ground, what, statement, period)
    ground.db.execute("DELETE FROM approver_seal WHERE period = ?", (period,))


def mask_rows(ground: Ground, period: str) -> Iterator[tuple[str, int]]:
    """What cannot be read any more once a period of class L is masked: messages and blind indexes. Records stay."""
    (records,) = ground.db.execute("SELECT count(*) FROM record_head WHERE period = ?", (period,)).fetchone()
    yield "masked_records", records
    for what, statement in _OF_RECORDS:
        if what in _WITH_MASKING:
            yield what, _delete(ground, what, statement, period)


def _delete(ground: Ground, what: str, statement: str, period: str) -> int:
    """Delete rows, and what lies by period beside them; how many rows."""
    for table in _BODIES.get(what, ()):
        ground.db.drop_period(table, period)
    return ground.db.execute(statement, (period,)).rowcount
