"""The approver's halves in the store: one box a day of class L, made before anything is sealed under it (DIS-4)."""

from typing import TYPE_CHECKING

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.approver_half import read_card, seal_period_key

if TYPE_CHECKING:  # the ground asks for the half before a term of class L begins
    from pnr_pipeline.stores.sql.ground import Ground


def hold_half(ground: "Ground", period: str) -> None:
    """Make sure that the approver can open `period` (`L/2026-01-10`), in the caller's transaction.

    Call it before the first record is sealed under the period: the sealer refuses until then. Raises StoreFault where
    the approver has published no key for that month, Masked where the period is masked already.
    """
    if ground.db.execute("SELECT 1 FROM approver_seal WHERE period = ?", (period,)).fetchone():
        ground.sealer.approver_key(period)
        return
    try:
        card = read_card(ground.state.approver_card.read_bytes())
    except FileNotFoundError:
        raise StoreFault(
            "no approver has published keys: pnr approver init, then pnr staff add --card (DIS-4)"
        ) from None
    if ground.staff_keys.public(card.approver) != bytes.fromhex(card.signing):
        raise StoreFault("the card of the approver is not of a person of the staff file: pnr staff add --card (SEC-4)")
    box = seal_period_key(card, period, ground.sealer.make_approver_key(period))
    ground.db.execute(
        "INSERT INTO approver_seal VALUES (?, ?, ?, ?)", (period, card.approver, box, ground.bases.of(()))
    )


def box_of(ground: "Ground", period: str) -> bytes:
    """The box of a period; StoreFault where nothing was ever sealed under it."""
    row = ground.db.execute("SELECT box FROM approver_seal WHERE period = ?", (period,)).fetchone()
    if row is None:
        raise StoreFault(f"{period} has no half of the approver's")
    return bytes(row[0])
