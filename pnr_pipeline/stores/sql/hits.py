"""Hits at commit: raised, given new evidence, excluded, superseded; and how they are kept."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pnr_pipeline.records import FlightLeg, Hit, Match, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.retention import assessment_deadline
from pnr_pipeline.retention import is_late as is_past
from pnr_pipeline.review import new_evidence, supersede
from pnr_pipeline.screening import Index, compare, screen, settle
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.legs import Leg


@dataclass(frozen=True, slots=True)
class View:
    """A record whose person is now told like this; `matches` where this very view was screened, else None."""

    record_id: str
    period: str
    traveller: Traveller
    matches: tuple[Match, ...] | None


def settle_hits(ground: Ground, leg: Leg, views: Iterable[View], index: Index, now: datetime) -> list[Hit]:
    """The hits of these records after all evidence of API and PNR together; returns those raised or changed.

    Open hits are a function of the views alone: what screening no longer finds is excluded, with what now speaks
    against it, whatever was there before.
    """
    told = list(views)
    found = _screened(told, index, now)
    held = _hits_of(ground, [view.record_id for view in told])
    deadline = assessment_deadline(ground.profile, leg.flight)
    changed: list[tuple[Hit, str]] = []
    for view in told:
        matches = found[view.record_id]
        for hit in held.get(view.record_id, []):
            match = matches.pop((hit.match.list_id, hit.match.entry_id), None)
            again = _again(hit, match, view.traveller, index, now)
            if again is not None:
                changed.append((again, view.period))
        for match in matches.values():
            settlement = settle(None, match)
            if settlement != "excluded":
                hit = Hit(
                    hit_id=hit_id(view.record_id, match.list_id, match.entry_id),
                    version=1,
                    record_id=view.record_id,
                    leg_key=leg.flight.key,
                    domain=ground.domain,
                    match=match,
                    settlement=settlement,
                    state="new",
                    raised_at=now,
                    changed_at=now,
                    deadline_at=deadline.at if deadline else None,
                    late=is_past(deadline, now),
                    instruction=_instruction(match, index),
                )
                changed.append((hit, view.period))
    for hit, period in changed:
        save_hit(ground, leg.leg_id, hit, period)
        save_version(ground, hit, period)
    return [hit for hit, _ in changed]


def supersede_hits(ground: Ground, records: Iterable[str], now: datetime) -> None:
    """Hits of records that belong to another person now; a sent one stays as it was sent."""
    for hits in _hits_of(ground, list(records)).values():
        for hit in hits:
            if hit.state not in ("sent", "superseded"):
                update_hit(ground, supersede(hit, now))


def move_deadline(ground: Ground, leg: Leg, before: FlightLeg, now: datetime) -> None:
    """Let the open hits of a leg whose schedule moved count down to the new moment."""
    deadline = assessment_deadline(ground.profile, leg.flight)
    if deadline == assessment_deadline(ground.profile, before):
        return
    for hit in hits_of_leg(ground, leg.leg_id):
        if hit.state not in ("sent", "superseded"):
            update_hit(
                ground, msgspec.structs.replace(hit, deadline_at=deadline.at if deadline else None, changed_at=now)
            )


def hit_id(record_id: str, list_id: str, entry_id: str) -> str:
    """The same fact is the same hit: record, list, entry."""
    return hashlib.sha256("\0".join((record_id, list_id, entry_id)).encode()).hexdigest()[:32]


def read_hit(ground: Ground, hit_id: str) -> Hit | None:
    """The hit as it stands; None where there is none."""
    return next(_open(ground, "hit_id = ?", (hit_id,)), None)


def read_hits(ground: Ground, state: str | None) -> Iterator[Hit]:
    """All hits, or those in one state."""
    return _open(ground, "state = ?", (state,)) if state else _open(ground, "1", ())


def hits_of_leg(ground: Ground, leg_id: str, records: Iterable[str] | None = None) -> Iterator[Hit]:
    """The hits of a leg, or of these records of it."""
    if records is None:
        return _open(ground, "leg_id = ?", (leg_id,))
    ids = to_json(sorted(records)).decode()
    return _open(ground, "leg_id = ? AND record_id IN (SELECT value FROM json_each(?))", (leg_id, ids))


def read_match(ground: Ground, hit_id: str, version: int) -> Match | None:
    """The evidence as it was at one version (RGT-5)."""
    row = ground.db.execute(
        "SELECT period, sealed FROM hit_version WHERE hit_id = ? AND version = ?", (hit_id, version)
    ).fetchone()
    if row is None:
        return None
    return from_json(Match, ground.sealer.open(row[0], "hits", f"{hit_id}/match", version, row[1]))


def save_hit(ground: Ground, leg_id: str, hit: Hit, period: str) -> None:
    """Write the hit, sealed under its record's period: it lives no longer than the record (SCR-7)."""
    sealed = ground.sealer.seal(period, "hits", hit.hit_id, hit.version, to_json(hit))
    ground.db.execute(
        "INSERT INTO hit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hit_id) DO UPDATE SET"
        " state = excluded.state, version = excluded.version, period = excluded.period,"
        " changed_at = excluded.changed_at, sealed = excluded.sealed",
        (hit.hit_id, hit.record_id, leg_id, hit.match.list_id, hit.match.entry_id, hit.state, hit.version, period,
         utc_text(hit.changed_at), sealed),
    )  # fmt: skip


