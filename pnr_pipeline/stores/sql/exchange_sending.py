"""Data sent to partners abroad: planned, checked item by item, opened, marked, told to who must know (PNR 9 to 11).

Whatever is under purpose (b) or masked goes under an order of the approver that names these records and this recipient;
unasked results of reviewed hits go while purpose (a) lasts (DIS-3, DIS-5).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, UsageFault
from pnr_pipeline.law.partners import Partner
from pnr_pipeline.records import FlightLeg, Hit, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.exchange import ExchangeLetter, Mark, Notice, PersonCategory, SentData, SentPerson, Terms
from pnr_pipeline.review import needs_approval
from pnr_pipeline.routing.exchange import Checked, Planned, Way, check_transfer
from pnr_pipeline.stores.exchange_letters import ExchangeKeys
from pnr_pipeline.stores.rulebooks import load_checklist, load_offences
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.exchange_rows import (
    Words,
    close_letter,
    keep_subjects,
    letter_lines,
    must_line,
    note_posted,
    open_asked,
    post,
)
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.hits import must_read_hit
from pnr_pipeline.stores.sql.orders import Orders, ReleasedRecord
from pnr_pipeline.stores.sql.restrictions import restricted
from pnr_pipeline.stores.sql.travellers import open_traveller

_REVIEWED = ("confirmed", "sent")
_TELLS_DPO = ("europol", "third_country", "organisation")


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer wants to send: in answer to the request `answers`, or unasked. Purpose, case, order: the access.

    `hits` only where no order is needed: else exactly what the order names goes. `said` are words by item of the
    checklist, `category` what the persons are in this case (LED art. 6). `offence` is the request's if not given.
    """

    partner: str
    category: PersonCategory
    offence: str = ""
    answers: str = ""
    hits: tuple[str, ...] = ()
    consent: str = ""
    derogation: str = ""
    said: Mapping[str, str] = {}


class Sent(msgspec.Struct, frozen=True):
    """What was written, each for its partner: the data, then what the law lets others know; and the whole checklist."""

    letter: ExchangeLetter
    notices: tuple[ExchangeLetter, ...]
    persons: int
    checked: Checked


def send(ground: Ground, sending: Sending, access: Access, now: datetime) -> Sent | Checked:
    """See ExchangeDesk.send."""
    register = ground.profile.exchange
    partner = register.partner(sending.partner, now.date())
    ground.admit(access.actor, "exchange", now, hits=sending.hits)
    checklist, offences = load_checklist(), load_offences().codes
    with transaction(ground.db):
        planned, hits = _planned(ground, sending, partner, access, now)
        checked = check_transfer(planned, partner, ground.profile, ground.law, checklist, offences, now)
        if checked.missing:
            return checked
        if access.order:
            order, released = Orders(ground).carried_out(access.order, ("transfer",), access, now)
            subjects = [one.id for one in order.subjects]
        else:
            released = [
                *(ReleasedRecord(one.hit_id, hit=one) for one in hits),
                *(ReleasedRecord(one, traveller=open_traveller(ground, one).person.view)
                  for one in dict.fromkeys(hit.record_id for hit in hits)),
            ]  # fmt: skip
            subjects = [one.subject for one in released]
        persons = _persons(ground, released, sending, now)
        if not persons:
            raise UsageFault("nothing is left to send: of these no match was confirmed, and none is asked for")
        data = SentData(
            case=access.case, offence=planned.offence, persons=persons, consent=sending.consent,
            terms=terms_for(partner, checked.article, ground.profile.controller.name),
        )  # fmt: skip
        keys = ExchangeKeys.of(ground.sealer)
        letter = keys.write("data", data, register.own, partner, now, answers=sending.answers)
        notices = _notices(ground, keys, letter, planned, checked, access, now)
        if sending.answers:
            close_letter(ground, sending.answers)
        words = Words(dict(sending.said) | {"consent": sending.consent, "derogation": checked.derogation})
        post(
            ground, letter, partner, access, now, checked.article, words=words, order=access.order,
            checked={one.item: one.answered_by for one in checked.items},
            records=[one.reference for one in persons],
        )  # fmt: skip
        keep_subjects(ground, letter.letter_id, dict.fromkeys((*subjects, *(one.reference for one in persons))))
        _tell_dpo(ground, letter, partner, checked, access, now)
        more = {f"check.{one.item}": 1 for one in checked.items} | {"notices": len(notices)}
        more |= {f"derogation.{checked.derogation}": 1} if checked.derogation else {}
        named = {one.subject: "hit" if one.hit else "letter" if one.received else "record" for one in released}
        note_posted(
            ground, letter, partner, access, now, checked.article, number=len(persons), more=more,
            references=(
                *(f"{what}:{subject}" for subject, what in named.items()),
                *(f"letter:{one.letter_id}" for one in notices), *([f"order:{access.order}"] * bool(access.order)),
            ),
        )  # fmt: skip
    if access.order:
        Orders(ground).end_key(access.order)
    return Sent(letter, notices, len(persons), checked)


