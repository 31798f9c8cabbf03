"""Changed criteria against the live travellers, while purpose (a) lasts: as lists are, by `rescreen` (SCR-1, SCR-4).

Each leg says under which edition of the criteria its records were judged. A leg is one transaction that judges all of
them, settles their hits and moves that mark: what a process that dies has not done the next one does, once.
"""

from datetime import datetime

from pnr_pipeline.stores.sql.bookings import bookings_by_keys, key_of_listing
from pnr_pipeline.stores.sql.criteria_hits import mark_judged, settle_criteria
from pnr_pipeline.stores.sql.database import again_if_in_the_way, transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.leg_locks import legs_of_ids
from pnr_pipeline.stores.sql.legs import read_leg
from pnr_pipeline.stores.sql.rescreen import Rescreened
from pnr_pipeline.stores.sql.shared_keys import note_shared
from pnr_pipeline.stores.sql.standing import mark_unlisted
from pnr_pipeline.stores.sql.travellers import travellers_of_leg


def rejudge(ground: Ground, now: datetime) -> Rescreened:
    """Judge every leg that may still be assessed by the criteria in force, where others were; the most urgent first."""
    done = Rescreened()
    for (leg_id,) in ground.db.execute(
        "SELECT leg_id FROM leg WHERE assess_until > ? AND criteria != ? ORDER BY assess_until",
        (utc_text(now), ground.criteria.edition(now)),
    ).fetchall():
        records, hits = _judge_leg(ground, leg_id, now)
        done.legs, done.records, done.hits = done.legs + 1, done.records + records, done.hits + hits
    return done


@again_if_in_the_way
def _judge_leg(ground: Ground, leg_id: str, now: datetime) -> tuple[int, int]:
    with transaction(ground.db, lambda: legs_of_ids(ground, [leg_id])):
        judges, edition = ground.criteria.judges(now), ground.criteria.edition(now)
        leg = read_leg(ground, leg_id)
        kept = travellers_of_leg(ground, leg)
        if judges:  # while none was in force, nobody asked which bookings share a card or a telephone
            keys = {key_of_listing(one.person.pnr) for one in kept.values() if one.person.pnr}
            note_shared(ground, leg, bookings_by_keys(ground, leg, keys))
        persons = {record_id: (one.person, one.term.period) for record_id, one in kept.items()}
        case = f"criteria:{edition[:16] or 'none'}:1"
        hits = settle_criteria(ground, leg, persons, judges, "criterion", case, now, changed=True)
        if hits:
            mark_unlisted(ground, leg, {hit.record_id for hit in hits}, now)
        mark_judged(ground, leg, now)
    return len(kept), len(hits)
