"""Erasure at once: of a person's record (RGT-4), of a message that should never have come, with all it brought (ING-8).

The keys of the period stay, as others need them; so the rows are overwritten (secure_delete, the end of the log), and
each act stands in the ledger beside the keys, by which a restored backup does it again (`acts_again`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, UsageFault
from pnr_pipeline.records import Booking
from pnr_pipeline.records.hit import Brought
from pnr_pipeline.records.push import Push
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.sql.bookings import booking_key, key_of_listing, keys_told
from pnr_pipeline.stores.sql.criteria_hits import settle_criteria
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.exchange_rows import mark_wrong
from pnr_pipeline.stores.sql.ground import Ground, term, write_entry
from pnr_pipeline.stores.sql.kept_acts import keep_act
from pnr_pipeline.stores.sql.leg_fold import fold_leg
from pnr_pipeline.stores.sql.leg_locks import legs_of_ids
from pnr_pipeline.stores.sql.legs import Leg, drop_push, kept_pushes, read_leg, rewrite_push
from pnr_pipeline.stores.sql.relay import forget_lines
from pnr_pipeline.stores.sql.settling import View, settle_hits
from pnr_pipeline.stores.sql.shared_keys import drop_shared
from pnr_pipeline.stores.sql.travellers import drop_listings, open_traveller

Why = Literal["request", "inaccurate", "unlawful"]
_ARTICLES: dict[Why, str] = {"request": "LED 16(2)", "inaccurate": "LED 16(1)", "unlawful": "LED 16(2)"}

_OF_HITS = (
    "DELETE FROM unit_queue WHERE event_id IN (SELECT event_id FROM outbox WHERE hit_id IN ({hits}))",
    "DELETE FROM outbox WHERE hit_id IN ({hits})",
    "DELETE FROM memory WHERE hit_id IN ({hits})",
    "DELETE FROM decision WHERE hit_id IN ({hits})",
    "DELETE FROM hit_version WHERE hit_id IN ({hits})",
    "DELETE FROM memory WHERE record_id = ?",
    "DELETE FROM hit WHERE record_id = ?",
    "DELETE FROM shadow_hit WHERE record_id = ?",
)
_OF_LEG = ("listing", "join_key")
"""What lies with the leg, by its period; with the record, by the record's own:"""
_BY_PERIOD = ("body", "rights_key")
_OF_RECORD = (
    "DELETE FROM promotion WHERE record_id = ?",
    "DELETE FROM archive_find WHERE record_id = ?",
    "DELETE FROM restriction WHERE record_id = ?",
    "DELETE FROM presence WHERE record_id = ?",
    "DELETE FROM rectification WHERE record_id = ?",
    "DELETE FROM record_head WHERE record_id = ?",
)


class Erased(msgspec.Struct, frozen=True):
    """What went: records and hits. `units` were sent a hit of it and must be told (LED art. 16(6), RGT-4).

    `partners` abroad received data of it: `pnr exchange notify` tells them (LED art. 7(3), SEC-5).
    """

    records: int
    hits: int
    units: tuple[str, ...]
    partners: tuple[str, ...] = ()


def erase(ground: Ground, record_id: str, why: Why, access: Access, now: datetime) -> Erased:
    """See Retention.erase."""
    ground.admit(access.actor, "retention", now, records=(record_id,))
    with transaction(ground.db, lambda: _locks(ground, "record_id = ?", record_id)):
        erased, records = _erase(ground, record_id, now)
        if not records:
            raise UsageFault("no record with this id: see `pnr hits show`")
        _note(ground, access, now, _ARTICLES[why], [f"record:{one}" for one in records], erased)
        keep_act(ground, "erase", f"record:{record_id}", access, now)
    _leave_files(ground)
    return erased


def erase_again(ground: Ground, record_id: str, access: Access, now: datetime) -> None:
    """Erase what an older database still has of a record, in the caller's transaction; nothing where it has nothing."""
    erased, records = _erase(ground, record_id, now)
    if records:
        _note(ground, access, now, "LED 16(2)", [f"record:{one}" for one in records], erased, again=1)


def recall(ground: Ground, message_id: str, access: Access, index: Index, now: datetime) -> Erased:
    """See Retention.recall."""
    ground.admit(access.actor, "retention", now)
    with transaction(
        ground.db, lambda: _locks(ground, "leg_id IN (SELECT leg_id FROM push WHERE message_id = ?)", message_id)
    ):
        if not _is_kept(ground, message_id):
            raise UsageFault("no message with this id is kept: see `pnr audit export`")
        recalled = _recall(ground, message_id, access, index, now)
        _note(ground, access, now, "LED 16(2)", [f"message:{message_id}"], recalled)
        keep_act(ground, "recall", f"message:{message_id}", access, now)
    _leave_files(ground)
    return recalled


