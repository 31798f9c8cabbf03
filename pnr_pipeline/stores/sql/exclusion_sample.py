"""The sample of the hits that evidence excluded: a person says whether it was right, and that is counted (SCR-6)."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from pnr_pipeline.errors import ReviewFault
from pnr_pipeline.records import Hit
from pnr_pipeline.review import is_sampled, judge_exclusion
from pnr_pipeline.stores.sql.database import again_if_in_the_way, transaction
from pnr_pipeline.stores.sql.ground import Ground, purpose_of, write_entry
from pnr_pipeline.stores.sql.hits import keep_decision, must_read_hit, update_hit
from pnr_pipeline.stores.sql.leg_locks import legs_of_hits


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of one exclusion in the sample; `at` is aware UTC, `note` is sealed with the hit."""

    hit_id: str
    right: bool
    reviewer: str
    at: datetime
    case: str
    note: str = field(default="", repr=False)


class ExclusionCounts(msgspec.Struct, frozen=True):
    """Hits that evidence excluded, those of them in the sample, and what people found there."""

    excluded: int
    sampled: int
    right: int
    wrong: int


@again_if_in_the_way
def judge(ground: Ground, judgement: Judgement) -> Hit:
    """See Store.judge_exclusion. Raises ReviewFault for a hit that is not in the sample, or was judged."""
    ground.admit(judgement.reviewer, "review", judgement.at, hits=(judgement.hit_id,))
    with transaction(ground.db, lambda: legs_of_hits(ground, "hit_id = ?", (judgement.hit_id,))):
        before = must_read_hit(ground, judgement.hit_id)
        if not is_sampled(before.hit_id, ground.sampling.share):
            raise ReviewFault("this hit is not in the sample: see `pnr hits list --only sample`")
        hit = judge_exclusion(before, right=judgement.right, now=judgement.at)
        update_hit(ground, hit)
        outcome = f"exclusion-{hit.sample}"
        keep_decision(ground, hit, judgement.at, outcome, "", judgement.reviewer, judgement.note)
        write_entry(
            ground, "decision", now=judgement.at, article="PNR 6(5)", case=judgement.case, actor=judgement.reviewer,
            references=(f"hit:{hit.hit_id}", f"record:{hit.record_id}"), counts={outcome: 1}, purpose=purpose_of(hit),
        )  # fmt: skip
    return hit


def counts(ground: Ground) -> ExclusionCounts:
    """See Store.exclusion_counts."""
    excluded = [
        hit_id
        for (hit_id,) in ground.db.execute("SELECT DISTINCT hit_id FROM hit_version WHERE settlement = 'excluded'")
    ]
    found = dict(
        ground.db.execute(
            "SELECT outcome, count(*) FROM decision WHERE outcome LIKE 'exclusion-%' GROUP BY outcome"
        ).fetchall()
    )
    return ExclusionCounts(
        excluded=len(excluded),
        sampled=sum(is_sampled(hit_id, ground.sampling.share) for hit_id in excluded),
        right=found.get("exclusion-right", 0),
        wrong=found.get("exclusion-wrong", 0),
    )
