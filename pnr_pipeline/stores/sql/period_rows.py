"""What a period leaves in the tables once its keys are gone: records, indexes, hits, negative results too.

It goes in small batches, each a transaction that stops nobody else's work for long; how many rows went so far stands in
`clearing`, so that after a crash the receipt tells all of them.
"""

from collections.abc import Callable, Iterable, Mapping

from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.stores.sql.bodies import BY_PERIOD
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import Ground

_AT_ONCE = 5_000
_OF_LEGS = ("push_body", "listing", "join_key", "shared_key")
"""Goes with masking, too: it tells of people or leads to them, and is of no use for a masked record."""

_Counts = dict[str, int]
_Step = Callable[[Ground, str], _Counts]
"""Deletes a batch of a period's rows in the caller's transaction; rows by kind, empty once nothing is left."""


def part_rows(ground: Ground, period: str, what: str) -> None:
    """In the caller's transaction: take out of reach at once what is kept by period, whatever its number of rows."""
    for table in BY_PERIOD if what == "delete" else _OF_LEGS:
        ground.db.part_period(table, period)


def clear_rows(ground: Ground, key_class: str, period: str, what: str) -> bool:
    """Delete every row of a period that was taken out of use; False where another process has ended it meanwhile."""
    return all(_clear(ground, step, period, what) for step in _steps(key_class, what))


def count_masked(ground: Ground, period: str) -> _Counts:
    """The records of a period of class L that stay, masked."""
    (records,) = ground.db.execute("SELECT count(*) FROM record_head WHERE period = ?", (period,)).fetchone()
    return {"masked_records": records} if records else {}


def counted(ground: Ground, period: str, what: str) -> _Counts | None:
    """The rows that went so far, by kind; None where nothing of the period is to be cleared any more."""
    row = ground.db.execute("SELECT counts FROM clearing WHERE period = ? AND what = ?", (period, what)).fetchone()
    return from_json(_Counts, row[0].encode()) if row else None


def note_counts(ground: Ground, period: str, what: str, more: Mapping[str, int]) -> None:
    """Add to the rows that went, in the caller's transaction."""
    counts = counted(ground, period, what) or {}
    for kind, number in more.items():
        counts[kind] = counts.get(kind, 0) + number
    ground.db.execute(
        "UPDATE clearing SET counts = ? WHERE period = ? AND what = ?", (to_json(counts).decode(), period, what)
    )


def _clear(ground: Ground, step: _Step, period: str, what: str) -> bool:
    while True:
        with transaction(ground.db, lambda: {f"clearing {period}"}):
            if counted(ground, period, what) is None:
                return False
            gone = step(ground, period)
            if not gone:
                return True
            note_counts(ground, period, what, {kind: number for kind, number in gone.items() if number})


def _steps(key_class: str, what: str) -> Iterable[_Step]:
    """What refers to a row goes before it."""
    if key_class in _OF_CLASS:
        return _OF_CLASS[key_class]
    tables = BY_PERIOD if what == "delete" else _OF_LEGS
    by_period = [_kept_by_period(table, BY_PERIOD[table]) for table in tables]
    if what == "mask":
        return (*by_period, _messages, _open_sets, _events)
    return (*by_period, _messages, _open_sets, _records, _hits, *_LEFT, _seals)


def _kept_by_period(table: str, column: str) -> _Step:
    def step(ground: Ground, period: str) -> _Counts:
        number = ground.db.clear_period(table, column, period, _AT_ONCE)
        return {_KINDS.get(table, ""): number} if number else {}

    return step


_KINDS = {"listing": "listings", "join_key": "join_keys", "shared_key": "shared_keys", "rights_key": "rights_keys",
          "body": "bodies", "push_body": "message_bodies"}  # fmt: skip


def _those(kind: str, table: str, column: str) -> _Step:
    """Rows with a period of their own."""

    def step(ground: Ground, period: str) -> _Counts:
        ids = _some(ground, f"SELECT {column} FROM {table} WHERE period = ? LIMIT ?", period)  # noqa: S608  # constants, here and below
        query = f"DELETE FROM {table} WHERE period = ? AND {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        return {kind: ground.db.execute(query, (period, to_json(ids).decode())).rowcount} if ids else {}

    return step


