"""Pieces of the archive to what was found in them: the one stage of a search under purpose (b)."""

# Beam's classes are annotated in part only, so strict typing stops at this file
# mypy: disable-error-code="no-untyped-call, misc, attr-defined, name-defined, type-arg"

from collections.abc import Callable, Iterator
from typing import Protocol

import apache_beam as beam
from apache_beam.coders import registry

from pnr_pipeline.errors import PnrFault
from pnr_pipeline.retention.archive_scope import Searched, Shard
from pnr_pipeline.transforms.stage import StructCoder
from pnr_pipeline.transforms.stop import Stop


class SearchPlace(Protocol):
    """What the stage works with, found once a process."""

    stop: Stop

    def search(self, shard: Shard) -> Searched:
        """Screen one piece and keep what is found; again it is the same. PnrFault where order or store is at fault."""


FindPlace = Callable[[], SearchPlace]
"""A `functools.partial` of a module-level function: it is pickled in place of what it finds."""


class SearchArchive(beam.PTransform):
    """The search of one order; an order that has expired, or a store in trouble, ends it instead of raising.

    In:   PCollection[Shard]
    Out:  PCollection[Searched]   of the pieces that were done
    """

    def __init__(self, find: FindPlace) -> None:
        super().__init__()
        self._search = _Search(find)

    def expand(self, shards: beam.PCollection) -> beam.PCollection:
        """See PTransform."""
        return shards | beam.ParDo(self._search).with_output_types(Searched)


class _Search(beam.DoFn):
    def __init__(self, find: FindPlace) -> None:
        self._find = find

    def process(self, shard: Shard) -> Iterator[Searched]:
        at = self._find()
        if at.stop.asked:
            return
        try:
            yield at.search(shard)
        except PnrFault as trouble:
            at.stop.ask(trouble)


for _kind in (Shard, Searched):
    registry.register_coder(_kind, StructCoder)
