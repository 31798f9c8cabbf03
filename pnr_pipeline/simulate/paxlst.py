"""PAXLST as carriers write it: passenger lists, crew lists, close-outs (WCO/IATA/ICAO guide; FORMATS 2)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pnr_pipeline.records.traveller import Document, Role
from pnr_pipeline.simulate.draft import Draft, hhmm, yymmdd
from pnr_pipeline.simulate.flights import Flight
from pnr_pipeline.simulate.parties import Booking, Passenger
from pnr_pipeline.simulate.people import Person
from pnr_pipeline.simulate.scenario import TrueTraveller
from pnr_pipeline.simulate.stock import world
from pnr_pipeline.wire.edifact.writer import Envelope, WireSegment

VISA_DAYS = 90
NAMES_ONLY = ("date_of_birth", "sex", "nationality", "documents", "seat")


class Crew(NamedTuple):
    """A crew member: `duty` is CR1 cockpit or CR2 cabin."""

    person: Person
    duty: str


class Listed(NamedTuple):
    """A passenger on a list, with the seat of that moment."""

    passenger: Passenger
    booking: Booking
    seat: str


def passenger_list(
    flight: Flight, listed: Sequence[Listed], sent_at: datetime, reference: str, *, total: int | None = None
) -> Draft:
    """BGM 745. `total` is the CNT of the flight where the message is only one traveller of it (FORMATS 2.8)."""
    style = _style(flight)
    draft = _draft(flight, sent_at, reference, ("BGM", "745"))
    for at, one in enumerate(listed):
        draft.blocks.append(_passenger(flight, one, style))
        draft.travellers.append(_true_passenger(flight, one, style))
        draft.blocks_of.append(at)
    draft.tail = [("CNT", ("42", str(len(listed) if total is None else total)))]
    return draft


def close_out(flight: Flight, on_board: Sequence[Listed], sent_at: datetime, reference: str) -> Draft:
    """BGM 266 CLOB: who is on board, by name and reference only."""
    style = _style(flight)
    draft = _draft(flight, sent_at, reference, ("BGM", "266", "CLOB"))
    for at, one in enumerate(on_board):
        person = one.passenger.person
        draft.blocks.append([_nad("FL", person), *_references(one, style)])
        true = _true_passenger(flight, one._replace(seat=""), style, untold=NAMES_ONLY)
        draft.travellers.append(true)
        draft.blocks_of.append(at)
    draft.tail = [("CNT", ("42", str(len(on_board))))]
    return draft


def crew_list(flight: Flight, crew: Sequence[Crew], sent_at: datetime, reference: str) -> Draft:
    """BGM 250 C: the crew of a scheduled passenger flight."""
    style = _style(flight)
    draft = _draft(flight, sent_at, reference, ("BGM", "250", "C"))
    for at, (person, duty) in enumerate(crew):
        block = [_nad("FM", person), *_attributes(person)]
        block += [("LOC", "178", flight.origin), ("LOC", "179", flight.destination)]
        block += [("EMP", "1", (duty, "110", "111")), ("NAT", "2", person.nationality)]
        draft.blocks.append([*block, *_document(person.document, style)])
        draft.travellers.append(true_person(person, "crew", documents=(person.document,), untold=("locator", "seat")))
        draft.blocks_of.append(at)
    draft.tail = [("CNT", ("41", str(len(crew))))]
    return draft


def true_person(person: Person, role: Role, *, documents: tuple[Document, ...] = (), **told: Any) -> TrueTraveller:
    """What is true of the person; `told` gives the fields that belong to one message."""
    return TrueTraveller(
        person=person.person,
        role=role,
        name=person.name,
        surname=person.surname,
        given_names=person.given_names,
        sex=person.sex,
        date_of_birth=person.born.isoformat(),
        nationality=person.nationality,
        documents=documents,
        planted=person.planted,
        spelling=person.spelling,
        decoy_of=person.decoy_of,
        **told,
    )


def visa(flight: Flight, number: str) -> Document:
    """A visa of the State of arrival."""
    state = world().places[flight.destination][0]
    expires = (flight.departure.date() + timedelta(days=VISA_DAYS)).isoformat()
    return Document(type="V", number=number, issuer=state, issuer_alpha3=state, expires=expires)


def _style(flight: Flight) -> Mapping[str, Any]:
    return world().api_styles[world().carriers[flight.carrier]["api"]]


def _draft(flight: Flight, sent_at: datetime, reference: str, kind: WireSegment) -> Draft:
    style, carrier = _style(flight), flight.carrier
    envelope = Envelope(
        syntax=("UNOA", "4"),
        sender=(f"{carrier}APIS", "ZZ"),
        recipient=("PIUAPIS", "ZZ"),
        prepared_at=sent_at,
        reference=reference,
        application="APIS",
        message_type="PAXLST",
        agency="UN",
        group=("D", style["release"]) if style["group"] else None,
    )
    designator = f"{carrier}{flight.number}"
    head: list[WireSegment] = [
        kind,
        ("RFF", ("TN", reference, "", "", "1")),
        ("NAD", "MS", "", "", (f"{carrier} OPS DESK",)),
        ("COM", ("43150000000", "TE")),
        ("TDT", "20", designator, "", "", carrier),
        ("LOC", "125", flight.origin),
        ("DTM", ("189", yymmdd(flight.departure) + hhmm(flight.departure), "201")),
        ("LOC", "87", flight.destination),
        ("DTM", ("232", yymmdd(flight.arrival) + hhmm(flight.arrival), "201")),
    ]
    return Draft(
        envelope=envelope,
        identifier=("PAXLST", "D", style["release"], "UN", "IATA"),
        access_reference=f"{designator}/{yymmdd(flight.departure)}/{hhmm(flight.departure)}",
        head=head,
        blocks=[],
        tail=[],
        travellers=[],
        blocks_of=[],
        line=style["line"],
    )


def _passenger(flight: Flight, one: Listed, style: Mapping[str, Any]) -> list[WireSegment]:
    """NAD ATT DTM MEA GEI FTX LOC NAT RFF {DOC DTM LOC}, the order of guide 6.0."""
    passenger, booking, seat = one
    person, carrier = passenger.person, flight.carrier
    title = "INF" if passenger.fare == "IN" and style["infant_title"] else ""
    block = [_nad("FL", person, title), *_attributes(person)]
    if passenger.bags:
        block.append(("MEA", "CT", "", ("", str(passenger.bags))))
        block.append(("MEA", "WT", "", ("KGM", str(passenger.weight))))
    block.append(("GEI", "4", "174" if person.typed else "173"))
    if passenger.bags:
        block.append(("FTX", "BAG", "", "", (f"{carrier}{passenger.tag}", str(passenger.bags))))
    block.append(("LOC", "178", booking.before.origin if booking.before else flight.origin))
    block.append(("LOC", "179", booking.after.destination if booking.after else flight.destination))
    if style["residence"]:
        block.append(("LOC", "174", person.nationality))
    block.append(("NAT", "2", person.nationality))
    block += _references(one, style)
    if seat:
        block.append(("RFF", ("SEA", seat)))
    if passenger.loyalty:
        block.append(("RFF", ("CR", f"{carrier}{passenger.loyalty}")))
    block += _document(person.document, style)
    if passenger.visa:
        block += _document(visa(flight, passenger.visa), style)
    return block


def _nad(qualifier: str, person: Person, title: str = "") -> WireSegment:
    first, *more = person.given
    if title:
        more.append(title)
    return ("NAD", qualifier, "", "", (person.surname, first, " ".join(more)))


def _attributes(person: Person) -> list[WireSegment]:
    return [("ATT", "2", "", person.sex), ("DTM", ("329", yymmdd(person.born)))]


def _references(one: Listed, style: Mapping[str, Any]) -> list[WireSegment]:
    references: list[WireSegment] = [("RFF", ("AVF", one.booking.locator))]
    if style["references"]:
        references.append(("RFF", ("ABO", one.passenger.reference)))
    return references


def _document(document: Document, style: Mapping[str, Any]) -> list[WireSegment]:
    code = (document.type, "110", "111") if style["lists"] else (document.type,)
    segments: list[WireSegment] = [("DOC", code, document.number)]
    if document.expires:
        segments.append(("DTM", ("36", yymmdd(date.fromisoformat(document.expires)))))
    segments.append(("LOC", "91", document.issuer))
    return segments


def _true_passenger(
    flight: Flight, one: Listed, style: Mapping[str, Any], *, untold: tuple[str, ...] = ()
) -> TrueTraveller:
    passenger, booking, seat = one
    documents: tuple[Document, ...] = ()
    if "documents" not in untold:
        documents = (passenger.person.document,)
        if passenger.visa:
            documents = (*documents, visa(flight, passenger.visa))
    infant = passenger.fare == "IN"
    if infant and not (style["infant_title"] and not untold):
        untold = (*untold, "role")
    if infant:
        untold = (*untold, "accompanied_by")
    return true_person(
        passenger.person,
        "infant" if infant else "passenger",
        documents=documents,
        locator=booking.locator,
        seat=seat,
        reference=passenger.reference if style["references"] else "",
        accompanied_by=passenger.adult.person.person if passenger.adult else "",
        untold=untold if seat or "seat" in untold else (*untold, "seat"),
    )
