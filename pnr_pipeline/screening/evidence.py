"""Evidence apart from the name: date of birth, sex, nationality, document. Each says both values, a verdict, a weight.

A value that one side does not have is no evidence: `unknown`, weight 0.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pnr_pipeline.records import Document, Evidence, Verdict
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening import kernels
from pnr_pipeline.screening.kernels import date_kind
from pnr_pipeline.screening.rules import BirthDateWeights, DocumentWeights, SameOrNot

_MISREAD = str.maketrans("OQDIBSZG", "00018526")
"""Letters that readers of documents take for digits."""


class BornOn(NamedTuple):
    """A date of birth, 0 for what is not known of it."""

    year: int
    month: int
    day: int


_DATE_WORDS: dict[int, tuple[str, Verdict, str]] = {
    kernels.SAME: ("same", "same", "same"),
    kernels.FIRST_OF_JANUARY: (
        "same_first_of_january",
        "same",
        "same, but 1 January often stands for an unknown day",
    ),
    kernels.DAY_AND_MONTH: ("swapped", "swapped", "day and month swapped"),
    kernels.YEAR_AND_MONTH: ("year_month", "partial", "year and month same, day not known"),
    kernels.YEAR: ("year", "partial", "year same, the rest not known"),
    kernels.YEAR_CLOSE: ("year_close", "close", "year one or two off"),
    kernels.MONTH_DIFFERS: ("month_differs", "close", "year same, month differs"),
    kernels.SLIP_YEAR: ("slip_year", "close", "differs in year"),
    kernels.SLIP_MONTH: ("slip_month", "close", "differs in month"),
    kernels.SLIP_DAY: ("slip_day", "close", "differs in day"),
    kernels.DIFFERS: ("differs", "differs", "differs"),
}
"""Of each way in which two dates meet: its weight in the rules, verdict, words."""


def born_on(text: str | None) -> BornOn | None:
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None for anything else."""
    parts = (text or "").split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if len(parts[0]) != 4 or max(map(len, parts)) > 4 or any(len(part) > 2 for part in parts[1:]):
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    return BornOn(year, month, day) if year else None


def packed_date(text: str | None) -> int:
    """The date as the number YYYYMMDD; 0 where there is none."""
    date = born_on(text)
    return date.year * 10_000 + date.month * 100 + date.day if date else 0


def date_weights(weights: BirthDateWeights) -> list[float]:
    """The weight of each way in which two dates meet, by its number."""
    told = weights.model_dump()
    return [told[_DATE_WORDS[kind][0]] if kind in _DATE_WORDS else 0.0 for kind in range(kernels.DATES)]


def date_term(kind: int) -> str:
    """The name that the rules give to a way in which two dates meet."""
    return _DATE_WORDS[kind][0]


def birth_date(ours: str | None, theirs: Sequence[str], weights: BirthDateWeights) -> Evidence:
    """The traveller's date beside the nearest of the entry's dates."""
    mine = packed_date(ours)
    known = [(text, date) for text in theirs if (date := packed_date(text))]
    if not mine or not known:
        return Evidence("birth date", ours or "", ", ".join(theirs), "unknown", 0.0, "birth date: not known")
    by_kind = date_weights(weights)
    weight, text, kind = max((by_kind[kind], text, kind) for text, date in known if (kind := date_kind(mine, date)))
    _, verdict, words = _DATE_WORDS[kind]
    return Evidence("birth date", ours or "", text, verdict, weight, f"birth date: {words}")


def sex_number(text: str | None) -> int:
    """1 for M, 2 for F, 0 for what is neither."""
    return {"M": 1, "F": 2}.get((text or "")[:1].upper(), 0)


def state_number(code: str) -> int:
    """A number for an alpha-3 code, 0 for ''."""
    number = 0
    for letter in code:
        number = number * 26 + ord(letter) - ord("A")
    return number + 1 if code else 0


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
