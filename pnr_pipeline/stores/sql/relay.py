"""From the outbox to the units' queues: numbered after commit, published once, sealed to the unit.

`seq` is null in the outbox until the relay numbers a row in a transaction of its own, so a row that commits late
is never skipped. One relay works at a time, under a lease. The table `unit_queue` is the queue; the JSON
Lines files are a projection of it (`stores.queue_files`).
"""

import base64
import secrets
from collections.abc import Container
from datetime import datetime
from functools import partial

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import OrderFault, ReviewFault
from pnr_pipeline.records import Domain, FlightLeg, Hit, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.unit_event import Delivery, UnitEvent, UnitEventData
from pnr_pipeline.review import mark_sent, needs_approval
from pnr_pipeline.routing import Routed
from pnr_pipeline.stores.delivered import Delivered, delivered
from pnr_pipeline.stores.durable_file import trouble_in
from pnr_pipeline.stores.queue_files import append_lines, keep_lines
from pnr_pipeline.stores.sealed_box import seal_box
from pnr_pipeline.stores.sql.bases import bases_reached
from pnr_pipeline.stores.sql.database import again_if_in_the_way, no_locks, transaction, utc_text
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.ground import Ground, purpose_of, write_access, write_entry
from pnr_pipeline.stores.sql.hits import read_hit, update_hit
from pnr_pipeline.stores.sql.lease import end_lease, take_lease
from pnr_pipeline.stores.sql.leg_locks import legs_of_hits
from pnr_pipeline.stores.sql.notices import next_numbers, number_notices, stream_of
from pnr_pipeline.stores.sql.order_gate import spend
from pnr_pipeline.telemetry import traces

_TASK = "relay"


_CONDITIONS: dict[Domain, str] = {
    "law_enforcement": "For this case of terrorism or serious crime only (PNR art. 6(6), 7(1), 7(4)); no other use"
    " without law.",
    "border": "For the check of this person at the border only (API art. 6(1)); delete with the check.",
}


def put_in_outbox(ground: Ground, hit: Hit, view: Traveller, flight: FlightLeg, routed: Routed, now: datetime) -> None:
    """The confirmed hit as an event for its unit, in the transaction of the decision.

    At most one event of a hit waits: `drop_waiting` takes the one of an earlier decision away.
    """
    event_id = secrets.token_hex(16)
    (basis,) = ground.db.execute("SELECT basis FROM hit WHERE hit_id = ?", (hit.hit_id,)).fetchone()
    delivery = Delivery(
        view, hit.match, hit.instruction, f"{_CONDITIONS[ground.domain]} {ground.profile.right_of_entry}"
    )
    box = seal_box(ground.units.public(routed.unit.id), to_json(delivery), event_id.encode())
    event = UnitEvent(
        id=event_id,
        source=f"/pnr-pipeline/{ground.profile.id}/{ground.domain}",
        time=utc_text(now),
        subject=hit.hit_id,
        seq=0,
        data=UnitEventData(
            unit=routed.unit.id,
            rule=routed.rule,
            because=routed.because,
            hit=hit.hit_id,
            version=hit.version,
            list=hit.match.list_id,
            entry=hit.match.entry_id,
            offence=hit.offence,
            leg=flight.key,
            deadline=utc_text(hit.deadline_at) if hit.deadline_at else None,
            sealed=base64.b64encode(box).decode(),
            kept_for=ground.bases.told[basis],
        ),
    )
    ground.db.execute(
        "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, NULL, ?)",
        (event_id, routed.unit.id, hit.hit_id, utc_text(now), to_json(event).decode(), basis),
    )


def drop_waiting(ground: Ground, hit_id: str) -> None:
    """Forget what was to be sent and is not: a new decision on the hit takes its place."""
    ground.db.execute("DELETE FROM outbox WHERE hit_id = ? AND seq IS NULL", (hit_id,))


def relay_outbox(ground: Ground, holder: str, now: datetime) -> int:
    """See Store.relay. Where another relay holds the lease nothing is done: it publishes what is committed."""
    published = _publish_waiting(ground, holder, now)
    if published is None:
        return 0
    project(ground)
    with transaction(ground.db, no_locks):
        end_lease(ground, _TASK, holder)
    return published


