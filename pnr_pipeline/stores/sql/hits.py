"""How hits are kept: sealed under their record's period, with every version of their evidence."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from pnr_pipeline.errors import KeyGone, UsageFault
from pnr_pipeline.records import FlightLeg, Hit, Match
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.hit import Brought, Settlement
from pnr_pipeline.records.notice import HitNotice
from pnr_pipeline.stores.sql.database import utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.notices import put_notice
from pnr_pipeline.stores.sql.periods import why_gone

CRITERIA = "criteria:"
"""Begins what stands in the place of a list's id in the hit of a criterion."""


class Version(msgspec.Struct, frozen=True):
    """One version of the evidence of a hit: when it came (UTC), who brought it and what it made of the hit."""

    version: int
    at: datetime
    brought: Brought
    settlement: Settlement
    match: Match


def hit_id(record_id: str, list_id: str, entry_id: str) -> str:
    """The same fact is the same hit: record, list, entry."""
    return hashlib.sha256("\0".join((record_id, list_id, entry_id)).encode()).hexdigest()[:32]


def read_hit(ground: Ground, hit_id: str) -> Hit | None:
    """The hit as it stands; None where there is none. KeyGone or Masked say since when it cannot be read, and why."""
    row = ground.db.execute("SELECT version, period, sealed FROM hit WHERE hit_id = ?", (hit_id,)).fetchone()
    if row is None:
        return None
    version, period, sealed = row
    try:
        return from_json(Hit, ground.sealer.open(period, "hits", hit_id, version, sealed))
    except KeyGone as fault:
        raise why_gone(ground.db, period, fault) from None


def must_read_hit(ground: Ground, hit_id: str) -> Hit:
    """The hit as it stands; UsageFault where there is none."""
    hit = read_hit(ground, hit_id)
    if hit is None:
        raise UsageFault("no hit with this id: see `pnr hits list`")
    return hit


def read_hits(ground: Ground, state: str | None) -> Iterator[Hit]:
    """All hits, or those in one state."""
    return _open(ground, "state = ?", (state,)) if state else _open(ground, "TRUE", ())


def hits_of_leg(ground: Ground, leg_id: str, records: Iterable[str] | None = None) -> Iterator[Hit]:
    """The hits of a leg, or of these records of it."""
    if records is None:
        return _open(ground, "leg_id = ?", (leg_id,))
    ids = to_json(sorted(records)).decode()
    return _open(ground, "leg_id = ? AND record_id IN (SELECT value FROM json_each(?))", (leg_id, ids))


def read_match(ground: Ground, hit_id: str, version: int) -> Match | None:
    """The evidence as it was at one version (RGT-5)."""
    return next((one.match for one in read_versions(ground, hit_id) if one.version == version), None)


def keys_of_hits(ground: Ground, leg_id: str) -> dict[str, set[tuple[str, str]]]:
    """List and entry of each hit of a leg, by record."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for record_id, list_id, entry_id in ground.db.execute(
        "SELECT record_id, list_id, entry_id FROM hit WHERE leg_id = ?", (leg_id,)
    ):
        found[record_id].add((list_id, entry_id))
    return found


def read_versions(ground: Ground, hit_id: str) -> list[Version]:
    """Every version of the evidence, oldest first (RGT-5)."""
    rows = ground.db.execute(
        "SELECT version, at, brought, settlement, period, sealed FROM hit_version WHERE hit_id = ? ORDER BY version",
        (hit_id,),
    ).fetchall()
    return [
        Version(
            version, utc_time(at), brought, settlement,
            from_json(Match, ground.sealer.open(period, "hits", f"{hit_id}/match", version, sealed)),
        )
        for version, at, brought, settlement, period, sealed in rows
    ]  # fmt: skip


def save_hit(ground: Ground, leg_id: str, hit: Hit, period: str) -> None:
    """Write the hit, sealed under its record's period: it lives no longer than the record (SCR-7)."""
    sealed = ground.sealer.seal(period, "hits", hit.hit_id, hit.version, to_json(hit))
    ground.db.execute(
        "INSERT INTO hit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT basis FROM leg WHERE leg_id = ?))"
        " ON CONFLICT (hit_id) DO UPDATE SET"
        " state = excluded.state, version = excluded.version, period = excluded.period,"
        " changed_at = excluded.changed_at, sealed = excluded.sealed",
        (hit.hit_id, hit.record_id, leg_id, hit.match.list_id, hit.match.entry_id, hit.state, hit.version, period,
         utc_text(hit.changed_at), sealed, leg_id),
    )  # fmt: skip
    told = HitNotice(hit.hit_id, hit.version, hit.state, hit.settlement, hit.match.queue, hit.late, hit.deadline_at)
    put_notice(ground, "pnr.hit.changed.v1", hit.hit_id, told, hit.changed_at)


