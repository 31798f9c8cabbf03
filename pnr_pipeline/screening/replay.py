"""A match told years ago, computed again (RGT-5): from its own terms, and from traveller, lists and engine."""

import math
from collections.abc import Iterator
from datetime import datetime

import msgspec

from pnr_pipeline.records import Match, Traveller
from pnr_pipeline.screening.engine_version import ENGINE
from pnr_pipeline.screening.index import Index
from pnr_pipeline.screening.match import compare


class Replay(msgspec.Struct, frozen=True):
    """What came of it.

    `summed` whether the stored weights give the stored score; `again` the match as computed now, None where it could
    not be, and `why` not; `differences` what is not the same, by field, without values; `versions` where another
    engine, or other rules, computed it now, which is no difference by itself.
    """

    summed: bool
    again: Match | None
    why: str
    differences: tuple[str, ...]
    versions: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether all of it came out as it was told."""
        return self.summed and self.again is not None and not self.differences


def replay(match: Match, traveller: Traveller, index: Index | None, then: datetime) -> Replay:
    """The match computed again with the lists in force when it was told (`index`, None where one is not kept any more).

    `traveller` as the record has the person, `then` the aware moment of the match. Another engine, or other rules, are
    told, and what they find otherwise.
    """
    summed = math.isclose(score_of(match), match.score, rel_tol=0.006)  # terms are told to 0.01
    if index is None:
        return Replay(summed, None, "the lists in force then are not kept any more", ())
    again = compare(traveller, match.list_id, match.entry_id, index, then)
    if again is None:
        return Replay(summed, None, "the list of that version has no such entry in force", ())
    return Replay(summed, again, "", tuple(_differences(match, again)), tuple(_versions(match, again)))


def score_of(match: Match) -> float:
    """The posterior of the stored prior and weights; where a document was met, what speaks against does not count."""
    log_odds = match.prior + sum(max(term.weight, 0.0) if match.by_document else term.weight for term in match.evidence)
    return 1 / (1 + math.exp(-max(-700.0, min(log_odds, 700.0))))


def _versions(then: Match, now: Match) -> Iterator[str]:
    if then.engine != ENGINE:
        yield f"engine: {then.engine} then, {ENGINE} now"
    if then.rules != now.rules:
        yield f"rules: {then.rules or 'not told'} then, {now.rules} now"


def _differences(then: Match, now: Match) -> Iterator[str]:
    for field in ("list_version", "index", "thresholds", "prior", "queue", "by_document"):
        if getattr(then, field) != getattr(now, field):
            yield f"{field.replace('_', ' ')} not the same"
    if not math.isclose(then.score, now.score, abs_tol=1e-4):
        yield f"score: {then.score:.4f} then, {now.score:.4f} now"
    terms, again = ({term.field: term for term in match.evidence} for match in (then, now))
    for field in dict.fromkeys((*terms, *again)):
        if field not in terms or field not in again:
            yield f"{field}: a term only {'then' if field in terms else 'now'}"
        elif terms[field] != again[field]:
            yield (
                f"{field}: {terms[field].verdict} {terms[field].weight:+.2f} then, {again[field].verdict} "
                f"{again[field].weight:+.2f} now"
            )
