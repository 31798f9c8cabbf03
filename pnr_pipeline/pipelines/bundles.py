"""A source that goes on until it is stopped, in bundles, in a runner that knows neither a delay nor a cancel.

The restriction counts bundles and nothing else: what was read is in the store, moved by the commits themselves, so that
no engine can remember another position than the data have.
"""

# Beam's classes are annotated in part only
# mypy: disable-error-code="no-untyped-call, misc, name-defined, type-arg, untyped-decorator"

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.transforms.core import RestrictionProvider

from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.records import Received
from pnr_pipeline.transforms.workplace import Workplace


class Followed(Protocol):
    """What is followed in this process."""

    at: Workplace[Any]

    def follow(self, until: float) -> Iterator[Received]:
        """One bundle, begun before the monotonic moment `until`; it blocks while nothing comes, but for the stop."""


class Follow(beam.PTransform):
    """What `find` finds in this process, followed until the stop, or until a run of `options` is over.

    `find` is a module-level function, or `functools.partial` of one.
    Out:  PCollection[Received]   unbounded to the engine; ends where the pipeline is to be drained
    """

    def __init__(self, options: RunOptions, find: Callable[[], Followed]) -> None:
        super().__init__()
        self._options, self._find = options, find

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        """See PTransform."""
        bundles = begin | "Bundles" >> beam.Create([self._options.bundles_per_run], reshuffle=False)
        follow = _Follow(self._find, self._options.seconds_per_run)
        return bundles | "Follow" >> beam.ParDo(follow).with_output_types(Received)


class _BundlesOfARun(RestrictionProvider):
    """A restriction whose positions are bundles: the run is over when all are claimed."""

    def initial_restriction(self, element: int) -> OffsetRange:
        return OffsetRange(0, element)

    def create_tracker(self, restriction: OffsetRange) -> OffsetRestrictionTracker:
        return OffsetRestrictionTracker(restriction)

    def split(self, element: int, restriction: OffsetRange) -> Iterator[OffsetRange]:
        yield restriction

    def restriction_size(self, element: int, restriction: OffsetRange) -> int:
        return int(restriction.size())


_BUNDLES = beam.DoFn.RestrictionParam(_BundlesOfARun())


class _Follow(beam.DoFn):
    """Each call is one bundle. It blocks while nothing comes: to be called again at once is what costs, and the
    engine knows no delay (`defer_remainder(delay)` is ignored by the in-process runner of 2.77)."""

    def __init__(self, find: Callable[[], Followed], seconds: float) -> None:
        self._find, self._until = find, time.monotonic() + seconds

    @beam.DoFn.unbounded_per_element()
    def process(self, element: int, bundles: Any = _BUNDLES) -> Iterator[Received]:
        followed = self._find()
        if not bundles.try_claim(bundles.current_restriction().start):
            return
        yield from followed.follow(self._until)
        if followed.at.stop.asked or time.monotonic() >= self._until:
            bundles.try_claim(bundles.current_restriction().stop)  # past the end: nothing is left of this run
        else:
            bundles.defer_remainder()
