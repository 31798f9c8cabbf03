"""Sets of parts that are not whole: kept by leg, marked once they had time enough, forgotten when they are whole."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pnr_pipeline.records import FlightLeg, Message
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.journey_legs import legs_of
from pnr_pipeline.records.push import Push, is_part, push_of
from pnr_pipeline.records.push_sets import PushSet
from pnr_pipeline.stores.sql.database import no_locks, transaction, utc_text
from pnr_pipeline.stores.sql.dead_letters import reason_to_bury
from pnr_pipeline.stores.sql.feed_findings import count_finding
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.legs import Leg, leg_key, main_key, set_of

INCOMPLETE = "ENV-09"


def parts_before_others(ground: Ground, messages: Sequence[Message]) -> set[int]:
    """Places of the parts behind which another part of their set comes in the same transmission, on the same leg.

    Those need no fold of their own. Only what will be stored counts: first sight of a message, not in the store yet,
    nothing that goes to the dead letters. Linear.
    """
    seen: set[str] = set()
    before: set[int] = set()
    newest: dict[tuple[str, str], int] = {}
    for place, message in enumerate(messages):
        if message.message_id in seen or not is_part(message) or reason_to_bury(message):
            continue
        seen.add(message.message_id)
        legs = legs_of(message, ground.profile.home_countries)
        if len(legs) > 1 or is_stored(ground, message):
            continue
        flight = legs[0][0]
        key = (main_key(ground, leg_key(flight, message)), push_of(message, flight).set_key)
        if key in newest:
            before.add(newest[key])
        newest[key] = place
    return before


def is_stored(ground: Ground, message: Message) -> bool:
    """Whether this message was committed before."""
    found = ground.db.execute("SELECT 1 FROM message WHERE message_id = ?", (message.message_id,)).fetchone()
    return found is not None


def note_set(ground: Ground, leg: Leg, push: Push, sets: Iterable[PushSet], received_at: str) -> None:
    """After a part: its set still waits for others, from now on, or is whole and waits no more."""
    if not push.set_key:
        return
    key = (leg.leg_id, push.source, set_of(ground, leg, push))
    told = (push.source, push.set_key)
    if all(one.whole for one in sets if (one.parts[0].source, one.parts[0].set_key) == told):
        ground.db.execute("DELETE FROM open_set WHERE leg_id = ? AND source = ? AND set_key = ?", key)
        return
    ground.db.execute(
        "INSERT INTO open_set VALUES (?, ?, ?, ?, ?, NULL, ?) ON CONFLICT (leg_id, source, set_key) DO UPDATE SET"
        " message_id = excluded.message_id, received_at = CASE WHEN excluded.received_at > open_set.received_at"
        " THEN excluded.received_at ELSE open_set.received_at END",
        (*key, push.message_id, received_at, leg.basis),
    )


def mark_incomplete_sets(ground: Ground, now: datetime) -> int:
    """Mark the sets that had no new part for the time of `rules/feeds/` (ENV-09); returns how many are newly marked.

    What their parts hold stays listed; a part that comes later still completes them.
    """
    due = utc_text(now - ground.set_wait)
    where = "marked_at IS NULL AND received_at < ?"
    if not ground.db.execute(f"SELECT 1 FROM open_set WHERE {where} LIMIT 1", (due,)).fetchone():  # noqa: S608  # constant
        return 0
    with transaction(ground.db, no_locks):
        rows = ground.db.execute(
            f"SELECT message_id, flight FROM open_set JOIN leg USING (leg_id) WHERE {where}",  # noqa: S608  # constant
            (due,),
        ).fetchall()
        for message_id, flight in rows:
            count_finding(ground, message_id, from_json(FlightLeg, flight.encode()).carrier, INCOMPLETE, "W")
        ground.db.execute(f"UPDATE open_set SET marked_at = ? WHERE {where}", (utc_text(now), due))  # noqa: S608  # constant
    return len(rows)
