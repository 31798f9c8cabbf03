"""Whether an order allows an act under purpose (b) on these records, now (DIS-3)."""

from collections.abc import Iterable
from datetime import datetime

from pnr_pipeline.errors import OrderFault
from pnr_pipeline.stores.sql.database import Database, utc_text


def must_cover(db: Database, order_id: str, subjects: Iterable[str], now: datetime, *, unused: bool = False) -> None:
    """Let pass what the order names; `unused` asks besides that none of it was disclosed under it before.

    Raises OrderFault, with reason and clause, for no order, one that waits, was refused, has expired or is overdue for
    its review, and for a record or hit outside its scope.
    """
    if not order_id:
        raise OrderFault("the scheduled moment has passed: purpose b, with an order of the approver (DIS-3)")
    row = db.execute(
        "SELECT status, valid_until, review_by FROM approval_order WHERE order_id = ?", (order_id,)
    ).fetchone()
    if row is None:
        raise OrderFault("there is no such order: pnr orders request (DIS-3)")
    status, valid_until, review_by = row
    if status == "refused":
        raise OrderFault("the approver refused this order (DIS-3)")
    if status == "requested" and review_by is None:
        raise OrderFault("the approver has not answered this request yet (DIS-3)")
    if status == "requested" and utc_text(now) >= review_by:
        raise OrderFault("urgent, and not reviewed by the approver in time: it opens nothing more (DIS-3, CJ ¶224)")
    if status == "approved" and utc_text(now) >= valid_until:
        raise OrderFault("the order has expired: ask for a new one (DIS-3)")
    named = dict(db.execute("SELECT subject, used_at FROM order_subject WHERE order_id = ?", (order_id,)).fetchall())
    for subject in subjects:
        if subject not in named:
            raise OrderFault("the order does not name this record: case by case (DIS-2, DIS-3)")
        if unused and named[subject] is not None:
            raise OrderFault("this order was used for this record: a second disclosure asks for a second order (DIS-3)")


def spend(db: Database, order_id: str, subjects: Iterable[str], now: datetime) -> None:
    """As `must_cover` of what was not disclosed before, and note that it is now; in the caller's transaction."""
    told = list(subjects)
    must_cover(db, order_id, told, now, unused=True)
    db.executemany(
        "UPDATE order_subject SET used_at = ? WHERE order_id = ? AND subject = ?",
        [(utc_text(now), order_id, subject) for subject in told],
    )
