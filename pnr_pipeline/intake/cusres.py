"""CUSRES: the answer to a list, from a State (962, 963, 132) or to one from a carrier (312); FORMATS 3.

It may name travellers by the carrier's references only, and so it is read: flights, then one point for each ERP.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.paxlst_itinerary import ARRIVAL, DEPARTURE, read_legs
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.answer import AnswerPoint
from pnr_pipeline.wire.edifact.segment import Segment

ACCEPTED, ERRORS, NOTICE, ACKNOWLEDGEMENT = "962", "963", "132", "312"
"""BGM: status or acceptance, error response, a State's notice that a status changed, the carrier's answer to that."""

_FUNCTIONS: Final = (ACCEPTED, ERRORS, NOTICE, ACKNOWLEDGEMENT)
_HEADER: Final = frozenset(("BGM", "RFF", "DTM", "LOC"))


def read_cusres(segments: Sequence[Segment], head: MessageHead, rulebook: Rulebook, now: datetime) -> Content:
    """Function (BGM), flights (RFF AF with its DTM and LOC) and points (ERP) of an answer.

    In CUSRES the times come before the places: the departure is of the first place, the arrival of the second. ERC and
    FTX before any ERP are a point of their own, about the whole message.
    """
    content = Content()
    flights: list[Segment] = []
    times: dict[str, Segment] = {}
    start = next((at for at, one in enumerate(segments) if one.tag in ("ERP", "ERC", "FTX")), len(segments))
    for segment in segments[:start]:
        if segment.tag == "BGM":
            content.function = segment.get(1).strip()
            if content.function not in _FUNCTIONS:
                content.findings.append(
                    rulebook.finding("SYN-03", case="list", offset=segment.offset, segment=segment.tag)
                )
        elif segment.tag == "RFF" and segment.get(1) == "AF":
            flights.append(Segment("TDT", ["TDT", "20", segment.get(1, 1)], segment.offset))
            times = {}
        elif segment.tag == "DTM" and flights:
            times[segment.get(1)] = segment
        elif segment.tag == "LOC" and flights:
            at = times.pop(DEPARTURE if flights[-1].tag == "TDT" else ARRIVAL, None)
            flights += (segment, at) if at is not None else (segment,)
        elif segment.tag not in _HEADER:
            content.dropped[f"seg:{segment.tag}"] = content.dropped.get(f"seg:{segment.tag}", 0) + 1
    content.flights = read_legs(flights, rulebook, content.findings) if flights else ()
    content.points = read_points(segments[start:])
    return content


def read_points(segments: Sequence[Segment]) -> tuple[AnswerPoint, ...]:
    """The points told by ERP, RFF AVF and ABO, ERC and FTX (or IFT, as ACKRES has it)."""
    starts = [at for at, segment in enumerate(segments) if segment.tag == "ERP"]
    if any(segment.tag in ("ERC", "FTX", "IFT") for segment in segments[: starts[0] if starts else len(segments)]):
        starts.insert(0, 0)
    return tuple(_point(segments[start:stop]) for start, stop in pairwise([*starts, len(segments)]))


def _point(segments: Sequence[Segment]) -> AnswerPoint:
    section = tag = locator = reference = ""
    item: int | None = None
    codes: list[str] = []
    texts: list[str] = []
    for segment in segments:
        match segment.tag:
            case "ERP":
                section, told, tag = segment.get(1).strip(), segment.get(1, 1).strip(), segment.get(2).strip()
                item = int(told) if told.isascii() and told.isdecimal() and len(told) <= 5 else None
            case "RFF" if segment.get(1) == "AVF":
                locator = segment.get(1, 1).strip()
            case "RFF" if segment.get(1) == "ABO":
                reference = segment.get(1, 1).strip()
            case "ERC":
                codes.append(segment.get(1).strip())
            case "FTX":
                texts.append(" ".join(part for part in segment.components(4) if part))
            case "IFT":
                texts.append(" ".join(filter(None, (segment.get(at) for at in range(2, len(segment))))))
            case _:
                pass  # places and documents of the answered list: known where the list is
    return AnswerPoint(section, item, tag, locator, reference, tuple(codes), tuple(texts))
