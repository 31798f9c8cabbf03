"""Whether the carrier still lists the person of a hit, and which message took them off."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from pnr_pipeline.records.full_list import LIST_KINDS, Floors, taken_off, unlisted_since
from pnr_pipeline.records.hit import Unlisted
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.stores.sql.database import utc_time
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.hits import hits_of_leg, update_hit
from pnr_pipeline.stores.sql.legs import Leg
from pnr_pipeline.stores.sql.travellers import open_traveller


def mark_unlisted(ground: Ground, leg: Leg, told: Collection[str] | None, now: datetime) -> None:
    """Say in the open hits of a leg that nobody lists their person any more, or again; nothing is deleted for it.

    `told` are the records that the message changed; None is all, as where a floor moved anybody may have been left out.
    """
    for hit in hits_of_leg(ground, leg.leg_id, told):
        if hit.state in ("sent", "superseded"):
            continue
        since = unlisted_since(open_traveller(ground, hit.record_id).person, leg.floors)
        unlisted = _message(ground, leg.leg_id, since) if since else None
        if unlisted != hit.unlisted:
            update_hit(ground, msgspec.structs.replace(hit, unlisted=unlisted, changed_at=now))


def left_out(ground: Ground, leg: Leg, before: Floors) -> int:
    """How many the full list that moved the floors of a leg leaves out, who stood on the former one or came since."""
    number = 0
    for kind in LIST_KINDS:
        since, until = before.newest(kind), leg.floors.newest(kind)
        if until > since:
            order = "pnr_ord" if kind == "pnr" else "api_ord"
            (left,) = ground.db.execute(
                f"SELECT count(*) FROM record_head WHERE leg_id = ? AND status = 'live' AND {order} > ''"  # noqa: S608  # constant
                f" AND {order} >= ? AND {order} < ? AND ? IN ('pnr', api_list)",
                (leg.leg_id, since, until, kind),
            ).fetchone()
            number += left
    return number


def left_lists(ground: Ground, leg_id: str, person: Person, floors: Floors) -> dict[str, Unlisted]:
    """The sources that list the person no longer, and the message by which each took them off."""
    off = {source: taken_off(source, listing, floors) for source, listing in person.by_source}
    return {source: _message(ground, leg_id, order) for source, order in off.items() if order}


def _message(ground: Ground, leg_id: str, order: str) -> Unlisted:
    message_id, received_at, function = ground.db.execute(
        "SELECT message_id, push.received_at, coalesce(json_extract(told, '$.function'), '')"
        " FROM push LEFT JOIN feed_message USING (message_id) WHERE leg_id = ? AND ord >= ? ORDER BY ord LIMIT 1",
        (leg_id, order),
    ).fetchone()
    return Unlisted(message_id, function, utc_time(received_at))
