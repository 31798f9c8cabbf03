"""A hit of a criterion computed again from what was kept: the approved text and the facts in its evidence."""

from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records import Match
from pnr_pipeline.screening.criteria.approval import digest_of
from pnr_pipeline.screening.criteria.judging import NOT_KNOWN, Judge
from pnr_pipeline.screening.criteria.model import Fact, fact_model
from pnr_pipeline.screening.criteria.rule import Criterion
from pnr_pipeline.screening.replay import Replay


def replay_criterion(match: Match, text: str) -> Replay:
    """The match judged again by the criterion's `text`, over the facts that its evidence tells (RGT-5).

    `text` is that of the version which the match names, '' where it is not kept any more. It is read without the checks
    of today: that it is the approved one is seen by its digest.
    """
    if digest_of(text)[:12] != match.list_version:
        return Replay(True, None, "the approved text of this version is not kept any more", ())
    judge = Judge(read_rule(text, match.list_id, Criterion), digest_of(text))
    again = judge.match(judge.judge_variables(variables_of(match)))
    differences = tuple(field for field in match.__struct_fields__ if getattr(again, field) != getattr(match, field))
    return Replay(again.score == match.score, again, "", differences)


def variables_of(match: Match) -> dict[str, dict[str, object]]:
    """The facts that the evidence tells, as an expression sees them; those not known are left out."""
    told: dict[str, dict[str, object]] = {}
    for term in match.evidence:
        for part in term.traveller.split(", "):
            name, _, value = part.partition(" ")
            if value != NOT_KNOWN:
                section, _, fact = name.partition(".")
                told.setdefault(section, {})[fact] = _read(fact_model()[name], value)
    return told


def _read(fact: Fact, value: str) -> object:
    match fact.kind:
        case "int":
            return int(value)
        case "bool":
            return value == "yes"
        case "texts":
            return [] if value == "none" else value.split()
        case _:
            return value
