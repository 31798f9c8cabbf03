"""National lists as CSV with a header line: the register names the file's column for each of ours.

Several aliases, dates, nationalities or documents of one entry stand in one cell, parted by the register's `several`.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.gathering import Found
from pnr_pipeline.screening.list_formats.names import each_once, name_of_parts

Column = Literal[
    "id", "surname", "given", "full", "alias", "weak_alias", "dob", "sex", "nationality", "number", "type", "issuer",
    "category", "offences", "instruction", "valid_from", "valid_until",
]  # fmt: skip
DateOrder = Literal["ymd", "dmy", "mdy"]

_NUMBERS: Final = re.compile(r"\d+")


def read_national_csv(
    lines: Iterable[str],
    list_id: str,
    columns: Mapping[Column, str],
    *,
    delimiter: str = ",",
    date_order: DateOrder = "ymd",
    several: str = "|",
) -> Iterator[Found]:
    """Entries of the rows.

    Without a column for `id`, an entry's id is a hash of its content: the same row has the same id in every issue of
    the list. Raises RuleFault where the header cannot be read or lacks a
    named column.
    """
    reader = csv.DictReader((line.removeprefix("\ufeff") for line in lines), delimiter=delimiter, strict=True)
    try:
        header = set(reader.fieldnames or ())
    except csv.Error as fault:
        raise RuleFault(f"list {list_id}", f"the header line of the file cannot be read: {fault}") from None
    missing = sorted(set(columns.values()) - header)
    if missing:
        raise RuleFault(f"list {list_id}", f"the file's header has no column {', '.join(missing)}: mend `columns`")
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield reader.line_num, str(fault)
            continue
        cells = _Cells({ours: (row.get(theirs) or "").strip() for ours, theirs in columns.items()}, several, date_order)
        yield reader.line_num, cells.entry(list_id) if any(cells.values.values()) else "empty line"


class _Cells:
    """The cells of one row by our columns."""

    def __init__(self, values: Mapping[Column, str], several: str, date_order: DateOrder) -> None:
        self.values = values
        self._several = several
        self._date_order = date_order

    def __getitem__(self, column: Column) -> str:
        return self.values.get(column, "")

    def parts(self, column: Column) -> list[str]:
        return [part for one in self[column].split(self._several) if (part := one.strip())]

    def entry(self, list_id: str) -> ListEntry:
        content = "\x1f".join(f"{column}={self.values[column]}" for column in sorted(self.values))
        main = EntryName(self["full"] or f"{self['given']} {self['surname']}".strip(), self["surname"], self["given"])
        return ListEntry(
            id=self["id"] or hashlib.sha256(content.encode()).hexdigest()[:16],
            list=list_id,
            names=each_once([main, *self._aliases("alias", "alias"), *self._aliases("weak_alias", "weak")]),
            dob=tuple(self._iso(part) for part in self.parts("dob")),
            gender=self["sex"] or None,
            nationality=tuple(self.parts("nationality")),
            documents=self._documents(),
            category=self["category"],
            offences=tuple(self.parts("offences")),
            instruction=self["instruction"],
            valid_from=self._iso(self["valid_from"]) or self["valid_from"] or None,
            valid_until=self._iso(self["valid_until"]) or self["valid_until"] or None,
        )

    def _aliases(self, column: Column, kind: str) -> Iterator[EntryName]:
        for part in self.parts(column):
            surname, comma, given = part.partition(",")
            yield name_of_parts(surname, given.strip(), kind) if comma else EntryName(part, kind=kind)

    def _documents(self) -> tuple[Document, ...]:
        """The n-th number goes with the n-th type and issuer, or with the only one."""
        numbers, types, issuers = self.parts("number"), self.parts("type"), self.parts("issuer")

        def beside(told: list[str], at: int) -> str:
            return told[at] if at < len(told) else told[0] if len(told) == 1 else ""

        return tuple(
            Document(beside(types, at), number, beside(issuers, at), alpha3(beside(issuers, at)))
            for at, number in enumerate(numbers)
        )

    def _iso(self, text: str) -> str:
        """A date in the list's order, with any separators, as ISO 8601; anything else as it is."""
        numbers = _NUMBERS.findall(text)
        if len(numbers) != 3 or self._date_order == "ymd":
            return "-".join(numbers)
        first, second, year = numbers
        day, month = (first, second) if self._date_order == "dmy" else (second, first)
        return f"{year}-{month:>02}-{day:>02}"