def _planned(
    ground: Ground, sending: Sending, partner: Partner, access: Access, now: datetime
) -> tuple[Planned, list[Hit]]:
    """What is about to be sent, as the checklist asks; the hits that go without an order."""
    way: Way = "on_request" if sending.answers else "unasked"
    planned = Planned(
        way=way, offence=sending.offence, case=access.case, persons=0, consent=sending.consent,
        derogation=sending.derogation, said=dict(sending.said),
    )  # fmt: skip
    if sending.answers:
        line, asked = open_asked(ground, sending.answers, access)
        if line.partner != partner.id:
            raise UsageFault("the request is another partner's")
        planned = msgspec.structs.replace(
            planned, offence=sending.offence or asked.offence, signed_request=True,
            request_reasons=asked.reasons, request_case=asked.case,
            request_through=asked.through, request_emergency=asked.emergency,
            request_copied_to=asked.copied_to, request_dpo_informed=asked.dpo_informed,
        )  # fmt: skip
    if access.order and sending.hits:
        raise UsageFault("under an order goes exactly what it names: leave --hit out")
    if access.order:
        order = Orders(ground).read(access.order)
        subjects = [one.id for one in order.subjects]
        _refuse_restricted(ground, subjects)
        states = ground.db.execute(
            "SELECT record_id, state FROM hit WHERE record_id IN (SELECT value FROM json_each(?))",
            (to_json(subjects).decode(),),
        ).fetchall()
        confirmed = {record for record, state in states if state in _REVIEWED}
        letters = {one: line.partner for one in subjects for line in letter_lines(ground, letter_id=one)}
        records = set(subjects) - {hit for (hit,) in _hits_of(ground, subjects)} - letters.keys()
        return msgspec.structs.replace(
            planned, persons=len(records) + len(letters), reviewed=records <= confirmed,
            ordered_for=order.recipient, origins=tuple(sorted(set(letters.values()))),
        ), []  # fmt: skip
    try:
        hits = [must_read_hit(ground, one) for one in dict.fromkeys(sending.hits)]
    except Masked:
        return msgspec.structs.replace(planned, persons=len(sending.hits)), []
    _refuse_restricted(ground, [hit.record_id for hit in hits])
    late = ground.holds_late and any(needs_approval(hit, now) for hit in hits)
    return msgspec.structs.replace(
        planned, persons=len({hit.record_id for hit in hits}), needs_order=late,
        reviewed=all(hit.state in _REVIEWED for hit in hits),
    ), hits  # fmt: skip


def _hits_of(ground: Ground, subjects: list[str]) -> list[tuple[str]]:
    return ground.db.execute(
        "SELECT hit_id FROM hit WHERE hit_id IN (SELECT value FROM json_each(?))",
        (to_json(subjects).decode(),),
    ).fetchall()


def _refuse_restricted(ground: Ground, records: Iterable[str]) -> None:
    if restricted(ground, records):
        raise UsageFault("a record is restricted at its person's request: pnr rights lift (RGT-4, LED art. 16(3))")


def _persons(ground: Ground, released: list[ReleasedRecord], sending: Sending, now: datetime) -> tuple[SentPerson, ...]:
    """Each person with the results that somebody confirmed; what came from a partner keeps its own marks."""
    hits: dict[str, list[Hit]] = {}
    for one in released:
        if one.hit and one.hit.state in _REVIEWED:
            hits.setdefault(one.hit.record_id, []).append(one.hit)
    own = tuple(
        SentPerson(
            reference=one.subject, traveller=_told(one.traveller), flight=_flight(ground, one.subject),
            matches=tuple(hit.match for hit in hits.get(one.subject, ())), person_category=sending.category,
            marks=_marks(hits.get(one.subject, ()), now),
        )
        for one in released if one.traveller
    )  # fmt: skip
    passed = tuple(
        msgspec.structs.replace(person, origin=person.origin or must_line(ground, one.subject).partner)
        for one in released if one.received
        for person in one.received.persons
    )  # fmt: skip
    return own + passed