def update_hit(ground: Ground, hit: Hit) -> None:
    """Write a new state of a hit that is there; its evidence and period stay."""
    leg_id, period = ground.db.execute("SELECT leg_id, period FROM hit WHERE hit_id = ?", (hit.hit_id,)).fetchone()
    save_hit(ground, leg_id, hit, period)


def save_version(ground: Ground, hit: Hit, period: str) -> None:
    """Keep the evidence of this version for good: a decision names it (RGT-5)."""
    ground.db.execute(
        "INSERT OR IGNORE INTO hit_version VALUES (?, ?, ?, ?, ?, ?, ?)",
        (hit.hit_id, hit.version, utc_text(hit.changed_at), hit.match.list_version, hit.match.engine, period,
         ground.sealer.seal(period, "hits", f"{hit.hit_id}/match", hit.version, to_json(hit.match))),
    )  # fmt: skip


def flight_of(ground: Ground, hit: Hit) -> FlightLeg:
    """The leg of a hit."""
    (flight,) = ground.db.execute(
        "SELECT flight FROM leg JOIN hit USING (leg_id) WHERE hit_id = ?", (hit.hit_id,)
    ).fetchone()
    return from_json(FlightLeg, flight.encode())


def _again(hit: Hit, match: Match | None, traveller: Traveller, index: Index, now: datetime) -> Hit | None:
    """The hit after this view of its person; None where nothing about it changed."""
    if hit.state == "superseded":
        return None
    if match is not None:
        if match == hit.match:
            return None
        return new_evidence(hit, match, settle(hit.match, match), now)
    weaker = compare(traveller, hit.match.list_id, hit.match.entry_id, index, now)
    if weaker is None:
        return None if hit.state == "sent" else supersede(hit, now)
    weaker = _placeless(weaker)
    return None if weaker == hit.match else new_evidence(hit, weaker, "excluded", now)


def _screened(views: list[View], index: Index, now: datetime) -> dict[str, dict[tuple[str, str], Match]]:
    """Matches by record and entry: those at hand, and the rest screened in one batch."""
    found: dict[str, dict[tuple[str, str], Match]] = defaultdict(dict)
    batch = [view for view in views if view.matches is None]
    travellers = [msgspec.structs.replace(view.traveller, ordinal=place) for place, view in enumerate(batch)]
    fresh = screen(travellers, index, now) if batch else []
    at_hand = [(view.record_id, match) for view in views if view.matches for match in view.matches]
    for record_id, match in (*at_hand, *((batch[match.traveller].record_id, match) for match in fresh)):
        found[record_id][match.list_id, match.entry_id] = _placeless(match)
    return found


def _instruction(match: Match, index: Index) -> str:
    """What the unit is asked to do: the entry's own word, else its list's."""
    entry = index.entry(match.list_id, match.entry_id)
    registration = index.registrations.get(match.list_id)
    return (entry.instruction if entry else "") or (registration.instruction if registration else "")


def _placeless(match: Match) -> Match:
    """A stored match belongs to its record: an ordinal would only mislead."""
    return msgspec.structs.replace(match, traveller=0)


def _hits_of(ground: Ground, records: list[str]) -> Mapping[str, list[Hit]]:
    found: dict[str, list[Hit]] = defaultdict(list)
    if not records:
        return found
    ids = to_json(records).decode()
    for hit in _open(ground, "record_id IN (SELECT value FROM json_each(?))", (ids,)):
        found[hit.record_id].append(hit)
    return found


def _open(ground: Ground, where: str, values: tuple[str, ...]) -> Iterator[Hit]:
    rows = ground.db.execute(f"SELECT hit_id, version, period, sealed FROM hit WHERE {where}", values).fetchall()  # noqa: S608  # constants of this module
    for hit_id, version, period, sealed in rows:
        yield from_json(Hit, ground.sealer.open(period, "hits", hit_id, version, sealed))
