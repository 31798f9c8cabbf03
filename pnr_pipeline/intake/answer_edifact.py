"""Answers in EDIFACT: CUSRES to a PAXLST, ACKRES to a PNRGOV (FORMATS 3 and 4.9).

Sender and recipient change places; the carrier's service characters, repertoire, directory and access reference are
kept. They say what is accepted and which errors there are: never `board` or `do not board`, as a PIU has no such power
under Directive (EU) 2016/681.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from pnr_pipeline.intake.ackres import DONE, NOT_DONE
from pnr_pipeline.intake.answer_rules import Form
from pnr_pipeline.intake.answers import Acceptance
from pnr_pipeline.intake.cusres import ACCEPTED, ERRORS
from pnr_pipeline.intake.paxlst_itinerary import ARRIVAL, DEPARTURE, FIRST_DOMESTIC, LAST_FOREIGN, OTHER
from pnr_pipeline.records.answer import AnswerPoint, ReplyTo
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import Message
from pnr_pipeline.records.places import airport
from pnr_pipeline.wire.edifact.segment import Separators, separators_of
from pnr_pipeline.wire.edifact.writer import Element, Envelope, Renderer, WireSegment, interchange, message

ACKNOWLEDGEMENT: Final = "23"
"""MSG 1225 of an ACKRES."""

POINTS_MAX_OLD: Final = 99
"""ERP groups in CUSRES up to D.05B (99,999 from D.10A on). Points left out stand in the quality report."""

_DIRECTORIES: Final[dict[Form, tuple[str, ...]]] = {"CUSRES": ("D", "05B", "UN", "IATA"), "ACKRES": ("13", "1", "IA")}
_AGENCIES: Final[dict[Form, str]] = {"CUSRES": "UN", "ACKRES": "IA"}
_TEST: Final = ("", "", "", "1")
"""UNB 0029 to 0035: the answer to a test is a test."""

_STRANGE: Final = re.compile(r"[^ -~]")


def write_answer(form: Form, answered: Message, said: Acceptance, *, reference: str, prepared_at: datetime) -> bytes:
    """One interchange with the answer to this message.

    `reference` (at most 14 characters) is unique among what we send and serves UNB, UNG and UNH; `prepared_at` is aware
    UTC. The message must have an address: `AnswerRules.form` gives no form otherwise.
    """
    address = answered.reply_to
    assert address is not None  # see above
    separators = separators_of(address.separators) or Separators()
    said = msgspec.structs.replace(said, points=points_as_sent(form, said, answered))
    body = _cusres(answered, said) if form == "CUSRES" else _ackres(answered, said)
    directory = address.identifier[1:] or _DIRECTORIES[form]
    part = ("01", "F") if form == "CUSRES" else ("", "")
    letter = message(reference, (form, *directory), answered.access_reference, part, body)
    segments = interchange(_envelope(form, address, reference, prepared_at), [letter])
    if answered.test:
        segments[0] = (*segments[0], *_TEST)
    return render(segments, separators)


def points_as_sent(form: Form, said: Acceptance, answered: Message) -> tuple[AnswerPoint, ...]:
    """The points as the message can carry them: capitals of ASCII, no service character where none can be released.

    An ACKRES tells the gravest fault of a rejected push, and nothing of a push that was taken.
    """
    address = answered.reply_to or ReplyTo()
    separators = separators_of(address.separators) or Separators()
    lost = "" if separators.release else separators.component + separators.element + separators.terminator
    release = address.identifier[2] if len(address.identifier) > 2 else ""
    if form == "ACKRES":
        first = said.points[:1] if said.verdict == "rejected" else ()
        points = tuple(AnswerPoint(codes=point.codes[:1], texts=point.texts[:1]) for point in first)
    else:
        points = said.points if re.fullmatch(r"[1-6]\d[A-Z]", release) else said.points[:POINTS_MAX_OLD]

    def sent(text: str) -> str:
        text = _STRANGE.sub(" ", text)
        return " ".join("".join(" " if letter in lost else letter for letter in text).split())

    return tuple(
        msgspec.structs.replace(
            point,
            locator=sent(point.locator),
            carrier_reference=sent(point.carrier_reference),
            texts=tuple(sent(text).upper() for text in point.texts),
        )
        for point in points
    )


def _envelope(form: Form, address: ReplyTo, reference: str, prepared_at: datetime) -> Envelope:
    return Envelope(
        syntax=_pair(address.syntax),
        sender=address.recipient,
        recipient=address.sender,
        prepared_at=prepared_at,
        reference=reference,
        application=address.application,
        message_type=form,
        agency=_AGENCIES[form],
        group=_pair(address.group) if address.group else None,
    )


def _pair(told: tuple[str, ...]) -> tuple[str, str]:
    first, second, *_ = (*told, "", "")
    return first, second


def render(segments: Sequence[WireSegment], separators: Separators) -> bytes:
    """The interchange in ASCII that can be printed: any other letter would change the repertoire, and is a blank."""
    plain = [tuple(_plain(element) for element in segment) for segment in segments]
    return Renderer(separators).text(plain).encode("latin-1")  # separators are single bytes


def _plain(element: Element) -> Element:
    if isinstance(element, str):
        return _STRANGE.sub(" ", element)
    return tuple(_STRANGE.sub(" ", component) for component in element)


def _cusres(answered: Message, said: Acceptance) -> Iterator[WireSegment]:
    assert answered.reply_to is not None  # see write_answer
    yield ("BGM", ERRORS if said.points else ACCEPTED)
    if any(answered.reply_to.transaction):
        number, revision = answered.reply_to.transaction
        yield ("RFF", ("TN", number, "", "", revision))
    for leg in answered.flights:
        if leg.designator:
            yield from _flight(leg)
    for point in said.points:
        yield ("ERP", (point.section, str(point.item or "")), point.segment)
        if point.locator:
            yield ("RFF", ("AVF", point.locator))
        if point.carrier_reference:
            yield ("RFF", ("ABO", point.carrier_reference))
        for code in point.codes:
            yield ("ERC", code)
        for text in point.texts:
            yield ("FTX", "AAP", "", "", text)


def _flight(leg: FlightLeg) -> Iterator[WireSegment]:
    """RFF AF, then times, then places. A leg that stays in one country has its points as LOC 92."""
    yield ("RFF", ("AF", leg.designator))
    for qualifier, at in ((DEPARTURE, leg.departure_local), (ARRIVAL, leg.arrival_local)):
        if at is not None:
            yield ("DTM", (qualifier, f"{at:%y%m%d%H%M}", "201"))
    here, there = airport(leg.origin), airport(leg.destination)
    inside = here is not None and there is not None and here.country == there.country
    yield ("LOC", OTHER if inside else LAST_FOREIGN, leg.origin)
    yield ("LOC", OTHER if inside else FIRST_DOMESTIC, leg.destination)


def _ackres(answered: Message, said: Acceptance) -> Iterator[WireSegment]:
    yield ("MSG", ("", ACKNOWLEDGEMENT), NOT_DONE if said.verdict == "rejected" else DONE)
    for point in said.points:
        for code in point.codes:
            yield ("ERC", code)
        for text in point.texts:
            yield ("IFT", "3", text)
    for leg in answered.flights[:1]:
        yield tvl(leg)


def tvl(leg: FlightLeg) -> WireSegment:
    """The leg as PADIS tells it; times local, dates DDMMYY."""
    times: list[str] = []
    for at in (leg.departure_local, leg.arrival_local):
        times += [f"{at:%d%m%y}", f"{at:%H%M}"] if at is not None else ["", ""]
    return ("TVL", tuple(times), leg.origin, leg.destination, leg.carrier, leg.number)
