"""Legs and the messages received for them."""

import hmac
import zlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pnr_pipeline.law import Profile
from pnr_pipeline.records import FlightLeg, Message
from pnr_pipeline.records.code_shares import flown_as
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.full_list import Floors
from pnr_pipeline.records.journey_legs import concerned_legs, is_identified
from pnr_pipeline.records.push import Push
from pnr_pipeline.retention import assessment_deadline
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.ground import Ground, Term, new_id
from pnr_pipeline.stores.sql.periods import is_over

_MASTER_CREW_LIST = "336"


@dataclass(slots=True)
class Leg:
    """A leg as stored; `newest` is the order of what was folded last.

    `operated` is carrier and number of the operating flight where the leg is known under several.
    """

    leg_id: str
    flight: FlightLeg
    period: str
    newest: str
    floors: Floors
    basis: int
    operated: tuple[str, str] | None = None

    def flown(self, flight: FlightLeg) -> FlightLeg:
        """This leg as a message tells it, under the number of the operating flight."""
        return flown_as(flight, *self.operated) if self.operated else flight

    def own(self, push: Push) -> Push:
        """The message as it counts for this leg: under a marketing flight's number it lists but the partner's people.

        So it takes nobody off; the operating carrier's list does.
        """
        if self.operated in (None, (push.flight.carrier, push.flight.number)):
            return push
        return msgspec.structs.replace(push, full=False)


def leg_of(message: Message, profile: Profile) -> FlightLeg:
    """The first leg that the message is about: the one that receipts and feeds name."""
    return concerned_legs(message, profile.home_countries)[0]


def leg_key(flight: FlightLeg, message: Message) -> str:
    """The flight's key; where designator, day or origin lacks, the message stands alone: nothing may meet by chance.

    A carrier's master crew list (BGM 336) is on no flight: `crew:QX/2026-Q1`, by quarter of preparation, as the index
    of a leg lives no longer than what was received first (RET-3).
    """
    at = message.prepared_at
    if message.function.partition("+")[0] == _MASTER_CREW_LIST and flight.carrier and at:
        return f"crew:{flight.carrier}/{at.year}-Q{(at.month + 2) // 3}"
    return flight.key if is_identified(flight) else f"message:{message.message_id}"


def main_key(ground: Ground, key: str) -> str:
    """The key of the operating flight, where messages told which one this number stands for; else the key itself."""
    found = ground.db.execute("SELECT main FROM leg_name WHERE leg_key = ?", (key,)).fetchone()
    return str(found[0]) if found else key


def lock_leg(ground: Ground, flight: FlightLeg, key: str, term: Term) -> Leg:
    """The leg of a main key, made if new. The transaction holds the write lock, so it stays as read until commit."""
    columns = "leg_id, flight, period, newest, floors, basis"
    row = ground.db.execute(f"SELECT {columns} FROM leg WHERE leg_key = ?", (key,)).fetchone()  # noqa: S608  # constant
    if row is not None and is_over(ground.db, row[2]):  # its index key is gone: what comes now begins a leg of its own
        ground.db.execute("UPDATE leg SET leg_key = ? WHERE leg_id = ?", (f"ended:{row[0]}", row[0]))
        row = None
    if row is None:
        row = (new_id(), to_json(flight).decode(), term.period, "", to_json(Floors()).decode(),
               ground.bases.of((flight,)))  # fmt: skip
        ground.db.execute(f"INSERT INTO leg ({columns}, leg_key) VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, key))  # noqa: S608  # constant
    leg_id, told, period, newest, floors, basis = row
    operated = ground.db.execute("SELECT carrier, number FROM leg_name WHERE leg_key = ?", (key,)).fetchone()
    flight, since = from_json(FlightLeg, told.encode()), from_json(Floors, floors.encode())
    return Leg(leg_id, flight, period, newest, since, basis, operated)


def read_leg(ground: Ground, leg_id: str) -> Leg:
    """A leg that is there."""
    told, period, newest, floors, basis = ground.db.execute(
        "SELECT flight, period, newest, floors, basis FROM leg WHERE leg_id = ?", (leg_id,)
    ).fetchone()
    flight = from_json(FlightLeg, told.encode())
    return Leg(leg_id, flight, period, newest, from_json(Floors, floors.encode()), basis)


def add_push(ground: Ground, leg: Leg, push: Push, period: str, received_at: str) -> None:
    """Keep the message, sealed, to fold again when a late one or another part of its set arrives.

    Of PNR the earliest receipt wins: what was received first of a leg ends all its messages, or a later one would keep
    whom an earlier one told (LAW 12, question 1). Each push of the border domain has a clock of its own (RET-5).
    """
    if ground.domain == "law_enforcement":
        period = leg.period
    sealed = ground.sealer.seal(period, "push", _sealed_as(leg, push.message_id), 1, zlib.compress(to_json(push), 1))
    ground.db.execute(
        "INSERT INTO push VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            leg.leg_id,
            push.message_id,
            push.order,
            push.source,
            set_of(ground, leg, push),
            period,
            received_at,
            leg.basis,
        ),
    )
    ground.db.execute(
        "INSERT INTO push_body VALUES (?, ?, ?, ?, ?)", (leg.leg_id, push.message_id, period, sealed, leg.basis)
    )


