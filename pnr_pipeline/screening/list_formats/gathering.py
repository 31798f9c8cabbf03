"""What every reader of lists gives: entries with unique ids, and what was wrong with which lines.

A bad line or element costs itself and nothing else: it is told by line and reason, never by value, and counted.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from pnr_pipeline.records import ListEntry
from pnr_pipeline.screening.list_formats.birth_dates import is_partial_date

OFFENCES = frozenset({"terrorism", *(str(number) for number in range(1, 27))})
"""Directive (EU) 2016/681 art. 3(8) and Annex II (SCR-2)."""

_FIELD_MAX = 64
"""Names, dates, nationalities or documents of one entry; more is no person's record but a broken file."""


class LineFinding(msgspec.Struct, frozen=True):
    """A line (1-based) of a file that gave no entry, or (`lost` False) an entry without something, and why."""

    file: str
    line: int
    reason: str
    lost: bool = True


class PassedOver(msgspec.Struct, frozen=True):
    """Something on the list that is neither a person nor a document: a firm, a ship. Counted, no fault."""


Found = tuple[int, ListEntry | PassedOver | str]
"""A line (1-based) with its entry, or with the reason why it gives none."""


class Imported(msgspec.Struct, frozen=True):
    """What a list file gave; `passed_over` counts what is neither a person nor a document."""

    entries: tuple[ListEntry, ...]
    findings: tuple[LineFinding, ...]
    passed_over: int = 0


def gathered(found: Mapping[str, Iterable[Found]]) -> Imported:
    """What the files (by name) of one list gave: the entries that can be used, each id once, and what was wrong."""
    entries: dict[str, ListEntry] = {}
    place_of: dict[str, str] = {}
    findings: list[LineFinding] = []
    passed_over = 0
    for file, (line, entry) in ((file, one) for file, lines in found.items() for one in lines):
        if isinstance(entry, PassedOver):
            passed_over += 1
        elif isinstance(entry, str):
            findings.append(LineFinding(file, line, entry))
        elif reason := _unusable(entry, place_of):
            findings.append(LineFinding(file, line, reason))
        else:
            usable = _without_unreadable_dates(entry)
            if usable is not entry:
                findings.append(LineFinding(file, line, "a date cannot be read: kept without it", lost=False))
            entries[entry.id], place_of[entry.id] = usable, f"{file}:{line}"
    return Imported(tuple(entries.values()), tuple(findings), passed_over)


def _unusable(entry: ListEntry, place_of: dict[str, str]) -> str:
    if not entry.id:
        return "has no id"
    if entry.id in place_of:
        return f"repeats the id at {place_of[entry.id]}"
    if not (entry.names or entry.documents):
        return "names neither a person nor a document"
    if not set(entry.offences) <= OFFENCES:
        return "an offence is neither an Annex II number nor `terrorism` (SCR-2)"
    if max(len(entry.names), len(entry.dob), len(entry.nationality), len(entry.documents)) > _FIELD_MAX:
        return f"has more than {_FIELD_MAX} names, dates, nationalities or documents"
    if entry.valid_from and entry.valid_until and entry.valid_from > entry.valid_until:
        return "ends before it begins"
    return ""


def _without_unreadable_dates(entry: ListEntry) -> ListEntry:
    """The entry itself if every date is good. An unreadable validity is none: the entry stays in force (SCR-3)."""
    dates = tuple(told for told in entry.dob if is_partial_date(told))
    valid_from = entry.valid_from if _is_date(entry.valid_from) else None
    valid_until = entry.valid_until if _is_date(entry.valid_until) else None
    if (dates, valid_from, valid_until) == (entry.dob, entry.valid_from, entry.valid_until):
        return entry
    return msgspec.structs.replace(entry, dob=dates, valid_from=valid_from, valid_until=valid_until)


def _is_date(text: str | None) -> bool:
    try:
        return text is not None and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
