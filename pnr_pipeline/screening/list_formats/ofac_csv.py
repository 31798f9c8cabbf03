"""OFAC's sanctions lists in their delimited form: sdn.csv with alt.csv, sdn_comments.csv and add.csv.

US Treasury, OFAC, Data Specification of 2023-09-25: no header lines, null is `-0-`, files joined by `ent_num`. Birth
dates, sex, nationality and documents stand in the remarks; weak aliases are quoted there. Addresses (add.csv) are no
evidence of identity and are not kept.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.birth_dates import dates_in_words
from pnr_pipeline.screening.list_formats.gathering import Found, PassedOver
from pnr_pipeline.screening.list_formats.names import each_once, name_with_comma

_NULL: Final = "-0-"
_WEAK: Final = re.compile(r"""a\.k\.a\.,? (?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)
_TOLD: Final = re.compile(
    r"(?:alt\. )?(?P<what>DOB|nationality|citizen|Gender|Passport|(?:[A-Z][\w.]* )*ID No\.)\s+(?P<value>.+)"
)
_DOCUMENT: Final = re.compile(r"(?P<number>[A-Za-z0-9][A-Za-z0-9/. -]*?)\s*(?:\((?P<issuer>[^)]+)\).*)?")
_MAIN_COLUMNS: Final = 12


def read_ofac_csv(files: Mapping[str, Iterable[str]], list_id: str) -> Iterator[Found]:
    """Entries of the individuals in `files` (lines by file name; sdn.csv or cons_prim.csv is the main one)."""
    main = next((lines for name, lines in files.items() if _is(name, "sdn", "cons_prim")), None)
    if main is None:
        yield 0, "no sdn.csv or cons_prim.csv among the files: give it together with alt.csv"
        return
    aliases: dict[str, list[EntryName]] = defaultdict(list)
    further: dict[str, str] = defaultdict(str)
    for name, lines in files.items():
        if _is(name, "alt", "cons_alt"):
            for _, row in _rows(lines):
                if len(row) > 3:
                    aliases[row[0]].append(name_with_comma(row[3], "alias"))
        elif _is(name, "sdn_comments", "cons_comments"):
            for _, row in _rows(lines):
                if len(row) > 1:
                    further[row[0]] += row[1]
    for line, row in _rows(main):
        if len(row) < _MAIN_COLUMNS:
            yield line, f"has {len(row)} columns of {_MAIN_COLUMNS}"
        elif row[2].lower() != "individual":
            yield line, PassedOver()
        else:
            yield line, _entry(row, aliases[row[0]], row[11] + further[row[0]], list_id)


def _entry(row: list[str], aliases: list[EntryName], remarks: str, list_id: str) -> ListEntry:
    dates: list[str] = []
    states: list[str] = []
    documents: list[Document] = []
    sex = None
    for told in filter(None, (_TOLD.match(part.strip()) for part in remarks.rstrip(".").split(";"))):
        value = told["value"].strip().rstrip(".")
        match told["what"]:
            case "DOB":
                dates += dates_in_words(value) or (value,)
            case "nationality" | "citizen":
                states.append(alpha3(value) or value)
            case "Gender":
                sex = {"male": "M", "female": "F"}.get(value.lower())
            case what:
                if found := _DOCUMENT.fullmatch(value):
                    issuer = alpha3((found["issuer"] or "").strip())
                    kind = "passport" if what == "Passport" else "id"
                    documents.append(Document(kind, found["number"].strip(), found["issuer"] or "", issuer))
    weak = [EntryName(quoted or single, kind="weak") for quoted, single in _WEAK.findall(remarks)]
    return ListEntry(
        id=row[0],
        list=list_id,
        names=each_once([name_with_comma(row[1]), *aliases, *weak]),
        dob=tuple(dict.fromkeys(dates)),
        gender=sex,
        nationality=tuple(dict.fromkeys(states)),
        documents=tuple(documents),
    )


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows with their line, `-0-` as ''; the Ctrl-Z that ends the files is none."""
    reader = csv.reader(line.replace("\0", "") for line in lines)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, []
            continue
        values = ["" if value.strip() == _NULL else value.strip() for value in row]
        if any(values) and values != ["\x1a"]:
            yield reader.line_num, values


def _is(name: str, *stems: str) -> bool:
    return name.lower().removesuffix(".csv").rpartition("/")[2] in stems
