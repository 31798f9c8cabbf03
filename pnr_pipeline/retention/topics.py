"""The topics of a domain on a broker, each with its retention class, and who may read and write it (RET-7, SEC-4)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import Law, RequirementId, Text
from pnr_pipeline.records import Domain
from pnr_pipeline.retention.moments import KeyClass, deletion

TopicId = Literal["receipts", "dead-letters", "review", "acknowledgements", "hits"]
Role = Literal["gateway", "pipeline", "desk", "unit"]

_KEYS: dict[tuple[Domain, str], KeyClass] = {
    ("law_enforcement", "ingest"): "ingest",
    ("law_enforcement", "record"): "S",
    ("border", "ingest"): "ingest",
    ("border", "record"): "api",
}
"""The key class whose deletion bounds a topic of a retention class."""


class DeclaredTopic(RuleModel):
    """One topic, or one of each unit. `hours` is the longest that anything may be in it."""

    topic: TopicId
    each: Literal["unit"] | None = None
    partitions: Annotated[int, Field(ge=1, le=1000)]
    klass: Literal["ingest", "record"] = Field(alias="class")
    hours: Annotated[int, Field(ge=3)]
    holds: Text
    writes: Annotated[tuple[Role, ...], Field(min_length=1)]
    reads: Annotated[tuple[Role, ...], Field(min_length=1)]
    because: Text


class TopicFile(RuleModel):
    """`rules/topics/topics.yaml`."""

    version: Text
    requirement: tuple[RequirementId, ...]
    topics: Annotated[tuple[DeclaredTopic, ...], Field(min_length=1)]


class Topic(msgspec.Struct, frozen=True):
    """A topic as a broker has it: names of users in `writes` and `reads`, `kept` the longest that anything is there."""

    name: str
    topic: TopicId
    unit: str
    partitions: int
    kept: timedelta
    klass: str
    holds: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]


class Topics:
    """All topics that one domain of a deployment has under `prefix`, by what is declared and the units there are."""

    def __init__(
        self,
        declared: TopicFile,
        prefix: str,
        domain: Domain,
        units: Iterable[str],
        law: Law,
        now: datetime,
    ) -> None:
        """A class that ends sooner in this domain cuts its topics."""
        self._prefix, self._domain = prefix, domain.replace("_", "-")
        self._units = tuple(units)
        bounds = {klass: deletion(_KEYS[domain, klass], now, law).at - now for klass in ("ingest", "record")}
        self.all = tuple(topic for one in declared.topics for topic in self._made(one, bounds[one.klass]))

    @classmethod
    def from_text(
        cls, text: str, file: str, law: Law, now: datetime, *, prefix: str, domain: Domain,
        units: Iterable[str],
    ) -> "Topics":  # fmt: skip
        """From the file of topics; RuleFault at the place of one that keeps longer than its class may (RET-7)."""
        declared = read_rule(text, file, TopicFile)
        for place, one in enumerate(declared.topics):
            due = deletion(_KEYS["law_enforcement", one.klass], now, law)
            if now + timedelta(hours=one.hours) > due.at:
                longest = f"class {one.klass} ends after {due.at - now} by {due.because} (RET-7)"
                raise fault_at(text, file, ("topics", place, "hours"), longest)
        return cls(declared, prefix, domain, units, law, now)

    def named(self, topic: TopicId, unit: str = "") -> str:
        """The name of a topic, for a unit where each has its own; KeyError where there is none."""
        return {(one.topic, one.unit): one.name for one in self.all}[topic, unit]

    def user(self, role: Role, unit: str = "") -> str:
        """By which name whoever has this role signs in: `pnr-law-enforcement-pipeline`, `…-unit-mk-skopje-airport`."""
        return "-".join(filter(None, (self._prefix, self._domain, role, unit)))

    def _made(self, one: DeclaredTopic, bound: timedelta) -> Iterator[Topic]:
        for unit in self._units if one.each else ("",):
            writes, reads = (
                tuple(self.user(role, unit if role == "unit" else "") for role in roles)
                for roles in (one.writes, one.reads)
            )
            name = ".".join(filter(None, (self._prefix, self._domain, one.topic, unit)))
            kept = min(timedelta(hours=one.hours), bound)
            yield Topic(name, one.topic, unit, one.partitions, kept, one.klass, one.holds, writes, reads)