def _flight(ground: Ground, record_id: str) -> FlightLeg:
    (flight,) = ground.db.execute(
        "SELECT flight FROM leg JOIN record_head USING (leg_id) WHERE record_id = ?", (record_id,)
    ).fetchone()
    return from_json(FlightLeg, flight.encode())


def _notices(
    ground: Ground,
    keys: ExchangeKeys,
    letter: ExchangeLetter,
    planned: Planned,
    checked: Checked,
    access: Access,
    now: datetime,
) -> tuple[ExchangeLetter, ...]:
    """Where data went without the originating State's agreement: it is informed at once (PNR art. 11(2))."""
    after = ground.law.value("eu.pnr.third_country_without_consent_after", now.date()).items
    if not checked.without_consent or "originating_authority_informed" not in after:
        return ()
    written = []
    for origin in planned.origins:
        partner = ground.profile.exchange.partner(origin, now.date())
        words = f"sent on to {letter.recipient} without your agreement; the threat left no time (PNR art. 11(2))"
        notice = Notice(about=letter.letter_id, what="sent_without_consent", references=(), words=words)
        told = keys.write("notice", notice, ground.profile.exchange.own, partner, now)
        post(ground, told, partner, access, now, "PNR 11(2)", words=Words({}, notice))
        written.append(told)
    return tuple(written)


def _tell_dpo(
    ground: Ground, letter: ExchangeLetter, partner: Partner, checked: Checked, access: Access, now: datetime
) -> None:
    reference, day = f"letter:{letter.letter_id}", now.date()
    abroad = partner.kind in ("third_country", "organisation")
    rule = "eu.pnr.third_country_verification" if abroad else "eu.pnr.order_review"
    due = ground.law.value(rule, day).period.after(now)
    if partner.kind in _TELLS_DPO or access.order:
        tell_dpo(ground, f"transfer.{partner.kind}", reference, now, due)
    after = ground.law.value("eu.pnr.third_country_without_consent_after", day).items
    if checked.without_consent and "verified_ex_post" in after:
        tell_dpo(ground, "transfer.without-consent", reference, now, due)


_LIMITS = (
    "For the prevention, detection, investigation and prosecution of terrorism and of the serious crime named, in this"
    " case only (PNR art. 1(2), 6(6), 7(4)); no decision on a person by automated means alone (PNR art. 7(6))."
)
_ONWARD = {
    "piu": "To your own competent authorities for these purposes (PNR art. 9(1)); to a third country only with our"
    " prior agreement (PNR art. 11(2)).",
    "authority": "To nobody else; your own unit has a copy of the request (PNR art. 9(3)).",
    "europol": "To nobody without our prior agreement (PNR art. 10).",
    "third_country": "To nobody, unless it is strictly necessary for these purposes and we have expressly agreed"
    " beforehand, in each case (PNR art. 11(1)(c); LED art. 35(1)(e)).",
}


def terms_for(partner: Partner, article: str, controller: str) -> Terms:
    """The conditions that travel along (DIS-1)."""
    return Terms(
        purpose_limits=_LIMITS,
        conditions_of_use=f"Ask {controller} before any other use. What we tell later to be wrong is rectified, erased"
        " or restricted (LED art. 7(3)); facts and assessments are marked (LED art. 7(1)).",
        retention="No longer than the case needs, and never longer than your law and PNR art. 12 allow.",
        onward=_ONWARD.get(partner.kind, _ONWARD["third_country"]),
        article=article,
    )


def _told(traveller: Traveller) -> Traveller:
    """What a person is told by; what serves our own plausibility rules and places in our messages stays here."""
    return msgspec.structs.replace(traveller, ordinal=0, booking=None, accompanied_by=None, pooled_with=None,
                                   title="", fare_type="", offset=-1)  # fmt: skip


def _marks(hits: Iterable[Hit], now: datetime) -> tuple[Mark, ...]:
    told = Mark("traveller", "fact", "as the carrier told it; not verified by us beyond what the match says", now)
    found = tuple(
        Mark("match", "assessment", f"compared by program, confirmed by a person; evidence: {hit.settlement}",
             hit.changed_at)
        for hit in hits
    )  # fmt: skip
    return (told, *found)
