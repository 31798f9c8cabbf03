"""Bookings' records: one a locator on a leg, the newest version."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from pnr_pipeline.records import Booking
from pnr_pipeline.records.clear import clear_booking
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.push import Push, fold_booking
from pnr_pipeline.records.same_person import Listing
from pnr_pipeline.screening.criteria import paid_by_another
from pnr_pipeline.stores.sql.bodies import open_bodies
from pnr_pipeline.stores.sql.ground import Ground, Term, new_id
from pnr_pipeline.stores.sql.legs import Leg, blind

KEEP_BODY = (
    "INSERT INTO body VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (record_id, period) DO UPDATE SET open = excluded.open, identity = excluded.identity"
)
"""Writes a record's body in place of the one it had."""


class KeptBooking(msgspec.Struct, frozen=True):
    """A booking as one message told it; ordinals in it are that message's, resolved by `listing`.

    `third_party` is whether a card's holder is nobody of its travellers; None where no holder is told.
    """

    order: str
    message_id: str
    booking: Booking
    third_party: bool | None = None


def fold_bookings(before: Mapping[str, KeptBooking], pushes: Iterable[Push]) -> dict[str, KeptBooking]:
    """What these messages, in their order, change in the bookings of a leg, by booking key."""
    changed: dict[str, KeptBooking] = {}
    for push in pushes:
        for index, booking in enumerate(push.bookings):
            if booking == Booking():  # its place alone: it was erased
                continue
            key = _key(push, index, booking)
            old = changed.get(key) or before.get(key)
            folded = fold_booking(old.booking if old else None, booking)
            of = push.message_id if folded is booking or old is None else old.message_id
            by_another = old.third_party if folded is not booking and old else _paid_by_another(push, index, booking)
            changed[key] = KeptBooking(push.order, of, folded, by_another)
    return changed


def bookings_of(ground: Ground, leg: Leg, pushes: Iterable[Push]) -> dict[str, KeptBooking]:
    """The stored bookings that these messages tell."""
    keys = {_key(push, index, booking) for push in pushes for index, booking in enumerate(push.bookings)}
    return bookings_by_keys(ground, leg, keys)


def bookings_by_keys(ground: Ground, leg: Leg, keys: Collection[str]) -> dict[str, KeptBooking]:
    """The stored bookings of the leg that have these keys."""
    blinded = {booking_key(ground, leg.leg_id, leg.period, key): key for key in keys}
    rows = ground.db.execute(
        "SELECT booking_key, record_id, version, period FROM record_head"
        " WHERE leg_id = ? AND kind = 'booking' AND booking_key IN (SELECT value FROM json_each(?))",
        (leg.leg_id, to_json(sorted(blinded)).decode()),
    ).fetchall()
    return {
        blinded[key]: from_json(KeptBooking, clear)
        for (key, *_), clear in zip(rows, open_bodies(ground, [head for _, *head in rows]), strict=True)
    }


def save_bookings(
    ground: Ground, leg: Leg, bookings: Mapping[str, KeptBooking], held: Mapping[str, KeptBooking], term: Term
) -> None:
    """Write what changed of these bookings; one that is `held` keeps its record id and its term, the earliest."""
    heads, bodies = [], []
    for key, kept in bookings.items():
        old = held.get(key)
        if old == kept:
            continue
        record_id, version, period = new_id(), 0, term.period
        if old is not None:
            record_id, version, period = ground.db.execute(
                "SELECT record_id, version, period FROM record_head"
                " WHERE leg_id = ? AND booking_key = ? AND kind = 'booking'",
                (leg.leg_id, booking_key(ground, leg.leg_id, leg.period, key)),
            ).fetchone()
        heads.append(
            (record_id, leg.leg_id, version + 1, kept.order, booking_key(ground, leg.leg_id, leg.period, key),
             term.period, term.received_at, term.mask_at, term.mask_because, term.delete_at, term.delete_because,
             leg.basis)
        )  # fmt: skip
        identity = ground.sealer.seal(period, "identity", record_id, version + 1, to_json(kept))
        bodies.append((record_id, period, to_json(clear_booking(kept.booking)).decode(), identity, leg.basis))
    ground.db.executemany(
        "INSERT INTO record_head (record_id, kind, leg_id, status, version, ord, booking_key, period, received_at,"
        " mask_at, mask_because, delete_at, delete_because, basis, list_version)"
        " VALUES (?, 'booking', ?, 'live', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
        " ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, ord = excluded.ord",
        heads,
    )
    ground.db.executemany(KEEP_BODY, bodies)


def move_bookings(ground: Ground, leg: Leg, into: Leg, pushes: Iterable[Push]) -> None:
    """Bookings of a leg onto another one; of two of one locator the record received first stays, for its term."""
    for key in bookings_of(ground, leg, pushes):
        here = (into.leg_id, booking_key(ground, into.leg_id, into.period, key))
        there = (leg.leg_id, booking_key(ground, leg.leg_id, leg.period, key))
        _, *later = ground.db.execute(
            "SELECT record_id, period FROM record_head WHERE kind = 'booking'"
            " AND (leg_id, booking_key) IN (VALUES (?, ?), (?, ?)) ORDER BY received_at",
            (*here, *there),
        ).fetchall()
        ground.db.executemany("DELETE FROM body WHERE record_id = ? AND period = ?", later)
        ground.db.executemany("DELETE FROM record_head WHERE record_id = ?", [(one,) for one, _ in later])
        ground.db.execute(
            "UPDATE record_head SET leg_id = ?, booking_key = ? WHERE leg_id = ? AND booking_key = ?", (*here, *there)
        )


def keys_told(push: Push) -> set[str]:
    """The keys of the bookings that a message tells."""
    return {_key(push, index, booking) for index, booking in enumerate(push.bookings) if booking != Booking()}


def _paid_by_another(push: Push, index: int, booking: Booking) -> bool | None:
    if not any(payment.holder for payment in booking.payments):
        return None
    return paid_by_another(booking.payments, [one for one in push.travellers if one.booking == index])


def key_of_listing(listing: Listing) -> str:
    """The key of the booking that a traveller is listed in."""
    return listing.locator or f"{listing.message_id}#{listing.traveller.booking}"


def _key(push: Push, index: int, booking: Booking) -> str:
    """The locator; a booking without one is told by its message alone."""
    return booking.locator or f"{push.message_id}#{index}"


def booking_key(ground: Ground, leg_id: str, period: str, key: str) -> str:
    """What finds a booking on its leg: its locator as a hash, for what stands as a locator may be anything."""
    return blind(ground, leg_id, period, f"booking {key}").hex()
