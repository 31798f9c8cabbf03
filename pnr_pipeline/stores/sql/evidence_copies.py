"""Restricted copies of a record for a person's dispute: for an authority, with an end and a review, seen by the DPO.

Nobody searches or screens them. In the Union a copy ends with its record at the latest: what a case needs is disclosed
to its authority and kept there (RET-10; PNR art. 12(4), LED art. 16(3)(b)).
"""

from datetime import UTC, date, datetime, time

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, new_id, write_entry
from pnr_pipeline.stores.sql.periods import use_evidence_period

_ARTICLE = "LED 16(3)"


class EvidenceLine(msgspec.Struct, frozen=True):
    """One copy as the data-protection officer sees it: for whom, until when, when to look at it again."""

    copy_id: str
    record_id: str
    authority: str
    case: str
    actor: str
    at: datetime
    review_by: date
    ends_on: date


class Content(msgspec.Struct, frozen=True):
    """What is sealed: both parts, as they stood in the store."""

    open: str
    identity: bytes


def copy_for_dispute(
    ground: Ground, record_id: str, authority: str, until: date, review_by: date, access: Access, now: datetime
) -> str:
    """See Retention.copy_for_dispute."""
    ground.admit(access.actor, "retention", now, records=(record_id,))
    if not now.date() < review_by <= until:
        raise UsageFault("the review comes after today and no later than the end of the copy (RET-10)")
    ends = datetime.combine(until, time(), UTC)
    with transaction(ground.db):
        row = ground.db.execute(
            "SELECT version, period, delete_at, delete_because, open, identity FROM record_head"
            " JOIN body USING (record_id, period) WHERE record_id = ?",
            (record_id,),
        ).fetchone()
        if row is None:
            raise UsageFault("no record with this id: see `pnr hits show`")
        version, period, delete_at, because, told, sealed = row
        if ends > utc_time(delete_at) and ground.profile.case_holds == "refused":
            raise UsageFault(
                f"a copy may not outlive its record, which goes on {delete_at[:10]} by {because}: disclose to the"
                " authority what its case needs (RET-10)"
            )
        copy_id = new_id()
        of = use_evidence_period(ground.db, ground.law, now, ends)
        content = Content(told, ground.sealer.open(period, "identity", record_id, version, sealed))
        ground.db.execute(
            "INSERT INTO evidence_copy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " (SELECT basis FROM record_head WHERE record_id = ?))",
            (copy_id, record_id, of, authority, access.case, access.actor, utc_text(now), review_by.isoformat(),
             ground.sealer.seal(of, "identity", copy_id, 1, to_json(content)), record_id),
        )  # fmt: skip
        write_entry(
            ground, "alteration", now=now, article=_ARTICLE, case=access.case, actor=access.actor,
            purpose=access.purpose, references=(f"record:{record_id}", f"key:{of}"), counts={"restricted_copies": 1},
        )  # fmt: skip
    return copy_id


def evidence_copies(ground: Ground) -> list[EvidenceLine]:
    """See Retention.evidence_copies."""
    rows = ground.db.execute(
        "SELECT copy_id, record_id, authority, case_ref, actor, at, review_by, period FROM evidence_copy"
        " ORDER BY review_by, copy_id"
    ).fetchall()
    return [
        EvidenceLine(copy_id, record_id, authority, case, actor, utc_time(at), date.fromisoformat(review_by),
                     date.fromisoformat(period.partition("/")[2]))
        for copy_id, record_id, authority, case, actor, at, review_by, period in rows
    ]  # fmt: skip
