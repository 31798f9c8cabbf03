"""Service requests of one booking, given to its travellers once all of them are known.

What Annex I does not name never gets this far: `admit` drops it and counts it (ING-2, ING-3, ING-4).
"""

from typing import NamedTuple

from pnr_pipeline.intake.dates import birth_date
from pnr_pipeline.intake.pnrgov_booking import BookingDraft
from pnr_pipeline.intake.pnrgov_documents import claim_infant, give_document, give_visa
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.intake.ssr import (
    CANCELLED_STATUS,
    Ssr,
    day_in_text,
    named_in_tail,
    read_infant,
    read_loyalty,
    read_ticket,
    seats_in_text,
)
from pnr_pipeline.intake.ssr_contacts import read_contact
from pnr_pipeline.intake.ssr_documents import Docs, read_address, read_docs, read_identification, read_visa
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.traveller import Document, Place

_THIRD_PERSONS = frozenset(("PCTC", "CTCT", "CTCF", "CTCR"))
_SEATS = frozenset(("SEAT", "NSST", "NSSA", "NSSW", "SMSA", "SMSW", "SMST"))
_LOYALTY = frozenset(("FQTV", "FQTR", "FQTU", "FQTS"))
_TICKETS = frozenset(("TKNE", "TKNA", "TKNM"))
SEAT_ASKED, SEAT_GIVEN = 1, 2
"""Ranks of a seat on another leg than the one reported; that leg's own stand two above."""


class Pending(NamedTuple):
    """A request that waits for its traveller: the person under whose TIF it stands, and whether its leg is reported."""

    ssr: Ssr
    place: Person | None
    here: bool


def admit(draft: MessageDraft, code: str, text: str, offset: int) -> bool:
    """Whether Annex I names this service; if not, it is counted: by class where the code or its text is sensitive."""
    klass = draft.rules.sensitive.service(code)
    if klass is not None and klass not in "AN":
        draft.drop(f"sensitive:{klass}")
        return False
    if klass == "A" and text and (worded := draft.rules.sensitive.text(text)):
        draft.drop(f"sensitive:{worded}")
        return code in draft.rules.services
    if code in draft.rules.services:
        return True
    if code in _THIRD_PERSONS:
        draft.drop("contact:third")
    elif code == "EPAY":
        draft.drop("payment:guarantee")
        draft.note("PNR-07", offset=offset, segment="SSR")
    elif klass == "A":
        draft.drop("sensitive:A")
    else:
        draft.drop(f"ssr:{code}" if klass == "N" else "ssr:other")
    return False


def settle_services(booking: BookingDraft, draft: MessageDraft, pending: list[Pending]) -> None:
    """Give every request to the traveller it speaks of: infants first, then documents under their own names."""
    documents: list[tuple[Docs, Person | None, int]] = []
    infants: list[tuple[Ssr, Person | None]] = []
    others: list[tuple[Pending, Person | None]] = []
    for request in pending:
        if request.ssr.status in CANCELLED_STATUS:
            continue
        told = _told(booking, draft, request)
        code = request.ssr.code
        if code in ("INFT", "INST"):
            infants.append((request.ssr, told))
        elif code == "DOCS":
            docs = read_docs(request.ssr.text)
            if docs:
                documents.append((docs, told, request.ssr.offset))
        else:
            others.append((request, told))
    if infants:
        _give_birth_dates(documents, draft)
    for ssr, told in infants:
        _give_infant(booking, draft, ssr, told)
    booking.party.settle_infants()
    if len(documents) > 1:
        documents.sort(key=lambda one: one[1] is None or not one[1].is_called(one[0].surname, one[0].given))
    for docs, told, offset in documents:
        give_document(booking.party, draft, docs, told, offset)
    for request, told in others:
        _give(booking, draft, request, told)


def _give_birth_dates(documents: list[tuple[Docs, Person | None, int]], draft: MessageDraft) -> None:
    """Birth dates of those whose document bears their very name: they tell a child from an infant of the same name."""
    for docs, told, _ in documents:
        if told is not None and docs.birth and not docs.infant and told.is_exactly(docs.surname, docs.given):
            told.birth = told.birth or birth_date(docs.birth, draft.on)


def _told(booking: BookingDraft, draft: MessageDraft, request: Pending) -> Person | None:
    unknown = False
    for reference in request.ssr.references:
        person = booking.party.referred_to(reference)
        if person is not None:
            return person
        unknown = unknown or bool(reference)
    if unknown:
        draft.note("PNR-03", offset=request.ssr.offset, segment="SSR")
    return request.place


