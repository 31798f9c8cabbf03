"""The consolidated list of the United Nations Security Council, XML (scsanctions.un.org, `CONSOLIDATED_LIST`)."""

from collections.abc import Iterable, Iterator
from typing import Final

from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.birth_dates import around, is_partial_date, partial_date, years
from pnr_pipeline.screening.list_formats.gathering import Found, PassedOver
from pnr_pipeline.screening.list_formats.names import each_once, name_with_comma
from pnr_pipeline.wire.xml_stream import Node, read_nodes

_NAMES: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read_un_consolidated(chunks: Iterable[bytes], list_id: str) -> Iterator[Found]:
    """Entries of the individuals. Raises WireFault where the XML breaks off or is none."""
    for node in read_nodes(chunks, ("INDIVIDUAL", "ENTITY")):
        if node.name == "ENTITY":
            yield node.line, PassedOver()
            continue
        yield (
            node.line,
            ListEntry(
                id=node.text("REFERENCE_NUMBER") or node.text("DATAID"),
                list=list_id,
                names=each_once(_names(node)),
                dob=tuple(
                    dict.fromkeys(date for born in node.all("INDIVIDUAL_DATE_OF_BIRTH") for date in _dates(born))
                ),
                gender={"male": "M", "female": "F"}.get(node.text("GENDER").lower()),
                nationality=tuple(dict.fromkeys(alpha3(one) or one for one in node.texts("NATIONALITY", "VALUE"))),
                documents=tuple(_documents(node)),
            ),
        )


def _names(node: Node) -> list[EntryName]:
    """The parts are in the order of the list; which is the surname it does not tell."""
    names = [EntryName(" ".join(part for field in _NAMES if (part := node.text(field))))]
    names += (EntryName(told, kind="alias") for told in node.texts("NAME_ORIGINAL_SCRIPT"))
    for alias in node.all("INDIVIDUAL_ALIAS"):
        kind = "weak" if alias.text("QUALITY").lower().startswith("low") else "alias"
        names += (name_with_comma(part, kind) for part in alias.text("ALIAS_NAME").split(";"))
    return names


def _dates(born: Node) -> tuple[str, ...]:
    kind = born.text("TYPE_OF_DATE").upper()
    if kind == "BETWEEN":
        return years(born.text("FROM_YEAR"), born.text("TO_YEAR"))
    date = born.text("DATE")[:10] or partial_date(born.text("YEAR"), born.text("MONTH"), born.text("DAY"))
    if kind == "APPROXIMATELY" and is_partial_date(date):
        return around(date)
    return (date,) if date else ()


def _documents(node: Node) -> Iterator[Document]:
    for one in node.all("INDIVIDUAL_DOCUMENT"):
        number = one.text("NUMBER")
        if number:
            issuer = one.text("COUNTRY_OF_ISSUE") or one.text("ISSUING_COUNTRY")
            kind = one.text("TYPE_OF_DOCUMENT") or one.text("TYPE_OF_DOCUMENT2")
            yield Document(kind.lower(), number, issuer, alpha3(issuer))
