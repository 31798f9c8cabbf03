"""Which exclusions a person looks at all the same: a sample that anyone can draw again (SCR-6)."""

import hashlib
from typing import Annotated

from pydantic import Field

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import Cites, Text


class Sampling(RuleModel):
    """`rules/review/sampling.yaml`."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    share: Annotated[float, Field(ge=0, le=1)]
    """Of the hits that evidence excluded, how many of each 1 are shown to a person."""


def is_sampled(hit_id: str, share: float) -> bool:
    """Whether this hit is in the sample: decided by its id alone, whenever and wherever it is asked."""
    drawn = int.from_bytes(hashlib.sha256(f"sample {hit_id}".encode()).digest()[:8], "big")
    return drawn < share * 2**64