def _give_infant(booking: BookingDraft, draft: MessageDraft, ssr: Ssr, told: Person | None) -> None:
    infant = read_infant(ssr.text)
    if infant.given and draft.rules.sensitive.text(infant.given):
        draft.drop("text:INFT")
        infant = infant._replace(given="")
    if told is not None and (told.infant or (ssr.code == "INST" and not told.grown)):
        if not infant.surname or told.is_called(infant.surname, infant.given):
            told.infant = True
            told.birth = told.birth or (birth_date(infant.birth, draft.on) if infant.birth else None)
            return
        told = told.adult
    claim_infant(booking.party, draft, infant, told, ssr.offset)


def _give(booking: BookingDraft, draft: MessageDraft, request: Pending, told: Person | None) -> None:
    ssr = request.ssr
    code = ssr.code
    if code in _SEATS or code == "RQST":
        _give_seats(booking, request, told, draft)
    elif code in _TICKETS:
        ticket = read_ticket(ssr.text)
        if ticket and (person := _infant_or_self(booking, told, ticket[1])):
            if ticket[0] not in person.tickets:
                draft.check_ticket(ticket[0], ssr.offset, "SSR")
            person.add_ticket(ticket[0])
    elif code in _LOYALTY:
        number = read_loyalty(ssr.text, ssr.carrier)
        if told is None and (namesakes := booking.party.called(*named_in_tail(ssr.text))):
            told = namesakes[0] if len(namesakes) == 1 else None
        if number and (told := told or booking.party.sole_adult):
            told.add_loyalty(number)
    elif code.startswith("CTC"):
        contact = read_contact(code[3], ssr.text)
        if contact is None:
            draft.note("PNR-08", offset=ssr.offset, segment="SSR")
        elif value := draft.kept(contact[1]):
            booking.add_contact(contact[0], value, told)
    elif code == "UMNR":
        booking.remarks.append(f"UMNR {draft.kept(ssr.text.strip())}".rstrip())
    elif told := told or booking.party.sole_adult:
        _give_to_person(booking, draft, ssr, told)


def _give_to_person(booking: BookingDraft, draft: MessageDraft, ssr: Ssr, told: Person) -> None:
    if ssr.code == "CHLD":
        told.birth = told.birth or birth_date(day_in_text(ssr.text), draft.on)
    elif ssr.code == "DOCO":
        visa = read_visa(ssr.text)
        if visa and (person := _infant_or_self(booking, told, visa.infant)):
            give_visa(draft, visa, person)
        elif not visa:
            draft.drop("ssr:DOCO")
    elif ssr.code == "FOID":
        form = read_identification(ssr.text)
        if form:
            told.add_document(Document(type=form[0], number=form[1]))
        else:
            draft.drop("ssr:FOID")
    elif ssr.code == "DOCA":
        _give_address(booking, draft, ssr, told)


def _give_address(booking: BookingDraft, draft: MessageDraft, ssr: Ssr, told: Person) -> None:
    address = read_address(ssr.text)
    person = _infant_or_self(booking, told, bool(address and address.infant))
    if address is None or person is None:
        return
    line = draft.kept(", ".join(" ".join(part.split()) for part in address[2:6] if part))
    if address.kind == "R":
        person.address = person.address or line
        person.residence = person.residence or Place(address.country, alpha3(address.country), "")
    elif line:
        booking.add_contact("address", f"{line}, {address.country}".rstrip(", "), person)


def _infant_or_self(booking: BookingDraft, told: Person | None, infant: bool) -> Person | None:
    """The person told, or their one infant where the request is the infant's; None if nobody can be named."""
    person = told or booking.party.sole_adult
    if person is None or not infant or person.infant:
        return person
    infants = booking.party.infants_of(person)
    return infants[0] if len(infants) == 1 else None


def _give_seats(booking: BookingDraft, request: Pending, told: Person | None, draft: MessageDraft) -> None:
    ssr = request.ssr
    rank = SEAT_ASKED + 2 * request.here
    seats = ssr.seats
    if not any(seats) and ssr.code != "RQST":  # the text beside a request for a seat is where remarks stand
        seats = seats_in_text(ssr.text)
    persons = [booking.party.referred_to(reference) for reference in ssr.references]
    if not any(persons):
        adult = told or booking.party.sole_adult
        persons = [adult] if adult else list(booking.party.persons) if len(seats) > 1 else []
        if len(persons) != len(seats):
            return
    for person, seat in zip(persons, seats, strict=False):  # a seat without person, or the reverse, costs nothing
        if person is not None:
            person.take_seat(seat, rank)
