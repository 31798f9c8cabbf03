"""Travellers against an index: every match with the evidence for it."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from pnr_pipeline.records import Evidence, ListEntry, Match, Traveller
from pnr_pipeline.records.hit import Settlement
from pnr_pipeline.screening.index import Index, name_tokens

ENGINE = "evidence/1"
"""Name and version of the scoring: with list version and evidence it makes a decision replayable (RGT-5)."""

ALERT, WEAK = 0.73, 0.41


def screen(travellers: Sequence[Traveller], index: Index) -> list[Match]:
    """Every match of these travellers that is worth a look, by traveller and best first."""
    found = []
    for traveller in travellers:
        keys = {key for name in traveller.names for token in name_tokens(f"{name.surname} {name.given_names}")
                for key in index.by_token.get(token, ())}  # fmt: skip
        keys |= {key for document in traveller.documents for key in index.by_document.get(document.number.upper(), ())}
        matches = [match for key in keys if (match := compare(traveller, *key, index))]
        worth = [match for match in matches if match.score >= match.thresholds[match.queue == "weak"]]
        found += sorted(worth, key=lambda match: (-match.score, match.list_id, match.entry_id))
    return found


def compare(traveller: Traveller, list_id: str, entry_id: str, index: Index) -> Match | None:
    """The match of one traveller with one entry, also under the threshold; None where no active list has the entry."""
    entry = index.entry(list_id, entry_id)
    if entry is None:
        return None
    registration = index.registrations[list_id]
    numbers = {document.number.upper() for document in traveller.documents}
    same = next((one.number for one in entry.documents if one.number.upper() in numbers), "")
    score, name = _name(traveller, entry)
    evidence = [name] if entry.names else []
    if same:
        evidence.append(Evidence("document", same, same, "same", 16.0, "document: same number"))
    dated = bool(entry.dob and traveller.date_of_birth)
    if dated:
        equal = traveller.date_of_birth in entry.dob
        weight = 9.0 if equal else -6.0
        score *= 1.0 if equal else 0.4
        words = "birth date: same" if equal else "birth date: differs"
        evidence.append(
            Evidence("birth date", traveller.date_of_birth or "", ", ".join(entry.dob),
                     "same" if equal else "differs", weight, words)
        )  # fmt: skip
    return Match(
        traveller=traveller.ordinal,
        list_id=list_id,
        list_version=index.list_versions[list_id],
        entry_id=entry_id,
        entry_name=entry.names[0].full if entry.names else "",
        score=0.99 if same else round(score, 4),
        queue="alert" if same or dated else "weak",
        evidence=tuple(evidence),
        thresholds=(registration.alert_threshold or ALERT, registration.weak_threshold or WEAK),
        engine=ENGINE,
        offences=entry.offences or registration.offences,
        by_document=bool(same),
    )


def _name(traveller: Traveller, entry: ListEntry) -> tuple[float, Evidence]:
    best = (0.0, "", "")
    for name in traveller.names:
        ours = " ".join(sorted(name_tokens(f"{name.surname} {name.given_names}")))
        for other in entry.names:
            theirs = " ".join(sorted(name_tokens(other.full or f"{other.surname} {other.given}")))
            best = max(best, (fuzz.ratio(ours, theirs) / 100 if ours and theirs else 0.0, ours, theirs))
    score, ours, theirs = best
    verdict = "same" if score == 1 else "close" if score > 0.8 else "differs"
    return score, Evidence("name", ours, theirs, verdict, round(20 * (score - 0.7), 2), f"name: {verdict}")  # type: ignore[arg-type]  # one of the verdicts


def settle(before: Match | None, now: Match) -> Settlement:
    """What the evidence of all messages together says of a hit (DESIGN 4, Join).

    `before` is the match of the newest version of the hit, None for a new one; `now` the match with all evidence.
    """
    named = next((one.verdict for one in now.evidence if one.field == "name"), "unknown")
    if now.by_document and named != "differs":
        return "confirmed_by_document"
    if before is None or now.by_document:
        return "possible"
    alert, weak = now.thresholds
    if now.score < (weak if now.queue == "weak" else alert):
        return "excluded"
    return "strengthened" if now.score > before.score else "possible"
