"""The store of one processing domain: commit, dead letters, hits, decisions, relay."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pnr_pipeline.records import Finding, Hit, HitState, Received, Screened
from pnr_pipeline.stores.receipt import Receipt
from pnr_pipeline.stores.state import StateFolder


class Store:
    """One open database with its keys. Not shared between threads: each process opens its own. Use as a context."""

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and forget the keys."""
        raise NotImplementedError

    def seen(self, source: str, item: str, digest: str) -> bool:
        """Whether this very item with these bytes (SHA-256 hex) has a receipt: nothing is left to do with it."""
        raise NotImplementedError

    def begin_attempt(self, source: str, item: str, digest: str, now: datetime) -> int:
        """Count, durably and before any work, one more attempt at this item; returns 1, 2, 3 …"""
        raise NotImplementedError

    def commit(self, received: Received, screened: Sequence[Screened], *, index: object, now: datetime) -> Receipt:
        """All messages of one transmission in one transaction, or nothing (DESIGN 4)."""
        raise NotImplementedError

    def bury(self, received: Received, reason: str, findings: Sequence[Finding], now: datetime) -> Receipt:
        """The whole transmission as one sealed dead letter, with its receipt, in one transaction."""
        raise NotImplementedError

    def hits(self, state: HitState | None = None, *, now: datetime) -> Iterator[Hit]:
        """Hits by time left, completeness of evidence, score."""
        raise NotImplementedError

    def relay(self, now: datetime) -> int:
        """Number and publish committed outbox rows; returns how many."""
        raise NotImplementedError


def open_store(state: StateFolder, *, profile: object, law: object, routing: object, now: datetime) -> Store:
    """The store in `state`, made and brought to the newest schema where needed."""
    raise NotImplementedError
