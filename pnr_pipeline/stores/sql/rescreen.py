"""Rescreening: what changed of the lists against the live travellers, while purpose (a) lasts (SCR-1, DESIGN 4).

Each live record says with which edition of the lists it was screened; a batch of legs is one transaction that settles
their hits and moves that mark. So a process that dies in the middle has lost nothing and does nothing twice: the next
one goes on with the records that are behind.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pnr_pipeline.records import Match, Traveller
from pnr_pipeline.screening import screen_among
from pnr_pipeline.stores.list_changes import ListChanges
from pnr_pipeline.stores.list_snapshots import Use
from pnr_pipeline.stores.sql.database import again_if_in_the_way, transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.hits import keys_of_hits
from pnr_pipeline.stores.sql.leg_locks import legs_of_ids
from pnr_pipeline.stores.sql.legs import Leg, read_leg
from pnr_pipeline.stores.sql.memory import wake_expired
from pnr_pipeline.stores.sql.settling import View, settle_hits
from pnr_pipeline.stores.sql.standing import mark_unlisted
from pnr_pipeline.stores.sql.travellers import Kept, travellers_behind

_RECORDS_A_TRANSACTION = 500
"""Some 80 ms of CPU: a run that waits for the database meanwhile waits no longer."""
_LEGS_A_TRANSACTION = 50

_BEHIND = "kind = 'traveller' AND status = 'live' AND list_version != ?"


@dataclass(slots=True)
class Rescreened:
    """What a rescreening did: legs and records brought up to the lists in force, hits raised or changed by it."""

    legs: int = 0
    records: int = 0
    hits: int = 0


def rescreen(ground: Ground, changes: ListChanges, now: datetime) -> Rescreened:
    """Bring every live record whose leg may still be assessed up to the lists in force."""
    done = Rescreened()
    wake_expired(ground, now)
    waiting = _legs_behind(ground, changes.edition, now)
    while waiting:
        some = waiting[-_LEGS_A_TRANSACTION:]
        one = _batch(ground, some, changes, now)
        del waiting[len(waiting) - one.legs :]
        done.legs += one.legs
        done.records += one.records
        done.hits += one.hits
    return done


@again_if_in_the_way
def _batch(ground: Ground, legs: list[str], changes: ListChanges, now: datetime) -> Rescreened:
    """The last of these legs, as many as give enough records, in one transaction."""
    done = Rescreened()
    with transaction(ground.db, lambda: legs_of_ids(ground, legs)):
        behind: dict[str, list[Kept]] = {}
        for leg_id in reversed(legs):
            if sum(map(len, behind.values())) >= _RECORDS_A_TRANSACTION:
                break
            behind[leg_id] = list(travellers_behind(ground, leg_id, changes.edition))
        near = _near([kept for records in behind.values() for kept in records], changes, now)
        for leg_id, records in behind.items():
            done.hits += _settle_leg(ground, read_leg(ground, leg_id), records, near, changes, now)
    done.legs, done.records = len(behind), sum(map(len, behind.values()))
    return done


def count_behind(ground: Ground, edition: str, now: datetime) -> int:
    """Live records, on legs that may still be assessed, that were screened with other lists."""
    (number,) = ground.db.execute(
        f"SELECT count(*) FROM record_head JOIN leg USING (leg_id) WHERE assess_until > ? AND {_BEHIND}",  # noqa: S608  # constant
        (utc_text(now), edition),
    ).fetchone()
    return int(number)


def lists_in_use(ground: Ground) -> Use:
    """The versions of lists that some version of a hit names, and the indexes that live records were screened with."""
    hits = ground.db.execute(
        "SELECT DISTINCT list_id, list_version FROM hit_version JOIN hit USING (hit_id)"
    ).fetchall()
    records = ground.db.execute(
        "SELECT DISTINCT list_version FROM record_head WHERE kind = 'traveller' AND status = 'live'"
    ).fetchall()
    return Use(
        frozenset((list_id, version) for list_id, version in hits),
        frozenset(edition.partition("@")[0] for (edition,) in records),
    )


def _legs_behind(ground: Ground, edition: str, now: datetime) -> list[str]:
    """The most urgent last, to be taken first."""
    rows = ground.db.execute(
        f"SELECT leg_id FROM leg WHERE assess_until > ? AND EXISTS (SELECT 1 FROM record_head r"  # noqa: S608  # constant
        f" WHERE r.leg_id = leg.leg_id AND {_BEHIND}) ORDER BY assess_until DESC",
        (utc_text(now), edition),
    ).fetchall()
    return [leg_id for (leg_id,) in rows]


def _settle_leg(
    ground: Ground, leg: Leg, records: list[Kept], near: dict[str, list[Match]], changes: ListChanges, now: datetime
) -> int:
    """Settle the hits that what changed concerns: one of its entries is near, or a hit is about one. How many."""
    held = keys_of_hits(ground, leg.leg_id)
    views = [
        View(kept.record_id, kept.term.period, kept.person.view, None, tuple(near.get(kept.record_id, ())))
        for kept in records
        if kept.record_id in near or held.get(kept.record_id, set()) & changes.since(kept.list_version).touched
    ]
    hits = settle_hits(ground, leg, views, changes.index, now, "list")
    if hits:
        mark_unlisted(ground, leg, {hit.record_id for hit in hits}, now)
    ground.db.execute(
        f"UPDATE record_head SET list_version = ? WHERE leg_id = ? AND {_BEHIND}",  # noqa: S608  # constant
        (changes.edition, leg.leg_id, changes.edition),
    )
    settled = Counter(f"settled.{hit.settlement}" for hit in hits)
    settled += Counter(hit.state for hit in hits if hit.state in ("suppressed", "superseded"))
    write_entry(
        ground, "screening", now=now, article="PNR 6(3)(a)", case=f"list:{changes.index.version}:1",
        references=(f"leg:{leg.leg_id}", f"list:{changes.index.version}", *(f"hit:{hit.hit_id}" for hit in hits[:50])),
        counts={"records": len(records), "hits": len(hits)} | settled,
    )  # fmt: skip
    return len(hits)


def _near(records: list[Kept], changes: ListChanges, now: datetime) -> dict[str, list[Match]]:
    """By record the matches with what changed, of all sources together and of each; all records asked at once."""
    asked: dict[str, list[tuple[str, Traveller]]] = defaultdict(list)
    for kept in records:
        told = [kept.person.view]
        if len(kept.person.listings) > 1:
            told += [listing.traveller for listing in kept.person.listings]
        asked[kept.list_version] += [(kept.record_id, one) for one in told]
    near: dict[str, list[Match]] = defaultdict(list)
    for older, of_edition in asked.items():
        travellers = [msgspec.structs.replace(one, ordinal=number) for number, (_, one) in enumerate(of_edition)]
        for match in screen_among(travellers, changes.since(older).index, changes.index, now):
            near[of_edition[match.traveller][0]].append(match)
    return near
