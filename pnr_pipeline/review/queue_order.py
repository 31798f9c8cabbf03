"""In which order hits wait for a reviewer."""

from datetime import datetime

from pnr_pipeline.records import Hit
from pnr_pipeline.review.life import needs_approval


def queue_key(hit: Hit, now: datetime) -> tuple[bool, float, int, float, str]:
    """Sort key, smallest first: late, then least time left, then most complete evidence, then score (UX wish 3).

    Scores saturate, so a score never outranks time or evidence. Time left is in seconds; the hit's id makes the
    order total.
    """
    late = needs_approval(hit, now)
    left = (hit.deadline_at - now).total_seconds() if hit.deadline_at else 0.0
    known = sum(1 for evidence in hit.match.evidence if evidence.verdict != "unknown")
    return (not late, left, -known, -hit.match.score, hit.hit_id)
