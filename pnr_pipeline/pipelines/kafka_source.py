"""The topic of receipts as a source: what the consumer group gives this process, from where the store stands.

Positions are moved by the commits themselves. A bundle begins where the store is: what an earlier one handed on and
nobody committed comes again.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from pnr_pipeline.errors import Damaged, KeyGone, PnrFault
from pnr_pipeline.intake.answers import Stored
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.records import Finding, Received
from pnr_pipeline.stores.kafka.receipt_topic import Read, ReceiptReader
from pnr_pipeline.telemetry import tallies, traces
from pnr_pipeline.telemetry.metrics import Sample
from pnr_pipeline.transforms.workplace import Workplace

UNOPENED = "unopened"
"""The code under which a receipt is buried that cannot be opened: changed, sealed elsewhere, or past its 72 hours."""


class TopicIntake:
    """How receipts come into a run of this process; as `folder_source.Intake` is for files."""

    def __init__(
        self,
        at: Workplace[Any],
        options: RunOptions,
        accounts: Accounts,
        reader: ReceiptReader,
        *,
        before_bundle: Callable[[], None],
        answer: Callable[[bytes, Stored], None] | None = None,
    ) -> None:
        self.at = at
        self.accounts = accounts
        self._options = options
        self._reader = reader
        self._before_bundle = before_bundle
        self._answer = answer
        self._waiting: dict[int, tuple[int, float]] = {}

    def follow(self, until: float) -> Iterator[Received]:
        """One bundle: what comes within its time, counted from the first record; nothing where none comes.

        A record goes through all stages before the next is asked for, so a longer bundle delays nobody.
        """
        at, seconds = self.at, self._options.bundle_seconds
        try:
            self._before_bundle()
            self._reader.begin()
            idle_until = min(until, time.monotonic() + self._options.idle_seconds)
            ends = 0.0
            while not self._over(ends or idle_until):
                for read in self._reader.poll(min(self._options.poll_seconds, seconds) if ends else 0.2):
                    ends = ends or time.monotonic() + seconds
                    if at.stop.asked:
                        break
                    yield from self._take(read)
        except PnrFault as trouble:
            at.stop.ask(trouble)
        else:
            if ends:
                tallies.took("pnr_bundle_seconds", seconds - (ends - time.monotonic()))
                self._waiting = self._reader.waiting()

    def figures(self) -> list[Sample]:
        """What was not read yet at the end of the last bundle, by partition, and how old the last read one is."""
        told, now = [], self.at.clock().timestamp()
        for partition, (waiting, at) in self._waiting.items():
            of = ("kafka", str(partition))
            told += [Sample("pnr_feed_waiting", waiting, of)]
            told += [Sample("pnr_feed_lag_seconds", max(0.0, now - at) if waiting else 0.0, of)]
        return told

    def close(self) -> None:
        """Leave the group."""
        self._reader.close()

    def _over(self, until: float) -> bool:
        return self.at.stop.asked or time.monotonic() >= until

    def _take(self, read: Read) -> Iterator[Received]:
        at = self.at
        with traces.span("receive", read.traceparent) as span:
            received = self._opened(read)
            if received is None:
                return
            digest = hashlib.sha256(received.body).hexdigest()
            span.tell(digest=digest)
            seen = at.store.seen(received.source, received.item, digest)
        if seen:
            self.accounts.done_before(received.item)
            at.store.pass_over(read.place, at.clock())
        else:
            yield replace(received, traceparent=span.traceparent)
            if not at.store.seen(received.source, received.item, digest):
                return  # the run is ending, or an engine that parts the stages has not committed yet
        if self._answer and (stored := at.store.stored(received.source, received.item, digest)):
            self._answer(received.body, stored)

    def _opened(self, read: Read) -> Received | None:
        """The transmission; None where it cannot be opened: then it is buried as it came, and the next goes on."""
        at = self.at
        try:
            return at.store.open_receipt(read.receipt, read.source, read.place)
        except (Damaged, KeyGone) as fault:
            sealed = Received(read.source, read.receipt.id, read.receipt.box, at.clock(), place=read.place)
            finding = Finding(UNOPENED, "E", -1, type(fault).__name__)
            self.accounts.done(at.store.bury(sealed, UNOPENED, [finding], at.clock()))
            return None
