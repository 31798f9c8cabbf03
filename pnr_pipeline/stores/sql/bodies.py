"""Sealed bodies, asked for by their key period: PostgreSQL keeps each period apart and looks into no other one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pnr_pipeline.records.codec import to_json
from pnr_pipeline.stores.sql.ground import Ground

BY_PERIOD = {
    "body": "record_id",
    "push_body": "leg_id",
    "listing": "leg_id",
    "join_key": "leg_id",
    "shared_key": "leg_id",
    "rights_key": "key",
}
"""The tables that are kept by period, heads elsewhere, each with the column that its key has after the period."""


def open_bodies(ground: Ground, heads: Iterable[Sequence[object]]) -> list[bytes]:
    """The identity part of each of these records, told by id, version and period, in this order.

    KeyGone where it is masked, or on its way out: the body goes with the key, the head a little later.
    """
    told = [(str(record_id), int(str(version)), str(period)) for record_id, version, period in heads]
    of: dict[str, list[str]] = defaultdict(list)
    for record_id, _, period in told:
        of[period].append(record_id)
    sealed: dict[str, bytes] = {}
    for period, ids in of.items():
        sealed.update(
            ground.db.execute(
                "SELECT record_id, identity FROM body WHERE period = ?"
                " AND record_id IN (SELECT value FROM json_each(?))",
                (period, to_json(ids).decode()),
            ).fetchall()
        )
    return [
        ground.sealer.open(period, "identity", record_id, version, sealed.get(record_id, b""))
        for record_id, version, period in told
    ]
