"""Dead letters: what could not be used, sealed for 72 hours at most, with its reason, to be replayed once mended."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, UsageFault
from pnr_pipeline.records import Finding, FlightLeg, Message, Received
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.notice import BurialNotice
from pnr_pipeline.records.unit_event import AnswersFor
from pnr_pipeline.stores.sql.bases import EVERY_STATE, bases_reached
from pnr_pipeline.stores.sql.database import no_locks, transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry
from pnr_pipeline.stores.sql.notices import put_notice
from pnr_pipeline.stores.sql.periods import use_period

_NO_RECORDS = frozenset(("UNREADABLE", "CUSRES", "ACKRES", "GOVREQ", "OTHER"))

_KNOWN = frozenset(("test", "other-mode"))
"""Reasons of letters of which it is known what they are."""

AT_THE_GATE = "gate-pass"
"""The reason of letters of which nothing is kept: what Annex I does not name is deleted on receipt (ING-2)."""

REPLAY_SOURCE = "dead-letters"
"""The source of a letter that comes again; its item is the letter's id."""


class DeadLetter(msgspec.Struct, frozen=True):
    """A dead letter without its bytes. Times are UTC; `findings` say rule and byte, never a value.

    `item` is the name of the file; it lies sealed beside the bytes, '' once their key is gone or where none was asked.
    """

    dead_id: str
    message_id: str
    source: str
    item: str
    reason: str
    findings: tuple[Finding, ...]
    received_at: datetime
    expires_at: datetime
    replayed_at: datetime | None = None
    kept_for: tuple[AnswersFor, ...] = ()


def reason_to_bury(message: Message) -> str:
    """Why this message is not stored as records; '' where it is.

    `test`; its kind in small letters; `unread` where it is too large, or was cut before its first traveller (ENV-08);
    `gate-pass` (BGM 655: people who do not travel, ING-2 and ING-10); `other-mode` (sea, rail, road: their data need a
    store of their own, SCR-12).
    """
    if message.test:
        return "test"
    if message.kind == "PAXLST" and message.function.partition("+")[0] == "655":
        return AT_THE_GATE
    if any(leg.mode for leg in message.flights):
        return "other-mode"
    if message.kind in _NO_RECORDS:
        return message.kind.lower()
    if message.complete or message.travellers or message.bookings:
        return ""
    return "unread" if any(finding.rule == "ENV-08" for finding in message.findings) else ""


def bytes_of(body: bytes, message: Message, messages: Sequence[Message]) -> bytes:
    """The message's own bytes with the head of its interchange: others' data are not kept for its sake."""
    places = sorted({one.offset for one in messages if 0 <= one.offset < len(body)})
    if len(places) < 2 or message.offset not in places:
        return body
    after = places[places.index(message.offset) + 1 :]
    return body[: places[0]] + body[message.offset : after[0] if after else len(body)]


def bury(
    ground: Ground, received: Received, message_id: str, reason: str, findings: Iterable[Finding], body: bytes,
    case: str, now: datetime, flights: Sequence[FlightLeg] = (),
) -> str:  # fmt: skip
    """Seal one letter in the caller's transaction and return its id; the same message again is the same letter.

    Of a gate pass only the row is kept, and at the border of what nobody could read.
    """
    dead_id = hashlib.sha256(f"{message_id}\0{reason}".encode()).hexdigest()[:32]
    if received.source == REPLAY_SOURCE:
        return received.item  # it came again and failed again: it stays as it was, and its 72 hours run on
    period = use_period(ground.db, ground.law, "ingest", received.received_at)
    # at the border nobody can tell that what cannot be read is no booking, which that domain may not have (SCR-12)
    kept = reason != AT_THE_GATE and (ground.domain != "border" or reason in _KNOWN)
    sealed = ground.sealer.seal(period.id, "dead", dead_id, 1, zlib.compress(body, 1)) if kept else b""
    name = ground.sealer.seal(period.id, "dead", _name_of(dead_id), 1, received.item.encode())
    ground.db.execute(
        "INSERT INTO dead_letter VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?) ON CONFLICT (dead_id) DO NOTHING",
        (dead_id, message_id, received.source, name, reason, to_json(tuple(findings)).decode(),
         utc_text(received.received_at), utc_text(period.expires_at), period.id, sealed, ground.bases.of(flights)),
    )  # fmt: skip
    write_entry(
        ground, "collection", now=now, article="PNR 6(1)", case=case, references=(f"message:{message_id}",),
        counts={f"dead_letter.{reason}": 1},
    )  # fmt: skip
    buried = BurialNotice(dead_id, message_id, received.source, reason, period.expires_at)
    put_notice(ground, "pnr.message.buried.v1", dead_id, buried, now)
    return dead_id


