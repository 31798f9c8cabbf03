"""What is masked and deleted when, by which article, and under which key period."""

from pnr_pipeline.retention.assessment import Deadline, assessment_deadline, is_late
from pnr_pipeline.retention.high_water import Elapsed
from pnr_pipeline.retention.intra_area import is_taken_in
from pnr_pipeline.retention.key_periods import KeyPeriod, key_period, promoted
from pnr_pipeline.retention.moments import KeyClass, Moment, moments, period_class

__all__ = [
    "Deadline",
    "Elapsed",
    "KeyClass",
    "KeyPeriod",
    "Moment",
    "assessment_deadline",
    "is_late",
    "is_taken_in",
    "key_period",
    "moments",
    "period_class",
    "promoted",
]
