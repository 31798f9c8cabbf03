"""On what a record is kept beyond six months: objective evidence, named, with a date of review (RET-3)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from pnr_pipeline.errors import UsageFault

Reason = Literal["verified-hit", "verified-check", "other-circumstance"]
"""C-817/19 ¶259: a verified hit of the advance assessment, a check that was carried out, any other circumstance; each
points to a risk of terrorism or serious crime with an objective link to air carriage."""

_EVIDENCE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}")


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why one record is promoted: where the evidence lies (`hit:<id>`, a file's reference), what it is, until when.

    Raises UsageFault for what is no reference, no reason of the list, or a review that is due already.
    """

    evidence: str
    reason: Reason
    review_by: date

    def __post_init__(self) -> None:
        if not _EVIDENCE.fullmatch(self.evidence):
            raise UsageFault("name the evidence by its reference, with a digit and without blanks (RET-3)")
        if self.reason not in get_args(Reason):
            raise UsageFault(f"the reason is one of {', '.join(get_args(Reason))} (C-817/19 ¶259)")

    def check(self, today: date, last: date) -> None:
        """UsageFault unless the review comes after today and no later than `last`, the end of all keeping."""
        if not today < self.review_by <= last:
            raise UsageFault(f"the review comes after today and by {last.isoformat()}: nothing is kept longer (RET-1)")
