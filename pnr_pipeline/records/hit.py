"""A match with a watchlist, the evidence for it, and its life as a hit."""

from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.records.message import Message
from pnr_pipeline.records.watchlist import Domain

Queue = Literal["alert", "weak"]
Settlement = Literal["possible", "strengthened", "excluded", "confirmed_by_document"]
HitState = Literal["new", "under_review", "confirmed", "negative", "sent", "excluded", "suppressed", "superseded"]
Ended = Literal["", "record joined with another", "entry withdrawn", "another name told since"]
Brought = Literal["api", "pnr", "list", "criterion"]
"""Who brought the evidence of a version of a hit: the carrier by API or PNR, or the list that changed."""
Verdict = Literal["same", "differs", "unknown", "close", "transliteration", "swapped", "partial"]


class NamePair(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one part of the traveller's name was aligned with one of the entry's.

    `how` is equal, transliterated, phonetic, typo, short, initial, truncated, omitted or conflict; a missing side is
    ''.
    """

    traveller: str
    entry: str
    how: str
    score: float = 0.0


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One term of the score: both values as compared, a verdict in words, and its weight.

    `weight` is a log-likelihood ratio (natural logarithm): above 0 speaks for the same person, below against.
    `field` is name, birth date, sex, nationality or document.
    """

    field: str
    traveller: str
    entry: str
    verdict: Verdict
    weight: float
    words: str
    pairs: tuple[NamePair, ...] = ()


class Match(msgspec.Struct, frozen=True):
    """What screening found for one traveller of one message; no state, no identity yet.

    `traveller` is the ordinal in the message; `score` in 0..1. `thresholds` are those in force (alert, weak).
    With list, list version, engine version, entry and evidence a decision can be replayed years later (RGT-5).
    """

    traveller: int
    list_id: str
    list_version: str
    entry_id: str
    entry_name: str
    score: float
    queue: Queue
    evidence: tuple[Evidence, ...]
    thresholds: tuple[float, float]
    engine: str
    offences: tuple[str, ...] = ()
    by_document: bool = False
    compared_name: str = ""
    """That of the entry's names which was laid beside the traveller's."""
    name_kind: str = ""
    """Its kind: primary, alias, weak."""
    prior: float = 0.0
    """Log-odds before any evidence: the score is the posterior of prior and weights."""
    rules: str = ""
    """Version of `rules/screening` in force: words, forms, frequencies and weights."""
    index: str = ""
    """Version of all lists screened with together: how rare a name is depends on every one."""


class Unlisted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The message that took a person off the list; `function` as in `Message`, `received_at` aware UTC."""

    message_id: str
    function: str
    received_at: datetime


class Hit(msgspec.Struct, frozen=True):
    """A match on a stored record, with its versions and its life.

    `hit_id` = hash(record, list, entry): the same fact is the same hit; new evidence makes a new `version`, and
    a decision names the version the officer saw. `settlement` is what the evidence of API and PNR together
    says. `late` is set when the scheduled moment that ends purpose (a) had passed at commit: then DIS-3 asks
    for approval before anything is sent. Times are UTC.
    """

    hit_id: str
    version: int
    record_id: str
    leg_key: str
    domain: Domain
    match: Match
    settlement: Settlement
    state: HitState
    raised_at: datetime
    changed_at: datetime
    deadline_at: datetime | None = None
    """Scheduled departure (outbound) or arrival (inbound), UTC: what the queue counts down to."""
    late: bool = False
    reviewer: str = ""
    reason: str = ""
    offence: str = ""
    unit: str = ""
    holder: str = ""
    """Who claimed the hit for review, until `claimed_until` (UTC)."""
    claimed_until: datetime | None = None
    instruction: str = ""
    """What the list's owner asks the unit to do."""
    air_link: str = ""
    """Code of the objective link to air carriage that the reviewer found (SCR-2)."""
    second_reviewer: str = ""
    approval: str = ""
    """Reference of the order that approved disclosure of a late hit (DIS-3)."""
    ended: Ended = ""
    """Why the hit is superseded; a sent one says so too, for its unit must be told."""
    sample: Literal["", "right", "wrong"] = ""
    """What a person found who looked at the exclusion of this hit, as a sample of them (SCR-6)."""
    entry_version: str = ""
    """Hash of what the list said of the entry when the evidence was taken."""
    memory: str = ""
    """Of a suppressed hit: the memory "not this person" that keeps it down."""
    unlisted: Unlisted | None = None
    """Since when, and by which message, no source lists the person on the flight any more; None while one does."""


class Screened(msgspec.Struct, frozen=True):
    """A message with all that screening found in it: the element that commit takes.

    `list_version` is the version of the whole index screened with, also where nothing was found.
    """

    message: Message
    matches: tuple[Match, ...]
    list_version: str
