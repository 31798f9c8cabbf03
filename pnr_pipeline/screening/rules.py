"""What screening knows as data: titles, particles, fillers and the weights of evidence (`rules/screening/`)."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, read_rule


class NameWords(RuleModel):
    """Words that stand in name fields and are no names, in ICAO Latin capitals."""

    rule: str
    titles: frozenset[str]
    glued_titles: tuple[str, ...]
    """Titles that carriers glue to the end of a given name (FORMATS 4.5), longest first."""
    particles: frozenset[str]
    placeholders: frozenset[str]


class Shares(RuleModel):
    """Share of true pairs of words that look at most this different, 0..1."""

    equal: float = Field(gt=0, le=1)
    transliterated: float = Field(gt=0, le=1)
    phonetic: float = Field(gt=0, le=1)
    typo: float = Field(gt=0, le=1)
    vowels: float = Field(gt=0, le=1)
    typos: float = Field(gt=0, le=1)


class NameWeights(RuleModel):
    """Weights of names; each is explained in `rules/screening/weights.yaml`."""

    shares: Shares
    assumed_frequency: float = Field(gt=0, lt=1)
    assumed_entries: int = Field(gt=0)
    together: float
    merged: float
    initial: float
    truncated_letter: float
    resembling: float
    resembling_from: float = Field(gt=0, lt=1)
    omitted: float
    single: float
    conflict: float
    field_conflict: float
    field_conflict_most: float
    swapped: float
    most: float


class BirthDateWeights(RuleModel):
    """Weights of dates of birth."""

    same: float
    same_first_of_january: float
    swapped: float
    year_month: float
    year: float
    year_close: float
    one_part: float
    differs: float


class SameOrNot(RuleModel):
    """Weights of a value that is the same or is not."""

    same: float
    differs: float


class DocumentWeights(RuleModel):
    """Weights of document numbers."""

    same: float
    other_issuer: float
    misread: float


class Weights(RuleModel):
    """Log-likelihood ratios (natural), the prior log-odds, and the thresholds on the posterior."""

    rule: str
    prior: float
    alert: float = Field(gt=0, lt=1)
    weak: float = Field(gt=0, lt=1)
    name: NameWeights
    birth_date: BirthDateWeights
    sex: SameOrNot
    nationality: SameOrNot
    document: DocumentWeights


class ScreeningRules(RuleModel):
    """All files of `rules/screening/`; `from_texts(rule_texts("screening"))` reads them."""

    words: NameWords
    weights: Weights

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """The rules, from file name to YAML text; raises RuleFault where a file is wrong or missing."""
        words, weights = "rules/screening/name_words.yaml", "rules/screening/weights.yaml"
        try:
            return cls(
                words=read_rule(texts[words], words, NameWords), weights=read_rule(texts[weights], weights, Weights)
            )
        except KeyError as missing:
            raise RuleFault(str(missing.args[0]), "screening needs this file") from None
