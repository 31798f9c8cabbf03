"""Interpol notices as the public notices service gives them: JSON, one notice, a page of them, or one a line."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from pnr_pipeline.records import ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.birth_dates import partial_date
from pnr_pipeline.screening.list_formats.gathering import Found
from pnr_pipeline.screening.list_formats.names import each_once, name_of_parts

BYTES_MAX: Final = 64 * 1024 * 1024


class _Notice(msgspec.Struct):
    entity_id: str
    name: str | None = None
    forename: str | None = None
    date_of_birth: str | None = None
    sex_id: str | None = None
    nationalities: list[str] | None = None


def read_interpol_notices(chunks: Iterable[bytes], list_id: str) -> Iterator[Found]:
    """Entries of the notices. A file over BYTES_MAX is refused: the service gives pages of some hundred notices."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > BYTES_MAX:
            yield 0, f"larger than {BYTES_MAX} bytes: give the pages one by one, or one notice a line"
            return
    try:
        pages = [(1, msgspec.json.decode(body))]
    except msgspec.DecodeError:
        pages = []
        for number, line in enumerate(bytes(body).splitlines(), 1):
            try:
                pages.append((number, msgspec.json.decode(line)))
            except msgspec.DecodeError:
                if line.strip():
                    yield number, "is no JSON"
    for number, page in pages:
        for notice in _notices(page):
            try:
                yield number, _entry(msgspec.convert(notice, _Notice), list_id)
            except msgspec.ValidationError as fault:  # names types and places, never values
                yield number, str(fault)


def _notices(page: Any) -> list[Any]:
    """`_embedded.notices` of a page of the service, a list of notices, or one notice."""
    if isinstance(page, dict) and isinstance(page.get("_embedded"), dict):
        page = page["_embedded"].get("notices", [])
    return page if isinstance(page, list) else [page]


def _entry(notice: _Notice, list_id: str) -> ListEntry:
    born = [*(notice.date_of_birth or "").replace("-", "/").split("/"), "", ""][:3]
    date = partial_date(*born) or (notice.date_of_birth or "")
    return ListEntry(
        id=notice.entity_id,
        list=list_id,
        names=each_once([name_of_parts(notice.name or "", notice.forename or "")]),
        dob=(date,) if date else (),
        gender=notice.sex_id if notice.sex_id in ("M", "F") else None,
        nationality=tuple(dict.fromkeys(alpha3(one) or one for one in notice.nationalities or ())),
    )
