"""What the stages work with: the rulebook, the index, the store, the clock. Built once a process.

Transforms carry a picklable function that finds the process's own workplace; no connection, key or index is
ever pickled, and none is built twice when the pipeline is drained and run again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pnr_pipeline.intake.answers import Stored
from pnr_pipeline.records import Finding, LogPlace, Match, Message, Received, Screened, Traveller
from pnr_pipeline.transforms.elements import Done
from pnr_pipeline.transforms.stop import Stop


class Index(Protocol):
    """The lists screened with; see `screening.Index`."""

    version: str


I = TypeVar("I", bound=Index)  # noqa: E741 the index, in one letter as type variables are


class Store(Protocol):
    """The part of the store that the stages call. Every call raises StoreFault when the store is in trouble."""

    def seen(self, source: str, item: str, digest: str) -> bool:
        """Whether this item with these bytes (SHA-256 in hex) was done before."""

    def stored(self, source: str, item: str, digest: str) -> Stored | None:
        """What a sender may be told of the receipt of this item; None while it is not committed."""

    def log_positions(self, logs: Iterable[str]) -> Mapping[str, int]:
        """The first offset that is not committed, of each partition of a log that was read before."""

    def pass_over(self, place: LogPlace, now: datetime) -> None:
        """Move a log's position behind what needs no commit."""

    def open_receipt(self, sealed: Any, source: str, place: LogPlace | None = None) -> Received:
        """What was sealed for a broker; raises Damaged and KeyGone besides."""

    def begin_attempt(self, source: str, item: str, digest: str, now: datetime) -> int:
        """Count one more attempt, durably; 1 for the first."""

    def commit(self, received: Received, screened: Sequence[Screened], *, index: object, now: datetime) -> Done:
        """All messages, their hits and the source position in one transaction."""

    def bury(self, received: Received, reason: str, findings: Sequence[Finding], now: datetime) -> Done:
        """The transmission as a sealed dead letter, and the source position, in one transaction."""

    def mark_incomplete_sets(self, now: datetime) -> int:
        """Mark lists of which parts are missing for too long (ENV-09); how many."""

    def rescreen(self, changes: Any, now: datetime) -> object:
        """Screen the live travellers with what changed of the lists."""

    def rejudge(self, now: datetime) -> object:
        """Judge the live travellers by criteria that changed."""

    def wake_memories(self, now: datetime) -> int:
        """End memories "not this person" whose time is over; how many hits are new by it."""

    def sweep(self, now: datetime) -> object:
        """Delete what is due by law."""

    def forget_destroyed_keys(self) -> None:
        """Let go of keys in memory that another process destroyed; cheap, to be called while there is no work."""

    def relay(self, now: datetime) -> int:
        """Publish what is committed for the units and not yet published; how many."""

    def close(self) -> None:
        """Close the database and forget the keys."""


@dataclass(slots=True)
class Workplace(Generic[I]):
    """Everything of one process. `index` is replaced when a list is published; the rest stays.

    `rehearse` decodes and screens in a process of its own and tells whether that ended well: how a transmission is
    tried again that was in work when earlier processes died.
    """

    decode: Callable[[bytes, datetime], Sequence[Message]]
    screen: Callable[[Sequence[Traveller], I, datetime], Sequence[Match]]
    rehearse: Callable[[Received], bool]
    index: I
    store: Store
    clock: Callable[[], datetime]
    stop: Stop = field(default_factory=Stop)
    edition: str = ""
    """The edition of the lists that the live travellers are brought up to."""
