"""Exchange with partners abroad: requests, answers, unasked results, notices (PNR art. 9 to 11; DIS-5 to DIS-7).

Each act is one transaction and one row of the log. Whatever is under purpose (b) or masked goes under an order of the
approver that names these records and this recipient; unasked results of reviewed hits go while purpose (a) lasts.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.partners import Partner
from pnr_pipeline.law.staff import May
from pnr_pipeline.records.exchange import Contents, ExchangeLetter, ExchangeRequest, Notice, Refusal, SentData
from pnr_pipeline.routing.exchange import Checked
from pnr_pipeline.stores.exchange_letters import ExchangeCard, ExchangeKeys, read_letter, verified
from pnr_pipeline.stores.rulebooks import load_offences
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.exchange_rows import (
    LetterLine,
    Words,
    close_letter,
    keep_letter,
    keep_received,
    letter_lines,
    mark_wrong,
    must_line,
    must_reach_letter,
    note_posted,
    open_asked,
    open_received,
    open_sent,
    post,
    rewrite_received,
    take_wrong,
)
from pnr_pipeline.stores.sql.exchange_sending import Sending, Sent, send
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry

_MAY: May = "exchange"
_HEX = frozenset("0123456789abcdef")


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
            article = "PNR 9(2)" if partner.kind == "piu" else "PNR 6(2)"
            post(ground, letter, partner, access, now, article, words=Words({}, asked), state="open")
            note_posted(ground, letter, partner, access, now, article)
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
            line, _ = open_asked(ground, letter_id, access)
            partner = self._register.partner(line.partner, now.date())
            letter = self._keys.write("refusal", refusal, self._register.own, partner, now, answers=letter_id)
            close_letter(ground, letter_id)
            words = Words({}, refusal)
            post(ground, letter, partner, access, now, "PNR 13(5)", words=words, checked={refusal.code: "officer"})
            note_posted(ground, letter, partner, access, now, "PNR 13(5)", more={f"refused.{refusal.code}": 1})
        return letter

    def send(self, sending: Sending, access: Access, now: datetime) -> Sent | Checked:
        """Send data, or the checklist where something in it is not met: then nothing was opened, used or sent.

        Raises UsageFault or OrderFault where it cannot be asked at all: no such partner, hit, request or order.
        """
        return send(self._ground, sending, access, now)

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
            post(ground, letter, partner, access, now, "LED 7(3)", words=Words({}, notice))
            note_posted(ground, letter, partner, access, now, "LED 7(3)", references=(f"letter:{letter_id}",))
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