def recall_again(ground: Ground, message_id: str, access: Access, index: Index, now: datetime) -> None:
    """Recall a message from an older database, in the caller's transaction; one that it does not know may not come."""
    ground.db.execute(
        "INSERT INTO message VALUES (?, 'recalled', NULL, ?) ON CONFLICT DO NOTHING", (message_id, utc_text(now))
    )
    if _is_kept(ground, message_id):
        recalled = _recall(ground, message_id, access, index, now)
        _note(ground, access, now, "LED 16(2)", [f"message:{message_id}"], recalled, again=1)


def _erase(ground: Ground, record_id: str, now: datetime) -> tuple[Erased, list[str]]:
    """Also the ids that went; none where there is no such record."""
    row = ground.db.execute("SELECT leg_id, kind FROM record_head WHERE record_id = ?", (record_id,)).fetchone()
    if row is None:
        return Erased(0, 0, ()), []
    leg = read_leg(ground, row[0])
    units, hits = _sent_to(ground, [record_id])
    records = [record_id]
    if row[1] == "traveller":
        records += _out_of_messages(ground, leg, record_id)
    for one in records:
        _delete(ground, leg, one)
    return Erased(len(records), hits, units, mark_wrong(ground, records, now)), records


def _is_kept(ground: Ground, message_id: str) -> bool:
    return bool(ground.db.execute("SELECT 1 FROM push WHERE message_id = ? LIMIT 1", (message_id,)).fetchone())


def _recall(ground: Ground, message_id: str, access: Access, index: Index, now: datetime) -> Erased:
    records = hits = 0
    told: set[str] = set()
    partners: set[str] = set()
    legs = ground.db.execute("SELECT leg_id, received_at FROM push WHERE message_id = ?", (message_id,)).fetchall()
    for leg_id, received_at in sorted(legs):
        leg = read_leg(ground, leg_id)
        listed = _listed_in(ground, leg, message_id)
        units, number = _sent_to(ground, listed)
        told |= set(units)
        partners |= set(mark_wrong(ground, listed, now))
        hits += number
        for one in listed:
            for statement in _OF_HITS:
                ground.db.execute(statement.format(hits="SELECT hit_id FROM hit WHERE record_id = ?"), (one,))
        records += _without(ground, leg, message_id, received_at, listed, index, access, now)
    return Erased(records, hits, tuple(sorted(told)), tuple(sorted(partners)))


def _without(
    ground: Ground, leg: Leg, message_id: str, received_at: str, listed: list[str], index: Index, access: Access,
    now: datetime,
) -> int:  # fmt: skip
    """Take a message out of its leg and fold what is left anew; how many records went with it."""
    pushes = {push.message_id: push for push, *_ in kept_pushes(ground, leg)}
    recalled = pushes.pop(message_id)
    drop_push(ground, leg, message_id)
    drop_listings(ground, leg, message_id)
    gone = [one for one in listed if not _listings(ground, leg, one)]
    gone += _bookings(ground, leg, keys_told(recalled) - {key for push in pushes.values() for key in keys_told(push)})
    for one in gone:
        _delete(ground, leg, one)
    if pushes:
        newest = max(pushes.values(), key=lambda push: push.order)
        since = term(ground, datetime.fromisoformat(received_at))
        fold_leg(ground, leg, newest, None, since, index, access.case, now, whole=True)
        judge_anew(ground, leg, [one for one in listed if one not in gone], newest.source, index, access.case, now)
    return len(gone)


def judge_anew(
    ground: Ground, leg: Leg, records: list[str], brought: Brought, index: Index, case: str, now: datetime
) -> None:
    """Settle the hits of these records anew, by lists and criteria, in the caller's transaction."""
    kept = [open_traveller(ground, one) for one in records]
    views = [
        View(one.record_id, one.term.period, one.person.view, None, (),
             tuple(listing.traveller for listing in one.person.listings))
        for one in kept
    ]  # fmt: skip
    settle_hits(ground, leg, views, index, now, brought)
    persons = {one.record_id: (one.person, one.term.period) for one in kept}
    settle_criteria(ground, leg, persons, ground.criteria.judges(now), brought, case, now)


