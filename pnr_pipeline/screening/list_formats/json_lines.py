"""Our own JSON Lines: {id, names, dob, gender, nationality, documents …}, one entry a line (DESIGN 9)."""

from collections.abc import Iterable, Iterator

import msgspec

from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.gathering import Found


class _Document(msgspec.Struct):
    number: str
    country: str | None = None
    type: str | None = None


class _Line(msgspec.Struct):
    id: str
    names: tuple[EntryName, ...] = ()
    dob: tuple[str, ...] = ()
    gender: str | None = None
    nationality: tuple[str, ...] = ()
    documents: tuple[_Document, ...] = ()
    offences: tuple[str, ...] = ()
    category: str = ""
    instruction: str = ""
    valid_from: str | None = None
    valid_until: str | None = None


_decode = msgspec.json.Decoder(_Line).decode


def read_json_lines(lines: Iterable[str], list_id: str) -> Iterator[Found]:
    """Entries with the keys named above; other keys are not kept."""
    for number, line in enumerate(lines, 1):
        if line.strip("\ufeff \t\r\n"):
            yield number, _entry(line, list_id)


def _entry(text: str, list_id: str) -> ListEntry | str:
    try:
        line = _decode(text.removeprefix("\ufeff"))
    except msgspec.MsgspecError as fault:  # its texts name types and places, never values
        return str(fault)
    documents = tuple(
        Document(one.type or "", one.number, one.country or "", alpha3(one.country or "")) for one in line.documents
    )
    kept = {field: getattr(line, field) for field in _Line.__struct_fields__ if field != "documents"}
    return ListEntry(list=list_id, documents=documents, **kept)
