"""Travellers against an index: every match with the evidence for it."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from pnr_pipeline.records import EntryName, Evidence, Match, Traveller
from pnr_pipeline.screening import evidence, kernels
from pnr_pipeline.screening.alignment import Alignment, laid_side_by_side
from pnr_pipeline.screening.asking import Question, ask
from pnr_pipeline.screening.engine_version import ENGINE
from pnr_pipeline.screening.index import Index
from pnr_pipeline.screening.wording import name_evidence

_CANDIDATES_MAX = 48
"""Names laid beside a traveller's name: the best by words, birth date, nationality and sex."""


def screen(travellers: Sequence[Traveller], index: Index, now: datetime) -> list[Match]:
    """Every match of these travellers that belongs in a queue, by traveller and best first.

    A match on a document's number always belongs in the alert queue, whatever the name says. So does one that reaches
    the alert threshold of its list with a birth date to compare. What reaches only the weak threshold, or has no date
    on either side, goes to the weak queue; not where surname, given names or birth date are another. Entries not valid
    at `now` (aware) match nobody. A whole message at once costs least.
    """
    return [match for found in ranked(travellers, index, now) for match in found if in_queue(match)]


def in_queue(match: Match) -> bool:
    """Whether the match belongs in its queue."""
    return match.queue == "alert" or (match.score >= match.thresholds[1] and not _of_another(match))


def ranked(travellers: Sequence[Traveller], index: Index, now: datetime) -> list[list[Match]]:
    """Of each traveller all matches that reach the weak threshold of their list, best first: in a queue, or near."""
    asked = Asking(travellers, index, now)
    found = asked.search()
    matches = [
        [match for number in sorted(numbers) if (match := asked.match(place, number, near=True))]
        for place, numbers in enumerate(found)
    ]
    for of_one in matches:
        of_one.sort(key=lambda match: (-match.score, match.list_id, match.entry_id))
    return matches


def screen_among(travellers: Sequence[Traveller], few: Index, index: Index, now: datetime) -> list[Match]:
    """The matches that `screen` finds in `index`, but with the entries of `few` alone, which `index` has too.

    In the few alone no name is common, so that each weighs as much as ever in the index, or more: they propose, and
    the index with its frequencies decides. It is searched for those travellers only to whom something was proposed.
    """
    proposed = {
        place: numbers
        for place, numbers in enumerate(Asking(travellers, few, now, assumed=len(index)).search())
        if numbers
    }
    asked, found = Asking([travellers[place] for place in proposed], index, now), []
    for place, numbers in enumerate(proposed.values()):
        told = (index.number(few.list_of(number), few.id_at(number).decode()) for number in sorted(numbers))
        matches = (asked.match(place, number, near=True) for number in told if number is not None)
        found += [match for match in matches if match is not None and in_queue(match)]
    return found


def compare(traveller: Traveller, list_id: str, entry_id: str, index: Index, now: datetime) -> Match | None:
    """The match of one traveller with one entry, also under the threshold.

    None where no active list has the entry, or it is not valid at `now` (aware).
    """
    number = index.number(list_id, entry_id)
    return None if number is None else Asking((traveller,), index, now).match(0, number, near=False)


class Asking:
    """A batch of travellers and the list words like each of theirs; their frequency is one in `assumed` entries."""

    def __init__(self, travellers: Sequence[Traveller], index: Index, now: datetime, assumed: int = 0) -> None:
        self._travellers, self._index = travellers, index
        self._day = now.astimezone(UTC).date().isoformat()
        self._question: Question = ask(travellers, index.reader, index.rules.frequencies)
        self._alike = kernels.similar(
            self._question.flat, index.arrays.words, index.weights, assumed or len(index), index.scratch
        )

    def search(self) -> list[set[int]]:
        """Of each traveller the entries (by number) that may reach a threshold, or have one of the documents."""
        found = [self._index.with_documents(traveller.documents) for traveller in self._travellers]
        arrays = self._index.arrays
        rows, names = kernels.search(
            self._question.flat, self._alike, arrays.words, arrays.names, arrays.entries, self._index.weights,
            self._index.scratch, _CANDIDATES_MAX,
        )  # fmt: skip
        for row, number in zip(rows.tolist(), arrays.names.entries[names].tolist(), strict=True):
            found[self._question.travellers[row]].add(number)
        return found

    def match(self, place: int, number: int, *, near: bool) -> Match | None:
        """The match of one traveller with one entry; None if not near a threshold as it should be, or not valid."""
        traveller, index = self._travellers[place], self._index
        list_id, entry = index.list_of(number), index.entry_at(number)
        if not entry.is_valid(self._day):
            return None
        registration, weights = index.registrations[list_id], index.rules.weights
        alert, weak = registration.alert_threshold or weights.alert, registration.weak_threshold or weights.weak
        alignment = self._best_alignment(place, number)
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
        dated = born.verdict != "unknown" or document is not None
        summed = [term.weight for term in terms] + ([alignment.weight] if alignment else [])
        # The document itself is sought: what else differs is told, but does not count against it.
        log_odds = weights.prior + sum(max(weight, 0.0) if by_document else weight for weight in summed)
        score = float(f"{1 / (1 + math.exp(-log_odds)):.4g}")
        if near and score < weak and not by_document:
            return None
        if alignment is not None:
            terms.insert(0, name_evidence(alignment))
        compared = None
        if alignment is not None:
            compared = next((one for one in entry.names if index.reader.entry(one).parts == alignment.theirs), None)
        return Match(
            traveller=traveller.ordinal,
            list_id=list_id,
            list_version=index.list_versions[list_id],
            entry_id=entry.id,
            entry_name=_text(entry.names[0]) if entry.names else "",
            score=score,
            queue="alert" if by_document or (dated and score >= alert) else "weak",
            evidence=tuple(terms),
            thresholds=(alert, weak),
            engine=ENGINE,
            offences=entry.offences or registration.offences,
            by_document=by_document,
            compared_name=_text(compared) if compared else "",
            name_kind=compared.kind if compared else "",
            prior=weights.prior,
            rules=index.rules.version,
            index=index.version,
        )

    def _best_alignment(self, place: int, number: int) -> Alignment | None:
        """The strongest of all pairs of the traveller's names and the entry's; None where either has none."""
        best: tuple[float, int, int] | None = None
        arrays = self._index.arrays
        first, after = arrays.entries.rows[number : number + 2].tolist()
        names = np.arange(first, after, dtype=np.int32)
        for row in self._rows_of(place):
            of_names, _ = kernels.score(
                self._question.flat,
                row,
                names,
                self._alike,
                arrays.words,
                arrays.names,
                arrays.entries,
                self._index.weights,
            )
            for name, weight in zip(range(first, after), of_names.tolist(), strict=True):
                if best is None or weight > best[0]:
                    best = (weight, row, name)
        if best is None:
            return None
        return laid_side_by_side(self._question, best[1], best[2], self._alike, self._index)

    def _rows_of(self, place: int) -> Iterable[int]:
        return (row for row, whose in enumerate(self._question.travellers) if whose == place)


def _of_another(match: Match) -> bool:
    """Whether the surname, all given names or the birth date is another."""
    return any(term.field in ("name", "birth date") and term.verdict == "differs" for term in match.evidence)


def _text(name: EntryName) -> str:
    return name.full or f"{name.surname} {name.given}".strip()
