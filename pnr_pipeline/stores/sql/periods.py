"""Every key period under which something is sealed, with what is due when: what the sweep and the calendar read."""

from datetime import datetime

from pnr_pipeline.errors import KeyGone, Masked
from pnr_pipeline.law import Law
from pnr_pipeline.retention import KeyPeriod, Moment, key_period
from pnr_pipeline.retention.moments import KeyClass, short_article
from pnr_pipeline.stores.sql.clock_mark import mark_of
from pnr_pipeline.stores.sql.database import Database, utc_text

_COPIES = "eu.pnr.case_hold"


def use_period(db: Database, law: Law, key_class: KeyClass, received_at: datetime) -> KeyPeriod:
    """The period of what was received then, noted on first use in the caller's transaction, with room for bodies."""
    period = key_period(key_class, received_at, law)
    if db.execute("SELECT 1 FROM key_period WHERE period = ?", (period.id,)).fetchone():
        return period
    _note(db, period, received_at)
    if key_class not in ("ingest", "backup"):
        db.open_period(period.id)
    return period


def use_evidence_period(db: Database, law: Law, made_at: datetime, ends: datetime) -> str:
    """The period of restricted copies that end on one day (midnight, UTC), noted on first use."""
    because = short_article(law.rule(_COPIES))
    deletes = Moment("delete", ends, law.value(_COPIES, made_at.date()).because, because)
    period = KeyPeriod(f"evidence/{ends.date().isoformat()}", "evidence", made_at, deletes)
    _note(db, period, made_at)
    return period.id


def _note(db: Database, period: KeyPeriod, at: datetime) -> None:
    masks, deletes = period.masks, period.deletes
    db.execute(
        "INSERT INTO key_period VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL) ON CONFLICT DO NOTHING",
        (
            period.id,
            period.key_class,
            utc_text(period.starts_at),
            utc_text(masks.at) if masks else None,
            masks.because if masks else None,
            masks.article if masks else None,
            utc_text(deletes.at),
            deletes.because,
            deletes.article,
            utc_text(mark_of(db) or at),
        ),
    )


def is_over(db: Database, period: str) -> bool:
    """Whether the period was taken out of use: masked or deleted, or about to be."""
    row = db.execute("SELECT coalesce(ending_at, masked_at) FROM key_period WHERE period = ?", (period,)).fetchone()
    return row is not None and row[0] is not None


def why_gone(db: Database, period: str, fault: KeyGone) -> KeyGone:
    """The fault of a key that is gone, in the words of the law: masked or deleted, since when, by which article."""
    row = db.execute(
        "SELECT masked_at, mask_because, coalesce(ended_at, ending_at), delete_because FROM key_period"
        " WHERE period = ?",
        (period,),
    ).fetchone()
    masked_at, mask_because, ended_at, delete_because = row or (None, "", None, "")
    if ended_at:
        return KeyGone(f"deleted on {ended_at[:10]} by {delete_because}")
    if masked_at:
        return Masked(
            f"masked since {masked_at[:10]} by {mask_because}: an order of the approver opens single records (DIS-4)"
        )
    return fault
