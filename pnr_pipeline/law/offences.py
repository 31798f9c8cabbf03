"""The offences for which passenger data may be used: Annex II of the PNR Directive, and terrorism."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, read_rule
from pnr_pipeline.law.rules import Cites, Text


class Offence(RuleModel):
    """One offence: `code` is its number in Annex II, or `terrorism`."""

    code: Annotated[str, StringConstraints(pattern=r"^([1-9]|1[0-9]|2[0-6]|terrorism)$")]
    title: Text
    at: Text
    air_link: Literal["direct", "to be shown"]
    """`direct`: its nature has a link to air carriage (CJ C-817/19 ¶154); otherwise the case must show one."""
    defined_in_law_only: bool = False
    """Only the specific offences defined in law (CJ ¶147)."""
    evidence: Literal["T", "S", "M"] = "T"


class OffenceList(RuleModel):
    """The closed list (SCR-2): nothing else founds a hit, a list or a request."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    note: Text
    offences: Annotated[tuple[Offence, ...], Field(min_length=1)]

    @classmethod
    def from_text(cls, text: str, name: str) -> "OffenceList":
        """The list in this YAML; RuleFault where it is wrong."""
        return read_rule(text, name, cls)

    @property
    def codes(self) -> frozenset[str]:
        """Every code of the list."""
        return frozenset(offence.code for offence in self.offences)

    def offence(self, code: str) -> Offence:
        """The offence with this code; RuleFault when it is not on the list."""
        for offence in self.offences:
            if offence.code == code:
                return offence
        raise RuleFault("rules/offences", "an offence outside Annex II and terrorism (SCR-2)")
