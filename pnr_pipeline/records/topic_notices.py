"""CloudEvents on topics that tell ids, states and times, nothing of a traveller or a flight."""

from typing import ClassVar

import msgspec

RECEIPT = "pnr.receipt.sealed.v1"
"""The type of a sealed receipt, whose data are bytes and no JSON."""


class ReviewNotice(msgspec.Struct, frozen=True):
    """A hit is new, or has a new version: whoever shows the queue looks into the database. `subject` is the hit."""

    TYPE: ClassVar[str] = "pnr.hit.changed.v1"

    hit: str
    version: int
    state: str
    changed_at: str


class DeadLetterNotice(msgspec.Struct, frozen=True):
    """A message could not be used; its bytes stay in the database, sealed, until `expires_at`. `subject` is the letter.

    `rules` are those of its findings.
    """

    TYPE: ClassVar[str] = "pnr.message.buried.v1"

    letter: str
    reason: str
    rules: tuple[str, ...]
    received_at: str
    expires_at: str


class Acknowledgement(msgspec.Struct, frozen=True):
    """What was received is committed (ING-7). `receipt` is the id of the sealed one, `digest` of its clear bytes."""

    TYPE: ClassVar[str] = "pnr.receipt.committed.v1"

    receipt: str
    digest: str
    received_at: str
    committed_at: str
