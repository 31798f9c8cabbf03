"""Traveller and list entry side by side: what an officer decides on (one row a kind of evidence).

Data only: the terminal (`cli.side_by_side`) and the web page render the same rows. What differs is marked in spans, so
that a renderer can show it by underline or brackets and never by colour alone.
"""

import msgspec
from rapidfuzz.distance import Levenshtein

from pnr_pipeline.records import Evidence, Match, NamePair, Verdict
from pnr_pipeline.screening.wording import likelihood

NOT_KNOWN = "not known"

CONDITIONS = ("incriminating", "exonerating")
"""Fields of a criterion's evidence: facts beside a condition, which are not alike letter by letter."""


class Span(msgspec.Struct, frozen=True):
    """A stretch of a value; `differs` where the other side has something else or nothing."""

    text: str
    differs: bool = False


class Row(msgspec.Struct, frozen=True):
    """One field of both persons. `weight` speaks for (above 0) or against (below 0) the same person.

    Parts of names stand in aligned order, so that equal parts are above each other; `words` says if the order was
    swapped. A value that is missing is one span `not known`.
    """

    field: str
    traveller: tuple[Span, ...]
    entry: tuple[Span, ...]
    verdict: Verdict
    words: str
    weight: float
    odds: str
    """The weight in words."""


def rows(match: Match) -> tuple[Row, ...]:
    """The rows of a match, in the order of its evidence."""
    return tuple(_row(evidence) for evidence in match.evidence)


def _row(evidence: Evidence) -> Row:
    if evidence.pairs:
        ours, theirs = _name_spans(evidence.pairs)
    elif not evidence.traveller or not evidence.entry or evidence.field in CONDITIONS:
        ours, theirs = _whole(evidence.traveller), _whole(evidence.entry)
    else:
        ours, theirs = marked(evidence.traveller, evidence.entry)
    return Row(
        evidence.field,
        ours,
        theirs,
        evidence.verdict,
        evidence.words,
        evidence.weight,
        likelihood(evidence.weight) if evidence.verdict != "unknown" else "says nothing",
    )


def _whole(value: str) -> tuple[Span, ...]:
    return (Span(value or NOT_KNOWN),)


def _name_spans(pairs: tuple[NamePair, ...]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    ours: list[Span] = []
    theirs: list[Span] = []
    for pair in pairs:
        left, right = marked(pair.traveller, pair.entry)
        for side, spans in ((ours, left), (theirs, right)):
            if spans:
                side += ([Span(" ")] if side else []) + list(spans)
    return tuple(ours) or _whole(""), tuple(theirs) or _whole("")


def marked(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both texts cut into spans, with the characters marked that the other lacks; case is no difference."""
    ours: list[Span] = []
    theirs: list[Span] = []
    for step in Levenshtein.opcodes(left.upper(), right.upper()):
        differs = step.tag != "equal"
        if step.src_end > step.src_start:
            ours.append(Span(left[step.src_start : step.src_end], differs))
        if step.dest_end > step.dest_start:
            theirs.append(Span(right[step.dest_start : step.dest_end], differs))
    return tuple(ours), tuple(theirs)
