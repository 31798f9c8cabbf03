"""What no criterion may rest on, and what stands in for it: names as data (SCR-4, `rules/criteria/attributes.yaml`)."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Self

from pydantic import PrivateAttr

from pnr_pipeline.law import Law
from pnr_pipeline.law.rule_text import RuleModel, fault_at, named_text, read_rule
from pnr_pipeline.law.rules import Cites, Text
from pnr_pipeline.screening.criteria.model import fact_model


class Prohibited(RuleModel):
    """One attribute that is not in the fact model, and the words under which someone may look for it."""

    attribute: Text
    clause: Text
    words: frozenset[str]


class Proxy(RuleModel):
    """Facts that may be asked for, but stand in for a prohibited attribute where nothing else is asked."""

    group: Text
    facts: tuple[str, ...]
    why: Text


class Attributes(RuleModel):
    """`rules/criteria/attributes.yaml`."""

    version: Text
    cites: Cites
    requirement: tuple[str, ...]
    prohibited: tuple[Prohibited, ...]
    proxies: tuple[Proxy, ...]

    _law: Law = PrivateAttr()

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], law: Law) -> Self:
        """From the files of `rules/criteria/`, with the law that says how long a criterion may be in force.

        RuleFault where a proxy is no fact of the model.
        """
        name, text = named_text(texts, "attributes.yaml")
        told = read_rule(text, name, cls)
        for index, proxy in enumerate(told.proxies):
            for place, fact in enumerate(proxy.facts):
                if fact not in fact_model():
                    raise fault_at(text, name, ("proxies", index, "facts", place), "no such fact")
        told._law = law
        return told

    def latest_expiry(self, since: date) -> date:
        """The last day on which a criterion may be in force that is valid, or approved, since a day (SCR-4)."""
        rule = self._law.in_force("eu.pnr.criteria_life", since)
        # before the law was, no criterion could be in force under it
        return rule.period.after(datetime.combine(since, time(), UTC)).date() if rule else date.min

    def prohibited_by(self, name: str) -> Prohibited | None:
        """The prohibited attribute that a name like `traveller.birth_date` means; None where it means none."""
        words = set(re.split(r"[._]", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))
        return next((one for one in self.prohibited if words & one.words), None)

    def proxy_of(self, fact: str) -> Proxy | None:
        """The group of a fact that stands in for a prohibited attribute."""
        return next((proxy for proxy in self.proxies if fact in proxy.facts), None)
