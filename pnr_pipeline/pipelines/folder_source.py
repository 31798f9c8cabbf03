"""Files as they are, and a spool folder that is followed, as sources.

Neither remembers a position: done is what the store has seen (DESIGN 4). A followed file is deleted once the store
has it, as its raw bytes may not outlive the commit (ING-2); one that a crash left over is deleted when it is met again.
"""

# Beam's classes are annotated in part only
# mypy: disable-error-code="no-untyped-call, misc, name-defined, type-arg, untyped-decorator"

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam

from pnr_pipeline.errors import PnrFault, StoreFault
from pnr_pipeline.intake.answers import Stored
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.spool import Waiting, waiting
from pnr_pipeline.records import Received
from pnr_pipeline.telemetry import tallies, traces
from pnr_pipeline.telemetry.metrics import Sample
from pnr_pipeline.transforms.workplace import Workplace

IDLE_SECONDS = 2.0


class Intake:
    """How files come into a run of this process: skipped where the store has them, accounted for in any case.

    `folder` is the one that is followed; `removes` says that what the store has is deleted there. `before_bundle` is
    called when nothing is in work, also every IDLE_SECONDS while nothing comes: lists, criteria and memories wait for
    no message. `answer` is called with what the store has and before it is deleted, `hand_on` with what the other
    domain may have too. Built once a run; survives its pipelines.
    """

    def __init__(
        self,
        at: Workplace[Any],
        options: RunOptions,
        accounts: Accounts,
        *,
        folder: Path | None = None,
        removes: bool = False,
        before_bundle: Callable[[], None],
        answer: Callable[[bytes, Stored], None] | None = None,
        hand_on: Callable[[Waiting, bytes], None] | None = None,
    ) -> None:
        self.at = at
        self.accounts = accounts
        self._options = options
        self._folder, self._removes = folder, removes
        self._before_bundle = before_bundle
        self._answer = answer
        self._hand_on = hand_on
        self._listed: deque[Waiting] = deque()
        self._kept_house = time.monotonic()
        self._left: dict[Path, tuple[int, int, int]] = {}
        """Files that stay in the followed folder: kept, unreadable or too long; taken again when they change."""

    def take(self, file: Waiting) -> Iterator[Received]:
        """The transmission, if the store has not seen it; after the stages had it, its file is taken away."""
        at = self.at
        try:
            with traces.span("receive") as span:
                body = file.read()
                digest = hashlib.sha256(body).hexdigest()
                span.tell(digest=digest)
                seen = at.store.seen(file.source, file.item, digest)
            if seen:
                self.accounts.done_before(file.item)
            else:
                yield Received(file.source, file.item, body, at.clock(), traceparent=span.traceparent)
                if not at.store.seen(file.source, file.item, digest):
                    return  # the run is ending, or an engine that parts the stages has not committed yet
            if self._answer and (stored := at.store.stored(file.source, file.item, digest)):
                self._answer(body, stored)
            if self._hand_on:
                self._hand_on(file, body)
            if self._removes:
                file.remove()
        except FileNotFoundError:
            return  # taken away by its sender
        except OSError as fault:
            self.accounts.not_read(file.item, fault)
        except StoreFault as trouble:
            at.stop.ask(trouble)

    def follow(self, until: float) -> Iterator[Received]:
        """One bundle: at least one file if any comes before the monotonic moment `until` or the stop."""
        at, folder = self.at, self._folder
        assert folder is not None, "a run that follows has a folder"
        while not self._listed and not at.stop.asked and time.monotonic() < until:
            self._list(folder)
            at.store.forget_destroyed_keys()
            if not self._listed:
                at.stop.wait(min(self._options.poll_seconds, max(0.0, until - time.monotonic())))
                if time.monotonic() - self._kept_house >= IDLE_SECONDS:
                    self._keep_house()
        self._keep_house()
        number, begun = min(len(self._listed), self._options.bundle_files_max), time.monotonic()
        for _ in range(number):
            if at.stop.asked:
                return
            file = self._listed.popleft()
            yield from self.take(file)
            self._left[file.path] = file.mark
        if number:
            tallies.took("pnr_bundle_seconds", time.monotonic() - begun)

    def close(self) -> None:
        """Nothing is held open."""

    def _keep_house(self) -> None:
        try:
            self._before_bundle()
        except PnrFault as trouble:
            self.at.stop.ask(trouble)
        self._kept_house = time.monotonic()

    def figures(self) -> list[Sample]:
        """What was seen in the followed folder and is not taken yet."""
        listed = self._listed.copy()
        lag = max(0.0, self.at.clock().timestamp() - listed[0].mark[0] / 1e9) if listed else 0.0
        of = ("folder", "")
        return [Sample("pnr_feed_waiting", len(listed), of), Sample("pnr_feed_lag_seconds", lag, of)]

    def _list(self, folder: Path) -> None:
        found = list(waiting([folder]))
        here = {file.path for file in found}
        self._left = {path: mark for path, mark in self._left.items() if path in here}
        self._listed.extend(file for file in found if self._left.get(file.path) != file.mark)


FindIntake = Callable[[], Intake]
"""A module-level function, or `functools.partial` of one."""


class ReadFiles(beam.PTransform):
    """The given files, each once.

    Out:  PCollection[Received]   those the store has not seen; no more once the run was asked to stop
    """

    def __init__(self, files: Sequence[Waiting], find: FindIntake) -> None:
        super().__init__()
        self._files, self._find = files, find

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        """See PTransform."""
        files = begin | "Files" >> beam.Create(self._files, reshuffle=False)
        return files | "Read" >> beam.FlatMap(_read, self._find).with_output_types(Received)


def _read(file: Waiting, find: FindIntake) -> Iterator[Received]:
    intake = find()
    if not intake.at.stop.asked:
        yield from intake.take(file)
