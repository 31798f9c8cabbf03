"""The SQL store as the stages see it: receipts told in counts, and to senders in times and ids."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pnr_pipeline.intake.answers import Stored
from pnr_pipeline.records import Finding, Received, Screened
from pnr_pipeline.stores.receipt import Receipt
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.transforms.elements import Done


class CommittingStore:
    """`transforms.workplace.Store` over the store of one domain."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.seen = store.seen
        self._receipt = store.receipt
        self.begin_attempt = store.begin_attempt
        self.log_positions = store.log_positions
        self.pass_over = store.pass_over
        self.open_receipt = store.open_receipt
        self.mark_incomplete_sets = store.mark_incomplete_sets
        self.relay = store.relay
        self.forget_destroyed_keys = store.forget_destroyed_keys
        self.rescreen = store.rescreen
        self.rejudge = store.rejudge
        self.wake_memories = store.wake_memories
        self.close = store.close

    def stored(self, source: str, item: str, digest: str) -> Stored | None:
        """See transforms.workplace.Store: no count, no hit, no reason leaves with it."""
        kept = self._receipt(source, item, digest)
        if kept is None:
            return None
        ids = tuple(one.message_id for one in kept.messages)
        return Stored(kept.digest[:32], kept.digest, kept.received_at, ids)

    def sweep(self, now: datetime) -> None:
        """See transforms.workplace.Store. Once a day the log is pruned too, by the time that is certain (LOG-3)."""
        certain = self._store.retention.sweep(now).sure_until
        if not certain.hour:
            self._store.log.prune(certain)

    def commit(self, received: Received, screened: Sequence[Screened], *, index: Any, now: datetime) -> Done:
        """See transforms.workplace.Store."""
        return done(self._store.commit(received, screened, index=index, now=now))

    def bury(self, received: Received, reason: str, findings: Sequence[Finding], now: datetime) -> Done:
        """See transforms.workplace.Store."""
        return done(self._store.bury(received, reason, findings, now))


def done(receipt: Receipt) -> Done:
    """The receipt in counts; what was committed before counts as a replay alone."""
    fresh = [] if receipt.replayed else [one for one in receipt.messages if not one.replayed]
    return Done(
        source=receipt.source,
        item=receipt.item,
        digest=receipt.digest,
        messages=len(receipt.messages),
        travellers=sum(one.travellers for one in fresh),
        bookings=sum(one.bookings for one in fresh),
        hits=sum(one.hits for one in fresh),
        replays=len(receipt.messages) - len(fresh),
        withheld=sum(one.withheld for one in fresh),
        buried=tuple(one.dead_letter for one in fresh if one.dead_letter),
    )