def update_hit(ground: Ground, hit: Hit) -> None:
    """Write a new state of a hit that is there; its evidence and period stay."""
    leg_id, period = ground.db.execute("SELECT leg_id, period FROM hit WHERE hit_id = ?", (hit.hit_id,)).fetchone()
    save_hit(ground, leg_id, hit, period)


def save_version(ground: Ground, hit: Hit, period: str, brought: Brought) -> None:
    """Keep the evidence of this version for good: a decision names it (RGT-5)."""
    ground.db.execute(
        "INSERT INTO hit_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT basis FROM hit WHERE hit_id = ?))"
        " ON CONFLICT DO NOTHING",
        (hit.hit_id, hit.version, utc_text(hit.changed_at), hit.match.list_version, hit.match.engine, brought,
         hit.settlement, period,
         ground.sealer.seal(period, "hits", f"{hit.hit_id}/match", hit.version, to_json(hit.match)),
         hit.hit_id),
    )  # fmt: skip


def keep_decision(ground: Ground, hit: Hit, at: datetime, outcome: str, reason: str, reviewer: str, note: str) -> None:
    """What a person decided, as long as the hit is kept; the note sealed with it."""
    (period,) = ground.db.execute("SELECT period FROM hit WHERE hit_id = ?", (hit.hit_id,)).fetchone()
    sealed = ground.sealer.seal(period, "hits", f"{hit.hit_id}/note", hit.version, to_json(note))
    ground.db.execute(
        "INSERT INTO decision (hit_id, at, version, outcome, reason, reviewer, period, sealed, basis)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT basis FROM hit WHERE hit_id = ?))",
        (hit.hit_id, utc_text(at), hit.version, outcome, reason, reviewer, period, sealed, hit.hit_id),
    )


def flight_of(ground: Ground, hit: Hit) -> FlightLeg:
    """The leg of a hit."""
    (flight,) = ground.db.execute(
        "SELECT flight FROM leg JOIN hit USING (leg_id) WHERE hit_id = ?", (hit.hit_id,)
    ).fetchone()
    return from_json(FlightLeg, flight.encode())


def hits_of_records(ground: Ground, records: list[str], *, criteria: bool | None = None) -> Mapping[str, list[Hit]]:
    """The hits of these records by record; only those of criteria, or of lists, where asked."""
    found: dict[str, list[Hit]] = defaultdict(list)
    if not records:
        return found
    ids = to_json(records).decode()
    for hit in _open(ground, "record_id IN (SELECT value FROM json_each(?))", (ids,)):
        if criteria is None or hit.match.list_id.startswith(CRITERIA) == criteria:
            found[hit.record_id].append(hit)
    return found


def _open(ground: Ground, where: str, values: tuple[str, ...]) -> Iterator[Hit]:
    rows = ground.db.execute(f"SELECT hit_id, version, period, sealed FROM hit WHERE {where}", values).fetchall()  # noqa: S608  # constants of this module
    for hit_id, version, period, sealed in rows:
        try:
            yield from_json(Hit, ground.sealer.open(period, "hits", hit_id, version, sealed))
        except KeyGone:  # masked, or on its way out: it stands in no list any more
            continue
