"""What screening knows as data: titles, particles, placeholders and the weights of evidence (`rules/screening/`)."""

from collections.abc import Mapping
from typing import Self

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, read_rule


class NameWords(RuleModel):
    """Words that stand in name fields and are no names, in ICAO Latin capitals."""

    rule: str
    titles: frozenset[str]
    glued_titles: tuple[str, ...]
    """Titles that carriers glue to the end of a given name (FORMATS 4.5)."""
    particles: frozenset[str]
    placeholders: frozenset[str]


class ScreeningRules(RuleModel):
    """All files of `rules/screening/`; `from_texts(rule_texts("screening"))` reads them."""

    words: NameWords

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """The rules from file name to YAML text; raises RuleFault where a file is wrong or missing."""
        try:
            words = "rules/screening/name_words.yaml"
            return cls(words=read_rule(texts[words], words, NameWords))
        except KeyError as missing:
            raise RuleFault(str(missing.args[0]), "screening needs this file") from None
