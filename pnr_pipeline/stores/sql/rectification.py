"""A person's data put right or completed at their request, screened anew, recipients and source told (LED art. 16).

The change is made in the kept messages themselves and the flight is folded anew, so that nothing told before brings the
wrong value back. Each change is flagged with the record: which field, in which case, by whom; never the value.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, Masked, UsageFault
from pnr_pipeline.records import Document, Traveller
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.sql.case_disclosure import authorities_told
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.erasure import judge_anew
from pnr_pipeline.stores.sql.exchange_rows import mark_wrong
from pnr_pipeline.stores.sql.ground import Ground, new_id, term, write_entry
from pnr_pipeline.stores.sql.leg_fold import fold_leg
from pnr_pipeline.stores.sql.leg_locks import legs_of_ids
from pnr_pipeline.stores.sql.legs import kept_pushes, read_leg, rewrite_push

How = Literal["rectify", "complete"]
_NOTED: dict[How, str] = {"rectify": "rectified", "complete": "completed"}


class Particulars(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a person asks to have put right or added; what is not told stays as it is. Dates ISO 8601.

    `document_number` of a person with several documents replaces the one that is named `instead_of`.
    """

    surname: str = ""
    given_names: str = ""
    date_of_birth: str = ""
    sex: Literal["", "M", "F", "X"] = ""
    nationality: str = ""
    document_number: str = ""
    document_issuer: str = ""
    document_expires: str = ""
    instead_of: str = ""

    @property
    def fields(self) -> list[str]:
        """The names of what is told."""
        told = msgspec.structs.asdict(self)
        return [name for name, value in told.items() if value and name != "instead_of"]


class Notice(msgspec.Struct, frozen=True):
    """Somebody who is to be told of a change: a unit or authority, a partner abroad, the carrier that sent the data."""

    notice_id: str
    record_id: str
    case: str
    what: str
    recipient: str
    at: datetime
    told_at: datetime | None


class Rectified(msgspec.Struct, frozen=True):
    """What was changed in how many messages, hits raised or changed by it, and who is to be told."""

    fields: tuple[str, ...]
    messages: int
    notices: tuple[str, ...]


def change_particulars(
    ground: Ground, record_id: str, how: How, told: Particulars, access: Access, index: Index, now: datetime
) -> Rectified:
    """See Rights.rectify and Rights.complete."""
    ground.admit(access.actor, "rights", now, records=(record_id,))
    if not told.fields:
        raise UsageFault("nothing is told to be changed")
    with transaction(ground.db, lambda: _locks(ground, record_id)):
        row = ground.db.execute(
            "SELECT leg_id, period FROM record_head WHERE record_id = ? AND kind = 'traveller' AND status = 'live'",
            (record_id,),
        ).fetchone()
        if row is None:
            raise UsageFault("no live record of a traveller with this id")
        leg = read_leg(ground, row[0])
        listed = ground.db.execute(
            "SELECT message_id, ordinal FROM listing WHERE period = ? AND leg_id = ? AND record_id = ?",
            (leg.period, leg.leg_id, record_id),
        ).fetchall()
        try:
            kept = kept_pushes(ground, leg)
        except KeyGone:
            raise Masked(
                "the messages of this record have ended: it cannot be changed, restrict it (LED 16(3))"
            ) from None
        changed: set[str] = set()
        messages = 0
        for push, period, _ in kept:
            mine = {ordinal for message_id, ordinal in listed if message_id == push.message_id}
            new = [_changed(one, how, told) if one.ordinal in mine else one for one in push.travellers]
            if new != list(push.travellers):
                messages += 1
                for before, after in zip(push.travellers, new, strict=True):
                    changed.update(_fields(before, after))
                rewrite_push(ground, leg, msgspec.structs.replace(push, travellers=tuple(new)), period)
        if not changed:
            raise UsageFault(f"nothing that is kept is {_NOTED[how]} by this: see the annex of the search")
        newest, _, received_at = max(kept_pushes(ground, leg), key=lambda one: one[0].order)
        since = term(ground, utc_time(received_at))
        fold_leg(ground, leg, newest, None, since, index, access.case, now, whole=True)
        judge_anew(ground, leg, [record_id], newest.source, index, access.case, now)
        _flag(ground, record_id, sorted(changed), access, now)
        notices = queue_notices(ground, record_id, _NOTED[how], access, now)
        tell_dpo(ground, _NOTED[how], f"record:{record_id}", now)
        write_entry(
            ground, "alteration", now=now, article="LED 16(1)", case=access.case, actor=access.actor, purpose="dpo",
            references=(f"record:{record_id}",),
            counts={_NOTED[how]: len(changed), "messages": messages, "notices": len(notices)},
        )  # fmt: skip
    return Rectified(tuple(sorted(changed)), messages, notices)


