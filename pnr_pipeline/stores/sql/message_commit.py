"""One message into the store: leg, join, records, hits; inside the transaction of its transmission."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pnr_pipeline.audit.statistics import sexes_told
from pnr_pipeline.records import FlightLeg, Hit, Message, Received, Screened, Traveller
from pnr_pipeline.records.journey_legs import legs_of
from pnr_pipeline.records.push import CANCELLED_FLIGHT, Push, push_of
from pnr_pipeline.records.push_sets import PushSet
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.receipt import MessageOutcome
from pnr_pipeline.stores.sql.code_shares import of_both, tie_legs
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.feed_findings import LEFT_OUT, count_finding
from pnr_pipeline.stores.sql.ground import Ground, Term, term, write_entry
from pnr_pipeline.stores.sql.leg_fold import Change, fold_leg
from pnr_pipeline.stores.sql.legs import Leg, add_push, leg_key, leg_of, lock_leg, main_key, must_fold_again
from pnr_pipeline.stores.sql.part_sets import note_set
from pnr_pipeline.stores.sql.populations import smallest_cell
from pnr_pipeline.stores.sql.standing import left_out
from pnr_pipeline.stores.sql.travellers import Kept

_HITS_NAMED = 50
"""Hits that one audit row names; more are counted."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a message did to one leg."""

    leg: Leg
    push: Push
    sets: Sequence[PushSet]
    hits: int
    ambiguous: int
    left_out: int


def keep_part(
    ground: Ground, received: Received, message: Message, index: Index, case: str, now: datetime
) -> MessageOutcome:
    """Store a part of one leg without folding it: another part of its set follows in the same transaction."""
    since = term(ground, received.received_at)
    tie_legs(ground, message, since, index, case, now)
    flight = leg_of(message, ground.profile)
    leg = lock_leg(ground, flight, main_key(ground, leg_key(flight, message)), since)
    push = push_of(message, flight)
    add_push(ground, leg, push, since.period, since.received_at)
    _note_message(ground, message, leg, now)
    _audit_collection(ground, leg, message, push, 0, case, now)
    return MessageOutcome(
        message_id=message.message_id,
        kind=message.kind,
        leg=leg.flight.key,
        travellers=len(message.travellers),
        bookings=len(message.bookings),
        findings=len(message.findings),
    )


def commit_message(
    ground: Ground, received: Received, screened: Screened, index: Index, case: str, now: datetime
) -> MessageOutcome:
    """Store one message that carries travellers, bookings or only news of its legs, and settle its hits.

    Legs are taken in the order of their keys, the same in every process: two messages never wait for each other.
    """
    message = screened.message
    since = term(ground, received.received_at)
    tie_legs(ground, message, since, index, case, now)
    legs: dict[str, tuple[FlightLeg, tuple[Traveller, ...]]] = {}
    for flight, on in legs_of(message, ground.profile.home_countries):
        key = main_key(ground, leg_key(flight, message))
        told, others = legs.get(key, (flight, ()))
        legs[key] = (told, of_both(others, on))
    settled = {
        key: _commit_on_leg(ground, screened, lock_leg(ground, legs[key][0], key, since),
                            push_of(message, *legs[key]), since, index, case, now)
        for key in sorted(legs)
    }  # fmt: skip
    first = settled[main_key(ground, leg_key(leg_of(message, ground.profile), message))]
    gone = sum(one.left_out for one in settled.values())
    if gone and message.function != CANCELLED_FLIGHT:  # that list leaves out everybody, and says so
        count_finding(ground, message.message_id, first.leg.flight.carrier, LEFT_OUT, "I", gone)
    note_set(ground, first.leg, first.push, first.sets, since.received_at)
    _note_message(ground, message, first.leg, now)
    return MessageOutcome(
        message_id=message.message_id,
        kind=message.kind,
        leg=first.leg.flight.key,
        travellers=len(message.travellers),
        bookings=len(message.bookings),
        hits=sum(one.hits for one in settled.values()),
        findings=len(message.findings),
        ambiguous=sum(one.ambiguous for one in settled.values()),
    )


def _note_message(ground: Ground, message: Message, leg: Leg, now: datetime) -> None:
    ground.db.execute(
        "INSERT INTO message VALUES (?, ?, ?, ?)", (message.message_id, message.kind, leg.leg_id, utc_text(now))
    )


def _commit_on_leg(
    ground: Ground,
    screened: Screened,
    leg: Leg,
    push: Push,
    since: Term,
    index: Index,
    case: str,
    now: datetime,
) -> _Settled:
    floors = leg.floors
    late = must_fold_again(ground, leg, push)
    add_push(ground, leg, push, since.period, since.received_at)
    at_hand = screened.matches if screened.list_version == index.version else None
    folded = fold_leg(ground, leg, push, at_hand, since, index, case, now, whole=late)
    change = folded.change
    _audit(ground, leg, screened.message, push, change, folded.looked_at, folded.hits, index, case, now)
    raised = len(folded.hits) + len(folded.by_criteria)
    return _Settled(leg, push, folded.sets, raised, change.ambiguous, left_out(ground, leg, floors))


def _audit(
    ground: Ground,
    leg: Leg,
    message: Message,
    push: Push,
    change: Change,
    looked_at: int,
    hits: Sequence[Hit],
    index: Index,
    case: str,
    now: datetime,
) -> None:
    """Collection, combination and screening, each its own row (LOG-2)."""
    of = _references(message, leg)
    _audit_collection(ground, leg, message, push, len(change.superseded), case, now)
    met = [
        record_id
        for record_id, person in change.persons.items()
        if len(person.listings) == 2 and len(_listings(change.before.get(record_id))) < 2
    ]
    if met:
        write_entry(
            ground,
            "combination",
            now=now,
            article="PNR 6(2)(a)",
            case=case,
            references=of,
            counts={"records": len(met)},
        )
    if looked_at:
        named = [f"hit:{hit.hit_id}" for hit in hits[:_HITS_NAMED]]
        settled = Counter(f"settled.{hit.settlement}" for hit in hits)
        settled += Counter(hit.state for hit in hits if hit.state in ("suppressed", "superseded"))
        write_entry(
            ground, "screening", now=now, article="PNR 6(3)(a)", case=case,
            references=(*of, f"list:{index.version}", *named),
            counts={"records": looked_at, "hits": len(hits)} | settled,
        )  # fmt: skip


def _audit_collection(
    ground: Ground, leg: Leg, message: Message, push: Push, superseded: int, case: str, now: datetime
) -> None:
    counts = {"travellers": len(push.travellers), "bookings": len(message.bookings)}
    dropped = {"dropped": sum(message.dropped.values()), "superseded": superseded}
    write_entry(
        ground, "collection", now=now, article="PNR 6(1)", case=case, references=_references(message, leg),
        counts=counts | {kind: count for kind, count in dropped.items() if count}
        | sexes_told((one.sex for one in push.travellers), smallest_cell(ground, now)),
    )  # fmt: skip


def _references(message: Message, leg: Leg) -> tuple[str, str]:
    return (f"message:{message.message_id}", f"leg:{leg.leg_id}")


def _listings(kept: Kept | None) -> tuple[object, ...]:
    return kept.person.listings if kept else ()
