"""CUSRES: the answer to a list. It is recognised, with its flights; it names no traveller to keep (FORMATS 3)."""

from collections.abc import Sequence
from datetime import datetime

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.paxlst_itinerary import read_legs
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.wire.edifact.segment import Segment


def read_cusres(segments: Sequence[Segment], head: MessageHead, rulebook: Rulebook, now: datetime) -> Content:
    """Function (BGM) and flights (RFF AF with its DTM and LOC) of an answer.

    In CUSRES the times come before the places: the first is of the departure, the second of the arrival.
    """
    content = Content()
    flights: list[Segment] = []
    waiting: list[Segment] = []
    for segment in segments:
        if segment.tag == "BGM":
            content.function = segment.get(1).strip()
        elif segment.tag == "RFF" and segment.get(1) == "AF":
            flights.append(Segment("TDT", ["TDT", "20", segment.get(1, 1)], segment.offset))
            waiting = []
        elif segment.tag == "DTM" and flights:
            waiting.append(segment)
        elif segment.tag == "LOC" and flights:
            flights.append(segment)
            if waiting:
                flights.append(waiting.pop(0))
        elif segment.tag == "ERP":
            break  # from here on, the answers on single travellers
    content.flights = read_legs(flights, rulebook, content.findings)
    return content
