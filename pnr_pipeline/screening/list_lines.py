"""List files read into entries: our JSON Lines, and any CSV whose columns the register names.

A bad line costs itself and nothing else: it is told by number and reason, never by value, and counted.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.screening.evidence import born_on

Column = Literal["id", "surname", "given", "full", "dob", "sex", "nationality", "number", "type", "issuer", "category"]
DateOrder = Literal["ymd", "dmy", "mdy"]

OFFENCES = frozenset({"terrorism", *(str(number) for number in range(1, 27))})
"""Directive (EU) 2016/681 art. 3(8) and Annex II (SCR-2)."""

_NUMBERS = re.compile(r"\d+")


class LineFinding(msgspec.Struct, frozen=True):
    """A line (1-based) that gave no entry, or (`lost` False) an entry without something, and why."""

    line: int
    reason: str
    lost: bool = True


class Imported(msgspec.Struct, frozen=True):
    """What a list file gave: entries with unique ids, and what was wrong with its lines."""

    entries: tuple[ListEntry, ...]
    findings: tuple[LineFinding, ...]


class _JsonDocument(msgspec.Struct):
    number: str
    country: str | None = None
    type: str | None = None


class _JsonLine(msgspec.Struct):
    id: str
    names: tuple[EntryName, ...] = ()
    dob: tuple[str, ...] = ()
    gender: str | None = None
    nationality: tuple[str, ...] = ()
    documents: tuple[_JsonDocument, ...] = ()
    offences: tuple[str, ...] = ()
    category: str = ""
    instruction: str = ""
    valid_from: str | None = None
    valid_until: str | None = None


_decode = msgspec.json.Decoder(_JsonLine).decode


def read_list_lines(lines: Iterable[str], list_id: str) -> Imported:
    """Entries from JSON Lines: {id, names, dob, gender, nationality, documents …}; other keys are not kept."""
    return _gathered(
        (number, _from_json(line, list_id)) for number, line in enumerate(lines, 1) if line.strip("\ufeff \t\r\n")
    )


def read_csv(
    lines: Iterable[str],
    list_id: str,
    columns: Mapping[Column, str],
    *,
    delimiter: str = ",",
    date_order: DateOrder = "ymd",
) -> Imported:
    """Entries from a CSV with a header line; `columns` names the file's column for each of ours.

    Without a column for `id`, an entry's id is a hash of its content: the same row has the same id in every issue of
    the list. Raises RuleFault where the header lacks a named column.
    """
    reader = csv.DictReader((line.removeprefix("\ufeff") for line in lines), delimiter=delimiter, strict=True)
    missing = sorted(set(columns.values()) - set(reader.fieldnames or ()))
    if missing:
        raise RuleFault(f"list {list_id}", f"the file's header has no column {', '.join(missing)}: mend `columns`")

    def rows() -> Iterator[tuple[int, ListEntry | str]]:
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                yield reader.line_num, str(fault)
                continue
            values = {ours: (row.get(theirs) or "").strip() for ours, theirs in columns.items()}
            yield reader.line_num, _from_row(values, list_id, date_order) if any(values.values()) else "empty line"

    return _gathered(rows())


def _from_json(text: str, list_id: str) -> ListEntry | str:
    try:
        line = _decode(text.removeprefix("\ufeff"))
    except msgspec.MsgspecError as fault:  # its texts name types and places, never values
        return str(fault)
    documents = tuple(
        Document(type=one.type or "", number=one.number, issuer=one.country or "") for one in line.documents
    )
    kept = {field: getattr(line, field) for field in _JsonLine.__struct_fields__ if field != "documents"}
    return ListEntry(list=list_id, documents=documents, **kept)


def _from_row(values: Mapping[Column, str], list_id: str, date_order: DateOrder) -> ListEntry:
    def value(column: Column) -> str:
        return values.get(column, "")

    surname, given = value("surname"), value("given")
    full = value("full") or f"{given} {surname}".strip()
    content = "\x1f".join(f"{column}={values[column]}" for column in sorted(values))
    number = value("number")
    return ListEntry(
        id=value("id") or hashlib.sha256(content.encode()).hexdigest()[:16],
        list=list_id,
        names=(EntryName(full, surname, given),) if full else (),
        dob=(_iso(value("dob"), date_order),) if value("dob") else (),
        gender=value("sex") or None,
        nationality=(value("nationality"),) if value("nationality") else (),
        documents=(Document(type=value("type"), number=number, issuer=value("issuer")),) if number else (),
        category=value("category"),
    )


def _iso(text: str, order: DateOrder) -> str:
    """A date written in this order, with any separators, as ISO 8601; anything else as it is."""
    numbers = _NUMBERS.findall(text)
    if len(numbers) != 3 or order == "ymd":
        return "-".join(numbers)
    first, second, year = numbers
    day, month = (first, second) if order == "dmy" else (second, first)
    return f"{year}-{month:>02}-{day:>02}"


def _gathered(found: Iterable[tuple[int, ListEntry | str]]) -> Imported:
    entries: dict[str, ListEntry] = {}
    line_of: dict[str, int] = {}
    findings: list[LineFinding] = []
    for line, entry in found:
        if isinstance(entry, str):
            findings.append(LineFinding(line, entry))
        elif entry.id in entries:
            findings.append(LineFinding(line, f"repeats the id of line {line_of[entry.id]}"))
        elif not entry.id or not (entry.names or entry.documents):
            findings.append(LineFinding(line, "has no id" if not entry.id else "names neither a person nor a document"))
        elif not set(entry.offences) <= OFFENCES:
            findings.append(LineFinding(line, "an offence is neither an Annex II number nor `terrorism` (SCR-2)"))
        else:
            dates = tuple(date for date in entry.dob if born_on(date))
            if len(dates) < len(entry.dob):
                findings.append(LineFinding(line, "a date of birth cannot be read: kept without it", lost=False))
                entry = msgspec.structs.replace(entry, dob=dates)
            entries[entry.id], line_of[entry.id] = entry, line
    return Imported(tuple(entries.values()), tuple(findings))
