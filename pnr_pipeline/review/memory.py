""" "Not this person": whom a rejection is remembered for, and what wakes it (SCR-6, SCR-7)."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from pnr_pipeline.errors import ReviewFault
from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import Cites, Text
from pnr_pipeline.records import ListEntry, Traveller
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.review.decision import Decision

Relation = Literal["same", "another", "new document", "another birth date"]


class MemoryRules(RuleModel):
    """`rules/review/memory.yaml`: `days` a rejection is remembered at most, for these reasons only."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    days: Annotated[int, Field(ge=1, le=1826)]
    reasons: Annotated[tuple[str, ...], Field(min_length=1)]

    def expiry(self, decided_at: datetime, record_ends: datetime) -> datetime:
        """Until when a rejection is remembered: never longer than its record is kept."""
        return min(decided_at + timedelta(days=self.days), record_ends)


class Identity(msgspec.Struct, frozen=True):
    """Who a traveller is to a memory: keyed hashes of name forms, birth date and documents; nothing in clear."""

    names: frozenset[str]
    born: str
    documents: frozenset[str]


def identity_of(traveller: Traveller, keyed: Callable[[str], str]) -> Identity:
    """The traveller's identity under `keyed`, which hashes with the key of one memory."""
    names = {f"{_bare(one.surname)}<{_bare(one.given_names)}" for one in traveller.names}
    documents = {_bare(one.number) for one in traveller.documents} - {""}
    return Identity(
        names=frozenset(keyed(f"name {one}") for one in names - {"<"}),
        born=keyed(f"born {traveller.date_of_birth}") if traveller.date_of_birth else "",
        documents=frozenset(keyed(f"document {one}") for one in documents),
    )


def relation(remembered: Identity, now: Identity) -> Relation:
    """Whether this is the remembered traveller, and told as then; what is not told now is neither same nor changed."""
    if not remembered.names & now.names:
        return "another"
    if remembered.documents & now.documents and now.born and now.born != remembered.born:
        return "another birth date"
    if now.born != remembered.born:
        return "another"
    if now.documents - remembered.documents:
        return "new document"
    told = bool(now.documents) == bool(remembered.documents)
    return "same" if told and now.names <= remembered.names else "another"


def check_memory(decision: Decision, identity: Identity, rules: MemoryRules) -> None:
    """ReviewFault where this decision may not be remembered for this traveller."""
    if decision.outcome != "negative" or decision.reason not in rules.reasons:
        raise ReviewFault(f"only a rejection for one of {', '.join(rules.reasons)} says that it is another person")
    if not identity.names or not (identity.born or identity.documents):
        raise ReviewFault("a name alone is no identity: wait until a birth date or a document is told")


def entry_version(entry: ListEntry) -> str:
    """What the list says of the entry, as a hash: another one where anything of it changed."""
    return hashlib.sha256(to_json(entry)).hexdigest()[:16]


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