def rewrite_push(ground: Ground, leg: Leg, push: Push, period: str) -> None:
    """Seal a kept message anew, of which something was taken out."""
    sealed = ground.sealer.seal(period, "push", _sealed_as(leg, push.message_id), 1, zlib.compress(to_json(push), 1))
    ground.db.execute(
        "UPDATE push_body SET sealed = ? WHERE leg_id = ? AND message_id = ? AND period = ?",
        (sealed, leg.leg_id, push.message_id, period),
    )


def drop_push(ground: Ground, leg: Leg, message_id: str) -> None:
    """Delete a kept message; who was listed in it stays listed."""
    db, of = ground.db, (leg.leg_id, message_id)
    (period,) = db.execute("SELECT period FROM push WHERE leg_id = ? AND message_id = ?", of).fetchone()
    db.execute("DELETE FROM push_body WHERE period = ? AND leg_id = ? AND message_id = ?", (period, *of))
    db.execute("DELETE FROM push WHERE leg_id = ? AND message_id = ?", of)


def blind(ground: Ground, leg_id: str, period: str, key: str) -> bytes:
    """The key as a hash that means nothing outside this leg nor without its index key (RET-2)."""
    secret = ground.sealer.record_key(period, "index", leg_id)
    return hmac.digest(secret, key.encode(), "sha256")[:16]


def set_of(ground: Ground, leg: Leg, push: Push) -> str:
    """What the parts of one set share, as a hash: carriers make it of anything; '' for a message that is no part."""
    return blind(ground, leg.leg_id, leg.period, f"set {push.set_key}").hex() if push.set_key else ""


def save_leg(ground: Ground, leg: Leg) -> None:
    """Write the leg's schedule, floors and newest message."""
    deadline = assessment_deadline(ground.profile, leg.flight, ground.law)
    ground.db.execute(
        "UPDATE leg SET flight = ?, newest = ?, floors = ?, assess_until = ? WHERE leg_id = ?",
        (
            to_json(leg.flight).decode(),
            leg.newest,
            to_json(leg.floors).decode(),
            utc_text(deadline.at) if deadline else None,
            leg.leg_id,
        ),
    )


def pushes(ground: Ground, leg: Leg) -> list[tuple[Push, datetime]]:
    """Every message of the leg in the order of the fold, with the moment it was received."""
    return [(push, datetime.fromisoformat(received_at)) for push, _, received_at in kept_pushes(ground, leg)]


def kept_pushes(ground: Ground, leg: Leg) -> list[tuple[Push, str, str]]:
    """The same, each with its key period and the moment of receipt as stored."""
    rows = ground.db.execute(
        "SELECT message_id, period, received_at FROM push WHERE leg_id = ? ORDER BY ord", (leg.leg_id,)
    ).fetchall()
    sealed: dict[str, bytes] = {}
    for one in {period for _, period, _ in rows}:
        sealed.update(
            ground.db.execute(
                "SELECT message_id, sealed FROM push_body WHERE leg_id = ? AND period = ?", (leg.leg_id, one)
            ).fetchall()
        )
    return [
        (
            from_json(
                Push,
                zlib.decompress(ground.sealer.open(period, "push", _sealed_as(leg, message_id), 1, sealed[message_id])),
            ),
            period,
            received_at,
        )
        for message_id, period, received_at in rows
    ]


def _sealed_as(leg: Leg, message_id: str) -> str:
    return f"{leg.leg_id}/{message_id}"


def must_fold_again(ground: Ground, leg: Leg, push: Push) -> bool:
    """Whether a newer message of this leg was folded before this one, or another part of its set."""
    if push.order < leg.newest:
        return True
    return bool(push.set_key) and bool(
        ground.db.execute(
            "SELECT 1 FROM push WHERE leg_id = ? AND source = ? AND set_key = ?",
            (leg.leg_id, push.source, set_of(ground, leg, push)),
        ).fetchone()
    )
