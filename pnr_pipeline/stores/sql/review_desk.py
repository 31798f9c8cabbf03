"""The reviewers' side of the store: the queue, one hit opened, claimed, decided and routed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import ReviewFault, UsageFault
from pnr_pipeline.records import Booking, FlightLeg, Hit, HitState, Match, Traveller
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.full_list import Floors
from pnr_pipeline.records.hit import Brought, Queue, Settlement, Unlisted
from pnr_pipeline.review import Decision, ReviewCodes, is_sampled, needs_approval, open_review, queue_key, step_in_words
from pnr_pipeline.review import decide as decided
from pnr_pipeline.routing import Refused, Routed
from pnr_pipeline.stores.sql.bases import bases_reached
from pnr_pipeline.stores.sql.bodies import open_bodies
from pnr_pipeline.stores.sql.bookings import KeptBooking, booking_key
from pnr_pipeline.stores.sql.database import again_if_in_the_way, no_locks, transaction
from pnr_pipeline.stores.sql.ground import Ground, purpose_of, write_access, write_entry
from pnr_pipeline.stores.sql.hits import (
    Version,
    flight_of,
    keep_decision,
    must_read_hit,
    read_hits,
    read_match,
    read_versions,
    update_hit,
)
from pnr_pipeline.stores.sql.leg_locks import legs_of_hits
from pnr_pipeline.stores.sql.memory import remember, wake_of_hit
from pnr_pipeline.stores.sql.order_gate import must_cover
from pnr_pipeline.stores.sql.populations import count_decision
from pnr_pipeline.stores.sql.relay import drop_waiting, put_in_outbox
from pnr_pipeline.stores.sql.restrictions import restricted
from pnr_pipeline.stores.sql.standing import left_lists
from pnr_pipeline.stores.sql.travellers import open_traveller


class HitLine(msgspec.Struct, frozen=True):
    """A hit as a line of the queue, with nothing of the traveller. `known` counts the kinds of evidence told.

    `listed` is False where no source lists the person on the flight any more; `sampled` where the hit was excluded
    and waits for a person who says whether that was right; `memory` keeps a suppressed hit down.
    """

    hit_id: str
    version: int
    state: HitState
    settlement: Settlement
    queue: Queue
    leg_key: str
    list_id: str
    entry_id: str
    score: float
    known: int
    offences: tuple[str, ...]
    raised_at: datetime
    deadline_at: datetime | None
    late: bool
    holder: str
    unit: str
    memory: str
    listed: bool
    sampled: bool


class Step(msgspec.Struct, frozen=True):
    """One step of a hit's history, in words and without a value; `at` is UTC."""

    version: int
    at: datetime
    brought: Brought
    settlement: Settlement
    words: str


class HitFile(msgspec.Struct, frozen=True):
    """A hit opened: the person as API and PNR tell them together, the leg, the booking, every version of the evidence.

    `listed` is False where no source lists the person any more; `left` tells by which message each that does not
    took them off. `versions` has the oldest evidence first, `history` says in words what each brought.
    """

    hit: Hit
    traveller: Traveller
    flight: FlightLeg
    booking: Booking | None
    sources: tuple[str, ...]
    listed: bool
    left: dict[str, Unlisted]
    versions: tuple[Match, ...]
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """The hit after a decision, and where it goes; `routed` is None for a negative one."""

    hit: Hit
    routed: Routed | Refused | None


def lines(ground: Ground, state: HitState | None, now: datetime, access: Access | None = None) -> list[HitLine]:
    """See Store.hits."""
    if access is None:
        return _lines(ground, state, now)
    if access.purpose != ground.assesses:
        raise UsageFault(
            f"the queue is looked through for purpose {ground.assesses}; a hit for b, with its order (SCR-1, DIS-3)"
        )
    with transaction(ground.db, no_locks, access):
        write_access(ground, access, "review", now=now, article="PNR 6(5)", references=())
        reached = bases_reached(ground.bases, ground.reach(access.actor))
        seen = {hit for hit, basis in ground.db.execute("SELECT hit_id, basis FROM hit").fetchall() if basis in reached}
        return [line for line in _lines(ground, state, now) if line.hit_id in seen]


def _lines(ground: Ground, state: HitState | None, now: datetime) -> list[HitLine]:
    hits = sorted(read_hits(ground, state), key=lambda hit: queue_key(hit, now))
    return [
        HitLine(
            hit_id=hit.hit_id,
            version=hit.version,
            state=hit.state,
            settlement=hit.settlement,
            queue=hit.match.queue,
            leg_key=hit.leg_key,
            list_id=hit.match.list_id,
            entry_id=hit.match.entry_id,
            score=hit.match.score,
            known=sum(1 for evidence in hit.match.evidence if evidence.verdict != "unknown"),
            offences=hit.match.offences,
            raised_at=hit.raised_at,
            deadline_at=hit.deadline_at,
            late=ground.holds_late and needs_approval(hit, now),
            holder=hit.holder,
            unit=hit.unit,
            memory=hit.memory,
            listed=hit.unlisted is None,
            sampled=hit.state == "excluded" and not hit.sample and is_sampled(hit.hit_id, ground.sampling.share),
        )
        for hit in hits
    ]


