"""Pieces of the archive to what was found in them: the one stage of a search under purpose (b)."""

# Beam's classes are annotated in part only
# mypy: disable-error-code="attr-defined"

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from apache_beam.coders import registry

from pnr_pipeline.errors import PnrFault
from pnr_pipeline.retention.archive_scope import Searched, Shard
from pnr_pipeline.transforms.stage import Count, Stage, StructCoder
from pnr_pipeline.transforms.stop import Stop


class SearchPlace(Protocol):
    """What the stage works with, found once a process."""

    stop: Stop

    def search(self, shard: Shard) -> Searched:
        """Screen one piece and keep what is found; again it is the same. PnrFault where order or store is at fault."""


def search_shard(shard: Shard, at: SearchPlace) -> Searched:
    """One piece; an order that has expired ends the search as a store in trouble does."""
    try:
        return at.search(shard)
    except PnrFault as trouble:
        at.stop.ask(trouble)
        return Searched(shard.period, 0, 0)


def search_counts(searched: Searched) -> Iterator[Count]:
    """Records looked at and found."""
    yield "archive", "records", searched.records
    yield "archive", "found", searched.found


class SearchArchive(Stage):
    """The search of one order.

    In:   PCollection[Shard]
    Out:  PCollection[Searched]
    """

    def __init__(self, find: Callable[[], Any]) -> None:
        super().__init__(find, search_shard, search_counts, Searched)


for _kind in (Shard, Searched):
    registry.register_coder(_kind, StructCoder)
