"""What a case needs goes to its authority, and is kept there under its law: nothing prolongs the unit's copy (RET-10).

Directive (EU) 2016/681 art. 7(1), 12(4). Under an order to disclose, once; sealed to the authority's own key, so the
unit cannot open afterwards what it sent.
"""

import base64
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.records import FlightLeg, Match, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.stores.sealed_box import open_box, seal_box
from pnr_pipeline.stores.sql.database import no_locks, transaction
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.ground import Ground, new_id, write_access, write_entry
from pnr_pipeline.stores.sql.orders import Orders
from pnr_pipeline.stores.sql.restrictions import restricted

CONDITIONS = (
    "For this case of terrorism or serious crime only (PNR art. 7(1), 7(4)); keep it under your own law, by which it"
    " must end too: the unit's copy ends by art. 12 whatever becomes of the case (art. 12(4))."
)
_BOUND = b"pnr-pipeline case letter 1\n"


class DisclosedRecord(msgspec.Struct, frozen=True):
    """One record as the authority keeps it, with the matches that the order names."""

    record_id: str
    flight: FlightLeg
    traveller: Traveller
    matches: tuple[Match, ...]


class CaseLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What is carried to the authority; `box` (base64) is sealed to its key and holds the records. Times are UTC."""

    letter_id: str
    unit: str
    order_id: str
    case: str
    offence: str
    sent_at: datetime
    sender: str
    conditions: str = CONDITIONS
    box: str


def disclose(ground: Ground, order_id: str, unit_id: str, access: Access, now: datetime) -> CaseLetter:
    """See Retention.disclose."""
    unit = ground.routing.recipient(unit_id)
    with transaction(ground.db):
        request, released = Orders(ground).carried_out(order_id, ("disclose",), access, now)
        if restricted(ground, [one.subject for one in released]):
            raise UsageFault("a record of the order is restricted: it is used for nothing (LED art. 16(3), RGT-4)")
        records = tuple(
            DisclosedRecord(
                one.subject, _flight(ground, one.subject), one.traveller,
                tuple(hit.hit.match for hit in released if hit.hit and hit.hit.record_id == one.subject),
            )
            for one in released if one.traveller
        )  # fmt: skip
        if not records:
            raise UsageFault("the order names no record of a traveller: nothing to disclose (DIS-2)")
        letter_id = new_id()
        box = seal_box(ground.units.public(unit.id), to_json(records), _BOUND + letter_id.encode())
        letter = CaseLetter(
            letter_id=letter_id, unit=unit.id, order_id=order_id, case=request.case, offence=request.offence,
            sent_at=now, sender=ground.profile.controller.name, box=base64.b64encode(box).decode(),
        )  # fmt: skip
        due = ground.law.value("eu.pnr.order_review", now.date()).period.after(now)
        tell_dpo(ground, "disclosure", f"order:{order_id}", now, due)
        write_entry(
            ground, "disclosure", now=now, article="PNR 7(1)", case=access.case, actor=access.actor, purpose="b",
            references=(f"order:{order_id}", *(f"record:{one.record_id}" for one in records)),
            counts={"case.records": len(records)}, recipient=unit.id,
        )  # fmt: skip
    Orders(ground).end_key(order_id)
    return letter


def open_letter(ground: Ground, letter: CaseLetter, access: Access, now: datetime) -> tuple[DisclosedRecord, ...]:
    """What a letter holds, opened with the authority's own key, noted first; StoreFault where the key is not here."""
    private = ground.units.private(letter.unit)
    with transaction(ground.db, no_locks, access):
        write_access(
            ground, access, "queue", now=now, article="PNR 7(1)",
            references=(f"unit:{letter.unit}", f"order:{letter.order_id}"),
        )  # fmt: skip
    try:
        box = base64.b64decode(letter.box, validate=True)
    except ValueError:
        raise StoreFault("the letter was changed") from None
    return from_json(tuple[DisclosedRecord, ...], open_box(private, box, _BOUND + letter.letter_id.encode()))


def authorities_told(ground: Ground, record_id: str) -> tuple[str, ...]:
    """The authorities that received the record in a case, from the log: they are told of what changes (LED 16(6))."""
    rows = ground.db.execute(
        "SELECT body FROM audit_entry WHERE body LIKE ? AND body LIKE ?",
        ('%"act":"disclosure"%', f'%"record:{record_id}"%'),
    ).fetchall()
    told = (msgspec.json.decode(body) for (body,) in rows)
    return tuple(sorted({str(one["recipient"]) for one in told if "case.records" in one["counts"]}))


def _flight(ground: Ground, record_id: str) -> FlightLeg:
    (flight,) = ground.db.execute(
        "SELECT flight FROM record_head JOIN leg USING (leg_id) WHERE record_id = ?", (record_id,)
    ).fetchone()
    return from_json(FlightLeg, flight.encode())
