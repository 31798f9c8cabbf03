"""Records that a person had restricted: no screening and no officer uses them (RGT-4, LED art. 16(3))."""

from collections.abc import Iterable

from pnr_pipeline.records.codec import to_json
from pnr_pipeline.stores.sql.ground import Ground


def restricted(ground: Ground, records: Iterable[str]) -> set[str]:
    """Those of these records that are restricted."""
    ids = to_json(list(records)).decode()
    rows = ground.db.execute(
        "SELECT record_id FROM restriction WHERE record_id IN (SELECT value FROM json_each(?))", (ids,)
    ).fetchall()
    return {record_id for (record_id,) in rows}
