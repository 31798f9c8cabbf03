"""Evidence apart from the name: date of birth, sex, nationality, document. Each says both values, a verdict, a weight.

A value that one side does not have is no evidence: `unknown`, weight 0.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pnr_pipeline.records import Document, Evidence, Verdict
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.rules import BirthDateWeights, DocumentWeights, SameOrNot

_MISREAD = str.maketrans("OQDIBSZG", "00018526")
"""Letters that readers of documents take for digits."""


class BornOn(NamedTuple):
    """A date of birth, 0 for what is not known of it."""

    year: int
    month: int
    day: int


def born_on(text: str | None) -> BornOn | None:
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None for anything else."""
    parts = (text or "").split("-")
    if len(parts) > 3 or len(parts[0]) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    return BornOn(year, month, day) if year else None


def birth_date(ours: str | None, theirs: Sequence[str], weights: BirthDateWeights) -> Evidence:
    """The traveller's date beside the nearest of the entry's dates."""
    mine = born_on(ours)
    known = [(text, date) for text in theirs if (date := born_on(text))]
    if mine is None or not known:
        return Evidence("birth date", ours or "", ", ".join(theirs), "unknown", 0.0, "birth date: not known")
    compared = [(*_dates(mine, date, weights), text) for text, date in known]
    weight, verdict, words, text = max(compared, key=lambda one: (one[0], one[3]))
    return Evidence("birth date", ours or "", text, verdict, weight, f"birth date: {words}")


def _dates(a: BornOn, b: BornOn, weights: BirthDateWeights) -> tuple[float, Verdict, str]:
    whole = a.day and b.day
    if a == b and whole:
        if (a.month, a.day) == (1, 1):
            return weights.same_first_of_january, "same", "same, but 1 January often stands for an unknown day"
        return weights.same, "same", "same"
    if whole and a.year == b.year and (a.month, a.day) == (b.day, b.month):
        return weights.swapped, "swapped", "day and month swapped"
    for partial, other in ((a, b), (b, a)):
        if not partial.day or (partial.month, partial.day) == (1, 1):
            if a.year != b.year:
                close = abs(a.year - b.year) <= 2 and not partial.day
                return (weights.year_close, "close", "year one or two off") if close else _differs(weights)
            if partial.month == other.month and not partial.day:
                return weights.year_month, "partial", "year and month same, day not known"
            if not partial.month or not other.month or partial.day:
                return weights.year, "partial", "year same, the rest not known"
            return weights.year_close, "close", "year same, month differs"
    same = sum(x == y for x, y in zip(a, b, strict=True))
    if same == 2 and _slip(a, b):
        return (
            weights.one_part,
            "close",
            "differs in " + next(name for name, x, y in zip(BornOn._fields, a, b, strict=True) if x != y),
        )
    return _differs(weights)


def _slip(a: BornOn, b: BornOn) -> bool:
    """Whether the part that differs is one digit or one unit off; a year at most two."""
    pair = next((x, y) for x, y in zip(a, b, strict=True) if x != y)
    off = abs(pair[0] - pair[1])
    digits = sum(x != y for x, y in zip(f"{pair[0]:04}", f"{pair[1]:04}", strict=True))
    return digits == 1 or off == 1 or (a.year != b.year and off == 2)


def _differs(weights: BirthDateWeights) -> tuple[float, Verdict, str]:
    return weights.differs, "differs", "differs"


def sex(ours: str | None, theirs: str | None, weights: SameOrNot) -> Evidence:
    """M or F on both sides, or no evidence."""
    mine, other = (ours or "")[:1].upper(), (theirs or "")[:1].upper()
    if mine not in ("M", "F") or other not in ("M", "F"):
        return Evidence("sex", mine, other, "unknown", 0.0, "sex: not known")
    if mine == other:
        return Evidence("sex", mine, other, "same", weights.same, "sex: same")
    return Evidence("sex", mine, other, "differs", weights.differs, "sex: differs")


def nationality(ours: str | None, theirs: Sequence[str], weights: SameOrNot) -> Evidence:
    """The traveller's nationality among those of the entry; a person may have others, so a difference is mild."""
    mine = alpha3(ours or "")
    others = [code for code in map(alpha3, theirs) if code]
    if not mine or not others:
        return Evidence("nationality", mine, ", ".join(others), "unknown", 0.0, "nationality: not known")
    if mine in others:
        return Evidence("nationality", mine, mine, "same", weights.same, "nationality: same")
    return Evidence("nationality", mine, ", ".join(others), "differs", weights.differs, "nationality: differs")


def number_key(number: str) -> str:
    """A document number without blanks, fillers and punctuation, in capitals; '' where that leaves fewer than 4."""
    key = "".join(letter for letter in number.upper() if letter.isalnum())
    return key if len(key) >= 4 else ""


def misread_key(key: str) -> str:
    """One form for all numbers that a reader confuses with this one."""
    return key.translate(_MISREAD)


def document(ours: Sequence[Document], theirs: Sequence[Document], weights: DocumentWeights) -> Evidence | None:
    """The strongest meeting of two documents; None where no numbers meet (people have several documents)."""
    found = [evidence for one in ours for other in theirs if (evidence := _documents(one, other, weights))]
    return max(found, key=lambda one: (one.weight, one.traveller, one.entry)) if found else None


def _documents(ours: Document, theirs: Document, weights: DocumentWeights) -> Evidence | None:
    mine, other = number_key(ours.number), number_key(theirs.number)
    if not mine or not other:
        return None
    if mine != other:
        if misread_key(mine) != misread_key(other) or _contradict(ours, theirs):
            return None
        return Evidence(
            "document", mine, other, "close", weights.misread, "document: same but for confusable characters"
        )
    contradiction = _contradict(ours, theirs)
    if contradiction:
        return Evidence(
            "document", mine, other, "close", weights.other_issuer, f"document: same number, {contradiction}"
        )
    return Evidence("document", mine, other, "same", weights.same, "document: same number")


def _contradict(ours: Document, theirs: Document) -> str:
    mine, other = (one.issuer_alpha3 or alpha3(one.issuer) for one in (ours, theirs))
    if mine and other and mine != other:
        return "other issuing State"
    if kind(ours.type) and kind(theirs.type) and kind(ours.type) != kind(theirs.type):
        return "other kind of document"
    return ""


def kind(code: str) -> str:
    """Passport, visa, identity card (by first letter, FORMATS 2.6), or '' for a code that does not tell."""
    return {"P": "passport", "V": "visa", "I": "identity", "A": "identity", "C": "identity"}.get(code[:1].upper(), "")
