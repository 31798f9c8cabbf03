"""What bookings of a leg have in common, by blind equality: telephones, e-mails and cards as keyed hashes (RET-2).

A hash is under the leg's index key: it tells nothing, meets nothing on another leg, and ends with the key.
"""

from collections.abc import Iterator, Mapping

from pnr_pipeline.records import Booking
from pnr_pipeline.stores.sql.bookings import KeptBooking, booking_key
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.legs import Leg, blind

_PHONE_DIGITS = 8
"""The last ones: with and without the country's code it is the same telephone."""


def note_shared(ground: Ground, leg: Leg, bookings: Mapping[str, KeptBooking]) -> None:
    """Keep the keys of these bookings in place of those they had."""
    for key, kept in bookings.items():
        mine = booking_key(ground, leg.leg_id, leg.period, key)
        drop_shared(ground, leg, mine)
        ground.db.executemany(
            "INSERT INTO shared_key VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                (
                    leg.leg_id,
                    kind,
                    blind(ground, leg.leg_id, leg.period, f"shared {kind} {value}"),
                    mine,
                    leg.period,
                    leg.basis,
                )
                for kind, value in _shared(kept.booking)
            ],
        )


def drop_shared(ground: Ground, leg: Leg, booking: str) -> None:
    """Delete the keys of the booking of this blind key."""
    ground.db.execute(
        "DELETE FROM shared_key WHERE period = ? AND leg_id = ? AND booking_key = ?", (leg.period, leg.leg_id, booking)
    )


def sharing(ground: Ground, leg: Leg, key: str, kind: str) -> int:
    """How many other bookings of the leg have a key of this kind in common with this one."""
    mine = booking_key(ground, leg.leg_id, leg.period, key)
    (number,) = ground.db.execute(
        "SELECT count(DISTINCT theirs.booking_key) FROM shared_key mine"
        " JOIN shared_key theirs USING (leg_id, kind, key)"
        " WHERE mine.period = ? AND theirs.period = ?"
        " AND mine.leg_id = ? AND mine.booking_key = ? AND kind = ? AND theirs.booking_key != mine.booking_key",
        (leg.period, leg.period, leg.leg_id, mine, kind),
    ).fetchone()
    return int(number)


def _shared(booking: Booking) -> Iterator[tuple[str, str]]:
    for contact in booking.contacts:
        digits = "".join(filter(str.isdigit, contact.value))
        if contact.kind == "phone" and len(digits) >= _PHONE_DIGITS:
            yield "contact", digits[-_PHONE_DIGITS:]
        if contact.kind == "email":
            yield "contact", contact.value.casefold()
    for payment in booking.payments:
        if payment.account and payment.expires:
            yield "payment", f"{payment.vendor} {payment.account} {payment.expires}"
