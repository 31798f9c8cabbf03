"""What API and PNR together make of a hit (DESIGN 4, Join)."""

from pnr_pipeline.records import Match
from pnr_pipeline.records.hit import Settlement

_MORE = 0.5
"""Weight (natural logarithm) that new evidence must bring before a hit counts as strengthened."""


def settle(before: Match | None, now: Match) -> Settlement:
    """What all evidence together says of a hit.

    `before` is the match of the newest version of the hit, None for a new one; `now` the match with the evidence of
    all messages. A document confirms only where the name does not speak against it: another person with a sought
    document is a hit for a person to judge.
    """
    if now.by_document:
        named = next((term.verdict for term in now.evidence if term.field == "name"), "unknown")
        return "possible" if named == "differs" else "confirmed_by_document"
    alert, weak = now.thresholds
    if now.score < (weak if now.queue == "weak" else alert):
        return "excluded"
    if before is not None and _weight(now) >= _weight(before) + _MORE:
        return "strengthened"
    return "possible"


def _weight(match: Match) -> float:
    return sum(term.weight for term in match.evidence)
