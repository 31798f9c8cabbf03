"""The messages of a leg folded into its records and hits: the newest alone, or all of them anew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

import msgspec

from pnr_pipeline.records import FlightLeg, Hit, Match, Traveller
from pnr_pipeline.records.full_list import Floors
from pnr_pipeline.records.join import Member, fold, join_step, probe_keys, regroup
from pnr_pipeline.records.push import Push, fold_flight
from pnr_pipeline.records.push_sets import PushSet, floors_of, in_fold_order, sets_of
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.list_changes import edition
from pnr_pipeline.stores.sql.bookings import bookings_of, fold_bookings, save_bookings
from pnr_pipeline.stores.sql.criteria_hits import mark_judged, settle_criteria
from pnr_pipeline.stores.sql.database import utc_time
from pnr_pipeline.stores.sql.ground import Ground, Term, new_id, term
from pnr_pipeline.stores.sql.legs import Leg, pushes, save_leg
from pnr_pipeline.stores.sql.settling import View, move_deadline, settle_hits, supersede_hits
from pnr_pipeline.stores.sql.shared_keys import note_shared
from pnr_pipeline.stores.sql.standing import mark_unlisted
from pnr_pipeline.stores.sql.travellers import (
    Kept,
    add_listings,
    listings_of_leg,
    save_travellers,
    supersede_travellers,
    travellers_by_keys,
    travellers_of_leg,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What messages do to the travellers of a leg, by record id; `terms` of new and re-dated records."""

    persons: Mapping[str, Person]
    before: Mapping[str, Kept]
    terms: Mapping[str, Term]
    listings: Mapping[Member, str]
    ambiguous: int
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folded:
    """What became of a leg: the sets of its messages, the change, how many were screened, hits raised or changed.

    `by_criteria` are those of criteria, `hits` those of lists.
    """

    sets: Sequence[PushSet]
    change: Change
    looked_at: int
    hits: Sequence[Hit]
    by_criteria: Sequence[Hit]


def fold_leg(
    ground: Ground,
    leg: Leg,
    newest: Push,
    at_hand: Sequence[Match] | None,
    since: Term,
    index: Index,
    case: str,
    now: datetime,
    *,
    whole: bool,
) -> Folded:
    """Fold the message that came last onto its leg, or the `whole` leg anew with it; all messages are stored before.

    `at_hand` are the matches of that message, screened with `index`; None where it was not.
    """
    scheduled, floors, is_new = leg.flight, leg.floors, not leg.newest
    told = pushes(ground, leg) if whole else [(newest, utc_time(since.received_at))]
    sets = sets_of((leg.own(one) for one, _ in told), ground.set_wait)
    folded = in_fold_order(sets)
    before = FlightLeg() if whole else leg.flight
    leg.flight = reduce(fold_flight, (leg.flown(one.flight) for one in folded), before)
    leg.newest = max(leg.newest, *(one.order for one in folded))
    leg.floors = floors_of(sets, Floors() if whole else leg.floors)
    save_leg(ground, leg)
    held = bookings_of(ground, leg, folded)
    bookings, judges = fold_bookings({} if whole else held, folded), ground.criteria.judges(now)
    save_bookings(ground, leg, bookings, held, since)
    if judges:
        note_shared(ground, leg, bookings)
    received_at = {one.message_id: at for one, at in told}
    change = _fold_again(ground, leg, sets, received_at) if whole else _one_step(ground, leg, newest, since)
    save_travellers(ground, leg, change.persons, change.before, change.terms, edition(index, now))
    add_listings(ground, leg, change.listings)
    views = list(_views(change, newest, at_hand, edition(index, now), whole=whole))
    supersede_travellers(ground, leg, change.superseded)
    supersede_hits(ground, change.superseded, now)
    hits = settle_hits(ground, leg, views, index, now, newest.source)
    by_criteria = settle_criteria(ground, leg, _persons(change), judges, newest.source, case, now)
    if judges and is_new:
        mark_judged(ground, leg, now)
    move_deadline(ground, leg, scheduled, now)
    mark_unlisted(ground, leg, change.persons.keys() if leg.floors == floors else None, now)
    return Folded(sets, change, len(views), hits, by_criteria)


def _one_step(ground: Ground, leg: Leg, push: Push, since: Term) -> Change:
    """The newest message of the leg: only who shares a key with it is opened."""
    before = travellers_by_keys(ground, leg, probe_keys(push))
    joined = join_step({one: kept.person for one, kept in before.items()}, [push], lambda _: new_id())
    return Change(
        persons=joined.changed,
        before=before,
        terms={record_id: since for record_id in joined.changed if record_id not in before},
        listings=joined.ids,
        ambiguous=len(joined.ambiguous),
    )


def _fold_again(ground: Ground, leg: Leg, sets: Sequence[PushSet], received_at: Mapping[str, datetime]) -> Change:
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
            kept = before.get(record_id)
            terms[record_id] = term(ground, first, promoted=kept is not None and kept.term.period.startswith("L/"))
    now_told = {ids[group]: person for group, person in persons.items()}
    return Change(
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
    change: Change, newest: Push, at_hand: Sequence[Match] | None, list_version: str, *, whole: bool
) -> Iterator[View]:
    """Those whom screening must judge anew; a person told as before, screened with the same lists, keeps their hits.

    `whole` where the leg was folded again: then persons may be made of other listings than before.
    """
    told_here = {id(traveller) for traveller in newest.travellers} if at_hand is not None else set()
    found: dict[int, list[Match]] = defaultdict(list)
    for match in at_hand or ():
        found[match.traveller].append(match)
    near: dict[str, list[Match]] = defaultdict(list)
    for (message_id, ordinal), record_id in change.listings.items():
        if message_id == newest.message_id and ordinal in found:
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


def _persons(change: Change) -> dict[str, tuple[Person, str]]:
    """Every person told, with the key period of their record."""
    return {
        record_id: (person, (change.terms.get(record_id) or _kept(change.before.get(record_id)).term).period)
        for record_id, person in change.persons.items()
    }


def _kept(old: Kept | None) -> Kept:
    assert old is not None, "a record that is not new is kept"
    return old


def _bare(view: Traveller) -> Traveller:
    """The person without their place in a message."""
    return msgspec.structs.replace(view, ordinal=0, offset=-1, booking=None, accompanied_by=None, pooled_with=None)
