"""Papers of the data-protection officer as data: which sections the law asks, what the configuration tells of each.

A section is filled from codes that the program knows, or with words that only people have; what lacks is told.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints, model_validator

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import Cites, RequirementId, Text

SectionId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
TO_BE_WRITTEN = "— to be written —"


class Section(RuleModel):
    """`fill` names what the program tells, `words` says that people write, `when` that it may not apply."""

    id: SectionId
    title: Text
    source: Text
    fill: tuple[SectionId, ...] = ()
    words: bool = False
    when: Literal["always", "late"] = "always"

    @model_validator(mode="after")
    def _tells_something(self) -> "Section":
        if not self.fill and not self.words:
            raise ValueError("a section is filled or written")
        return self


class DpoForm(RuleModel):
    """A file of `rules/dpo/`."""

    id: Literal["impact-assessment", "breach"]
    title: Text
    requirement: tuple[RequirementId, ...]
    cites: Cites
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]


class Paper(msgspec.Struct, frozen=True):
    """The form as filled, in Markdown, and the ids of the sections that nobody has written yet."""

    text: str
    lacking: tuple[str, ...]


def filled(form: DpoForm, told: Mapping[str, Iterable[str]], words: Mapping[str, str], *, late: bool = False) -> Paper:
    """The form with what the program tells by code, and people's words by section; KeyError for an unknown code."""
    lines = [f"# {form.title}", "", f"{form.cites.work}, {form.cites.at}"]
    lacking: list[str] = []
    for section in form.sections:
        if section.when == "late" and not late:
            continue
        lines += ["", f"## {section.title} ({section.source})", ""]
        for code in section.fill:
            lines += [f"- {code.replace('_', ' ')}: {line}" for line in told[code]]
        written = words.get(section.id, "").strip()
        if section.words:
            lines += ["", written or TO_BE_WRITTEN] if section.fill else [written or TO_BE_WRITTEN]
            lacking += [] if written else [section.id]
    return Paper("\n".join(lines) + "\n", tuple(lacking))
