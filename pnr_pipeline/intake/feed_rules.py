"""When pushes are due and what is more than usual: `rules/feeds/timing.yaml`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from pnr_pipeline.law.rule_text import RuleModel, named_text, read_rule

Count = Annotated[int, Field(ge=0, le=1000)]


class Scheduled(RuleModel):
    """Hours before scheduled departure between which the first push of bookings is due."""

    earliest_hours: Count
    latest_hours: Count


class Closure(RuleModel):
    """Minutes before and after scheduled departure between which the last push is due."""

    earliest_minutes: Count
    latest_minutes: Count


class Learn(RuleModel):
    """A flight is expected on a day if it was seen in `seen` of the last `weeks` on that weekday."""

    weeks: Annotated[int, Field(ge=1, le=8)]
    seen: Annotated[int, Field(ge=1, le=8)]


class Shares(RuleModel):
    """Shares are told from so many `travellers` on, and over these percentages."""

    travellers: Count
    default_birth_dates_percent: float
    unverified_percent: float


class FeedRules(RuleModel):
    """What a deployment expects of its carriers' feeds."""

    subject: Literal["feeds"]
    scheduled: Scheduled
    closure: Closure
    set_minutes: Count
    count_difference_percent: float
    learn: Learn
    shares: Shares

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "FeedRules":
        """The rules in the texts of `rules/feeds/`, by file name; RuleFault where they are absent or wrong."""
        name, text = named_text(texts, "timing.yaml")
        return read_rule(text, name, cls)

    @property
    def set_wait(self) -> timedelta:
        """How long the parts of one list may take."""
        return timedelta(minutes=self.set_minutes)

    @property
    def closed_after(self) -> timedelta:
        """How long after scheduled departure the last push may come."""
        return timedelta(minutes=self.closure.latest_minutes)

    @property
    def closing_from(self) -> timedelta:
        """How long before scheduled departure a push counts as the last one."""
        return timedelta(minutes=self.closure.earliest_minutes)
