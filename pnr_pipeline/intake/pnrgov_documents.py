"""DOCS, INFT and their like: which person of a booking each of them speaks of.

A request is tied by reference, else by the name in its text, else by the person under whose TIF it stands. An infant's
document never becomes the adult's, whatever reference it carries; and a document that contradicts a person in name
*and* birth date makes a new person.
"""

from datetime import date

from pnr_pipeline.intake.dates import birth_date, expiry_date, issue_date
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_party import Party, Person
from pnr_pipeline.intake.ssr import Infant
from pnr_pipeline.intake.ssr_documents import Docs, Visa
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.traveller import Document

_INFANT_DAYS_MAX = 731  # INF and IN: under two years on the day of departure


def claim_infant(party: Party, draft: MessageDraft, infant: Infant, adult: Person | None, offset: int) -> Person:
    """The infant that an INFT names, new if nobody is: with its adult and birth date.

    A request without name means the adult's infant, whoever that is; without adult too, a nameless one.
    """
    birth = birth_date(infant.birth, draft.on) if infant.birth else None
    person = _known_infant(party, infant.surname, infant.given, birth, adult)
    if person is None:
        relatives = party.of_surname(infant.surname) if adult is None else []
        person = party.add(infant.surname, infant.given, offset, fare_type="IN")
        adult = adult or (relatives[0] if len(relatives) == 1 else party.sole_adult)
    elif infant.surname and not person.surname:
        person.take_name(infant.surname, infant.given)
    party.join(person, adult)
    person.birth = person.birth or birth
    return person


def _known_infant(party: Party, surname: str, given: str, birth: str | None, adult: Person | None) -> Person | None:
    named = [one for one in party.called(surname, given) if _may_be_infant(one, adult, birth)]
    fitting = [one for one in named if _may_be_born(one, birth)]
    if len(fitting) == 1:
        return fitting[0]
    own = [one for one in party.infants_of(adult) if _may_be_born(one, birth)] if adult else []
    if len(fitting) > 1:
        return next((one for one in own if one in fitting), fitting[0])
    if len(own) == 1 and (not surname or not own[0].surname):
        return own[0]
    return None


def give_document(party: Party, draft: MessageDraft, docs: Docs, told: Person | None, offset: int) -> Person:
    """Give a DOCS to the person it speaks of (`told`: by reference or place), new if it speaks of nobody known."""
    birth = birth_date(docs.birth, draft.on) if docs.birth else None
    if told is not None and (told.infant or not docs.infant) and told.is_exactly(docs.surname, docs.given):
        person = told
    else:
        person = _owner(party, draft, docs, birth, told, offset)
        person.also_called(docs.surname, docs.given, "DOCS")
    person.birth = person.birth or birth
    person.sex = person.sex or docs.sex or None
    person.nationality = person.nationality or docs.nationality or None
    if docs.number or (docs.type and docs.issuer):
        person.add_document(
            Document(
                type=docs.type,
                number=docs.number,
                issuer=docs.issuer,
                issuer_alpha3=alpha3(docs.issuer),
                expires=expiry_date(docs.expires, draft.on) if docs.expires else None,
            )
        )
    return person


def _owner(
    party: Party, draft: MessageDraft, docs: Docs, birth: str | None, told: Person | None, offset: int
) -> Person:
    named = party.called(docs.surname, docs.given)
    if told is not None and told in named and (told.infant or not docs.infant):
        return told
    young = docs.infant or (
        told is not None
        and _is_infant(birth, draft.on)
        and (told.grown or told.infant_told or bool(party.infants_of(told)) or not _may_be_born(told, birth))
    )
    if young:
        return _infant_owner(party, docs, birth, told, named, offset)
    fitting = [one for one in named if _may_be_born(one, birth)]
    if len(fitting) == 1:
        return fitting[0]
    if told is None:
        relatives = party.of_surname(docs.surname) if docs.surname else []
        told = relatives[0] if len(relatives) == 1 and not named else party.sole_adult
    if told is not None and (_may_be_born(told, birth) or told.shares_given_name(docs.given)):
        return told
    draft.note("PNR-03", offset=offset, segment="SSR")
    return party.add(docs.surname, docs.given, offset)


def _infant_owner(
    party: Party, docs: Docs, birth: str | None, told: Person | None, named: list[Person], offset: int
) -> Person:
    if told is not None and told.infant and not named:
        return told
    infants = [one for one in named if _may_be_infant(one, told, birth)]
    fitting = [one for one in infants if _may_be_born(one, birth)]
    if len(fitting) == 1:
        party.join(fitting[0], told)
        return fitting[0]
    own = party.infants_of(told) if told else []
    if not infants:
        # Spelled otherwise than in TIF or INFT: it is the adult's one infant, if that has no document yet
        fitting = [one for one in own if _may_be_born(one, birth) and not one.documents]
        if len(fitting) == 1:
            return fitting[0]
    elif fitting:
        return next((one for one in own if one in fitting), fitting[0])
    infant = party.add(docs.surname, docs.given, offset, fare_type="IN")
    party.join(infant, told or party.sole_adult)
    return infant


def give_visa(draft: MessageDraft, visa: Visa, person: Person) -> None:
    """Keep the visa of a DOCO as a document of type V, issued by the country it is valid for."""
    issuer = visa.valid_for or visa.issued_at
    person.add_document(
        Document(
            type="V",
            number=visa.number,
            issuer=issuer,
            issuer_alpha3=alpha3(issuer),
            issued=issue_date(visa.issued, draft.on) if visa.issued else None,
        )
    )


def _may_be_infant(person: Person, adult: Person | None, birth: str | None) -> bool:
    """Whether someone of the infant's name is that infant; a child (C) only with this very birth date."""
    if person.infant:
        return True
    if person is adult or person.grown:
        return False
    return person.fare_type != "C" or (birth is not None and person.birth == birth)


def _may_be_born(person: Person, birth: str | None) -> bool:
    """Whether nothing known speaks against this birth date."""
    return birth is None or person.birth is None or person.birth == birth


def _is_infant(birth: str | None, on: date) -> bool:
    if birth is None or len(birth) != len("2026-01-01"):
        return False
    return 0 <= (on - date.fromisoformat(birth)).days < _INFANT_DAYS_MAX
