"""The retention class of every kind of file, as `rules/retention/files.yaml` tells it (RET-7)."""

from typing import Annotated, Literal

from pydantic import Field

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import RequirementId, Text

FileClass = Literal["record", "ingest", "list", "log", "working", "backup"]


class KeptFile(RuleModel):
    """Files of one kind: their path below the state folder, `*` for any part of a name."""

    path: Text
    klass: FileClass = Field(alias="class")
    because: Text


class KeptFolder(RuleModel):
    """A folder elsewhere; topics of a broker are in `rules/topics/`."""

    name: Text
    klass: FileClass = Field(alias="class")
    because: Text


class KeptFiles(RuleModel):
    """`rules/retention/files.yaml`."""

    version: Text
    requirement: tuple[RequirementId, ...]
    files: Annotated[tuple[KeptFile, ...], Field(min_length=1)]
    folders: Annotated[tuple[KeptFolder, ...], Field(min_length=1)]
