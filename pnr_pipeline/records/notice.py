"""What a broker is told besides hits for units: a hit is new or changed, a receipt committed, a message buried.

CloudEvents 1.0 in JSON, with ids, states, codes and counts alone: nothing of a traveller.
"""

from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.records.hit import HitState, Queue, Settlement


class HitNotice(msgspec.Struct, frozen=True):
    """A hit as it stands, without list and flight: a broker holds nothing of those in clear. `deadline` is UTC."""

    hit: str
    version: int
    state: HitState
    settlement: Settlement
    queue: Queue
    late: bool
    deadline: datetime | None


class Acknowledged(msgspec.Struct, frozen=True):
    """One message of a committed receipt; `dead_letter` is the reason code where it was buried, else ''."""

    message_id: str
    kind: str
    travellers: int
    findings: int
    dead_letter: str


class ReceiptNotice(msgspec.Struct, frozen=True):
    """A receipt that is durable (ING-7): source, hash of the item's name, SHA-256 of the bytes in hex, times UTC."""

    source: str
    item: str
    digest: str
    received_at: datetime
    committed_at: datetime
    replayed: bool
    messages: tuple[Acknowledged, ...]


class BurialNotice(msgspec.Struct, frozen=True):
    """A message that could not be used: its letter in the database, why, and until when it is there (UTC)."""

    dead_letter: str
    message_id: str
    source: str
    reason: str
    expires_at: datetime


NoticeTopic = Literal["review", "acknowledgements", "dead-letters"]
NoticeType = Literal["pnr.hit.changed.v1", "pnr.receipt.committed.v1", "pnr.message.buried.v1"]
NoticeData = HitNotice | ReceiptNotice | BurialNotice

TOPIC_OF: dict[NoticeType, NoticeTopic] = {
    "pnr.hit.changed.v1": "review",
    "pnr.receipt.committed.v1": "acknowledgements",
    "pnr.message.buried.v1": "dead-letters",
}


class Notice(msgspec.Struct, frozen=True):
    """The CloudEvent. Its `id` is that of one commit's news: whoever sees it twice sees the same."""

    id: str
    source: str
    time: str
    type: NoticeType
    subject: str
    data: HitNotice | ReceiptNotice | BurialNotice
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"
