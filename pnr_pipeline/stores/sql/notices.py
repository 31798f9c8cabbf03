"""What a broker is to be told of a commit, written in its transaction; numbered after it, so that none is passed over.

Only where a state folder names a broker. `seq` is null until the relay numbers a committed row, each topic for itself;
a row goes once the broker has it, and after 72 hours in any case: a notice is no record (rules/topics).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.notice import TOPIC_OF, Notice, NoticeData, NoticeTopic, NoticeType
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.ground import Ground, new_id

KEPT = timedelta(hours=72)


class Numbered(msgspec.Struct, frozen=True):
    """One event as a broker gets it: number in its stream from 1 without gap, key of the partition, JSON."""

    seq: int
    key: str
    body: str


class Stream(NamedTuple):
    """The newest number that was given in a stream, and up to which the broker has it at least."""

    last: int
    told: int


def put_notice(ground: Ground, told: NoticeType, subject: str, data: NoticeData, now: datetime) -> None:
    """Let the broker be told of this, in the caller's transaction; nothing where there is no broker."""
    if not ground.notices:
        return
    source = f"/pnr-pipeline/{ground.profile.id}/{ground.domain}"
    event = Notice(new_id(), source, utc_text(now), told, subject, data)
    ground.db.execute(
        "INSERT INTO notice (topic, key, at, body) VALUES (?, ?, ?, ?)",
        (TOPIC_OF[told], subject, utc_text(now), to_json(event).decode()),
    )


def number_notices(ground: Ground, now: datetime) -> None:
    """Give each committed row the next number of its topic, in the caller's transaction, which holds the lease."""
    waiting = "SELECT topic, count(*) FROM notice WHERE seq IS NULL GROUP BY topic ORDER BY topic"
    for topic, count in ground.db.execute(waiting).fetchall():
        first = next_numbers(ground, topic, count) - count
        ground.db.execute(
            "UPDATE notice SET seq = new.seq FROM (SELECT row, row_number() OVER (ORDER BY row) + ? AS seq FROM notice"
            " WHERE seq IS NULL AND topic = ? ORDER BY row LIMIT ?) AS new WHERE notice.row = new.row",
            (first, topic, count),
        )
    ground.db.execute("DELETE FROM notice WHERE at <= ?", (utc_text(now - KEPT),))


def notices_after(ground: Ground, topic: NoticeTopic, last: int, most: int) -> list[Numbered]:
    """At most so many numbered events of a topic, those after the number `last`, in order."""
    rows = ground.db.execute(
        "SELECT seq, key, body FROM notice WHERE topic = ? AND seq > ? ORDER BY seq LIMIT ?", (topic, last, most)
    )
    return [Numbered(*row) for row in rows.fetchall()]


def next_numbers(ground: Ground, stream: str, count: int) -> int:
    """Take the next `count` numbers of a stream and return the last; none is given twice, also where rows are gone."""
    (last,) = ground.db.execute(
        "INSERT INTO stream_number (stream, last) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET"
        " last = stream_number.last + ? RETURNING last",
        (stream, count, count),
    ).fetchone()
    return int(last)


def numbers(ground: Ground) -> dict[str, Stream]:
    """Every stream that was given a number."""
    rows = ground.db.execute("SELECT stream, last, told FROM stream_number ORDER BY stream").fetchall()
    return {stream: Stream(last, told) for stream, last, told in rows}


def note_told(ground: Ground, stream: str, last: int) -> None:
    """The broker has the stream up to this number: it is noted, and notices up to it go."""
    ground.db.execute("UPDATE stream_number SET told = ? WHERE stream = ?", (last, stream))
    ground.db.execute("DELETE FROM notice WHERE topic = ? AND seq <= ?", (stream, last))


def stream_of(unit: str) -> str:
    """The stream of a unit's queue."""
    return f"hits:{unit}"
