"""Travellers against an index: every match with the evidence for it."""

import math
from collections.abc import Sequence

from pnr_pipeline.records import Evidence, Match, Traveller
from pnr_pipeline.screening import evidence
from pnr_pipeline.screening.alignment import Alignment, align
from pnr_pipeline.screening.index import AskedName, Index
from pnr_pipeline.screening.wording import name_evidence

ENGINE = "evidence/1"
"""Name and version of the scoring: with list version and evidence it makes a decision replayable (RGT-5)."""


def screen(travellers: Sequence[Traveller], index: Index) -> list[Match]:
    """Every match of these travellers that belongs in a queue, by traveller and best first.

    A match on a document's number always belongs there, whatever the name says. A match without a birth date to
    compare goes to the weak queue when it reaches the weak threshold of its list.
    """
    return [match for traveller in travellers for match in ranked(traveller, index) if in_queue(match)]


def in_queue(match: Match) -> bool:
    """Whether the match reaches the threshold of its queue."""
    alert, weak = match.thresholds
    return match.by_document or match.score >= (alert if match.queue == "alert" else weak)


def ranked(traveller: Traveller, index: Index) -> list[Match]:
    """All matches that reach the weak threshold of their list, best first: those of the queues and those near."""
    asked = _asked(traveller, index)
    numbers = index.with_documents(traveller.documents)
    for name in asked:
        numbers |= {index.names[row].entry for row in index.candidates(name, traveller.date_of_birth)}
    matches = [match for number in numbers if (match := _match(traveller, number, asked, index, near=True))]
    return sorted(matches, key=lambda match: (-match.score, match.list_id, match.entry_id))


def compare(traveller: Traveller, list_id: str, entry_id: str, index: Index) -> Match | None:
    """The match of one traveller with one entry, also under the threshold; None where no active list has the entry."""
    number = index.number(list_id, entry_id)
    return None if number is None else _match(traveller, number, _asked(traveller, index), index, near=False)


def _asked(traveller: Traveller, index: Index) -> list[AskedName]:
    fields = dict.fromkeys((name.surname, name.given_names) for name in traveller.names)
    return [asked for surname, given in fields if (asked := index.asked(surname, given)).name.parts]


def _match(traveller: Traveller, number: int, asked: Sequence[AskedName], index: Index, *, near: bool) -> Match | None:
    """The match with entry `number`; None if it should be near a threshold and is not."""
    list_id, entry = index.entries[number]
    registration, weights = index.registrations[list_id], index.rules.weights
    alert, weak = registration.alert_threshold or weights.alert, registration.weak_threshold or weights.weak
    alignment = _best_alignment(number, asked, index)
    born = evidence.birth_date(traveller.date_of_birth, entry.dob, weights.birth_date)
    terms: list[Evidence] = []
    if entry.names:
        nationality = traveller.nationality_alpha3 or traveller.nationality
        terms = [
            born,
            evidence.nationality(nationality, entry.nationality, weights.nationality),
            evidence.sex(traveller.sex, entry.gender, weights.sex),
        ]
    document = evidence.document(traveller.documents, entry.documents, weights.document)
    if document is not None:
        terms.append(document)
    by_document = document is not None and document.verdict == "same"
    summed = [term.weight for term in terms] + ([alignment.weight] if alignment else [])
    # The document itself is sought: what else differs is told, but does not count against it.
    log_odds = weights.prior + sum(max(weight, 0.0) if by_document else weight for weight in summed)
    score = round(1 / (1 + math.exp(-log_odds)), 4)
    if near and score < weak and not by_document:
        return None
    if alignment is not None:
        terms.insert(0, name_evidence(alignment))
    return Match(
        traveller=traveller.ordinal,
        list_id=list_id,
        list_version=index.list_versions[list_id],
        entry_id=entry.id,
        entry_name=next((one.full or f"{one.surname} {one.given}".strip() for one in entry.names), ""),
        score=score,
        queue="weak" if born.verdict == "unknown" and document is None else "alert",
        evidence=tuple(terms),
        thresholds=(alert, weak),
        engine=ENGINE,
        offences=entry.offences or registration.offences,
        by_document=by_document,
    )


def _best_alignment(number: int, asked: Sequence[AskedName], index: Index) -> Alignment | None:
    """The strongest of all pairs of the traveller's names and the entry's; None where either has none."""
    best: Alignment | None = None
    for name in asked:
        similar = [one.by_id for one in name.similar]
        for row in index.names_of.get(number, ()):
            theirs = index.names[row]
            alignment = align(name.name, similar, theirs.name, theirs.words, index.rules.weights.name)
            if best is None or alignment.weight > best.weight:
                best = alignment
    return best
