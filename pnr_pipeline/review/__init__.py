"""The life of a hit: who looks at it, what they decide, and that nobody goes around them."""

from pnr_pipeline.review.changes import step_in_words, what_changed
from pnr_pipeline.review.codes import AirLink, Reason, ReviewCodes
from pnr_pipeline.review.decision import Decision
from pnr_pipeline.review.life import (
    decide,
    judge_exclusion,
    mark_sent,
    needs_approval,
    new_evidence,
    open_review,
    pass_at_once,
    remembered_as,
    supersede,
    told_again,
    withdraw,
)
from pnr_pipeline.review.marks import Mark, Marks
from pnr_pipeline.review.memory import MemoryRules, entry_version
from pnr_pipeline.review.queue_order import queue_key
from pnr_pipeline.review.sampling import Sampling, is_sampled

__all__ = [
    "AirLink",
    "Decision",
    "Mark",
    "Marks",
    "MemoryRules",
    "Reason",
    "ReviewCodes",
    "Sampling",
    "decide",
    "entry_version",
    "is_sampled",
    "judge_exclusion",
    "mark_sent",
    "needs_approval",
    "new_evidence",
    "open_review",
    "pass_at_once",
    "queue_key",
    "remembered_as",
    "step_in_words",
    "supersede",
    "told_again",
    "what_changed",
    "withdraw",
]
