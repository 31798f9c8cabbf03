"""Criteria at commit: who fires one becomes a hit for a person's review, or in shadow mode a row that nobody is shown.

Open hits are a function of the facts alone, as those of lists are: what does not fire any more is excluded.
"""

from collections.abc import Mapping
from datetime import datetime

from pnr_pipeline.records import Hit, Match
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.hit import Brought
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.retention import assessment_deadline, is_late
from pnr_pipeline.review import new_evidence, supersede, told_again
from pnr_pipeline.screening.criteria import Around, Judge, Judgement, facts_of, known
from pnr_pipeline.stores.sql.bookings import bookings_by_keys, key_of_listing
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.hits import hit_id, hits_of_records, save_hit, save_version
from pnr_pipeline.stores.sql.legs import Leg
from pnr_pipeline.stores.sql.restrictions import restricted
from pnr_pipeline.stores.sql.shared_keys import sharing

_NAMED = 50
"""Hits that one audit row names; more are counted."""


def settle_criteria(
    ground: Ground,
    leg: Leg,
    persons: Mapping[str, tuple[Person, str]],
    judges: list[Judge],
    brought: Brought,
    case: str,
    now: datetime,
    *,
    changed: bool = False,
) -> list[Hit]:
    """Judge these records (person and key period by id) by the criteria in force; returns hits raised or changed.

    `changed` where the criteria did: then hits of one that ended, with no other in force, end too. Restricted records
    are left alone (RGT-4).
    """
    if not (judges or changed):
        return []
    off = restricted(ground, persons)
    passengers = {one: told for one, told in persons.items() if told[0].view.role != "crew" and one not in off}
    keys = {one: key_of_listing(person.pnr) for one, (person, _) in passengers.items() if person.pnr}
    bookings = bookings_by_keys(ground, leg, set(keys.values()))
    around: dict[str, Around] = {}
    held = hits_of_records(ground, list(passengers), criteria=True)
    found: list[Hit] = []
    shadows = 0
    for record_id, (person, period) in passengers.items():
        key = keys.get(record_id, "")
        kept = bookings.get(key)
        if kept is not None and key not in around:
            around[key] = Around(
                kept.third_party, sharing(ground, leg, key, "contact"), sharing(ground, leg, key, "payment")
            )
        facts = facts_of(person.view, kept.booking if kept else None, leg.flight, around.get(key, Around()))
        told = known(facts.variables())
        judged = [(judge, judge.judge_known(told)) for judge in judges]
        live = {
            (judge.criterion.list_id, judge.criterion.entry_id): (judge, judgement)
            for judge, judgement in judged
            if judge.criterion.mode == "live"
        }
        for hit in held.get(record_id, []):
            again = _again(hit, live.pop((hit.match.list_id, hit.match.entry_id), None), now)
            if again is not None:
                found.append(again)
                _save(ground, leg, again, period, brought if again.version > hit.version else None)
        for judge, judgement in live.values():
            if judgement.fires:
                raised = _raised(ground, leg, record_id, judge.match(judgement), judge, now)
                found.append(raised)
                _save(ground, leg, raised, period, brought)
        firing = [judge.match(one) for judge, one in judged if judge.criterion.mode == "shadow" and one.fires]
        _keep_shadows(ground, leg, record_id, period, firing, now)
        shadows += len(firing)
    write_entry(
        ground, "screening", now=now, article="PNR 6(3)(b)", case=case,
        references=(
            f"leg:{leg.leg_id}",
            *(f"criterion:{judge.criterion.id}/v{judge.criterion.version}" for judge in judges),
            *(f"hit:{hit.hit_id}" for hit in found[:_NAMED]),
        ),
        counts={"records": len(passengers), "hits": len(found), "shadow": shadows},
    )  # fmt: skip
    return found


def mark_judged(ground: Ground, leg: Leg, now: datetime) -> None:
    """Say that all records of the leg were judged by the criteria in force: of a new leg, or one judged anew."""
    ground.db.execute("UPDATE leg SET criteria = ? WHERE leg_id = ?", (ground.criteria.edition(now), leg.leg_id))


def _again(hit: Hit, judged: tuple[Judge, Judgement] | None, now: datetime) -> Hit | None:
    """The hit after this judgement; None where nothing about it changed. One that is no more in force is superseded."""
    if judged is None:
        return None if hit.state in ("sent", "superseded") else supersede(hit, now, "entry withdrawn")
    judge, judgement = judged
    match, fires = judge.match(judgement), judgement.fires
    if hit.state == "superseded":
        return told_again(hit, match, "possible", now) if fires else None
    if match == hit.match:
        return None
    return new_evidence(hit, match, "possible" if fires else "excluded", now)


def _raised(ground: Ground, leg: Leg, record_id: str, match: Match, judge: Judge, now: datetime) -> Hit:
    deadline = assessment_deadline(ground.profile, leg.flight, ground.law)
    return Hit(
        hit_id=hit_id(record_id, match.list_id, match.entry_id),
        version=1,
        record_id=record_id,
        leg_key=leg.flight.key,
        domain=ground.domain,
        match=match,
        settlement="possible",
        state="new",
        raised_at=now,
        changed_at=now,
        deadline_at=deadline.at if deadline else None,
        late=is_late(deadline, now),
        instruction=judge.criterion.instruction,
    )


def _save(ground: Ground, leg: Leg, hit: Hit, period: str, brought: Brought | None) -> None:
    """`brought` where there is new evidence."""
    save_hit(ground, leg.leg_id, hit, period)
    if brought:
        save_version(ground, hit, period, brought)


def _keep_shadows(ground: Ground, leg: Leg, record_id: str, period: str, firing: list[Match], now: datetime) -> None:
    """What fires in shadow mode, since when, with its evidence; what fires no more goes."""
    kept = to_json([hit_id(record_id, match.list_id, match.entry_id) for match in firing]).decode()
    ground.db.execute(
        "DELETE FROM shadow_hit WHERE record_id = ? AND hit_id NOT IN (SELECT value FROM json_each(?))",
        (record_id, kept),
    )
    for match in firing:
        one = hit_id(record_id, match.list_id, match.entry_id)
        ground.db.execute(
            "INSERT INTO shadow_hit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hit_id) DO UPDATE SET"
            " period = excluded.period, sealed = excluded.sealed",
            (one, record_id, leg.leg_id, match.list_id, match.entry_id, utc_text(now), period,
             ground.sealer.seal(period, "hits", f"{one}/shadow", 1, to_json(match)), leg.basis),
        )  # fmt: skip
