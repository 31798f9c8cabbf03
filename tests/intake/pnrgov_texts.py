"""Invented PNRGOV messages for the tests beside this file: text in, content out."""

from datetime import UTC, datetime

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.pnrgov import read_pnrgov
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.wire.edifact.charset import recode
from pnr_pipeline.wire.edifact.reader import SegmentReader
from pnr_pipeline.wire.edifact.segment import Segment

NOW = datetime(2026, 1, 9, 12, 0, tzinfo=UTC)
RULES = Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"))
HEADER = "MSG+:22'ORG+MS:CAI'TVL+100126:2240:110126:0310+CAI+FRA+MS+367'EQN+1'"
PNR = "SRC'RCI+MS:KXW3J2::050126:0718'DAT+700:080126:1610'ORG+MS:CAI+51935352+CAI++A+EG:EUR:EN+WS32'"
LEG = "TVL+100126:2240:110126:0310+CAI+FRA+MS+367:Q'RPI+1+HK'"


def segments(text: str) -> list[Segment]:
    """The segments of a text, line breaks between them allowed."""
    reader = SegmentReader()
    reader.feed(text.replace("\n", "").encode("utf-8"))
    read_so_far = reader.drain()
    if not text.isascii():
        for segment in read_so_far:
            recode(segment, "utf-8")
    return read_so_far


def read(text: str, *, head: MessageHead | None = None) -> Content:
    """The content of a whole body."""
    return read_pnrgov(segments(text), head or MessageHead(kind="PNRGOV"), RULES, NOW)


def booking(middle: str, tail: str = "") -> Content:
    """The content of one booking with `middle` between its header and its leg, `tail` behind."""
    return read(HEADER + PNR + middle + LEG + tail)


def names(content: Content) -> list[tuple[str, str]]:
    """Surname and given names of all travellers in order."""
    return [(traveller.surname, traveller.given_names) for traveller in content.travellers]


def one(content: Content) -> Traveller:
    """The only traveller."""
    (traveller,) = content.travellers
    return traveller


def rules(content: Content) -> list[str]:
    """The rules found broken."""
    return [finding.rule for finding in content.findings]
