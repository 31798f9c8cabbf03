"""Hits at commit: raised, given new evidence, excluded, superseded (DESIGN 4, Join)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pnr_pipeline.records import FlightLeg, Hit, Match, Traveller
from pnr_pipeline.records.hit import Brought, Ended, Settlement
from pnr_pipeline.retention import assessment_deadline
from pnr_pipeline.retention import is_late as is_past
from pnr_pipeline.review import entry_version, new_evidence, pass_at_once, remembered_as, supersede, told_again
from pnr_pipeline.routing import Routed
from pnr_pipeline.screening import Index, compare, contradiction, in_queue, is_named, screen, settle
from pnr_pipeline.stores.sql.ground import SERVICE, Ground
from pnr_pipeline.stores.sql.hits import hit_id, hits_of_leg, hits_of_records, save_hit, save_version, update_hit
from pnr_pipeline.stores.sql.legs import Leg
from pnr_pipeline.stores.sql.memory import remembered
from pnr_pipeline.stores.sql.relay import put_in_outbox
from pnr_pipeline.stores.sql.restrictions import restricted

_Key = tuple[str, str]
"""List and entry."""


@dataclass(frozen=True, slots=True)
class View:
    """A record whose person is now told like this.

    `matches` where this very view was screened, else None. `near` is what messages about the person matched by
    themselves, `alone` are listings of the person that are to be screened by themselves too: whom a booking names is
    not forgotten because the API list is milder to them, and it is all the same which of the two came first.
    """

    record_id: str
    period: str
    traveller: Traveller
    matches: tuple[Match, ...] | None
    near: tuple[Match, ...] = ()
    alone: tuple[Traveller, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """What all evidence says of a person and an entry; `ended` where there is nothing to judge any more."""

    match: Match | None
    settlement: Settlement
    ended: Ended = ""
    entry_version: str = ""


def settle_hits(
    ground: Ground, leg: Leg, views: Iterable[View], index: Index, now: datetime, brought: Brought
) -> list[Hit]:
    """The hits of these records after all evidence of API and PNR together; returns those raised or changed."""
    told = list(views)
    off = restricted(ground, (view.record_id for view in told))
    told = [view for view in told if view.record_id not in off]
    found, near = _screened(told, index, now)
    held = hits_of_records(ground, [view.record_id for view in told], criteria=False)
    deadline = assessment_deadline(ground.profile, leg.flight, ground.law)
    changed: list[tuple[Hit, str]] = []
    travellers = {view.record_id: view.traveller for view in told}
    for view in told:
        matches, candidates = found[view.record_id], near[view.record_id]
        for hit in held.get(view.record_id, []):
            key = (hit.match.list_id, hit.match.entry_id)
            candidates.discard(key)
            judged = _judged(view.traveller, key, matches.pop(key, None), hit.match, index, now)
            again = msgspec.structs.replace(
                _again(hit, judged, now) or hit,
                deadline_at=deadline.at if deadline else None,
                entry_version=judged.entry_version or hit.entry_version,
            )
            if hit.state in ("new", "suppressed"):
                again = _as_remembered(ground, again, view.traveller, now)
            if again != hit:
                changed.append((again, view.period))
        for key in [*matches, *sorted(candidates - matches.keys())]:
            judged = _judged(view.traveller, key, matches.get(key), None, index, now)
            ours = index.registrations[key[0]].domain == ground.domain
            if ours and judged.match is not None and not judged.ended and judged.settlement != "excluded":
                hit = Hit(
                    hit_id=hit_id(view.record_id, *key),
                    version=1,
                    record_id=view.record_id,
                    leg_key=leg.flight.key,
                    domain=ground.domain,
                    match=judged.match,
                    settlement=judged.settlement,
                    state="new",
                    raised_at=now,
                    changed_at=now,
                    deadline_at=deadline.at if deadline else None,
                    late=is_past(deadline, now),
                    instruction=_instruction(judged.match, index),
                    entry_version=judged.entry_version,
                )
                changed.append((_as_remembered(ground, hit, view.traveller, now), view.period))
    for hit, period in changed:
        save_hit(ground, leg.leg_id, hit, period)
        save_version(ground, hit, period, brought)
    if ground.domain == "border" and ground.profile.border_documents == "at_once":
        for hit, _ in changed:
            if hit.state == "new" and hit.settlement == "confirmed_by_document":
                _pass_on(ground, hit, travellers[hit.record_id], leg.flight, now)
    return [hit for hit, _ in changed]


def _pass_on(ground: Ground, hit: Hit, traveller: Traveller, flight: FlightLeg, now: datetime) -> None:
    """A sought document at the border, into the queue of the unit that checks the person; without one it waits."""
    passed = pass_at_once(hit, SERVICE, now)
    routed = ground.routing.route(passed, flight, traveller.clearance)
    if isinstance(routed, Routed):
        put_in_outbox(ground, passed, traveller, flight, routed, now)
        update_hit(ground, msgspec.structs.replace(passed, unit=routed.unit.id))


def supersede_hits(ground: Ground, records: Iterable[str], now: datetime) -> None:
    """Hits of records that belong to another person now; a sent one stays as it was sent."""
    for hits in hits_of_records(ground, list(records)).values():
        for hit in hits:
            if hit.state not in ("sent", "superseded"):
                update_hit(ground, supersede(hit, now, "record joined with another"))


def move_deadline(ground: Ground, leg: Leg, before: FlightLeg, now: datetime) -> None:
    """Let the open hits of a leg whose schedule moved count down to the new moment."""
    deadline = assessment_deadline(ground.profile, leg.flight, ground.law)
    if deadline == assessment_deadline(ground.profile, before, ground.law):
        return
    for hit in hits_of_leg(ground, leg.leg_id):
        if hit.state not in ("sent", "superseded"):
            update_hit(
                ground, msgspec.structs.replace(hit, deadline_at=deadline.at if deadline else None, changed_at=now)
            )


def _again(hit: Hit, judged: _Judged, now: datetime) -> Hit | None:
    """The hit after this view of its person; None where nothing about it changed."""
    match, settlement = judged.match, judged.settlement
    if hit.state == "superseded":
        is_back = match is not None and not judged.ended and settlement != "excluded"
        return told_again(hit, match, settlement, now) if is_back and match is not None else None
    if match is None:
        if hit.state == "sent":
            return None if hit.ended else msgspec.structs.replace(hit, ended=judged.ended, changed_at=now)
        return supersede(hit, now, judged.ended)
    if judged.ended and hit.state in ("new", "under_review", "suppressed"):
        return supersede(hit, now, judged.ended)
    if judged.ended and hit.state == "excluded":
        return None
    if match == hit.match and (settlement == "excluded") == (hit.settlement == "excluded"):
        return None
    return new_evidence(hit, match, settlement, now)


def _judged(
    traveller: Traveller, key: _Key, match: Match | None, before: Match | None, index: Index, now: datetime
) -> _Judged:
    """`match` where screening found one, else None; `before` that of the hit as it stands."""
    match = match or compare(traveller, *key, index, now)
    entry = index.entry(*key)
    if match is None or entry is None:
        return _Judged(None, "possible", "entry withdrawn")
    match = _placeless(match)
    settlement = settle(before, match, contradiction(match, traveller, entry))
    if settlement == "excluded" or in_queue(match) or is_named(match, index.rules.weights.prior):
        return _Judged(match, settlement, "", entry_version(entry))
    return _Judged(match, "possible", "another name told since", entry_version(entry))


def _as_remembered(ground: Ground, hit: Hit, traveller: Traveller, now: datetime) -> Hit:
    """A waiting hit, kept down where a memory says "not this person" of traveller and entry version."""
    if hit.state not in ("new", "suppressed"):
        return hit
    key = (hit.match.list_id, hit.match.entry_id)
    return remembered_as(hit, remembered(ground, traveller, *key, hit.entry_version, now), now)


def _screened(
    views: list[View], index: Index, now: datetime
) -> tuple[dict[str, dict[_Key, Match]], dict[str, set[_Key]]]:
    """By record: the matches of its person, and the entries that a message about them matched by itself."""
    found: dict[str, dict[_Key, Match]] = defaultdict(dict)
    near: dict[str, set[_Key]] = defaultdict(set)
    batch = [(view.record_id, True, view.traveller) for view in views if view.matches is None]
    batch += [(view.record_id, False, traveller) for view in views for traveller in view.alone]
    travellers = [msgspec.structs.replace(one, ordinal=place) for place, (_, _, one) in enumerate(batch)]
    for match in screen(travellers, index, now) if batch else ():
        record_id, is_whole, _ = batch[match.traveller]
        if is_whole:
            found[record_id][match.list_id, match.entry_id] = match
        else:
            near[record_id].add((match.list_id, match.entry_id))
    for view in views:
        found[view.record_id] |= {(match.list_id, match.entry_id): match for match in view.matches or ()}
        near[view.record_id] |= {(match.list_id, match.entry_id) for match in view.near}
    return found, near


def _instruction(match: Match, index: Index) -> str:
    """What the unit is asked to do: the entry's own word, else its list's."""
    entry = index.entry(match.list_id, match.entry_id)
    registration = index.registrations.get(match.list_id)
    return (entry.instruction if entry else "") or (registration.instruction if registration else "")


def _placeless(match: Match) -> Match:
    """A stored match belongs to its record: an ordinal would only mislead."""
    return msgspec.structs.replace(match, traveller=0)
