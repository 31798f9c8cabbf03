"""Who presented themselves at the border, and the further time for those who did not (RET-5; R12 art. 8(2)).

Every push of the border domain has its own clock. Of whom the border police says that they did not come, the record
is sealed anew at the end of that clock, under a key for the absent of its hour; of whom nothing is said it goes with
the rest.
"""

from collections.abc import Iterable
from datetime import datetime

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.retention.key_periods import key_period, start_of
from pnr_pipeline.stores.sql.bookings import KEEP_BODY
from pnr_pipeline.stores.sql.database import no_locks, transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.periods import use_period


def note_presence(ground: Ground, records: Iterable[str], presented: bool, access: Access, now: datetime) -> int:
    """See Retention.note_presence."""
    if ground.domain != "border":
        raise UsageFault("who presented themselves is asked of the border domain alone (RET-5, SCR-12)")
    ids = sorted(set(records))
    ground.admit(access.actor, "queue", now, records=ids)
    with transaction(ground.db, no_locks):
        for one in ids:
            if not ground.db.execute("SELECT 1 FROM record_head WHERE record_id = ?", (one,)).fetchone():
                raise UsageFault("no record with one of these ids")
            ground.db.execute(
                "INSERT INTO presence VALUES (?, ?, ?, ?, (SELECT basis FROM record_head WHERE record_id = ?))"
                " ON CONFLICT (record_id) DO UPDATE SET"
                " presented = excluded.presented, actor = excluded.actor, at = excluded.at",
                (one, int(presented), access.actor, utc_text(now), one),
            )
        write_entry(
            ground, "alteration", now=now, article="R12 8(2)", case=access.case, actor=access.actor, purpose="admin",
            references=[f"record:{one}" for one in ids], counts={"presented" if presented else "absent": len(ids)},
        )  # fmt: skip
    return len(ids)


def keep_absent(ground: Ground, period: str) -> int:
    """Seal the absent of a period of class `api` that is about to end anew, where the law gives them longer."""
    start = start_of(period)
    further = key_period("absent", start, ground.law)
    if further.expires_at <= key_period("api", start, ground.law).expires_at:
        return 0
    rows = ground.db.execute(
        "SELECT record_id, version FROM record_head JOIN presence USING (record_id) WHERE period = ? AND presented = 0",
        (period,),
    ).fetchall()
    if rows:
        use_period(ground.db, ground.law, "absent", start)
    for record_id, version in rows:
        told, sealed, basis = ground.db.execute(
            "SELECT open, identity, basis FROM body WHERE record_id = ? AND period = ?", (record_id, period)
        ).fetchone()
        clear = ground.sealer.open(period, "identity", record_id, version, sealed)
        ground.db.execute("DELETE FROM body WHERE record_id = ? AND period = ?", (record_id, period))
        anew = ground.sealer.seal(further.id, "identity", record_id, version, clear)
        ground.db.execute(KEEP_BODY, (record_id, further.id, told, anew, basis))
        ground.db.execute(
            "UPDATE record_head SET period = ?, delete_at = ?, delete_because = ? WHERE record_id = ?",
            (further.id, utc_text(further.expires_at), further.deletes.because, record_id),
        )
    return len(rows)