def letters(ground: Ground, access: Access | None = None, now: datetime | None = None) -> list[DeadLetter]:
    """All letters that are there, oldest first; the names of their files for who says who they are and why.

    Carriers may name a file after a traveller: so it is noted before the names are returned (SCR-1).
    """
    if access is not None and now is not None:
        with transaction(ground.db):
            write_access(ground, access, "replay", now=now, article="PNR 6(1)", references=())
    reached = bases_reached(ground.bases, ground.reach(access.actor) if access else EVERY_STATE)
    rows = ground.db.execute(
        "SELECT dead_id, message_id, source, name, period, reason, findings, received_at, expires_at, replayed_at,"
        " basis FROM dead_letter ORDER BY received_at, dead_id"
    ).fetchall()
    return [
        DeadLetter(
            dead_id,
            message_id,
            source,
            _opened_name(ground, period, dead_id, name) if access else "",
            reason,
            findings=tuple(from_json(list[Finding], findings.encode())),
            received_at=utc_time(received_at),
            expires_at=utc_time(expires_at),
            replayed_at=utc_time(replayed_at) if replayed_at else None,
            kept_for=ground.bases.told[basis],
        )
        for (
            dead_id,
            message_id,
            source,
            name,
            period,
            reason,
            findings,
            received_at,
            expires_at,
            replayed_at,
            basis,
        ) in rows
        if basis in reached
    ]


def _name_of(dead_id: str) -> str:
    return f"{dead_id}/name"


def _opened_name(ground: Ground, period: str, dead_id: str, name: bytes) -> str:
    try:
        return ground.sealer.open(period, "dead", _name_of(dead_id), 1, name).decode()
    except KeyGone:
        return ""


def replay(ground: Ground, dead_id: str, access: Access, now: datetime) -> Received:
    """The letter's bytes, to go through decode, screen and commit once more; noted before they are returned.

    Raises UsageFault where there is no such letter or nothing of it was kept, KeyGone where its hour has expired.
    """
    with transaction(ground.db, no_locks, access):
        row = ground.db.execute(
            "SELECT message_id, received_at, period, sealed FROM dead_letter WHERE dead_id = ? AND replayed_at IS NULL",
            (dead_id,),
        ).fetchone()
        if row is None:
            raise UsageFault("no dead letter of this id waits: see `pnr dead list`")
        message_id, received_at, period, sealed = row
        if not sealed:
            raise UsageFault("nothing of this letter was kept: no gate pass is, nor the unread at the border")
        body = zlib.decompress(ground.sealer.open(period, "dead", dead_id, 1, sealed))
        write_access(ground, access, "replay", now=now, article="PNR 6(1)", references=(f"message:{message_id}",))
    return Received(source=REPLAY_SOURCE, item=dead_id, body=body, received_at=utc_time(received_at))


def mark_replayed(ground: Ground, received: Received, now: datetime) -> None:
    """A letter whose messages were all stored this time is done with: its bytes go at once."""
    ground.db.execute(
        "UPDATE dead_letter SET replayed_at = ?, sealed = ? WHERE dead_id = ?", (utc_text(now), b"", received.item)
    )
