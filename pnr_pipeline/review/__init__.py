"""The life of a hit: who looks at it, what they decide, and that nobody goes around them."""

from pnr_pipeline.review.changes import what_changed
from pnr_pipeline.review.codes import AirLink, Reason, ReviewCodes
from pnr_pipeline.review.decision import Decision
from pnr_pipeline.review.life import (
    decide,
    mark_sent,
    needs_approval,
    new_evidence,
    open_review,
    supersede,
    withdraw,
)
from pnr_pipeline.review.queue_order import queue_key

__all__ = [
    "AirLink",
    "Decision",
    "Reason",
    "ReviewCodes",
    "decide",
    "mark_sent",
    "needs_approval",
    "new_evidence",
    "open_review",
    "queue_key",
    "supersede",
    "what_changed",
    "withdraw",
]
