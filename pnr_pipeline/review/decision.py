"""What a person decided about a hit, on the version they saw."""

from dataclasses import dataclass, field
from datetime import datetime

from pnr_pipeline.review.codes import Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision (SCR-5, SCR-6). `at` is aware UTC.

    `offence` and `air_link` are asked when the outcome is confirmed: an Annex II number or `terrorism`, and a code of
    `rules/review/air_links.yaml`. `approval` is the reference of the order that DIS-3 asks for once purpose (a) is
    over. `not_this_person` asks that the rejection be remembered for this traveller and this entry.
    `note` is free text: it is sealed with the hit, never logged, and no part of this object's own text.
    """

    hit_id: str
    version_seen: int
    outcome: Outcome
    reason: str
    reviewer: str
    at: datetime
    offence: str = ""
    air_link: str = ""
    second_reviewer: str = ""
    approval: str = ""
    not_this_person: bool = False
    note: str = field(default="", repr=False)
