"""The requirements of passenger-data law by id, and the matrix: requirement → rule files → tests that prove it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import RequirementId, Text

Verified = Literal["gate", "run", "dpo"]
"""How it is seen to hold: a test that stops a release, a figure of the running system, the officer's own look."""

Status = Literal["closed", "waiting", "open"]


class Waiting(RuleModel):
    """What a requirement waits for that no test of this repository can stand in for, and why."""

    part: Literal["web desk", "router", "court"]
    why: Text


class Requirement(RuleModel):
    """One requirement: its source in the law, what it says, what must be seen of it and how."""

    id: RequirementId
    source: Text
    says: Text
    seen: Text
    verified: Annotated[tuple[Verified, ...], Field(min_length=1)]
    rules: tuple[Text, ...] = ()
    """Files of `rules/` that hold its data, beside those that name it themselves."""
    waiting: Waiting | None = None


class Requirements(RuleModel):
    """`rules/requirements/requirements.yaml`."""

    version: Text
    note: Text
    requirements: Annotated[tuple[Requirement, ...], Field(min_length=1)]

    @classmethod
    def from_text(cls, text: str, name: str) -> "Requirements":
        """The catalogue in this YAML; RuleFault where it is wrong or names an id twice."""
        told = read_rule(text, name, cls)
        ids = [one.id for one in told.requirements]
        for index, one in enumerate(ids):
            if one in ids[:index]:
                raise fault_at(text, name, ("requirements", index, "id"), f"{one} is here twice")
        return told

    def __getitem__(self, wanted: str) -> Requirement:
        for one in self.requirements:
            if one.id == wanted:
                return one
        raise RuleFault("rules/requirements", f"no requirement {wanted}")


class MatrixRow(msgspec.Struct, frozen=True):
    """A line of the matrix. `rule` is the first of `rules` (paths below the root), `tests` are pytest node ids."""

    id: str
    source: str
    verified: tuple[Verified, ...]
    rule: str | None
    rules: tuple[str, ...]
    tests: tuple[str, ...]
    status: Status
    lacks: tuple[str, ...] = ()
    waiting: str = ""
    why: str = ""


def matrix(
    told: Requirements, rules: Mapping[str, tuple[str, ...]], tests: Mapping[str, tuple[str, ...]]
) -> Iterator[MatrixRow]:
    """A row for each requirement: `rules` are the files that name an id, `tests` the tests that name it.

    `closed` has both; `waiting` has not, or not fully, for the reason in the catalogue; the rest is `open`.
    """
    for one in told.requirements:
        files = tuple(dict.fromkeys((*rules.get(one.id, ()), *one.rules)))
        proofs = tests.get(one.id, ())
        lacks = tuple(what for what, there in (("rule", files), ("tests", proofs)) if not there)
        status: Status = "waiting" if one.waiting else "open" if lacks else "closed"
        yield MatrixRow(
            one.id,
            one.source,
            one.verified,
            files[0] if files else None,
            files,
            proofs,
            status,
            lacks,
            one.waiting.part if one.waiting else "",
            one.waiting.why if one.waiting else "",
        )