def queue_notices(ground: Ground, record_id: str, what: str, access: Access, now: datetime) -> tuple[str, ...]:
    """Note who is to be told of a change, in the caller's transaction: recipients and the source (LED 16(5), (6)).

    What partners abroad received is marked as wrong where it was changed.
    """
    hits = [one for (one,) in ground.db.execute("SELECT hit_id FROM hit WHERE record_id = ?", (record_id,)).fetchall()]
    units = ground.db.execute(
        "SELECT DISTINCT unit FROM outbox JOIN hit USING (hit_id) WHERE record_id = ? AND seq IS NOT NULL",
        (record_id,),
    ).fetchall()
    flight = ground.db.execute(
        "SELECT json_extract(flight, '$.carrier') FROM leg JOIN record_head USING (leg_id) WHERE record_id = ?",
        (record_id,),
    ).fetchone()
    told = [f"unit:{unit}" for unit in sorted({*(unit for (unit,) in units), *authorities_told(ground, record_id)})]
    if what != "restricted":
        told += [f"partner:{one}" for one in mark_wrong(ground, [record_id, *hits], now)]
    told.append(f"carrier:{flight[0]}" if flight and flight[0] else "source")
    ground.db.executemany(
        "INSERT INTO rights_notice VALUES (?, ?, ?, ?, ?, ?, NULL, '')",
        [(new_id(), record_id, access.case, what, one, utc_text(now)) for one in told],
    )
    return tuple(told)


def notices(ground: Ground, *, done: bool = False) -> list[Notice]:
    """Who waits to be told, or also who was; oldest first."""
    rows = ground.db.execute(
        "SELECT notice_id, record_id, case_ref, what, recipient, at, told_at FROM rights_notice"
        " WHERE told_at IS NULL OR ? = 1 ORDER BY at, recipient, notice_id",
        (int(done),),
    ).fetchall()
    return [
        Notice(notice_id, record_id, case, what, recipient, utc_time(at), utc_time(told_at) if told_at else None)
        for notice_id, record_id, case, what, recipient, at, told_at in rows
    ]


def note_told(ground: Ground, begun: str, access: Access, now: datetime) -> Notice:
    """Say that a notice went out; in the log. UsageFault where none of this id, or of its first letters, waits."""
    ground.admit(access.actor, "rights", now)
    with transaction(ground.db):
        found = [one for one in notices(ground) if one.notice_id.startswith(begun)]
        if len(found) != 1:
            raise UsageFault(f"{len(found) or 'no'} notices that wait begin like this: pnr rights notices")
        (notice,) = found
        ground.db.execute(
            "UPDATE rights_notice SET told_at = ?, told_by = ? WHERE notice_id = ?",
            (utc_text(now), access.actor, notice.notice_id),
        )
        write_entry(
            ground, "disclosure", now=now, article="LED 16(6)", case=access.case, actor=access.actor, purpose="dpo",
            references=(f"record:{notice.record_id}",), counts={"right.notice": 1},
            recipient=notice.recipient.partition(":")[2] or notice.recipient,
        )  # fmt: skip
    return notice


def flags_of(ground: Ground, record_id: str) -> dict[str, datetime]:
    """Which fields of the record were put right or added at the person's request, and when last."""
    rows = ground.db.execute(
        "SELECT field, max(at) FROM rectification WHERE record_id = ? GROUP BY field ORDER BY field", (record_id,)
    ).fetchall()
    return {field: utc_time(at) for field, at in rows}


def _locks(ground: Ground, record_id: str) -> set[str]:
    rows = ground.db.execute("SELECT leg_id FROM record_head WHERE record_id = ?", (record_id,)).fetchall()
    return legs_of_ids(ground, [leg_id for (leg_id,) in rows])


def _flag(ground: Ground, record_id: str, fields: Iterable[str], access: Access, now: datetime) -> None:
    ground.db.executemany(
        "INSERT INTO rectification SELECT ?, ?, ?, ?, ?, basis FROM record_head WHERE record_id = ?"
        " ON CONFLICT (record_id, field, at) DO NOTHING",
        [(record_id, field, access.case, access.actor, utc_text(now), record_id) for field in fields],
    )


def _changed(one: Traveller, how: How, told: Particulars) -> Traveller:
    """The traveller of one message with what is told: put right where it told something else, added where nothing."""
    new: dict[str, object] = {}
    for field in ("surname", "given_names", "date_of_birth", "sex", "nationality"):
        value = getattr(told, field)
        if value and bool(getattr(one, field)) == (how == "rectify"):
            new[field] = value
    if "nationality" in new:
        new["nationality_alpha3"] = alpha3(told.nationality)
    if told.document_number or told.document_issuer or told.document_expires:
        documents = _documents(one.documents, how, told)
        if documents != one.documents:
            new["documents"] = documents
    return msgspec.structs.replace(one, **new) if new else one


def _documents(documents: tuple[Document, ...], how: How, told: Particulars) -> tuple[Document, ...]:
    issuer = {"issuer": told.document_issuer, "issuer_alpha3": alpha3(told.document_issuer)}
    if how == "complete":
        if documents and not told.document_number:  # what the only document does not tell
            first = documents[0]
            more = (issuer if told.document_issuer and not first.issuer else {}) | (
                {"expires": told.document_expires} if told.document_expires and not first.expires else {}
            )
            return (msgspec.structs.replace(first, **more), *documents[1:]) if len(documents) == 1 else documents
        added = Document("P", told.document_number, expires=told.document_expires or None, **issuer)
        known = {one.number for one in documents}
        return documents if not told.document_number or told.document_number in known else (*documents, added)
    wrong = told.instead_of or (documents[0].number if len(documents) == 1 else "")
    new = ({"number": told.document_number} if told.document_number else {}) | (issuer if told.document_issuer else {})
    new |= {"expires": told.document_expires} if told.document_expires else {}
    return tuple(msgspec.structs.replace(one, **new) if wrong and one.number == wrong else one for one in documents)


def _fields(before: Traveller, after: Traveller) -> Iterable[str]:
    for field in ("surname", "given_names", "date_of_birth", "sex", "nationality", "documents"):
        if getattr(before, field) != getattr(after, field):
            yield field
