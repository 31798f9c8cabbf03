"""What a commit did: every message of every transmission accounted for."""

from datetime import datetime

import msgspec

from pnr_pipeline.records import MessageKind


class MessageOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one message. `dead_letter` is the reason code where it was buried, '' where it was kept.

    `hits` counts hits raised or given new evidence, `ambiguous` travellers who could have been more than one known
    person and became a new one. `replayed` is set where this message was committed before; `withheld` where the
    profile sends no copy of such messages to this domain (SCR-12), or the flight is inside the Union and no decision
    selects it (SCR-11), so that nothing of it was kept.
    """

    message_id: str
    kind: MessageKind
    leg: str = ""
    travellers: int = 0
    bookings: int = 0
    hits: int = 0
    findings: int = 0
    ambiguous: int = 0
    replayed: bool = False
    withheld: bool = False
    dead_letter: str = ""


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """The receipt of one transmission; `digest` is the SHA-256 of its bytes in hex, times are UTC."""

    source: str
    item: str
    digest: str
    received_at: datetime
    committed_at: datetime
    messages: tuple[MessageOutcome, ...] = ()
    replayed: bool = False

    @property
    def hits(self) -> int:
        """Hits raised or changed by the whole transmission."""
        return sum(outcome.hits for outcome in self.messages)
