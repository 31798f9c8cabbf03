"""Dates of birth as lists write them, as ISO dates that may be partial: `1965-03-12`, `1965-03`, `1965`.

A span of years becomes its years, so that each of them speaks for the person; a span too long to say anything becomes
nothing.
"""

import re
from typing import Final

SPAN_MAX: Final = 12
"""Years. Over this a birth year is no evidence."""

_MONTHS: Final = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_PARTIAL: Final = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_WORDS: Final = re.compile(r"(?:(\d{1,2})\s+)?(?:([a-z]{3})[a-z]*\.?\s+)?([12]\d{3})")
_SPAN: Final = re.compile(r"([12]\d{3})\s*(?:to|-|–|and|or)\s*([12]\d{3})")
_ABOUT: Final = re.compile(r"^(?:circa|ca\.?|approximately|approx\.?|c\.)\s*")


def is_partial_date(text: str) -> bool:
    """Whether this is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    return bool(_PARTIAL.fullmatch(text))


def partial_date(year: str, month: str = "", day: str = "") -> str:
    """An ISO date from its parts, as exact as they are; '' without a year. `0` and `00` are no month and no day."""
    parts = [year.strip()]
    for part in (month.strip(), day.strip()):
        if not part.isdigit() or not int(part):
            break
        parts.append(f"{int(part):02}")
    text = "-".join(parts)
    return text if is_partial_date(text) else parts[0] if is_partial_date(parts[0]) else ""


def years(first: str, last: str) -> tuple[str, ...]:
    """Each year of a span, one end enough; () for no years or a span that says nothing."""
    first, last = first.strip() or last.strip(), last.strip() or first.strip()
    if not (first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) <= SPAN_MAX):
        return ()
    told = (str(year) for year in range(int(first), int(last) + 1))
    return tuple(year for year in told if is_partial_date(year))


def around(date: str) -> tuple[str, ...]:
    """An approximate date: its year and the years beside it."""
    return years(str(int(date[:4]) - 1), str(int(date[:4]) + 1)) if is_partial_date(date) else ()


def dates_in_words(text: str) -> tuple[str, ...]:
    """`10 Dec 1948`, `Dec 1948`, `1948`, `circa 1965`, `1965 to 1968`; () for anything else."""
    told = text.strip().lower()
    if not told.isascii():
        return ()
    about = _ABOUT.match(told)
    told = told[about.end() :] if about else told
    if span := _SPAN.fullmatch(told):
        return years(*span.groups())
    if is_partial_date(told):
        return around(told) if about else (told,)
    found = _WORDS.fullmatch(told)
    if not found or (found[1] and not found[2]) or (found[2] and found[2] not in _MONTHS):
        return ()
    date = partial_date(found[3], _MONTHS.get(found[2] or "", ""), found[1] or "")
    return around(date) if about else (date,)
