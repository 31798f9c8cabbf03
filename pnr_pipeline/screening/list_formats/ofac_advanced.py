"""OFAC's sanctions lists in the advanced XML (sdn_advanced.xml, cons_advanced.xml), streamed.

US Treasury, OFAC, "Advanced Sanctions Data Model": reference values first, then places, registered documents and the
parties that refer to them. Names keep their script and, part by part, their kind; `LowQuality` marks a weak alias.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.list_formats.birth_dates import around, partial_date, years
from pnr_pipeline.screening.list_formats.gathering import Found, PassedOver
from pnr_pipeline.screening.list_formats.names import each_once, name_of_parts
from pnr_pipeline.wire.xml_stream import Node, read_nodes

_WANTED: Final = ("ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty")
_SURNAMES: Final = {"last name", "maiden name", "patronymic", "matronymic"}
_SETS: Final = (
    "Country", "AreaCode", "FeatureType", "NamePartType", "Script", "IDRegDocType", "PartySubType", "DetailReference",
)  # fmt: skip
_ABOUT_THE_PERSON: Final = ("passport", "identification", "national id", "id card", "identity", "travel document")


def read_ofac_advanced(chunks: Iterable[bytes], list_id: str) -> Iterator[Found]:
    """Entries of the individuals. Raises WireFault where the XML breaks off or is none."""
    published = _Published()
    for node in read_nodes(chunks, _WANTED):
        match node.name:
            case "ReferenceValueSets":
                published.read_references(node)
            case "Location":
                published.read_location(node)
            case "IDRegDocument":
                published.read_document(node)
            case _:
                yield from published.entries(node, list_id)


class _Published:
    """What the parties refer to."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], str] = {}
        self._country_of: dict[str, str] = {}
        self._documents: dict[str, list[Document]] = defaultdict(list)

    def read_references(self, node: Node) -> None:
        for kind in _SETS:
            for value in node.all(f"{kind}Values", kind):
                told = value.get("ISO2") or value.get("Description") if kind in ("Country", "AreaCode") else ""
                self._values[kind, value.get("ID")] = told or value.own_text

    def read_location(self, node: Node) -> None:
        country = next(
            (self._values.get(("Country", one.get("CountryID")), "") for one in node.all("LocationCountry")), ""
        )
        area = next(
            (self._values.get(("AreaCode", one.get("AreaCodeID")), "") for one in node.all("LocationAreaCode")), ""
        )
        self._country_of[node.get("ID")] = alpha3(country) or alpha3(area)

    def read_document(self, node: Node) -> None:
        kind = self._values.get(("IDRegDocType", node.get("IDRegDocTypeID")), "")
        number = node.text("IDRegistrationNo")
        if number and any(word in kind.lower() for word in _ABOUT_THE_PERSON):
            by = node.first("IssuedBy")
            issuer = self._values.get(
                ("Country", node.get("IssuedBy-CountryID") or (by.get("CountryID") if by else "")), ""
            )
            document = Document(kind.lower(), number, issuer, alpha3(issuer))
            self._documents[node.get("IdentityID")].append(document)

    def entries(self, party: Node, list_id: str) -> Iterator[Found]:
        for profile in party.all("Profile"):
            kind = self._values.get(("PartySubType", profile.get("PartySubTypeID")), "")
            if kind.lower() != "individual":
                yield profile.line, PassedOver()
                continue
            identities = list(profile.all("Identity"))
            features = list(profile.all("Feature"))
            yield (
                profile.line,
                ListEntry(
                    id=profile.get("ID"),
                    list=list_id,
                    names=each_once([name for identity in identities for name in self._names(identity)]),
                    dob=tuple(dict.fromkeys(self._births(features))),
                    gender=self._sex(features),
                    nationality=tuple(dict.fromkeys(self._states(features))),
                    documents=tuple(
                        one for identity in identities for one in self._documents.pop(identity.get("ID"), ())
                    ),
                ),
            )

    def _names(self, identity: Node) -> Iterator[EntryName]:
        kinds = {
            group.get("ID"): self._values.get(("NamePartType", group.get("NamePartTypeID")), "").lower()
            for group in identity.all("NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
        }
        for alias in identity.all("Alias"):
            weak = alias.get("LowQuality").lower() == "true"
            kind = "weak" if weak else "primary" if alias.get("Primary").lower() == "true" else "alias"
            for name in alias.all("DocumentedName"):
                surnames: list[str] = []
                others: list[str] = []
                script = ""
                for part in name.all("DocumentedNamePart", "NamePartValue"):
                    surname = kinds.get(part.get("NamePartGroupID"), "") in _SURNAMES
                    (surnames if surname else others).append(part.own_text)
                    script = self._values.get(("Script", part.get("ScriptID")), "").upper()
                yield name_of_parts(" ".join(surnames), " ".join(others), kind, script)

    def _called(self, feature: Node) -> str:
        return self._values.get(("FeatureType", feature.get("FeatureTypeID")), "").lower()

    def _births(self, features: list[Node]) -> Iterator[str]:
        for feature in features:
            if self._called(feature) == "birthdate":
                for period in feature.all("FeatureVersion", "DatePeriod"):
                    yield from _dates(period)

    def _sex(self, features: list[Node]) -> str | None:
        for feature in features:
            if self._called(feature) == "gender":
                for detail in feature.all("FeatureVersion", "VersionDetail"):
                    told = self._values.get(("DetailReference", detail.get("DetailReferenceID")), detail.own_text)
                    return {"male": "M", "female": "F"}.get(told.lower())
        return None

    def _states(self, features: list[Node]) -> Iterator[str]:
        for feature in features:
            if self._called(feature).startswith(("nationality", "citizenship")):
                for place in feature.all("FeatureVersion", "VersionLocation"):
                    if state := self._country_of.get(place.get("LocationID")):
                        yield state


def _dates(period: Node) -> Iterable[str]:
    """A day, a month or a year is told as a period from its first to its last day."""
    first = _day(period, "Start", "From") or _day(period, "Start", "To")
    last = _day(period, "End", "To") or _day(period, "End", "From") or _day(period, "Start", "To") or first
    if not first:
        return ()
    start = period.first("Start")
    if start is not None and start.get("Approximate").lower() == "true":
        return around(first[:4]) if first[:4] == last[:4] else years(first[:4], last[:4])
    if first == last:
        return (first,)
    if first[:7] == last[:7]:
        return (first[:7],)
    return years(first[:4], last[:4])


def _day(period: Node, *path: str) -> str:
    return partial_date(period.text(*path, "Year"), period.text(*path, "Month"), period.text(*path, "Day"))