_LEFT = (
    _those("shadow_hits", "shadow_hit", "hit_id"),
    _those("archive_finds", "archive_find", "record_id"),
    _those("letters", "exchange_body", "letter_id"),
)
"""Of records that went on to another period, or of none."""
_OF_CLASS: dict[str, tuple[_Step, ...]] = {
    "backup": (),
    "evidence": (_those("restricted_copies", "evidence_copy", "copy_id"),),
    "ingest": (_those("dead_letters", "dead_letter", "dead_id"),),
}


def _messages(ground: Ground, period: str) -> _Counts:
    ids = _some(ground, "SELECT message_id FROM push WHERE period = ? LIMIT ?", period)
    if not ids:
        return {}
    named = to_json(ids).decode()
    gone = ground.db.execute(
        "DELETE FROM push WHERE period = ? AND message_id IN (SELECT value FROM json_each(?))", (period, named)
    ).rowcount
    return {"fallbacks": _delete(ground, "fallback", "message_id", ids), "messages": gone}


def _open_sets(ground: Ground, period: str) -> _Counts:
    gone = ground.db.execute(
        "DELETE FROM open_set WHERE leg_id IN (SELECT leg_id FROM leg WHERE period = ?)", (period,)
    ).rowcount
    return {"open_sets": gone} if gone else {}


def _records(ground: Ground, period: str) -> _Counts:
    ids = _some(ground, "SELECT record_id FROM record_head WHERE period = ? LIMIT ?", period)
    if not ids:
        return {}
    gone = _with_hits(ground, _under(ground, "hit_id", "hit", "record_id", ids))
    gone |= {kind: _delete(ground, table, "record_id", ids) for kind, table in _OF_RECORD}
    return gone


def _hits(ground: Ground, period: str) -> _Counts:
    """Those of records that went on to another period."""
    return _with_hits(ground, _some(ground, "SELECT hit_id FROM hit WHERE period = ? LIMIT ?", period))


def _with_hits(ground: Ground, hits: list[str]) -> _Counts:
    if not hits:
        return {}
    gone = _with_events(ground, _under(ground, "event_id", "outbox", "hit_id", hits))
    return gone | {kind: _delete(ground, table, "hit_id", hits) for kind, table in _OF_HIT}


def _events(ground: Ground, period: str) -> _Counts:
    of = "SELECT event_id FROM outbox WHERE hit_id IN (SELECT hit_id FROM hit WHERE period = ?) LIMIT ?"
    return _with_events(ground, _some(ground, of, period))


def _with_events(ground: Ground, events: list[str]) -> _Counts:
    return {kind: _delete(ground, table, "event_id", events) for kind, table in _OF_EVENT} if events else {}


_OF_EVENT = (("unit_events", "unit_queue"), ("events", "outbox"))
_OF_HIT = (("memories", "memory"), ("decisions", "decision"), ("hit_versions", "hit_version"), ("hits", "hit"))
_OF_RECORD = (
    ("shadow_hits", "shadow_hit"),
    ("archive_finds", "archive_find"),
    ("presences", "presence"),
    ("promotions", "promotion"),
    ("rectifications", "rectification"),
    ("restrictions", "restriction"),
    ("records", "record_head"),
)


def _seals(ground: Ground, period: str) -> _Counts:
    ground.db.execute("DELETE FROM approver_seal WHERE period = ?", (period,))
    return {}


def _some(ground: Ground, query: str, period: str) -> list[str]:
    return [one for (one,) in ground.db.execute(query, (period, _AT_ONCE)).fetchall()]


def _under(ground: Ground, wanted: str, table: str, column: str, ids: list[str]) -> list[str]:
    query = f"SELECT {wanted} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
    return [one for (one,) in ground.db.execute(query, (to_json(ids).decode(),)).fetchall()]


def _delete(ground: Ground, table: str, column: str, ids: list[str]) -> int:
    query = f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
    return ground.db.execute(query, (to_json(ids).decode(),)).rowcount
