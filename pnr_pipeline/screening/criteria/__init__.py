"""Criteria of art. 6(3)(b) of the PNR Directive: rules over facts of a journey, approved and judged."""

from pnr_pipeline.screening.criteria.approval import Approval, InForce, admitted, approve, digest_of
from pnr_pipeline.screening.criteria.attributes import Attributes
from pnr_pipeline.screening.criteria.cases import CaseResult, run_cases
from pnr_pipeline.screening.criteria.facts import Facts
from pnr_pipeline.screening.criteria.judging import Judge, Judgement, known
from pnr_pipeline.screening.criteria.model import Fact, fact_model
from pnr_pipeline.screening.criteria.reading import Around, booking_of_open_part, facts_of, paid_by_another
from pnr_pipeline.screening.criteria.replay import replay_criterion
from pnr_pipeline.screening.criteria.rule import Criterion, Remark, check_criterion, read_criterion

__all__ = [
    "Approval",
    "Around",
    "Attributes",
    "CaseResult",
    "Criterion",
    "Fact",
    "Facts",
    "InForce",
    "Judge",
    "Judgement",
    "Remark",
    "admitted",
    "approve",
    "booking_of_open_part",
    "check_criterion",
    "digest_of",
    "fact_model",
    "facts_of",
    "known",
    "paid_by_another",
    "read_criterion",
    "replay_criterion",
    "run_cases",
]
