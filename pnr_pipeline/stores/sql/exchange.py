"""Exchange with partners abroad: requests, answers, unasked results, notices (PNR art. 9 to 11; DIS-5 to DIS-7).

Each act is one transaction and one row of the log. Whatever is under purpose (b) or masked goes under an order of the
approver that names these records and this recipient; unasked results of reviewed hits go while purpose (a) lasts.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, UsageFault
from pnr_pipeline.law.partners import Partner
from pnr_pipeline.law.staff import May
from pnr_pipeline.records import FlightLeg, Hit, Traveller
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.exchange import (
    Contents,
    ExchangeLetter,
    ExchangeRequest,
    Mark,
    Notice,
    PersonCategory,
    Refusal,
    SentData,
    SentPerson,
    Terms,
)
from pnr_pipeline.review import needs_approval
from pnr_pipeline.routing.exchange import Checked, Checklist, Planned, Way, check_transfer
from pnr_pipeline.stores.exchange_letters import ExchangeCard, ExchangeKeys, read_letter, verified
from pnr_pipeline.stores.rulebooks import load_checklist, load_offences
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.exchange_rows import (
    LetterLine,
    Words,
    close_letter,
    keep_letter,
    keep_received,
    keep_sent,
    keep_subjects,
    letter_lines,
    mark_wrong,
    must_line,
    must_reach_letter,
    open_received,
    open_sent,
    rewrite_received,
    take_wrong,
)
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry
from pnr_pipeline.stores.sql.hits import must_read_hit
from pnr_pipeline.stores.sql.orders import Orders, ReleasedRecord
from pnr_pipeline.stores.sql.restrictions import restricted
from pnr_pipeline.stores.sql.travellers import open_traveller

_MAY: May = "exchange"
_REVIEWED = ("confirmed", "sent")
_TELLS_DPO = ("europol", "third_country", "organisation")
_HEX = frozenset("0123456789abcdef")


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


class Opened(msgspec.Struct, frozen=True):
    """A letter with what it says; of one that went, the words of who sent it, and its file while that is kept."""

    line: LetterLine
    contents: Contents | None
    said: dict[str, str]
    file: bytes = b""


class ExchangeDesk:
    """The exchange of one open store, in the law-enforcement domain alone (SCR-12)."""

    def __init__(self, ground: Ground) -> None:
        if ground.domain != "law_enforcement":
            raise UsageFault("data of border checks are not exchanged (SCR-12; R12 7)")
        self._ground = ground
        self._register = ground.profile.exchange

    def card(self) -> ExchangeCard:
        """Our public keys, for the registers of partners. UsageFault where the profile gives us no id."""
        if not self._register.own:
            raise UsageFault("the profile gives us no id among partners: `exchange.own` (SEC-3)")
        return self._keys.card(self._register.own)

    def lines(self) -> list[LetterLine]:
        """Every letter, newest first, without what it says."""
        return letter_lines(self._ground)

    def line(self, letter_id: str) -> LetterLine:
        """One letter as it is listed; UsageFault where there is none of this id."""
        return must_line(self._ground, letter_id)

    def request(self, partner_id: str, asked: ExchangeRequest, access: Access, now: datetime) -> ExchangeLetter:
        """Ask a partner: reasoned, in one case, for persons who are named (DIS-2, DIS-5).

        Raises UsageFault where something that the law asks is not said.
        """
        ground, partner = self._ground, self._register.partner(partner_id, now.date())
        ground.admit(access.actor, _MAY, now)
        _must_be_whole(asked, access)
        with transaction(ground.db):
            letter = self._keys.write("request", asked, self._register.own, partner, now)
            self._keep(letter, partner, access, now, "PNR 9(2)" if partner.kind == "piu" else "PNR 6(2)", state="open")
            keep_sent(ground, letter, Words({}, asked), (), now)
            self._note(letter, partner, access, now, "PNR 9(2)" if partner.kind == "piu" else "PNR 6(2)")
        return letter

    def verify(self, body: bytes, now: datetime) -> tuple[ExchangeLetter, Partner]:
        """Whether a file could be taken in; nothing is kept. UsageFault says what stands against it."""
        letter = read_letter(body)
        partner = verified(letter, self._register, now)
        self._keys.open(letter)
        if letter_lines(self._ground, letter_id=letter.letter_id):
            raise UsageFault("this letter was taken in before: nothing is taken twice")
        return letter, partner

    def take(self, body: bytes, access: Access, now: datetime) -> LetterLine:
        """Take a letter in: signed by a partner of the register, sealed to us, never seen before.

        Raises UsageFault where it is not, or answers no request of ours.
        """
        ground = self._ground
        ground.admit(access.actor, _MAY, now)
        letter = read_letter(body)
        partner = verified(letter, self._register, now)
        contents = self._keys.open(letter)
        with transaction(ground.db):
            if letter.answers:
                asked = must_line(ground, letter.answers)
                if (asked.way, asked.kind, asked.partner) != ("out", "request", partner.id):
                    raise UsageFault("the letter answers no request that we sent to its sender")
                close_letter(ground, asked.letter_id)
            elif isinstance(contents, Refusal):
                raise UsageFault("a refusal names the request that it refuses")
            persons = _references_of(contents)
            waits = letter.kind in ("request", "notice") or (letter.kind == "data" and not letter.answers)
            article = "PNR 9(1)" if letter.kind == "data" and not letter.answers else "PNR 9(2)"
            article = article if partner.kind in ("piu", "authority") else "PNR 13(5)"
            keep_letter(
                ground, letter, "in", partner, case=access.case, article=article, actor=access.actor, now=now,
                state="open" if waits else "done", persons=len(persons),
            )  # fmt: skip
            keep_received(ground, letter.letter_id, contents, now)
            write_entry(
                ground, "collection", now=now, article=article, case=access.case, actor=access.actor,
                purpose=access.purpose, references=(f"letter:{letter.letter_id}", f"partner:{partner.id}"),
                counts={f"exchange.{letter.kind}.received.{partner.kind}": len(persons) or 1},
            )  # fmt: skip
        return must_line(ground, letter.letter_id)

    def show(self, letter_id: str, access: Access, now: datetime) -> Opened:
        """A letter with what it says, noted first. `contents` is None where its time is over."""
        ground = self._ground
        with transaction(ground.db):
            line = must_line(ground, letter_id)
            must_reach_letter(ground, letter_id, access.actor)
            write_access(ground, access, _MAY, now=now, article=line.article, references=(f"letter:{letter_id}",))
            if line.way == "in":
                return Opened(line, open_received(ground, letter_id), {})
            words, file = open_sent(ground, letter_id) or (Words({}), b"")
        return Opened(line, words.contents, words.said, file)

    def close(self, letter_id: str, access: Access, now: datetime) -> None:
        """Say that results which came unasked were passed on as our own to those who are competent (PNR art. 9(1))."""
        ground = self._ground
        ground.admit(access.actor, _MAY, now)
        with transaction(ground.db):
            line = must_line(ground, letter_id)
            if (line.way, line.kind, line.open) != ("in", "data", True):
                raise UsageFault("no results of this id wait to be passed on: pnr exchange list")
            close_letter(ground, letter_id)
            write_entry(
                ground, "decision", now=now, article="PNR 9(1)", case=access.case, actor=access.actor,
                purpose=access.purpose, references=(f"letter:{letter_id}",), counts={"exchange.passed_on": 1},
            )  # fmt: skip

    def refuse(self, letter_id: str, refusal: Refusal, access: Access, now: datetime) -> ExchangeLetter:
        """Answer a request with a refusal that says why."""
        ground = self._ground
        ground.admit(access.actor, _MAY, now)
        if not refusal.words.strip():
            raise UsageFault("a refusal says what would help: --why")
        with transaction(ground.db):
            line, _ = self._asked(letter_id, access)
            partner = self._register.partner(line.partner, now.date())
            letter = self._keys.write("refusal", refusal, self._register.own, partner, now, answers=letter_id)
            close_letter(ground, letter_id)
            self._keep(letter, partner, access, now, "PNR 13(5)", checked={refusal.code: "officer"})
            keep_sent(ground, letter, Words({}, refusal), (), now)
            self._note(letter, partner, access, now, "PNR 13(5)", more={f"refused.{refusal.code}": 1})
        return letter

    def send(self, sending: Sending, access: Access, now: datetime) -> Sent | Checked:
        """Send data, or the checklist where something in it is not met: then nothing was opened, used or sent.

        Raises UsageFault or OrderFault where it cannot be asked at all: no such partner, hit, request or order.
        """
        ground = self._ground
        partner = self._register.partner(sending.partner, now.date())
        ground.admit(access.actor, _MAY, now, hits=sending.hits)
        checklist, offences = load_checklist(), load_offences().codes
        with transaction(ground.db):
            planned, hits = self._planned(sending, partner, access, now)
            checked = self._checked(planned, partner, checklist, offences, now)
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
            persons = self._persons(released, sending, now)
            if not persons:
                raise UsageFault("nothing is left to send: of these no match was confirmed, and none is asked for")
            data = SentData(
                case=access.case, offence=planned.offence, persons=persons, consent=sending.consent,
                terms=terms_for(partner, checked.article, ground.profile.controller.name),
            )  # fmt: skip
            letter = self._keys.write("data", data, self._register.own, partner, now, answers=sending.answers)
            notices = self._notices(letter, planned, checked, access, now)
            if sending.answers:
                close_letter(ground, sending.answers)
            self._keep(letter, partner, access, now, checked.article, order=access.order, persons=len(persons),
                       checked={one.item: one.answered_by for one in checked.items})  # fmt: skip
            words = Words(dict(sending.said) | {"consent": sending.consent, "derogation": checked.derogation})
            keep_sent(ground, letter, words, [one.reference for one in persons], now)
            keep_subjects(ground, letter.letter_id, dict.fromkeys((*subjects, *(one.reference for one in persons))))
            self._tell_dpo(letter, partner, checked, access, now)
            more = {f"check.{one.item}": 1 for one in checked.items} | {"notices": len(notices)}
            more |= {f"derogation.{checked.derogation}": 1} if checked.derogation else {}
            named = {one.subject: "hit" if one.hit else "letter" if one.received else "record" for one in released}
            self._note(
                letter, partner, access, now, checked.article, number=len(persons), more=more,
                references=(
                    *(f"{what}:{subject}" for subject, what in named.items()),
                    *(f"letter:{one.letter_id}" for one in notices), *([f"order:{access.order}"] * bool(access.order)),
                ),
            )  # fmt: skip
        if access.order:
            Orders(ground).end_key(access.order)
        return Sent(letter, notices, len(persons), checked)

    def notify(
        self, letter_id: str, words: str, access: Access, now: datetime, *, records: Iterable[str] = ()
    ) -> ExchangeLetter:
        """Tell who received a letter that something in it was wrong (LED art. 7(3), 16(6); SEC-5).

        What was erased or recalled since is known; `records` are further ones, corrected by hand.
        """
        ground = self._ground
        ground.admit(access.actor, _MAY, now)
        if not words.strip():
            raise UsageFault("say what is to be done there: rectify, erase or restrict")
        with transaction(ground.db):
            line = must_line(ground, letter_id)
            partner = self._register.partner(line.partner, now.date())
            if named := list(records):
                rows = ground.db.execute("SELECT subject FROM exchange_subject WHERE letter_id = ?", (letter_id,))
                if set(named) - {subject for (subject,) in rows.fetchall()}:
                    raise UsageFault("the letter did not tell of this record")
                mark_wrong(ground, named, now)
            wrong = take_wrong(ground, letter_id, now)
            if not wrong:
                raise UsageFault("nothing in this letter proved wrong since it was sent, or its recipient was told")
            notice = Notice(about=letter_id, what="data_wrong", references=wrong, words=words)
            letter = self._keys.write("notice", notice, self._register.own, partner, now)
            self._keep(letter, partner, access, now, "LED 7(3)")
            keep_sent(ground, letter, Words({}, notice), (), now)
            self._note(letter, partner, access, now, "LED 7(3)", references=(f"letter:{letter_id}",))
        return letter

    def follow(self, letter_id: str, access: Access, now: datetime) -> tuple[str, ...]:
        """Do what a notice asks: erase here what its sender says was wrong; the partners who had it from us."""
        ground = self._ground
        ground.admit(access.actor, _MAY, now)
        with transaction(ground.db):
            must_reach_letter(ground, letter_id, access.actor)
            line, notice = must_line(ground, letter_id), open_received(ground, letter_id)
            if not isinstance(notice, Notice) or not line.open:
                raise UsageFault("no notice of this id waits: pnr exchange list")
            about = must_line(ground, notice.about)
            if about.partner != line.partner:
                raise UsageFault("the notice is about a letter that its sender did not write")
            data = open_received(ground, notice.about)
            gone = 0
            if notice.what == "data_wrong" and isinstance(data, SentData):
                left = tuple(one for one in data.persons if one.reference not in notice.references)
                gone = len(data.persons) - len(left)
                rewrite_received(ground, notice.about, msgspec.structs.replace(data, persons=left))
            told = mark_wrong(ground, notice.references, now) if notice.what == "data_wrong" else ()
            close_letter(ground, letter_id)
            write_entry(
                ground, "erasure", now=now, article="LED 7(3)", case=access.case, actor=access.actor,
                purpose=access.purpose, references=(f"letter:{letter_id}", f"letter:{notice.about}"),
                counts={"exchange.erased": gone},
            )  # fmt: skip
        ground.db.reclaim()
        return told

    @property
    def _keys(self) -> ExchangeKeys:
        return ExchangeKeys.of(self._ground.sealer)

    def _asked(self, letter_id: str, access: Access) -> tuple[LetterLine, ExchangeRequest]:
        line = must_line(self._ground, letter_id)
        must_reach_letter(self._ground, letter_id, access.actor)
        if (line.way, line.kind) != ("in", "request"):
            raise UsageFault("no request of a partner has this id: pnr exchange list")
        if not line.open:
            raise UsageFault("this request was answered before: a further answer asks for a further request")
        asked = open_received(self._ground, letter_id)
        if not isinstance(asked, ExchangeRequest):
            raise UsageFault("the request is past its time: its sender asks anew")
        return line, asked

    def _planned(self, sending: Sending, partner: Partner, access: Access, now: datetime) -> tuple[Planned, list[Hit]]:
        """What is about to be sent, as the checklist asks; the hits that go without an order."""
        ground = self._ground
        way: Way = "on_request" if sending.answers else "unasked"
        planned = Planned(
            way=way, offence=sending.offence, case=access.case, persons=0, consent=sending.consent,
            derogation=sending.derogation, said=dict(sending.said),
        )  # fmt: skip
        if sending.answers:
            line, asked = self._asked(sending.answers, access)
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
            self._refuse_restricted(subjects)
            states = ground.db.execute(
                "SELECT record_id, state FROM hit WHERE record_id IN (SELECT value FROM json_each(?))",
                (msgspec.json.encode(subjects).decode(),),
            ).fetchall()
            confirmed = {record for record, state in states if state in _REVIEWED}
            letters = {one: line.partner for one in subjects for line in letter_lines(ground, letter_id=one)}
            records = set(subjects) - {hit for (hit,) in self._hits_of(subjects)} - letters.keys()
            return msgspec.structs.replace(
                planned, persons=len(records) + len(letters), reviewed=records <= confirmed,
                ordered_for=order.recipient, origins=tuple(sorted(set(letters.values()))),
            ), []  # fmt: skip
        try:
            hits = [must_read_hit(ground, one) for one in dict.fromkeys(sending.hits)]
        except Masked:
            return msgspec.structs.replace(planned, persons=len(sending.hits)), []
        self._refuse_restricted([hit.record_id for hit in hits])
        late = ground.holds_late and any(needs_approval(hit, now) for hit in hits)
        return msgspec.structs.replace(
            planned, persons=len({hit.record_id for hit in hits}), needs_order=late,
            reviewed=all(hit.state in _REVIEWED for hit in hits),
        ), hits  # fmt: skip

    def _hits_of(self, subjects: list[str]) -> list[tuple[str]]:
        return self._ground.db.execute(
            "SELECT hit_id FROM hit WHERE hit_id IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(subjects).decode(),),
        ).fetchall()

    def _checked(
        self, planned: Planned, partner: Partner, checklist: Checklist, offences: frozenset[str], now: datetime
    ) -> Checked:
        return check_transfer(planned, partner, self._ground.profile, self._ground.law, checklist, offences, now)

    def _refuse_restricted(self, records: Iterable[str]) -> None:
        if restricted(self._ground, records):
            raise UsageFault("a record is restricted at its person's request: pnr rights lift (RGT-4, LED art. 16(3))")

    def _persons(self, released: list[ReleasedRecord], sending: Sending, now: datetime) -> tuple[SentPerson, ...]:
        """Each person with the results that somebody confirmed; what came from a partner keeps its own marks."""
        hits: dict[str, list[Hit]] = {}
        for one in released:
            if one.hit and one.hit.state in _REVIEWED:
                hits.setdefault(one.hit.record_id, []).append(one.hit)
        own = tuple(
            SentPerson(
                reference=one.subject, traveller=_told(one.traveller), flight=self._flight(one.subject),
                matches=tuple(hit.match for hit in hits.get(one.subject, ())), person_category=sending.category,
                marks=_marks(hits.get(one.subject, ()), now),
            )
            for one in released if one.traveller
        )  # fmt: skip
        passed = tuple(
            msgspec.structs.replace(person, origin=person.origin or must_line(self._ground, one.subject).partner)
            for one in released if one.received
            for person in one.received.persons
        )  # fmt: skip
        return own + passed

    def _flight(self, record_id: str) -> FlightLeg:
        (flight,) = self._ground.db.execute(
            "SELECT flight FROM leg JOIN record_head USING (leg_id) WHERE record_id = ?", (record_id,)
        ).fetchone()
        return from_json(FlightLeg, flight.encode())

    def _notices(
        self, letter: ExchangeLetter, planned: Planned, checked: Checked, access: Access, now: datetime
    ) -> tuple[ExchangeLetter, ...]:
        """Where data went without the originating State's agreement: it is informed at once (PNR art. 11(2))."""
        after = self._ground.law.value("eu.pnr.third_country_without_consent_after", now.date()).items
        if not checked.without_consent or "originating_authority_informed" not in after:
            return ()
        written = []
        for origin in planned.origins:
            partner = self._register.partner(origin, now.date())
            words = f"sent on to {letter.recipient} without your agreement; the threat left no time (PNR art. 11(2))"
            notice = Notice(about=letter.letter_id, what="sent_without_consent", references=(), words=words)
            told = self._keys.write("notice", notice, self._register.own, partner, now)
            self._keep(told, partner, access, now, "PNR 11(2)")
            keep_sent(self._ground, told, Words({}, notice), (), now)
            written.append(told)
        return tuple(written)

    def _tell_dpo(
        self, letter: ExchangeLetter, partner: Partner, checked: Checked, access: Access, now: datetime
    ) -> None:
        ground, reference, day = self._ground, f"letter:{letter.letter_id}", now.date()
        abroad = partner.kind in ("third_country", "organisation")
        rule = "eu.pnr.third_country_verification" if abroad else "eu.pnr.order_review"
        due = ground.law.value(rule, day).period.after(now)
        if partner.kind in _TELLS_DPO or access.order:
            tell_dpo(ground, f"transfer.{partner.kind}", reference, now, due)
        after = ground.law.value("eu.pnr.third_country_without_consent_after", day).items
        if checked.without_consent and "verified_ex_post" in after:
            tell_dpo(ground, "transfer.without-consent", reference, now, due)

    def _keep(
        self, letter: ExchangeLetter, partner: Partner, access: Access, now: datetime, article: str, *,
        order: str = "", state: str = "done", checked: Mapping[str, str] | None = None, persons: int = 0,
    ) -> None:  # fmt: skip
        keep_letter(
            self._ground, letter, "out", partner, case=access.case, article=article, actor=access.actor, now=now,
            order=order, state="open" if state == "open" else "done", checked=checked, persons=persons,
        )  # fmt: skip

    def _note(
        self, letter: ExchangeLetter, partner: Partner, access: Access, now: datetime, article: str, *,
        number: int = 1, references: Iterable[str] = (), more: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        write_entry(
            self._ground, "disclosure", now=now, article=article, case=access.case, actor=access.actor,
            purpose=access.purpose, recipient=partner.id, references=(f"letter:{letter.letter_id}", *references),
            counts={f"exchange.{letter.kind}.sent.{partner.kind}": number} | dict(more or {}),
        )  # fmt: skip


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


def _must_be_whole(asked: ExchangeRequest, access: Access) -> None:
    if access.purpose != "b":
        raise UsageFault("a request serves purpose b: a specific case (SCR-1, PNR art. 9(2))")
    for field in ("case", "offence", "reasons", "first", "last"):
        if not getattr(asked, field).strip():
            raise UsageFault(f"the request tells no {field}: reasoned, in one case (PNR art. 9(2), 10(2))")
    if asked.offence not in load_offences().codes:
        raise UsageFault("the offence is not of Annex II, nor terrorism (SCR-2)")
    if asked.first > asked.last:
        raise UsageFault("the days of the request end before they begin")
    if not asked.sought or any(not any(msgspec.structs.astuple(one)) for one in asked.sought):
        raise UsageFault("the request names nobody: name, document, locator or flight (PNR art. 9(2))")


def _references_of(contents: Contents) -> tuple[str, ...]:
    """The references in a letter; UsageFault where one is not of the form that logs may hold (LOG-6)."""
    if isinstance(contents, SentData):
        told = tuple(one.reference for one in contents.persons)
    elif isinstance(contents, Notice):
        told = (contents.about, *contents.references)
    else:
        return ()
    if any(len(one) != 32 or not set(one) <= _HEX for one in told):
        raise UsageFault("a reference in the letter is not 32 hex digits")
    return told
