"""How common a name is where it is common: the background against which a name of a list counts as rare.

A list counts how often it has a name. Travellers bear it as often as their community does: HOXHA is rare on most lists
and one in a hundred on a flight from Tirana. Without the background common names of small communities would alarm more
often than others (SCR-4: not discriminatory in effect). The population of a traveller is never asked: a name counts as
being as common as in the population that has it most often.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, PositiveInt, field_validator

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.screening.keys import folded

_OF = 10_000


class PopulationNames(RuleModel):
    """Bearers in 10,000 of a population (`surnames`) or of one sex of it; a blank in a name is `_`."""

    surnames: Mapping[str, PositiveInt]
    male: Mapping[str, PositiveInt]
    female: Mapping[str, PositiveInt]

    @field_validator("surnames", "male", "female")
    @classmethod
    def _capitals(cls, names: Mapping[str, int]) -> Mapping[str, int]:
        if wrong := [name for name in names if not name.replace("_", "").isalpha() or name != name.upper()]:
            raise ValueError(f"ICAO Latin capitals only: {', '.join(wrong)}")
        if sum(names.values()) > _OF:
            raise ValueError("more bearers than people")
        return names


class NameFrequencies(RuleModel):
    """`rules/screening/name_frequencies.yaml`: the commonest names of each population."""

    rule: Literal["screening.name_frequencies"]
    confirmed: bool
    sample: int = Field(ge=0)
    """How many of each population are taken for listed, so to speak: they count beside the entries of the lists."""
    populations: Mapping[str, PopulationNames] = Field(min_length=1)

    def bearers(self, readings: Iterable[str]) -> float:
        """How many of the sample bear a word that is read so, in the population that has it most often.

        Spellings by another convention are one name: KHALED and HALED.
        """
        shares = self._shares
        return self.sample * max([shares.get(folded(reading), 0.0) for reading in readings], default=0.0)

    @cached_property
    def _shares(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for names in self.populations.values():
            for kind in (names.surnames, names.male, names.female):
                for name, count in kind.items():
                    for word in {name.replace("_", ""), name.rpartition("_")[2]}:
                        key = folded(word)
                        found[key] = max(found.get(key, 0.0), count / _OF)
        return found
