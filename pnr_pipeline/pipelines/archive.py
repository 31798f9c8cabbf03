"""A search of the archive as a bounded pipeline: closed days of the lake and the days that the database alone holds."""

# Beam's classes are annotated in part only
# mypy: disable-error-code="no-untyped-call, attr-defined"

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import PnrFault, place_of
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import store_of
from pnr_pipeline.retention.archive_scope import Searched, Shard
from pnr_pipeline.stores.sql.archive_file import CaseFile
from pnr_pipeline.stores.sql.archive_search import Archive
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.transforms.archive import SearchArchive
from pnr_pipeline.transforms.stop import Stop


@dataclass(slots=True)
class _Place:
    store: Store
    archive: Archive
    access: Access
    options: RunOptions
    stop: Stop = field(default_factory=Stop)
    told: Callable[[Searched], None] = lambda searched: None

    def search(self, shard: Shard) -> Searched:
        """See SearchPlace."""
        searched = self.archive.search(shard, self.access, self.options.clock())
        self.told(searched)
        return searched


_places: dict[tuple[RunOptions, Access], _Place] = {}


def search_archive(
    options: RunOptions, access: Access, told: Callable[[int, int], None] = lambda done, of: None
) -> CaseFile:
    """Search under the order that the access names, from its entry in the log to the closed case file.

    A search that was killed is started again with the same call. Raises OrderFault where the order does not hold, or
    not any more; StoreFault where the store is in trouble. `told` hears how many of how many records are done.
    """
    place = _place_of(options, access)
    try:
        now, order = options.clock(), access.order
        shards = place.archive.begin(order, access, now)
        done: list[Searched] = []

        def heard(searched: Searched) -> None:
            done.append(searched)
            told(len(done), len(shards))

        place.told = heard
        pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
        _ = pipeline | "Pieces" >> beam.Create(shards) | "Search" >> SearchArchive(partial(_place_of, options, access))
        try:
            pipeline.run()
        except Exception as fault:  # noqa: BLE001 whatever it is, its text may hold a value: type and place are told
            raise PnrFault(f"a fault of the program itself: {place_of(fault)}") from None
        if place.stop.trouble:
            raise place.stop.trouble
        file = place.archive.finish(order, access, options.clock())
        place.store.log.publish(options.clock())
        return file
    finally:
        del _places[options, access]
        place.store.close()


def _place_of(options: RunOptions, access: Access) -> _Place:
    """The one place of this search in this process: on another machine a worker opens its own."""
    found = _places.get((options, access))
    if found is None:
        store = store_of(options)
        found = _places[options, access] = _Place(store, store.archive, access, options)
    return found
