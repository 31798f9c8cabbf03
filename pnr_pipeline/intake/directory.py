"""Code lists, element lengths and forms of document numbers, as data: `rules/intake/directory.yaml` and others."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StringConstraints

from pnr_pipeline.law.rule_text import RuleModel

Tag = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,6}$")]
Alpha3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
_SIGNS: Final = {"9": "[0-9]", "@": "[A-Z]", "*": "[A-Z0-9]"}


class CodeList(RuleModel):
    """Codes of one component, `local` those of carriers' own; where `checked`, a list with another is told (SYN-03)."""

    segment: Tag
    element: Annotated[int, Field(ge=1)]
    component: Annotated[int, Field(ge=1)]
    data: str
    codes: tuple[Code, ...]
    local: tuple[Code, ...] = ()
    checked: bool = True


class ElementLength(RuleModel):
    """The most characters that each component of an element may have."""

    segment: Tag
    element: Annotated[int, Field(ge=1)]
    data: str
    most: Annotated[int, Field(ge=1)]


class DirectoryFile(RuleModel):
    """`rules/intake/directory.yaml`."""

    directory: Literal["paxlst-pnrgov"]
    tags: tuple[Tag, ...]
    codes: tuple[CodeList, ...]
    lengths: tuple[ElementLength, ...]
    xml: tuple[str, ...]


class DocumentNumbersFile(RuleModel):
    """`rules/intake/document-numbers.yaml`."""

    document_numbers: Literal["passports"]
    source: str
    evidence: str
    forms: dict[Alpha3, tuple[str, ...]]


class Place(NamedTuple):
    """A component in a segment; both counted from 1."""

    segment: str
    element: int
    component: int


class Directory:
    """The directory ready to be asked.

    `tags` and `codes` (by place) are all that may be shown of a segment; `qualifiers` the codes of the first component
    that are checked, by tag; `lengths` by tag and element, and `measured` their tags; `xml` names in small letters;
    `passports` the forms of numbers by issuer (alpha-3).
    """

    __slots__ = ("codes", "lengths", "measured", "passports", "qualifiers", "tags", "xml")

    def __init__(self, directory: DirectoryFile, numbers: DocumentNumbersFile) -> None:
        self.tags = frozenset(directory.tags)
        self.xml = frozenset(directory.xml)
        self.codes: Mapping[Place, frozenset[str]] = {
            Place(one.segment, one.element, one.component): frozenset((*one.codes, *one.local))
            for one in directory.codes
        }
        self.qualifiers: Mapping[str, frozenset[str]] = {
            one.segment: frozenset((*one.codes, *one.local)) for one in directory.codes if one.checked
        }
        self.lengths: Mapping[tuple[str, int], int] = {
            (one.segment, one.element): one.most for one in directory.lengths
        }
        self.measured = frozenset(tag for tag, _ in self.lengths)
        self.passports: Mapping[str, re.Pattern[str]] = {
            issuer: re.compile("|".join("".join(_SIGNS.get(sign, re.escape(sign)) for sign in form) for form in forms))
            for issuer, forms in numbers.forms.items()
        }
