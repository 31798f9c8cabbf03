"""The allow-list of intake: what Annex I names may be kept, all else is dropped and counted (ING-2 to ING-4)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake.directory import Directory, DirectoryFile, DocumentNumbersFile
from pnr_pipeline.intake.list_completeness import ListRules
from pnr_pipeline.intake.sensitive import Sensitive, SensitiveCodesFile, SensitiveTermsFile
from pnr_pipeline.law.rule_text import RuleModel, read_rule

Tag = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
ServiceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{4}$")]

FOLDER = "rules/intake/"
_ANNEX, _CODES, _TERMS, _LIMITS, _AIRLINES, _DIRECTORY, _NUMBERS, _LISTS = (
    f"{FOLDER}{name}.yaml"
    for name in (
        "annex-i",
        "sensitive-codes",
        "sensitive-terms",
        "limits",
        "airline-codes",
        "directory",
        "document-numbers",
        "passenger-lists",
    )
)


class CatalogueItem(RuleModel):
    """One item of Annex I and where it stands: segments, service codes (SSR), subjects of free text (IFT 9980)."""

    item: Annotated[int, Field(ge=1, le=19)]
    category: str
    segments: tuple[Tag, ...] = ()
    ssr: tuple[ServiceCode, ...] = ()
    texts: tuple[str, ...] = ()
    reading: str = ""


class AnnexFile(RuleModel):
    """`rules/intake/annex-i.yaml`."""

    catalogue: Literal["eu.pnr.annex-i"]
    question: str
    source: str
    href: str
    checked_on: str
    items: tuple[CatalogueItem, ...]
    structure: tuple[Tag, ...]
    read_only: tuple[Tag, ...]
    known_tags: tuple[Tag, ...]


class Limits(RuleModel):
    """`rules/intake/limits.yaml`: travellers of a list, bookings of a push, and when check-in ends before departure."""

    limits: Literal["message"]
    source: str
    travellers: Annotated[int, Field(ge=1)]
    bookings: Annotated[int, Field(ge=1)]
    check_in_ends_minutes: Annotated[int, Field(ge=0)]


class AirlineCodes(RuleModel):
    """`rules/intake/airline-codes.yaml`: the first three digits of ticket numbers."""

    airline_codes: Literal["tickets"]
    source: str
    codes: tuple[Annotated[str, StringConstraints(pattern=r"^\d{3}$")], ...]


class IntakeRules:
    """The catalogue, the sensitive codes and words, and the directory of codes and lengths, ready to be asked.

    `segments`, `services` and `texts` hold the tags, service codes and subjects of text that may be read;
    `plain_services` those services that are not sensitive, whatever their text says;
    `airlines` the first digits of tickets.
    """

    __slots__ = (
        "_known", "airlines", "directory", "limits", "lists", "plain_services", "segments", "sensitive", "services",
        "texts",
    )  # fmt: skip

    def __init__(
        self,
        annex: AnnexFile,
        sensitive: Sensitive,
        limits: Limits,
        airlines: AirlineCodes,
        directory: Directory,
        lists: ListRules,
    ) -> None:
        self.sensitive = sensitive
        self.airlines = frozenset(airlines.codes)
        self.limits = limits
        self.directory = directory
        self.lists = lists
        self.segments = frozenset(tag for row in annex.items for tag in row.segments) | {
            *annex.structure,
            *annex.read_only,
        }
        self.services = frozenset(code for row in annex.items for code in row.ssr)
        self.plain_services = frozenset(code for code in self.services if sensitive.service(code) in (None, "N"))
        self.texts = frozenset(subject for row in annex.items for subject in row.texts)
        self._known = frozenset(annex.known_tags)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "IntakeRules":
        """The rules in the YAML `texts` of `rules/intake/`, by file name; RuleFault where one is wrong or absent."""
        for name in (_ANNEX, _CODES, _TERMS, _LIMITS, _AIRLINES, _DIRECTORY, _NUMBERS, _LISTS):
            if name not in texts:
                raise RuleFault(name, "missing: without it nothing may be read in")
        return cls(
            read_rule(texts[_ANNEX], _ANNEX, AnnexFile),
            Sensitive(
                read_rule(texts[_CODES], _CODES, SensitiveCodesFile),
                read_rule(texts[_TERMS], _TERMS, SensitiveTermsFile),
            ),
            read_rule(texts[_LIMITS], _LIMITS, Limits),
            read_rule(texts[_AIRLINES], _AIRLINES, AirlineCodes),
            Directory(
                read_rule(texts[_DIRECTORY], _DIRECTORY, DirectoryFile),
                read_rule(texts[_NUMBERS], _NUMBERS, DocumentNumbersFile),
            ),
            read_rule(texts[_LISTS], _LISTS, ListRules),
        )

    def counted_as(self, tag: str) -> str:
        """The counter of a segment that is not kept: its own tag if the directories know it, else `other`."""
        return f"seg:{tag}" if tag in self._known or tag in self.segments else "seg:other"
