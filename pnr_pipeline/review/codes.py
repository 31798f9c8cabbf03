"""The codes a reviewer decides with: reasons and air links, `rules/review/` (SCR-6)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pnr_pipeline.law.offences import OffenceList
from pnr_pipeline.law.rule_text import RuleModel, fault_at, named_text, read_rule
from pnr_pipeline.law.rules import Cites, Text

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Outcome = Literal["confirmed", "negative"]


class Reason(RuleModel):
    """One ground for a decision, for one outcome."""

    code: Code
    outcome: Outcome
    text: Text


class AirLink(RuleModel):
    """One objective link of an offence to the carriage of passengers by air.

    `direct_only`: for offences whose nature is the link (CJ C-817/19 ¶154); for others the case must show one.
    """

    code: Code
    text: Text
    direct_only: bool = False


class Reasons(RuleModel):
    """`rules/review/reasons.yaml`."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    reasons: Annotated[tuple[Reason, ...], Field(min_length=2)]


class AirLinks(RuleModel):
    """`rules/review/air_links.yaml`."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    air_links: Annotated[tuple[AirLink, ...], Field(min_length=1)]


class ReviewCodes:
    """Everything a decision may name: closed lists, so that practice is uniform and can be counted."""

    def __init__(self, reasons: Reasons, air_links: AirLinks, offences: OffenceList) -> None:
        self.reasons = {reason.code: reason for reason in reasons.reasons}
        self.air_links = {link.code: link for link in air_links.air_links}
        self.offences = {offence.code: offence for offence in offences.offences}

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], offences: OffenceList) -> "ReviewCodes":
        """From the files of `rules/review/`; RuleFault for a missing file or a code used twice."""
        reasons_name, reasons_text = named_text(texts, "reasons.yaml")
        links_name, links_text = named_text(texts, "air_links.yaml")
        reasons = read_rule(reasons_text, reasons_name, Reasons)
        links = read_rule(links_text, links_name, AirLinks)
        _once(reasons_text, reasons_name, "reasons", [reason.code for reason in reasons.reasons])
        _once(links_text, links_name, "air_links", [link.code for link in links.air_links])
        return cls(reasons, links, offences)


def _once(text: str, name: str, key: str, codes: list[str]) -> None:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise fault_at(text, name, (key, index, "code"), f"{code} is used twice")
