"""Orders at the unit: asked for, answered by the approver, used once a record, reviewed by the DPO (DIS-2 to DIS-4).

What a request and an answer say lies sealed; the log and the tables hold references.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pnr_pipeline.audit import Access, Purpose
from pnr_pipeline.errors import OrderFault, UsageFault
from pnr_pipeline.records import Hit, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.exchange import SentData
from pnr_pipeline.retention.archive_scope import Search
from pnr_pipeline.retention.order import (
    LookUp,
    OrderAct,
    OrderAnswer,
    OrderRequest,
    Subject,
    check_answer,
    check_request,
    may_ask,
)
from pnr_pipeline.stores.approver_desk import ReleasedHalves, release_bound_to
from pnr_pipeline.stores.rulebooks import load_offences
from pnr_pipeline.stores.sealed_box import open_box
from pnr_pipeline.stores.sql.approver_seals import box_of
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.dpo_inbox import end_items, tell_dpo
from pnr_pipeline.stores.sql.exchange_rows import must_reach_letter, open_received
from pnr_pipeline.stores.sql.ground import Ground, new_id, write_entry
from pnr_pipeline.stores.sql.hits import read_hit
from pnr_pipeline.stores.sql.order_gate import must_cover, spend
from pnr_pipeline.stores.sql.periods import use_period
from pnr_pipeline.stores.sql.travellers import open_traveller


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a requester says, in the words of DIS-2: see `retention.order.OrderRequest`."""

    act: OrderAct
    offence: str
    air_link: str
    facts: str
    scope: str
    first: str
    last: str
    urgent: bool = False
    search: Search | None = None
    recipient: str = ""


class OrderLine(msgspec.Struct, frozen=True):
    """An order as it is listed; nothing of what was asked for. Times are UTC."""

    order_id: str
    act: str
    case: str
    requester: str
    requested_at: datetime
    review_by: datetime | None
    status: str
    approver: str
    valid_until: datetime | None
    subjects: int
    used: int
    overdue: bool


class ReleasedRecord(msgspec.Struct, frozen=True):
    """A record, a hit or what a partner sent, as the order opens it."""

    subject: str
    traveller: Traveller | None = None
    hit: Hit | None = None
    received: SentData | None = None


