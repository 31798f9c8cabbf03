"""One message into the store: leg, join, records, hits; inside the transaction of its transmission."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

import msgspec

from pnr_pipeline.records import FlightLeg, Hit, Match, Message, Received, Screened, Traveller
from pnr_pipeline.records.full_list import Floors
from pnr_pipeline.records.join import Member, fold, join_step, probe_keys, regroup
from pnr_pipeline.records.journey_legs import legs_of
from pnr_pipeline.records.push import CANCELLED_FLIGHT, Push, fold_flight, push_of
from pnr_pipeline.records.push_sets import PushSet, floors_of, in_fold_order, sets_of
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.receipt import MessageOutcome
from pnr_pipeline.stores.sql.bookings import bookings_of, fold_bookings, save_bookings
from pnr_pipeline.stores.sql.database import utc_text, utc_time
from pnr_pipeline.stores.sql.feed_findings import LEFT_OUT, count_finding
from pnr_pipeline.stores.sql.ground import Ground, Term, new_id, term, write_entry
from pnr_pipeline.stores.sql.legs import (
    Leg,
    add_push,
    leg_key,
    leg_of,
    lock_leg,
    must_fold_again,
    pushes,
    save_leg,
)
from pnr_pipeline.stores.sql.part_sets import note_set
from pnr_pipeline.stores.sql.settling import View, move_deadline, settle_hits, supersede_hits
from pnr_pipeline.stores.sql.standing import left_out, mark_unlisted
from pnr_pipeline.stores.sql.travellers import (
    Kept,
    add_listings,
    listings_of_leg,
    save_travellers,
    supersede_travellers,
    travellers_by_keys,
    travellers_of_leg,
)

_HITS_NAMED = 50
"""Hits that one audit row names; more are counted."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What a message does to the travellers of a leg, by record id; `terms` of new and re-dated records."""

    persons: Mapping[str, Person]
    before: Mapping[str, Kept]
    terms: Mapping[str, Term]
    listings: Mapping[Member, str]
    ambiguous: int
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a message did to one leg."""

    leg: Leg
    push: Push
    sets: Sequence[PushSet]
    hits: int
    ambiguous: int
    left_out: int


def keep_part(ground: Ground, received: Received, message: Message, case: str, now: datetime) -> MessageOutcome:
    """Store a part of one leg without folding it: another part of its set follows in the same transaction."""
    since = term(ground, received.received_at)
    flight = leg_of(message, ground.profile)
    leg, push = lock_leg(ground, flight, leg_key(flight, message), since), push_of(message, flight)
    add_push(ground, leg, push, since)
    _note_message(ground, message, leg, now)
    _audit_collection(ground, leg, message, push, 0, case, now)
    return MessageOutcome(
        message_id=message.message_id,
        kind=message.kind,
        leg=flight.key,
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
    legs = {leg_key(flight, message): (flight, on) for flight, on in legs_of(message, ground.profile.home_countries)}
    settled = {
        key: _commit_on_leg(ground, received, screened, lock_leg(ground, legs[key][0], key, since),
                            push_of(message, *legs[key]), since, index, case, now)
        for key in sorted(legs)
    }  # fmt: skip
    first = settled[leg_key(leg_of(message, ground.profile), message)]
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
    received: Received,
    screened: Screened,
    leg: Leg,
    push: Push,
    since: Term,
    index: Index,
    case: str,
    now: datetime,
) -> _Settled:
    scheduled, floors = leg.flight, leg.floors
    late = must_fold_again(ground, leg, push)
    add_push(ground, leg, push, since)
    told = pushes(ground, leg) if late else [(push, received.received_at)]
    sets = sets_of((one for one, _ in told), ground.set_wait)
    folded = in_fold_order(sets)
    leg.flight = reduce(fold_flight, (one.flight for one in folded), FlightLeg() if late else leg.flight)
    leg.newest = max(leg.newest, *(one.order for one in folded))
    leg.floors = floors_of(sets, Floors() if late else leg.floors)
    save_leg(ground, leg)
    held = bookings_of(ground, leg, folded)
    save_bookings(ground, leg, fold_bookings({} if late else held, folded), held, since)
    received_at = {one.message_id: at for one, at in told}
    change = _fold_again(ground, leg, sets, received_at) if late else _one_step(ground, leg, push, since)
    save_travellers(ground, leg, change.persons, change.before, change.terms, index.version)
    add_listings(ground, leg, change.listings)
    at_hand = screened.matches if screened.list_version == index.version else None
    views = list(_views(change, push, at_hand, index.version, whole=late))
    supersede_travellers(ground, change.superseded)
    supersede_hits(ground, change.superseded, now)
    hits = settle_hits(ground, leg, views, index, now, push.source)
    move_deadline(ground, leg, scheduled, now)
    mark_unlisted(ground, leg, change.persons.keys(), floors, now)
    _audit(ground, leg, screened.message, push, change, len(views), hits, index, case, now)
    return _Settled(leg, push, sets, len(hits), change.ambiguous, left_out(ground, leg, floors))


def _one_step(ground: Ground, leg: Leg, push: Push, since: Term) -> _Change:
    """The newest message of the leg: only who shares a key with it is opened."""
    before = travellers_by_keys(ground, leg, probe_keys(push))
    joined = join_step({one: kept.person for one, kept in before.items()}, [push], lambda _: new_id())
    return _Change(
        persons=joined.changed,
        before=before,
        terms={record_id: since for record_id in joined.changed if record_id not in before},
        listings=joined.ids,
        ambiguous=len(joined.ambiguous),
    )


def _fold_again(ground: Ground, leg: Leg, sets: Sequence[PushSet], received_at: Mapping[str, datetime]) -> _Change:
    """A message older than what was folded, or a part: the whole leg anew, groups keeping the ids of their listings."""
    persons, members, doubtful = fold(sets)
    before = travellers_of_leg(ground, leg)
    held = listings_of_leg(ground, leg)
    ids = regroup(held, members)
    ids |= {group: new_id() for group in persons if group not in ids}
    terms: dict[str, Term] = {}
    for group, record_id in ids.items():
        first = min(received_at[message_id] for message_id, _ in members[group])
        if record_id not in before or first < utc_time(before[record_id].term.received_at):
            terms[record_id] = term(ground, first)
    now_told = {ids[group]: person for group, person in persons.items()}
    return _Change(
        persons={
            record_id: person
            for record_id, person in now_told.items()
            if record_id in terms or person != before[record_id].person
        },
        before=before,
        terms=terms,
        listings={member: ids[group] for group, listed in members.items() for member in listed},
        ambiguous=len(doubtful - held.keys()),
        superseded=tuple(sorted(before.keys() - now_told.keys())),
    )


def _views(
    change: _Change, push: Push, at_hand: Sequence[Match] | None, list_version: str, *, whole: bool
) -> Iterator[View]:
    """Those whom screening must judge anew; a person told as before, screened with the same lists, keeps their hits.

    `whole` where the leg was folded again: then persons may be made of other listings than before.
    """
    told_here = {id(traveller) for traveller in push.travellers} if at_hand is not None else set()
    found: dict[int, list[Match]] = defaultdict(list)
    for match in at_hand or ():
        found[match.traveller].append(match)
    near: dict[str, list[Match]] = defaultdict(list)
    for (message_id, ordinal), record_id in change.listings.items():
        if message_id == push.message_id and ordinal in found:
            near[record_id] += found[ordinal]
    for record_id in dict.fromkeys((*change.persons, *near)):
        old = change.before.get(record_id)
        person = change.persons.get(record_id) or _kept(old).person
        view = person.view
        is_current = old is not None and old.list_version == list_version
        if old and is_current and record_id not in near and _bare(old.person.view) == _bare(view):
            continue
        period = change.terms[record_id].period if record_id in change.terms else _kept(old).term.period
        # the very object that was screened, so nothing older was filled in and no other source has a say
        matches = tuple(found[view.ordinal]) if id(view) in told_here else None
        # what one source matched before is held as a hit; where that may not be so, each is asked by itself
        apart = len(person.listings) > 1 and (whole or at_hand is None or not is_current)
        alone = tuple(listing.traveller for listing in person.listings) if apart else ()
        yield View(record_id, period, view, matches, tuple(near[record_id]), alone)


def _kept(old: Kept | None) -> Kept:
    assert old is not None, "a record that is not new is kept"
    return old


def _bare(view: Traveller) -> Traveller:
    """The person without their place in a message."""
    return msgspec.structs.replace(view, ordinal=0, offset=-1, booking=None, accompanied_by=None, pooled_with=None)


def _audit(
    ground: Ground,
    leg: Leg,
    message: Message,
    push: Push,
    change: _Change,
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
        counts=counts | {kind: count for kind, count in dropped.items() if count},
    )  # fmt: skip


def _references(message: Message, leg: Leg) -> tuple[str, str]:
    return (f"message:{message.message_id}", f"leg:{leg.leg_id}")


def _listings(kept: Kept | None) -> tuple[object, ...]:
    return kept.person.listings if kept else ()
