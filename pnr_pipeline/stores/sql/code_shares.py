"""Legs of one code-share flight brought together once a message tells that they are one.

Which numbers are one flight is a function of all pairs told, whatever their order. Where several numbers are known, the
leg has the key of the operating flight; what came under others before is folded with it, as if it had been known.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from pnr_pipeline.records import FlightLeg, Message, Traveller
from pnr_pipeline.records.code_shares import Name, main_name, told_pairs
from pnr_pipeline.records.join import person_keys
from pnr_pipeline.records.push import Push
from pnr_pipeline.retention import assessment_deadline
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.sql.bookings import move_bookings
from pnr_pipeline.stores.sql.ground import Ground, Term, write_entry
from pnr_pipeline.stores.sql.hits import hits_of_leg, update_hit
from pnr_pipeline.stores.sql.leg_fold import fold_leg
from pnr_pipeline.stores.sql.legs import Leg, add_push, drop_push, kept_pushes, lock_leg, main_key, pushes, set_of
from pnr_pipeline.stores.sql.standing import mark_unlisted
from pnr_pipeline.stores.sql.travellers import move_keys, travellers_of_leg


def tie_legs(ground: Ground, message: Message, since: Term, index: Index, case: str, now: datetime) -> None:
    """Learn the pairs of numbers that the message tells, and bring legs together that turn out to be one."""
    learnt = [pair for pair in told_pairs(message, ground.profile.home_countries) if _is_new(ground, pair)]
    for pair in learnt:
        _learn(ground, pair, since.received_at)
    for main in sorted({main_key(ground, flown.key) for flown, _ in learnt}):
        keys = ground.db.execute(
            "SELECT leg_key FROM leg JOIN leg_name USING (leg_key) WHERE main = ? ORDER BY period, leg_id", (main,)
        ).fetchall()
        if any(key != main for (key,) in keys):
            legs = [lock_leg(ground, FlightLeg(), key, since) for (key,) in keys]
            _bring_together(ground, main, legs, since, index, case, now)


def of_both(some: Iterable[Traveller], others: Iterable[Traveller]) -> tuple[Traveller, ...]:
    """The travellers of one message on two numbers of one leg, each once."""
    by_place = {one.ordinal: one for one in (*some, *others)}
    return tuple(by_place[ordinal] for ordinal in sorted(by_place))


def _is_new(ground: Ground, pair: tuple[Name, Name]) -> bool:
    """Whether this pair is not known yet: told on every push of a flight, it is learnt once."""
    keys = [name.key for name in pair]
    told = ground.db.execute("SELECT leg_key, main, sold FROM leg_name WHERE leg_key IN (?, ?)", keys).fetchall()
    sold = {key for key, _, sold in told if sold}
    return len(told) < 2 or len({main for _, main, _ in told}) > 1 or pair[1].key not in sold


def _learn(ground: Ground, pair: tuple[Name, Name], told_at: str) -> None:
    """Join the numbers of this pair, and all that are known to be one flight with either."""
    rows = ground.db.execute(
        "SELECT leg_key, carrier, number, sold FROM leg_name"
        " WHERE main IN (SELECT main FROM leg_name WHERE leg_key IN (?, ?))",
        [name.key for name in pair],
    )
    names = {*pair, *(Name(key, carrier, number, bool(sold)) for key, carrier, number, sold in rows)}
    sold = {name.key for name in names if name.sold}
    names = {name._replace(sold=name.key in sold) for name in names}
    main = main_name(names)
    ground.db.executemany(
        "INSERT INTO leg_name VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (leg_key) DO UPDATE SET main = excluded.main,"
        " carrier = excluded.carrier, number = excluded.number, sold = excluded.sold, told_at = excluded.told_at",
        [(one.key, main.key, one.carrier, one.number, int(one.sold), told_at) for one in names],
    )


def _bring_together(
    ground: Ground, key: str, legs: list[Leg], since: Term, index: Index, case: str, now: datetime
) -> None:
    """All of these on the one received first: the index of a leg lives no longer than that (RET-3)."""
    (into, *others) = legs
    for other in others:
        _move(ground, other, into)
        ground.db.execute("DELETE FROM leg WHERE leg_id = ?", (other.leg_id,))
    ground.db.execute("UPDATE leg SET leg_key = ? WHERE leg_id = ?", (key, into.leg_id))
    leg = lock_leg(ground, into.flight, key, since)
    newest, _ = pushes(ground, leg)[-1]
    folded = fold_leg(ground, leg, newest, None, since, index, case, now, whole=True)
    deadline = assessment_deadline(ground.profile, leg.flight, ground.law)
    for hit in hits_of_leg(ground, leg.leg_id):
        if hit.state not in ("sent", "superseded"):
            at = deadline.at if deadline else None
            moved = msgspec.structs.replace(hit, leg_key=leg.flight.key, deadline_at=at)
            if moved != hit:
                update_hit(ground, msgspec.structs.replace(moved, changed_at=now))
    mark_unlisted(ground, leg, None, now)
    write_entry(
        ground, "combination", now=now, article="PNR 6(2)(a)", case=case,
        references=[f"leg:{one.leg_id}" for one in legs], counts={"records": len(folded.change.persons)},
    )  # fmt: skip


def _move(ground: Ground, leg: Leg, into: Leg) -> None:
    """Everything of a leg onto another one, under that one's index key."""
    db = ground.db
    here = {push.message_id: push for push, *_ in kept_pushes(ground, into)}
    told = kept_pushes(ground, leg)
    for push, period, received_at in told:
        twin = here.get(push.message_id)
        if twin is not None:
            drop_push(ground, into, push.message_id)
        add_push(ground, into, _of_both(twin, push), period, received_at)
        if push.set_key:
            db.execute(
                "INSERT INTO open_set SELECT ?, source, ?, message_id, received_at, marked_at, basis FROM open_set"
                " WHERE leg_id = ? AND source = ? AND set_key = ? ON CONFLICT DO NOTHING",
                (into.leg_id, set_of(ground, into, push), leg.leg_id, push.source, set_of(ground, leg, push)),
            )
    move_bookings(ground, leg, into, [push for push, *_ in told])
    move_keys(ground, into, {one: person_keys(kept.person) for one, kept in travellers_of_leg(ground, leg).items()})
    for table in ("record_head", "hit", "shadow_hit", "message"):
        db.execute(f"UPDATE {table} SET leg_id = ? WHERE leg_id = ?", (into.leg_id, leg.leg_id))  # noqa: S608  # constants
    db.execute(
        "INSERT INTO listing SELECT ?, message_id, ordinal, record_id, ?, basis FROM listing"
        " WHERE period = ? AND leg_id = ?"
        " ON CONFLICT DO NOTHING",
        (into.leg_id, into.period, leg.period, leg.leg_id),
    )
    for push, *_ in told:
        drop_push(ground, leg, push.message_id)
    db.execute("DELETE FROM open_set WHERE leg_id = ?", (leg.leg_id,))
    for table in ("listing", "join_key", "shared_key"):
        db.execute(f"DELETE FROM {table} WHERE period = ? AND leg_id = ?", (leg.period, leg.leg_id))  # noqa: S608  # constants


def _of_both(one: Push | None, other: Push) -> Push:
    if one is None:
        return other
    return msgspec.structs.replace(one, travellers=of_both(one.travellers, other.travellers))