class Orders:
    """The orders of one open store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def request(
        self, grounds: Grounds, access: Access, now: datetime, *, records: Iterable[str] = (),
        hits: Iterable[str] = (), letters: Iterable[str] = (), lookups: Iterable[LookUp] = (),
    ) -> OrderRequest:  # fmt: skip
        """The signed request, kept, and its file to carry to the approver.

        A record brings its hits along, a hit its record. Raises OrderFault where it does not say what DIS-2 asks, or is
        urgent and the requester is no supervisor; UsageFault where there is no such record or hit.
        """
        ground = self._ground
        if access.purpose != _purpose(grounds.act):
            raise OrderFault("an order serves purpose b: a request in a specific case (SCR-1, DIS-3)")
        records, hits = tuple(records), tuple(hits)
        ground.admit(access.actor, may_ask(grounds.act), now, records=records, hits=hits)
        if grounds.recipient:
            ground.profile.exchange.partner(grounds.recipient, now.date())
        order_id = new_id()
        asked = tuple(lookups)
        with transaction(ground.db):
            subjects = tuple(
                dict.fromkeys((*self._of_records(records), *self._of_hits(hits), *self._of_letters(letters, access)))
            )
            periods = {one.period for one in subjects} | {one.period for one in asked}
            private = X25519PrivateKey.from_private_bytes(ground.sealer.named(_key_name(order_id)))
            draft = OrderRequest(
                order_id=order_id,
                case=access.case,
                subjects=subjects,
                lookups=asked,
                boxes={period: box_of(ground, period).hex() for period in sorted(periods) if period.startswith("L/")},
                requester=access.actor,
                requested_at=now,
                request_key=private.public_key().public_bytes_raw().hex(),
                **msgspec.structs.asdict(grounds),
            )
            key = ground.staff_keys.private(access.actor)
            request = msgspec.structs.replace(draft, signature=key.sign(draft.signed_bytes()).hex())
            check_request(request, ground.staff_keys.staff, load_offences().codes)
            self._keep(request, now)
        return request

    def take(self, answer: OrderAnswer, now: datetime) -> None:
        """Take the approver's answer in; the DPO is told. Raises OrderFault where it is not one to this request."""
        ground = self._ground
        with transaction(ground.db):
            request = self.read(answer.order_id)
            status, period = ground.db.execute(
                "SELECT status, period FROM approval_order WHERE order_id = ?", (answer.order_id,)
            ).fetchone()
            if status != "requested":
                raise OrderFault("this order was answered before (DIS-3)")
            check_answer(request, answer, ground.staff_keys.staff, now)
            sealed = ground.sealer.seal(period, "orders", f"{answer.order_id}/answer", 1, to_json(answer))
            ground.db.execute(
                "UPDATE approval_order SET status = ?, approver = ?, decided_at = ?, valid_until = ?, answer = ?"
                " WHERE order_id = ?",
                (answer.decision, answer.approver, utc_text(answer.decided_at), utc_text(answer.valid_until), sealed,
                 answer.order_id),
            )  # fmt: skip
            reference = f"order:{answer.order_id}"
            end_items(ground, "urgent", reference, now, answer.approver, answer.decision)
            if answer.decision == "refused":
                self._ground.sealer.end(_key_name(answer.order_id))
            due = ground.law.value("eu.pnr.order_review", now.date()).period.after(now)
            tell_dpo(ground, f"order.{answer.decision}", reference, now, due if request.urgent else None)
            write_entry(
                ground, "decision", now=now, article="PNR 12(3)", case=request.case, actor=answer.approver, purpose="b",
                references=(reference,), counts={f"order.{answer.decision}": 1},
            )  # fmt: skip

    def release(self, order_id: str, access: Access, now: datetime) -> list[ReleasedRecord]:
        """What the order opens, once: noted in the log and in the DPO's inbox before it is returned.

        Raises OrderFault where the order does not hold, was used, or is another case's; KeyGone after five years.
        """
        ground = self._ground
        with transaction(ground.db):
            request, released = self.carried_out(order_id, ("unmask", "disclose", "rights"), access, now)
            due = ground.law.value("eu.pnr.order_review", now.date()).period.after(now)
            tell_dpo(ground, "release", f"order:{order_id}", now, due)
            self._note(request, access, now)
        self.end_key(order_id)
        return released

    def carried_out(
        self, order_id: str, acts: tuple[OrderAct, ...], access: Access, now: datetime
    ) -> tuple[OrderRequest, list[ReleasedRecord]]:
        """What an order for one of these acts opens, once, in the caller's transaction, which notes it; then `end_key`.

        Raises OrderFault where it does not hold, was used, is of another act or another case's.
        """
        ground, request = self._ground, self.read(order_id)
        if (access.purpose, access.order) != (_purpose(request.act), order_id):
            raise OrderFault("an order serves purpose b and is named with it (SCR-1, DIS-3)")
        named = [one.id for one in request.subjects]
        ground.admit(access.actor, may_ask(request.act), now, records=named, hits=named)
        if request.case != access.case:
            raise OrderFault("the order is for another case (DIS-2)")
        if request.act not in acts:
            raise OrderFault(f"the order allows {request.act}, not to open records for this (DIS-3)")
        spend(ground.db, order_id, named, now)
        opener = replace(ground, sealer=ground.sealer.opened_by(self._halves(request)))
        return request, [_opened(opener, one) for one in request.subjects]

    def looked_up(self, order_id: str, access: Access, now: datetime) -> tuple[tuple[LookUp, bytes], ...]:
        """The approver's answers to the look-ups of an order, each with its question; once, like a release."""
        ground = self._ground
        with transaction(ground.db):
            request = self.read(order_id)
            ground.admit(access.actor, may_ask(request.act), now)
            if request.case != access.case:
                raise OrderFault("the order is for another case (DIS-2)")
            must_cover(ground.db, order_id, (), now)
            answers = self.answers(request)
            if answers is None:
                raise OrderFault("the approver has not answered this request yet (DIS-3)")
            tell_dpo(ground, "look-up", f"order:{order_id}", now)
            self._note(request, access, now)
        self.end_key(order_id)
        return answers

    def answers(self, request: OrderRequest) -> tuple[tuple[LookUp, bytes], ...] | None:
        """The approver's answers to the look-ups, each with its question; None while he has not answered."""
        released = self._released(request.order_id)
        if released is None:
            return None
        return tuple(zip(request.lookups, (bytes.fromhex(one) for one in released.lookups), strict=True))

    def end_key(self, order_id: str) -> None:
        """Destroy what opens the approver's answer: it was used."""
        self._ground.sealer.end(_key_name(order_id))

    def read(self, order_id: str) -> OrderRequest:
        """The request as it was signed; UsageFault where there is none of this id."""
        row = self._ground.db.execute(
            "SELECT period, request FROM approval_order WHERE order_id = ?", (order_id,)
        ).fetchone()
        if row is None:
            raise UsageFault("no order of this id: pnr orders show")
        return from_json(OrderRequest, self._ground.sealer.open(row[0], "orders", order_id, 1, row[1]))

    def lines(self, now: datetime) -> list[OrderLine]:
        """Every order, newest first."""
        rows = self._ground.db.execute(
            "SELECT order_id, act, case_ref, requester, requested_at, review_by, status, approver, valid_until,"
            " (SELECT count(*) FROM order_subject s WHERE s.order_id = o.order_id),"
            " (SELECT count(used_at) FROM order_subject s WHERE s.order_id = o.order_id)"
            " FROM approval_order o ORDER BY requested_at DESC, order_id"
        ).fetchall()
        return [
            OrderLine(
                order_id, act, case, requester, utc_time(at), utc_time(review_by) if review_by else None, status,
                approver, utc_time(valid) if valid else None, subjects, used,
                overdue=bool(review_by and status == "requested" and utc_text(now) >= review_by),
            )
            for order_id, act, case, requester, at, review_by, status, approver, valid, subjects, used in rows
        ]  # fmt: skip

    def _keep(self, request: OrderRequest, now: datetime) -> None:
        ground, period = self._ground, use_period(self._ground.db, self._ground.law, "L", now).id
        review_by = ground.law.value("eu.pnr.urgent_review", now.date()).period.after(now) if request.urgent else None
        sealed = ground.sealer.seal(period, "orders", request.order_id, 1, to_json(request))
        ground.db.execute(
            "INSERT INTO approval_order VALUES (?, ?, ?, ?, ?, ?, 'requested', '', NULL, NULL, ?, ?, NULL)",
            (request.order_id, request.act, request.case, request.requester, utc_text(now),
             utc_text(review_by) if review_by else None, period, sealed),
        )  # fmt: skip
        ground.db.executemany(
            "INSERT INTO order_subject VALUES (?, ?, NULL)",
            # a search is used once itself; what it finds is named by the order from then on
            [(request.order_id, one.id) for one in request.subjects] + [(request.order_id,) * 2] * bool(request.search),
        )
        if review_by:
            tell_dpo(ground, "urgent", f"order:{request.order_id}", now, review_by)
        write_entry(
            ground, "administration", now=now, article="PNR 6(2)(b)", case=request.case, actor=request.requester,
            purpose="b", references=(f"order:{request.order_id}",),
            counts={f"order.request.{request.act}": _asked(request)},
        )  # fmt: skip

    def _note(self, request: OrderRequest, access: Access, now: datetime) -> None:
        named = [f"record:{one.id}" for one in request.subjects]
        write_entry(
            self._ground, "consultation", now=now, article="PNR 12(3)", case=request.case, actor=access.actor,
            purpose=access.purpose, references=(f"order:{request.order_id}", *named),
            counts={"look_ups": len(request.lookups)} if request.lookups else {},
        )  # fmt: skip

    def _halves(self, request: OrderRequest) -> dict[tuple[str, str], bytes]:
        released = self._released(request.order_id)
        if released is None:  # urgent: what is not masked opens without them
            return {}
        return {
            (one.period, one.id): bytes.fromhex(released.halves[one.id])
            for one in request.subjects
            if one.id in released.halves
        }

    def _released(self, order_id: str) -> ReleasedHalves | None:
        period, sealed = self._ground.db.execute(
            "SELECT period, answer FROM approval_order WHERE order_id = ?", (order_id,)
        ).fetchone()
        if sealed is None:
            return None
        answer = from_json(OrderAnswer, self._ground.sealer.open(period, "orders", f"{order_id}/answer", 1, sealed))
        private = self._ground.sealer.named(_key_name(order_id))
        box = open_box(private, bytes.fromhex(answer.box), release_bound_to(self.read(order_id)))
        return from_json(ReleasedHalves, box)

    def _of_records(self, records: Iterable[str]) -> Iterator[Subject]:
        for record_id in records:
            row = self._ground.db.execute("SELECT period FROM record_head WHERE record_id = ?", (record_id,)).fetchone()
            if row is None:
                raise UsageFault("no record of this id is kept")
            yield Subject(record_id, row[0])
            for hit_id, period in self._ground.db.execute(
                "SELECT hit_id, period FROM hit WHERE record_id = ? ORDER BY hit_id", (record_id,)
            ).fetchall():
                yield Subject(hit_id, period)

    def _of_hits(self, hits: Iterable[str]) -> Iterator[Subject]:
        for hit_id in hits:
            row = self._ground.db.execute(
                "SELECT hit.period, record_id, record_head.period FROM hit JOIN record_head USING (record_id)"
                " WHERE hit_id = ?", (hit_id,)
            ).fetchone()  # fmt: skip
            if row is None:
                raise UsageFault("no hit with this id: see `pnr hits list`")
            yield Subject(hit_id, row[0])
            yield Subject(row[1], row[2])

    def _of_letters(self, letters: Iterable[str], access: Access) -> Iterator[Subject]:
        for letter_id in letters:
            must_reach_letter(self._ground, letter_id, access.actor)
            row = self._ground.db.execute(
                "SELECT period FROM exchange_body JOIN exchange_letter USING (letter_id)"
                " WHERE letter_id = ? AND way = 'in' AND kind = 'data'", (letter_id,)
            ).fetchone()  # fmt: skip
            if row is None:
                raise UsageFault("no data of a partner are kept under this id: pnr exchange list")
            yield Subject(letter_id, row[0])


def _asked(request: OrderRequest) -> int:
    return len(request.search.persons) if request.search else len(request.subjects) or len(request.lookups)


def _purpose(act: OrderAct) -> Purpose:
    return "dpo" if act == "rights" else "b"


def _key_name(order_id: str) -> str:
    return f"orders/{order_id}"


def _opened(ground: Ground, subject: Subject) -> ReleasedRecord:
    hit = read_hit(ground, subject.id)
    if hit is not None:
        return ReleasedRecord(subject.id, hit=hit)
    received = open_received(ground, subject.id)
    if isinstance(received, SentData):
        return ReleasedRecord(subject.id, received=received)
    return ReleasedRecord(subject.id, traveller=open_traveller(ground, subject.id).person.view)
