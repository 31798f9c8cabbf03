"""What the feed board and the scorecard stand on: each message as flight, time and counts, nothing of any traveller."""

from collections import defaultdict
from datetime import date

import msgspec

from pnr_pipeline.intake.completeness import ElementCount, completeness
from pnr_pipeline.intake.feed_board import Listed
from pnr_pipeline.intake.feed_message import FeedMessage, feed_message
from pnr_pipeline.intake.scorecard import MessageCounts
from pnr_pipeline.records import Message, Received
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.stores.sql.dead_letters import REPLAY_SOURCE
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.legs import leg_of


def count_message(ground: Ground, received: Received, message: Message) -> None:
    """Keep the counts of one message; the same message in another transmission counts as a resend.

    A test message is no delivery.
    """
    if message.test:
        return
    told = feed_message(message, leg_of(message, ground.profile), received.received_at)
    local = told.flight.departure_local or told.received_at
    new = ground.db.execute(
        "INSERT INTO feed_message (message_id, day, told) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (message.message_id, local.date().isoformat(), to_json(told).decode()),
    ).rowcount
    if new:
        ground.db.executemany(
            "INSERT INTO element_count VALUES (?, ?, ?, ?)",
            [(message.message_id, element, *count) for element, count in completeness(message).items()],
        )
    elif received.source != REPLAY_SOURCE:  # our own second look at a dead letter is no resend
        ground.db.execute("UPDATE feed_message SET resends = resends + 1 WHERE message_id = ?", (message.message_id,))


def feed_messages(ground: Ground, first: date, last: date) -> list[MessageCounts]:
    """See Store.feed_messages."""
    days = (first.isoformat(), last.isoformat())
    elements: defaultdict[str, dict[str, ElementCount]] = defaultdict(dict)
    for message_id, element, told, missing in ground.db.execute(
        "SELECT element_count.* FROM element_count JOIN feed_message USING (message_id) WHERE day BETWEEN ? AND ?", days
    ):
        elements[message_id][element] = ElementCount(told, missing)
    severities: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for message_id, severity, number in ground.db.execute(
        "SELECT message_id, severity, sum(number) FROM finding_count JOIN feed_message USING (message_id)"
        " WHERE day BETWEEN ? AND ? GROUP BY message_id, severity",
        days,
    ):
        severities[message_id][severity] = number
    rows = ground.db.execute(
        "SELECT message_id, told, coalesce(leg_id, ''), resends, carrier, number,"
        " EXISTS (SELECT 1 FROM open_set WHERE open_set.message_id = feed_message.message_id)"
        " FROM feed_message LEFT JOIN message USING (message_id) LEFT JOIN leg USING (leg_id)"
        " LEFT JOIN leg_name USING (leg_key) WHERE day BETWEEN ? AND ? ORDER BY day, message_id",
        days,
    )
    return [
        MessageCounts(
            msgspec.structs.replace(
                from_json(FeedMessage, told.encode()),
                leg_id=leg_id,
                resends=resends,
                operated=(carrier, number) if carrier else None,
                waits=bool(waits),
            ),
            elements.get(message_id, {}),
            severities.get(message_id, {}),
        )
        for message_id, told, leg_id, resends, carrier, number, waits in rows
    ]


def listed_by_source(ground: Ground) -> dict[tuple[str, str], Listed]:
    """See Store.listed_by_source: whoever their source took off, or no message since its newest full list names."""
    found: dict[tuple[str, str], Listed] = {}
    for source, floors, order in (("api", "'$.' || api_list", "api_ord"), ("pnr", "'$.pnr'", "pnr_ord")):
        rows = ground.db.execute(
            f"""
            SELECT leg_id, count(*),
                   count(*) FILTER (
                       WHERE {order} > '' AND {order} >= coalesce(json_extract(floors, {floors} || '[#-1]'), ''))
            FROM record_head JOIN leg USING (leg_id)
            WHERE kind = 'traveller' AND status = 'live' AND {order} IS NOT NULL GROUP BY leg_id
            """  # noqa: S608  # constants
        )
        found |= {(leg_id, source): Listed(now, every - now) for leg_id, every, now in rows}
    return found
