"""FollowTheMoney JSON Lines, the form of OpenSanctions and its kin: one entity a line, flat or nested.

Schema `Person` makes an entry; `Passport` and `Identification`, nested in it or on lines of their own with the person
as `holder`, its documents. Schemata and properties as the FollowTheMoney model names them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.birth_dates import dates_in_words
from pnr_pipeline.screening.list_formats.gathering import Found, PassedOver
from pnr_pipeline.screening.list_formats.names import each_once

_PAPERS: Final = ("Passport", "Identification")
_NUMBERS: Final = {"passportNumber": "passport", "idNumber": "id"}
_KINDS: Final = {"name": "primary", "alias": "alias", "previousName": "alias", "weakAlias": "weak"}


class _Entity(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[Any]] = {}

    def texts(self, *names: str) -> list[str]:
        return [value for name in names for value in self.properties.get(name, ()) if isinstance(value, str) and value]


_decode = msgspec.json.Decoder(_Entity).decode
_nested = msgspec.convert


def read_follow_the_money(lines: Iterable[str], list_id: str) -> Iterator[Found]:
    """Entries of the persons, at the end of the file, when all documents are known."""
    persons: list[tuple[int, _Entity]] = []
    documents: dict[str, list[Document]] = defaultdict(list)
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            entity = _decode(text)
        except msgspec.MsgspecError as fault:  # its texts name types and places, never values
            yield number, str(fault)
            continue
        if entity.schema == "Person":
            persons.append((number, entity))
        elif entity.schema in _PAPERS:
            for holder in entity.texts("holder"):
                documents[holder] += _papers(entity)
        else:
            yield number, PassedOver()
    for number, person in persons:
        yield number, _entry(person, documents[person.id], list_id)


def _entry(person: _Entity, apart: list[Document], list_id: str) -> ListEntry:
    papers = [one for values in person.properties.values() for value in values for one in _papers_within(value)] + apart
    known = {paper.number for paper in papers}
    plain = (
        Document(kind, number)
        for field, kind in _NUMBERS.items()
        for number in person.texts(field)
        if number not in known
    )
    sex = person.texts("gender")
    return ListEntry(
        id=person.id,
        list=list_id,
        names=each_once(list(_names(person))),
        dob=tuple(
            dict.fromkeys(date for told in person.texts("birthDate") for date in dates_in_words(told) or (told,))
        ),
        gender={"male": "M", "female": "F"}.get(sex[0].lower()) if len(sex) == 1 else None,
        nationality=tuple(dict.fromkeys(alpha3(one) or one for one in person.texts("nationality", "citizenship"))),
        documents=tuple(dict.fromkeys((*papers, *plain))),
    )


def _names(person: _Entity) -> Iterator[EntryName]:
    surnames, given = person.texts("lastName"), person.texts("firstName", "secondName", "middleName")
    for field, kind in _KINDS.items():
        for full in person.texts(field):
            parts = full.split()
            sure = (
                field == "name"
                and len(surnames) == 1
                and all(part in parts for one in (*surnames, *given) for part in one.split())
            )
            yield EntryName(full, surnames[0] if sure else "", " ".join(given) if sure else "", kind)


def _papers_within(value: object) -> list[Document]:
    if not isinstance(value, dict):
        return []
    try:
        entity = _nested(value, _Entity)
    except msgspec.ValidationError:
        return []
    return _papers(entity) if entity.schema in _PAPERS else []


def _papers(entity: _Entity) -> list[Document]:
    issuer = next(iter(entity.texts("country")), "")
    kind = "passport" if entity.schema == "Passport" else next(iter(entity.texts("type")), "id")
    return [Document(kind, number, issuer, alpha3(issuer)) for number in entity.texts("number")]
