"""The flights of the store by the time left: how many travellers, told by whom, and the hits among them."""

from datetime import datetime

import msgspec

from pnr_pipeline.records import FlightLeg
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.retention import assessment_deadline, is_late
from pnr_pipeline.stores.sql.ground import Ground


class FlightLine(msgspec.Struct, frozen=True):
    """One leg; counts of travellers, nothing of them. `deadline_at` (UTC) is the end of the advance assessment.

    `with_api` and `with_pnr` count those whom any message of the kind listed; `hits` leaves out excluded ones.
    """

    flight: FlightLeg
    deadline_at: datetime | None
    late: bool
    travellers: int
    with_api: int
    with_pnr: int
    hits: int


def flight_board(ground: Ground, now: datetime) -> list[FlightLine]:
    """All legs with records, those with time left first and the most urgent on top; see Store.flights."""
    rows = ground.db.execute(
        """
        SELECT flight,
               (SELECT count(*) FROM record_head r
                WHERE r.leg_id = leg.leg_id AND r.kind = 'traveller' AND r.status = 'live'),
               (SELECT count(DISTINCT record_id) FROM listing JOIN push USING (leg_id, message_id)
                WHERE listing.period = leg.period AND leg_id = leg.leg_id AND source = 'api'),
               (SELECT count(DISTINCT record_id) FROM listing JOIN push USING (leg_id, message_id)
                WHERE listing.period = leg.period AND leg_id = leg.leg_id AND source = 'pnr'),
               (SELECT count(*) FROM hit h
                WHERE h.leg_id = leg.leg_id AND h.state NOT IN ('excluded', 'suppressed', 'superseded'))
        FROM leg
        """
    ).fetchall()
    board = [_line(ground, from_json(FlightLeg, row[0].encode()), row[1:], now) for row in rows]
    return sorted(board, key=lambda line: (line.late, line.deadline_at or now, line.flight.key))


def _line(ground: Ground, flight: FlightLeg, counts: tuple[int, int, int, int], now: datetime) -> FlightLine:
    deadline = assessment_deadline(ground.profile, flight, ground.law)
    return FlightLine(flight, deadline.at if deadline else None, is_late(deadline, now), *counts)