@again_if_in_the_way
def open_file(ground: Ground, hit_id: str, access: Access, now: datetime) -> HitFile:
    """See Store.hit."""
    with transaction(ground.db, lambda: legs_of_hits(ground, "hit_id = ?", (hit_id,)), access):
        hit = must_read_hit(ground, hit_id)
        _refuse_restricted(ground, hit)
        if access.purpose == "c":
            raise UsageFault("a hit is looked at for purpose a or b (SCR-1)")
        if access.purpose == "a" and ground.holds_late and needs_approval(hit, now):
            must_cover(ground.db, "", (), now)
        kept = open_traveller(ground, hit.record_id)
        listings = {source: getattr(kept.person, source) for source in ("api", "pnr")}
        leg_id, floors = ground.db.execute(
            "SELECT leg_id, floors FROM leg JOIN hit USING (leg_id) WHERE hit_id = ?", (hit_id,)
        ).fetchone()
        left = left_lists(ground, leg_id, kept.person, from_json(Floors, floors.encode()))
        versions = read_versions(ground, hit_id)
        file = HitFile(
            hit=hit,
            traveller=kept.person.view,
            flight=flight_of(ground, hit),
            booking=_booking(ground, hit, listings["pnr"].locator if listings["pnr"] else ""),
            sources=tuple(source for source, listing in listings.items() if listing),
            listed=len(left) < len(kept.person.listings),
            left=left,
            versions=tuple(one.match for one in versions),
            history=tuple(_history(versions)),
        )
        references = (f"hit:{hit_id}", f"record:{hit.record_id}")
        write_access(ground, access, "review", now=now, article="PNR 6(5)", references=references)
    return file


def _history(versions: Sequence[Version]) -> Iterator[Step]:
    before = None
    for one in versions:
        words = step_in_words(before, one.match, one.brought, one.settlement)
        yield Step(one.version, one.at, one.brought, one.settlement, words)
        before = one.match


@again_if_in_the_way
def claim(ground: Ground, hit_id: str, access: Access, now: datetime) -> Hit:
    """See Store.claim."""
    holder = access.actor
    ground.admit(holder, "review", now, hits=(hit_id,))
    with transaction(ground.db, lambda: legs_of_hits(ground, "hit_id = ?", (hit_id,))):
        hit = open_review(must_read_hit(ground, hit_id), holder, now, ground.profile.review.claim_minutes)
        update_hit(ground, hit)
        write_entry(
            ground, "alteration", now=now, article="PNR 6(5)", case=access.case, actor=holder,
            purpose=access.purpose, references=(f"hit:{hit_id}",), counts={"claimed": 1},
        )  # fmt: skip
    return hit


@again_if_in_the_way
def decide(ground: Ground, decision: Decision, codes: ReviewCodes, case: str) -> Decided:
    """See Store.decide. A reviewer who holds no claim takes one by deciding, unless another holds the hit."""
    for person in filter(None, (decision.reviewer, decision.second_reviewer)):
        ground.admit(person, "review", decision.at, hits=(decision.hit_id,))
    with transaction(ground.db, lambda: legs_of_hits(ground, "hit_id = ?", (decision.hit_id,))):
        hit = must_read_hit(ground, decision.hit_id)
        if decision.version_seen == hit.version:
            hit = open_review(hit, decision.reviewer, decision.at, ground.profile.review.claim_minutes)
        if decision.outcome == "confirmed":
            _refuse_restricted(ground, hit)
        seen = read_match(ground, hit.hit_id, decision.version_seen)
        four_eyes = ground.profile.four_eyes(hit.match.list_id)
        holds = ground.holds_late
        hit = decided(hit, decision, codes, four_eyes=four_eyes, holds=holds, seen=seen)
        if hit.state == "confirmed" and holds and needs_approval(hit, decision.at):
            must_cover(ground.db, hit.approval, (hit.hit_id,), decision.at, unused=True)
        keep_decision(ground, hit, decision.at, decision.outcome, decision.reason, decision.reviewer, decision.note)
        wake_of_hit(ground, hit.hit_id, decision.at, decision.reviewer)
        kept = open_traveller(ground, hit.record_id)
        memory = [f"memory:{remember(ground, hit, kept, decision)}"] if decision.not_this_person else []
        write_entry(
            ground, "decision", now=decision.at, article="PNR 6(5)", case=case, actor=decision.reviewer,
            references=(f"hit:{hit.hit_id}", f"record:{hit.record_id}", *memory),
            counts={f"reason.{decision.reason}": 1},
            purpose=purpose_of(hit),
        )  # fmt: skip
        count_decision(ground, hit.match, kept.person.view, decision.outcome, decision.at)
        drop_waiting(ground, hit.hit_id)
        routed = None
        if hit.state == "confirmed":
            flight, view = flight_of(ground, hit), kept.person.view
            routed = ground.routing.route(hit, flight, view.clearance)
            if isinstance(routed, Routed):
                hit = msgspec.structs.replace(hit, unit=routed.unit.id)
                put_in_outbox(ground, hit, view, flight, routed, decision.at)
        update_hit(ground, hit)
    return Decided(hit, routed)


def _refuse_restricted(ground: Ground, hit: Hit) -> None:
    if restricted(ground, (hit.record_id,)):
        raise ReviewFault("the record is restricted at its person's request: pnr rights lift (RGT-4, LED art. 16(3))")


def _booking(ground: Ground, hit: Hit, locator: str) -> Booking | None:
    leg_id, period = ground.db.execute(
        "SELECT leg_id, leg.period FROM leg JOIN hit USING (leg_id) WHERE hit_id = ?", (hit.hit_id,)
    ).fetchone()
    row = ground.db.execute(
        "SELECT record_id, version, period FROM record_head WHERE leg_id = ? AND kind = 'booking' AND booking_key = ?",
        (leg_id, booking_key(ground, leg_id, period, locator)),
    ).fetchone()
    if row is None:
        return None
    return from_json(KeptBooking, *open_bodies(ground, [row])).booking
