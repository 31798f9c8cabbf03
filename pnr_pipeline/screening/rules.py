"""What screening knows as data (`rules/screening/`): words and forms of names, and the weights of evidence."""

import hashlib
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, read_rule
from pnr_pipeline.screening.name_frequencies import NameFrequencies


class NameWords(RuleModel):
    """Words that stand in name fields and are no names, or weigh little, in ICAO Latin capitals or another script."""

    rule: Literal["screening.name_words"]
    titles: frozenset[str]
    salutations: frozenset[str]
    """Titles that are no given name even where they stand for one alone."""
    honorifics: frozenset[str]
    glued_titles: tuple[str, ...]
    """Titles that carriers glue to the end of a name (FORMATS 4.5), longest first."""
    particles: frozenset[str]
    generations: frozenset[str]
    placeholders: frozenset[str]
    patronymics: tuple[str, ...]
    """Ends of patronymics."""


class Habit(RuleModel):
    """How a State spells words of a shape otherwise: `where` is a regular expression, `letters` what replaces what."""

    where: str
    letters: Mapping[str, str]
    source: str


class NameForms(RuleModel):
    """Names that are one name without a rule of spelling, by head, and habits of spelling that are no rule."""

    rule: Literal["screening.name_forms"]
    habits: tuple[Habit, ...]
    spellings: Mapping[str, tuple[str, ...]]
    short_forms: Mapping[str, tuple[str, ...]]
    vowelled: Mapping[str, tuple[str, ...]]
    """With the vowels that Arabic script does not write, by the vowelled form."""


class NameWeights(RuleModel):
    """Weights of names in the order of the numbers in `kernels`, each explained in `rules/screening/weights.yaml`."""

    equal: float
    transliterated: float
    phonetic: float
    typo: float
    vowels: float
    typos: float
    short: float
    initial: float
    truncated: float
    resembling: float
    more: float
    rarest: float
    rarity: float
    merged: float
    letters: float
    alike: float
    lacking: float
    added: float
    conflict: float
    surname: float
    given: float
    nothing: float
    single: float
    swapped: float
    chance: float


class NameLimits(RuleModel):
    """Bounds of what a name says, and what is assumed of words that are not on the lists."""

    rarity: float = Field(gt=0)
    gain: float = Field(ge=0)
    assumed_entries: int = Field(gt=0)
    assumed_frequency: float = Field(gt=0, lt=1)
    fitted_entries: int = Field(gt=0)
    fewest_entries: int = Field(gt=0)


class BirthDateWeights(RuleModel):
    """Weights of dates of birth."""

    same: float
    same_first_of_january: float
    swapped: float
    year_month: float
    year: float
    year_close: float
    month_differs: float
    slip_year: float
    slip_month: float
    slip_day: float
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

    rule: Literal["screening.weights"]
    prior: float
    alert: float = Field(gt=0, lt=1)
    weak: float = Field(gt=0, lt=1)
    name: NameWeights
    limits: NameLimits
    birth_date: BirthDateWeights
    sex: SameOrNot
    nationality: SameOrNot
    document: DocumentWeights


class ScreeningRules(RuleModel):
    """All files of `rules/screening/`, by `from_texts(rule_texts("screening"))`; `version` tells their texts apart."""

    version: str
    words: NameWords
    forms: NameForms
    frequencies: NameFrequencies
    weights: Weights

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """The rules, from file name to YAML text; raises RuleFault where a file is wrong or missing."""
        words, forms, frequencies, weights = (
            f"rules/screening/{name}.yaml" for name in ("name_words", "name_forms", "name_frequencies", "weights")
        )
        try:
            told = "\0".join(texts[name] for name in (words, forms, frequencies, weights))
            return cls(
                version=hashlib.sha256(told.encode()).hexdigest()[:12],
                words=read_rule(texts[words], words, NameWords),
                forms=read_rule(texts[forms], forms, NameForms),
                frequencies=read_rule(texts[frequencies], frequencies, NameFrequencies),
                weights=read_rule(texts[weights], weights, Weights),
            )
        except KeyError as missing:
            raise RuleFault(str(missing.args[0]), "screening needs this file") from None
