"""Criteria against facts: which conditions held, in words, and the match that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from pnr_pipeline.records import Evidence, Match
from pnr_pipeline.screening.criteria.expression import facts_in
from pnr_pipeline.screening.criteria.facts import Facts
from pnr_pipeline.screening.criteria.rule import Condition, Criterion

ENGINE: Final = "criteria/1"
"""Name and version of the judging: with the criterion's digest and the facts it can be replayed (RGT-5)."""

INCRIMINATING: Final = "incriminating"
EXONERATING: Final = "exonerating"
NOT_KNOWN: Final = "not known"

_UNKNOWN = (KeyError, TypeError, ValueError, RuntimeError, OverflowError)
"""What the library raises where a fact is missing (KeyError) or a product is too large: it does not hold then."""


class Held(msgspec.Struct, frozen=True):
    """What became of one condition: True, False, or None where facts that decide are not known."""

    condition: Condition
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A criterion's conditions against one traveller's facts."""

    criterion: Criterion
    incriminating: tuple[Held, ...]
    exonerating: tuple[Held, ...]
    variables: Mapping[str, Mapping[str, object]]

    @property
    def met(self) -> int:
        """How many incriminating conditions hold."""
        return sum(one.holds is True for one in self.incriminating)

    @property
    def held_back(self) -> bool:
        """Whether enough incriminating conditions hold and an exonerating one does too."""
        return self.met >= self.criterion.minimum and self._excused

    @property
    def fires(self) -> bool:
        """Whether a person must look at it."""
        return self.met >= self.criterion.minimum and not self._excused

    @property
    def _excused(self) -> bool:
        return any(one.holds is True for one in self.exonerating)


@dataclass(frozen=True, slots=True)
class Known:
    """One traveller's facts, made ready for the library."""

    variables: Mapping[str, Mapping[str, object]]
    context: Any


def known(variables: Mapping[str, Mapping[str, object]]) -> Known:
    """`Facts.variables` made ready."""
    import cel

    return Known(variables, cel.Context(variables=dict(variables)))


class Judge:
    """One criterion, compiled once. `digest` names its text (see `approval.digest_of`)."""

    def __init__(self, criterion: Criterion, digest: str) -> None:
        import cel  # its command line comes with it and costs a tenth of a second: not for those who judge nothing

        self.criterion, self.digest = criterion, digest
        self._programs = {
            condition.id: (cel.compile(condition.when), facts_in(condition.when))
            for _, _, condition in criterion.conditions
        }

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that the criterion asks for."""
        return frozenset(fact for _, facts in self._programs.values() for fact in facts)

    def judge(self, facts: Facts) -> Judgement:
        """The conditions against these facts. Never raises: what is not known does not hold."""
        return self.judge_variables(facts.variables())

    def judge_variables(self, variables: Mapping[str, Mapping[str, object]]) -> Judgement:
        """As `judge`, over `Facts.variables`."""
        return self.judge_known(known(variables))

    def judge_known(self, told: Known) -> Judgement:
        """As `judge`, over facts made ready once for all criteria: that costs more than to judge them."""

        def held(condition: Condition) -> Held:
            program, _ = self._programs[condition.id]
            try:
                holds: bool | None = program.execute(told.context) is True
            except _UNKNOWN:
                holds = None
            return Held(condition, holds)

        return Judgement(
            self.criterion,
            tuple(map(held, self.criterion.incriminating)),
            tuple(map(held, self.criterion.exonerating)),
            told.variables,
        )

    def match(self, judgement: Judgement) -> Match:
        """The match, also of a criterion that does not fire: its score is then below the threshold.

        Evidence is every condition with the facts it looked at. The score is the share of incriminating conditions that
        hold, the threshold the share that must; where an exonerating condition holds the score is 0.
        """
        criterion = self.criterion
        number = len(criterion.incriminating)
        threshold = round(criterion.minimum / number, 4)
        score = 0.0 if judgement.held_back else round(judgement.met / number, 4)
        return Match(
            traveller=0,
            list_id=criterion.list_id,
            list_version=self.digest[:12],
            entry_id=criterion.entry_id,
            entry_name=criterion.title,
            score=score,
            queue="alert",
            evidence=tuple(
                _evidence(kind, one, _told(self._programs[one.condition.id][1], judgement.variables))
                for kind, of in ((INCRIMINATING, judgement.incriminating), (EXONERATING, judgement.exonerating))
                for one in of
            ),
            thresholds=(threshold, threshold),
            engine=ENGINE,
            offences=criterion.offences,
        )


def _evidence(kind: str, held: Held, facts: str) -> Evidence:
    words = {True: "holds", False: "does not hold", None: NOT_KNOWN}[held.holds]
    return Evidence(
        field=kind,
        traveller=facts,
        entry=held.condition.when,
        verdict="same" if held.holds else "unknown" if held.holds is None else "differs",
        weight=0.0,
        words=f"{words}: {held.condition.says}",
    )


def _told(names: tuple[str, ...], variables: Mapping[str, Mapping[str, object]]) -> str:
    """`booking.lead_hours 20, payment.form cash`; what is not known is said so."""
    told = []
    for name in names:
        section, _, fact = name.partition(".")
        value = variables.get(section, {}).get(fact)
        shown = {True: "yes", False: "no", None: NOT_KNOWN}.get(value) if isinstance(value, bool | None) else value
        told.append(f"{name} {' '.join(map(str, shown)) or 'none' if isinstance(shown, list | tuple) else shown}")
    return ", ".join(told)
