"""What API and PNR together make of a hit (DESIGN 4, Join)."""

import math
from typing import Literal

from pnr_pipeline.records import ListEntry, Match, Traveller
from pnr_pipeline.records.hit import Settlement
from pnr_pipeline.screening.match import in_queue

Contradiction = Literal["", "birth date", "document and nationality"]

_MORE = 0.5
"""Weight (natural logarithm) that new evidence must bring before a hit counts as strengthened."""


def settle(before: Match | None, now: Match, contradiction: Contradiction = "") -> Settlement:
    """What all evidence together says of a hit.

    `before` is the match of the newest version of the hit, None for a new one; `now` the match with the evidence of
    all messages. Nothing is excluded without a hard contradiction, however low the score: the rest is for a person to
    judge (SCR-5). A document confirms only where the name does not speak against it: another person with a sought
    document is a hit for a person to judge too.
    """
    if now.by_document:
        return "possible" if _verdict(now, "name") == "differs" else "confirmed_by_document"
    if contradiction and not in_queue(now):
        return "excluded"
    if before is not None and _weight(now) >= _weight(before) + _MORE:
        return "strengthened"
    return "possible"


def contradiction(match: Match, traveller: Traveller, entry: ListEntry) -> Contradiction:
    """What cannot be if traveller and entry are one person: another birth date; another document and nationality.

    People have several documents and several nationalities, so neither is hard alone.
    """
    if _verdict(match, "birth date") == "differs":
        return "birth date"
    documents = any(one.number for one in traveller.documents) and any(one.number for one in entry.documents)
    if documents and _verdict(match, "document") == "unknown" and _verdict(match, "nationality") == "differs":
        return "document and nationality"
    return ""


def is_named(match: Match, prior: float) -> bool:
    """Whether the name and what else speaks for the match are worth a look: they reach the weak queue by themselves.

    `prior` is that of the screening rules. Not so where the carrier has told another name since.
    """
    log_odds = prior + sum(
        term.weight if term.field == "name" else max(term.weight, 0.0) for term in match.evidence
    )  # fmt: skip
    return 1 / (1 + math.exp(-log_odds)) >= match.thresholds[1]


def _verdict(match: Match, field: str) -> str:
    return next((term.verdict for term in match.evidence if term.field == field), "unknown")


def _weight(match: Match) -> float:
    return sum(term.weight for term in match.evidence)
