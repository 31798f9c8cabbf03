"""The codes by which the data-protection officer finds an act lawful or unlawful: `rules/review/marks.yaml` (SCR-8)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import Cites, Text
from pnr_pipeline.review.codes import Code


class Mark(RuleModel):
    """One ground, for one outcome, with the article that asks for what was kept or broken."""

    code: Code
    outcome: Literal["lawful", "unlawful"]
    article: Text
    text: Text


class Marks(RuleModel):
    """`rules/review/marks.yaml`."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    marks: Annotated[tuple[Mark, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _once(self) -> "Marks":
        if len({one.code for one in self.marks}) < len(self.marks):
            raise ValueError("marks: a code is used twice")
        return self

    def of(self, outcome: str) -> dict[str, Mark]:
        """The marks that fit an outcome, by code."""
        return {one.code: one for one in self.marks if one.outcome == outcome}
