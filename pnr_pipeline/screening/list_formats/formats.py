"""Which reader reads which form of list."""

import codecs
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final, Literal, get_args

import msgspec

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.screening.list_formats.eu_financial import read_eu_financial
from pnr_pipeline.screening.list_formats.follow_the_money import read_follow_the_money
from pnr_pipeline.screening.list_formats.gathering import Found, Imported, gathered
from pnr_pipeline.screening.list_formats.interpol_notices import read_interpol_notices
from pnr_pipeline.screening.list_formats.json_lines import read_json_lines
from pnr_pipeline.screening.list_formats.national_csv import Column, DateOrder, read_national_csv
from pnr_pipeline.screening.list_formats.ofac_advanced import read_ofac_advanced
from pnr_pipeline.screening.list_formats.ofac_csv import read_ofac_csv
from pnr_pipeline.screening.list_formats.un_consolidated import read_un_consolidated

ListFormat = Literal[
    "json-lines", "national-csv", "ofac-csv", "ofac-advanced", "un-consolidated", "eu-financial", "follow-the-money",
    "interpol-notices",
]  # fmt: skip
FORMATS: Final[tuple[ListFormat, ...]] = get_args(ListFormat)

_CHUNK: Final = 1 << 16
_LINES: Final = {"json-lines": read_json_lines, "follow-the-money": read_follow_the_money}
_BYTES: Final = {
    "ofac-advanced": read_ofac_advanced,
    "un-consolidated": read_un_consolidated,
    "eu-financial": read_eu_financial,
    "interpol-notices": read_interpol_notices,
}


class CsvForm(msgspec.Struct, frozen=True):
    """How a national CSV is written: the file's column for each of ours, and its separators."""

    columns: dict[Column, str]
    delimiter: str = ","
    date_order: DateOrder = "ymd"
    several: str = "|"


def read_list(form: ListFormat, files: Mapping[str, BinaryIO], list_id: str, csv: CsvForm | None = None) -> Imported:
    """The entries of a list that is in `files` (by name), and what is wrong with its lines.

    Raises WireFault where XML breaks off, RuleFault where a text is not UTF-8 or a CSV lacks a column: such a list is
    not used in part, as the entries that are missing would be persons no longer sought.
    """
    if form == "ofac-csv":
        found = {", ".join(files): read_ofac_csv({name: _lines(file) for name, file in files.items()}, list_id)}
    else:
        found = {name: _found(form, file, list_id, csv or CsvForm({})) for name, file in files.items()}
    try:
        return gathered(found)
    except UnicodeDecodeError:
        raise RuleFault(f"list {list_id}", "a file is not UTF-8: convert it first, for example with iconv") from None


def _found(form: ListFormat, file: BinaryIO, list_id: str, csv: CsvForm) -> Iterator[Found]:
    if form in _LINES:
        return _LINES[form](_lines(file), list_id)
    if form in _BYTES:
        return _BYTES[form](_chunks(file), list_id)
    return read_national_csv(
        _lines(file), list_id, csv.columns,
        delimiter=csv.delimiter, date_order=csv.date_order, several=csv.several,
    )  # fmt: skip


def _lines(file: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(file):
        yield (line if number else line.removeprefix(codecs.BOM_UTF8)).decode()


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    first = file.read(_CHUNK)
    yield first.removeprefix(codecs.BOM_UTF8)
    while chunk := file.read(_CHUNK):
        yield chunk