def _out_of_messages(ground: Ground, leg: Leg, record_id: str) -> list[str]:
    """Take a traveller out of every kept message; the records of bookings in which nobody is left."""
    try:
        kept = kept_pushes(ground, leg)
        person = open_traveller(ground, record_id).person
    except KeyGone:  # masked, or the leg has ended: the messages are gone already
        return []
    ordinals: dict[str, set[int]] = {}
    for message_id, ordinal in _listings(ground, leg, record_id):
        ordinals.setdefault(message_id, set()).add(ordinal)
    emptied: set[str] = set()
    for push, period, _ in kept:
        if push.message_id in ordinals:
            left = _but(push, ordinals[push.message_id])
            emptied |= keys_told(push) - keys_told(left)
            rewrite_push(ground, leg, left, period)
    mine = {key_of_listing(person.pnr)} if person.pnr else set()
    return _bookings(ground, leg, emptied & mine)


def _but(push: Push, ordinals: set[int]) -> Push:
    """The message without these travellers, and without bookings in which nobody is left; places stay as they are."""
    travellers = tuple(one for one in push.travellers if one.ordinal not in ordinals)
    bookings = tuple(_without_travellers(one, ordinals) for one in push.bookings)
    return msgspec.structs.replace(push, travellers=travellers, bookings=bookings)


def _without_travellers(booking: Booking, ordinals: set[int]) -> Booking:
    left = tuple(one for one in booking.travellers if one not in ordinals)
    if booking.travellers and not left:
        return Booking()
    return msgspec.structs.replace(booking, travellers=left)


def _bookings(ground: Ground, leg: Leg, keys: Iterable[str]) -> list[str]:
    found: list[str] = []
    for key in keys:
        mine = booking_key(ground, leg.leg_id, leg.period, key)
        drop_shared(ground, leg, mine)
        found += [
            record_id
            for (record_id,) in ground.db.execute(
                "SELECT record_id FROM record_head WHERE leg_id = ? AND booking_key = ? AND kind = 'booking'",
                (leg.leg_id, mine),
            ).fetchall()
        ]
    return found


def _delete(ground: Ground, leg: Leg, record_id: str) -> None:
    (period,) = ground.db.execute("SELECT period FROM record_head WHERE record_id = ?", (record_id,)).fetchone()
    for table in _OF_LEG:
        of = (leg.period, leg.leg_id, record_id)
        ground.db.execute(f"DELETE FROM {table} WHERE period = ? AND leg_id = ? AND record_id = ?", of)  # noqa: S608  # constants
    for table in _BY_PERIOD:
        ground.db.execute(f"DELETE FROM {table} WHERE period = ? AND record_id = ?", (period, record_id))  # noqa: S608  # constants
    for statement in (*_OF_HITS, *_OF_RECORD):
        ground.db.execute(statement.format(hits="SELECT hit_id FROM hit WHERE record_id = ?"), (record_id,))


def _sent_to(ground: Ground, records: list[str]) -> tuple[tuple[str, ...], int]:
    """The units that were sent a hit of these records, and how many hits there are."""
    units: set[str] = set()
    hits = 0
    for one in records:
        of = "SELECT hit_id FROM hit WHERE record_id = ?"
        hits += len(ground.db.execute(of, (one,)).fetchall())
        sent = f"SELECT DISTINCT unit FROM outbox WHERE seq IS NOT NULL AND hit_id IN ({of})"  # noqa: S608  # constant
        units |= {unit for (unit,) in ground.db.execute(sent, (one,)).fetchall()}
    return tuple(sorted(units)), hits


def _listed_in(ground: Ground, leg: Leg, message_id: str) -> list[str]:
    rows = ground.db.execute(
        "SELECT DISTINCT record_id FROM listing WHERE period = ? AND leg_id = ? AND message_id = ?",
        (leg.period, leg.leg_id, message_id),
    ).fetchall()
    return [record_id for (record_id,) in rows]


def _listings(ground: Ground, leg: Leg, record_id: str) -> list[tuple[str, int]]:
    """The messages that list this record, each with the traveller's place in it."""
    return ground.db.execute(
        "SELECT message_id, ordinal FROM listing WHERE period = ? AND leg_id = ? AND record_id = ?",
        (leg.period, leg.leg_id, record_id),
    ).fetchall()


def _locks(ground: Ground, where: str, value: str) -> set[str]:
    rows = ground.db.execute(f"SELECT DISTINCT leg_id FROM record_head WHERE {where}", (value,)).fetchall()  # noqa: S608  # constants
    return legs_of_ids(ground, [leg_id for (leg_id,) in rows])


def _note(
    ground: Ground, access: Access, now: datetime, article: str, references: list[str], erased: Erased, again: int = 0
) -> None:
    counts = {"records": erased.records, "hits": erased.hits} | ({"again": again} if again else {})
    write_entry(
        ground, "erasure", now=now, article=article, case=access.case, actor=access.actor, purpose=access.purpose,
        references=references, counts=counts,
    )  # fmt: skip


def _leave_files(ground: Ground) -> None:
    forget_lines(ground)
    ground.db.reclaim()
