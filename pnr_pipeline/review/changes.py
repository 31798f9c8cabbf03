"""What changed between two versions of a match, in words and without a value."""

from pnr_pipeline.records import Match
from pnr_pipeline.records.hit import Brought, Settlement

_BY: dict[Brought, str] = {"api": "API", "pnr": "PNR", "list": "the list", "criterion": "the criterion"}
_SETTLED: dict[Settlement, str] = {
    "possible": "possible",
    "strengthened": "strengthened",
    "excluded": "excluded",
    "confirmed_by_document": "confirmed by document",
}


def what_changed(before: Match | None, now: Match) -> str:
    """`birth date: unknown, now same; the score rose`. `before` None: the older version is not at hand."""
    if before is None:
        return "its evidence changed, look at it again"
    old = {evidence.field: evidence for evidence in before.evidence}
    new = {evidence.field: evidence for evidence in now.evidence}
    told: list[str] = []
    for field in sorted(old.keys() | new.keys()):
        if field not in old:
            told.append(f"{field}: {new[field].verdict} (new evidence)")
        elif field not in new:
            told.append(f"{field}: evidence withdrawn")
        elif old[field].verdict != new[field].verdict:
            told.append(f"{field}: was {old[field].verdict}, now {new[field].verdict}")
        elif (old[field].traveller, old[field].entry) != (new[field].traveller, new[field].entry):
            told.append(f"{field}: other values, still {new[field].verdict}")
    if now.list_version != before.list_version:
        told.append("a newer version of the list")
    if now.score != before.score:
        told.append("the score rose" if now.score > before.score else "the score fell")
    return "; ".join(told) or "the same evidence was seen again"


def step_in_words(before: Match | None, now: Match, brought: Brought, settlement: Settlement) -> str:
    """One step of a hit's history: `raised from PNR by name`, `API brought birth date: differs → excluded`."""
    by = _BY[brought]
    if before is None:
        known = [term.field for term in now.evidence if term.verdict not in ("unknown", "differs")]
        return f"raised from {by} by {' and '.join(known) or 'name'} → {_SETTLED[settlement]}"
    old = {term.field: term.verdict for term in before.evidence}
    new = [f"{term.field}: {term.verdict}" for term in now.evidence if old.get(term.field, "unknown") != term.verdict]
    brought_words = ", ".join(new) if new else what_changed(before, now)
    return f"{by} brought {brought_words} → {_SETTLED[settlement]}"
