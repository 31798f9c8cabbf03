"""The European Union's consolidated list of financial sanctions, XML 1.1 (namespace eu.europa.ec/fpi/fsd/export)."""

from collections.abc import Iterable, Iterator
from typing import Final

from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.birth_dates import around, partial_date, years
from pnr_pipeline.screening.list_formats.gathering import Found, PassedOver
from pnr_pipeline.screening.list_formats.names import each_once
from pnr_pipeline.wire.xml_stream import Node, read_nodes

_UNUSABLE: Final = ("knownFalse", "revokedByIssuer")
"""Documents that the list itself calls false: their number may be another person's."""


def read_eu_financial(chunks: Iterable[bytes], list_id: str) -> Iterator[Found]:
    """Entries of the persons. Raises WireFault where the XML breaks off or is none."""
    for node in read_nodes(chunks, ("sanctionEntity",)):
        subject = node.first("subjectType")
        if subject is None or not (subject.get("code") == "person" or subject.get("classificationCode") == "P"):
            yield node.line, PassedOver()
            continue
        names = list(node.all("nameAlias"))
        yield (
            node.line,
            ListEntry(
                id=node.get("euReferenceNumber") or node.get("logicalId"),
                list=list_id,
                names=each_once([_name(one, first=one is names[0]) for one in names]),
                dob=tuple(dict.fromkeys(date for born in node.all("birthdate") for date in _dates(born))),
                gender=next((sex for one in names if (sex := one.get("gender").upper()) in ("M", "F")), None),
                nationality=tuple(dict.fromkeys(state for one in node.all("citizenship") if (state := _country(one)))),
                documents=tuple(_documents(node)),
            ),
        )


def _name(alias: Node, *, first: bool) -> EntryName:
    given = " ".join(part for part in (alias.get("firstName"), alias.get("middleName")) if part)
    kind = "weak" if alias.get("strong").lower() == "false" else "primary" if first else "alias"
    return EntryName(
        alias.get("wholeName") or f"{given} {alias.get('lastName')}".strip(), alias.get("lastName"), given, kind
    )


def _dates(born: Node) -> tuple[str, ...]:
    if born.get("yearRangeFrom") or born.get("yearRangeTo"):
        return years(born.get("yearRangeFrom"), born.get("yearRangeTo"))
    parts = (born.get("year"), born.get("monthOfYear"), born.get("dayOfMonth"))
    date = born.get("birthdate") or partial_date(*parts)
    if born.get("circa").lower() == "true":
        return around(date)
    return (date,) if date else ()


def _documents(node: Node) -> Iterator[Document]:
    for one in node.all("identification"):
        number = one.get("latinNumber") or one.get("number")
        if number and not any(one.get(flag).lower() == "true" for flag in _UNUSABLE):
            issuer = one.get("countryIso2Code")
            yield Document(one.get("identificationTypeCode"), number, issuer, _country(one))


def _country(node: Node) -> str:
    return alpha3(node.get("countryIso2Code"))