@again_if_in_the_way
def _publish_waiting(ground: Ground, holder: str, now: datetime) -> int | None:
    """Take the lease, then number what waits; None where another holds it."""
    with transaction(ground.db, no_locks):
        if not take_lease(ground, _TASK, holder, now):
            return None
    with transaction(ground.db, no_locks):
        if not take_lease(ground, _TASK, holder, now):  # the numbers are given by one, whatever the clocks say
            return None
        told = ground.db.execute("SELECT event_id FROM outbox WHERE seq IS NULL").fetchall()
        these = to_json([event for (event,) in told]).decode()
        of_these = "outbox WHERE seq IS NULL AND event_id IN (SELECT value FROM json_each(?))"
        ground.db.hold(legs_of_hits(ground, f"hit_id IN (SELECT hit_id FROM {of_these})", (these,)))  # noqa: S608  # constant
        # read once their legs are held: a decision may have taken one back until then
        waiting = ground.db.execute(
            f"SELECT event_id, unit, hit_id, event FROM {of_these} ORDER BY created_at, event_id",  # noqa: S608  # constant
            (these,),
        ).fetchall()
        published = sum(_publish(ground, event, unit, hit, body, now) for event, unit, hit, body in waiting)
        number_notices(ground, now)
        return published


def project(ground: Ground) -> None:
    """Bring each unit's JSON Lines file up to its queue."""
    for (unit,) in ground.db.execute("SELECT DISTINCT unit FROM unit_queue ORDER BY unit").fetchall():
        with trouble_in("queue files"):
            append_lines(ground.state.queues / f"{unit}.jsonl", partial(_lines, ground, unit))


def forget_lines(ground: Ground) -> None:
    """Take out of the units' files what was deleted from their queues; done again, it does no harm."""
    for path in sorted(ground.state.queues.glob("*.jsonl")):
        with trouble_in("queue files"):
            keep_lines(path, partial(_numbers, ground, path.stem))


def _numbers(ground: Ground, unit: str) -> set[int]:
    return {seq for (seq,) in ground.db.execute("SELECT seq FROM unit_queue WHERE unit = ?", (unit,)).fetchall()}


def read_queue(ground: Ground, unit: str, access: Access, now: datetime) -> list[Delivered]:
    """See Store.queue. Raises StoreFault where the unit's private key is not on this machine."""
    private = ground.units.private(unit)
    with transaction(ground.db, no_locks, access):
        reached = bases_reached(ground.bases, ground.reach(access.actor))
        events = [from_json(UnitEvent, line.encode()) for line in _lines(ground, unit, 0, reached)]
        write_access(
            ground, access, "queue", now=now, article="PNR 7(1)",
            references=(f"unit:{unit}", *(f"hit:{event.subject}" for event in events)),
        )  # fmt: skip
    return [delivered(private, event) for event in events]


def _publish(ground: Ground, event_id: str, unit: str, hit_id: str, event: str, now: datetime) -> int:
    """Number one event and mark its hit sent; 0 where its hit may not be sent, as things are now."""
    hit = read_hit(ground, hit_id)
    assert hit is not None, "an outbox row refers to its hit"
    try:
        sent = hit if hit.state == "sent" else mark_sent(hit, unit, now, holds=ground.holds_late)
        if hit.state != "sent" and ground.holds_late and needs_approval(hit, now):
            spend(ground.db, hit.approval, (hit_id,), now)
            due = ground.law.value("eu.pnr.order_review", now.date()).period.after(now)
            tell_dpo(ground, "disclosure", f"order:{hit.approval}", now, due)
    except (ReviewFault, OrderFault):  # taken back, excluded by new evidence, or late without order: it waits
        return 0
    # counted apart from the queue: what was deleted there must not have its number given again
    seq = next_numbers(ground, stream_of(unit), 1)
    with traces.span("relay") as span:
        span.tell(digest=hit_id)
        told = from_json(UnitEvent, event.encode())
        line = to_json(msgspec.structs.replace(told, seq=seq, traceparent=span.traceparent or msgspec.UNSET)).decode()
    ground.db.execute("UPDATE outbox SET seq = ?, event = '' WHERE event_id = ?", (seq, event_id))
    ground.db.execute(
        "INSERT INTO unit_queue VALUES (?, ?, ?, ?, (SELECT basis FROM hit WHERE hit_id = ?))",
        (unit, seq, event_id, line, hit_id),
    )
    update_hit(ground, sent)
    write_entry(
        ground, "disclosure", now=now, article="PNR 6(6)", case=f"hit:{hit_id}", actor=hit.reviewer, recipient=unit,
        purpose=purpose_of(sent), references=(f"hit:{hit_id}", f"record:{hit.record_id}"),
    )  # fmt: skip
    return 1


def _lines(ground: Ground, unit: str, after: int, reached: Container[int] | None = None) -> list[str]:
    rows = ground.db.execute(
        "SELECT line, basis FROM unit_queue WHERE unit = ? AND seq > ? ORDER BY seq", (unit, after)
    )
    return [line for line, basis in rows.fetchall() if reached is None or basis in reached]
