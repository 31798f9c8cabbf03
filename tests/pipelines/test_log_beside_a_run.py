"""While a run works, its audit rows go into the signed log."""

import time
from pathlib import Path

import pytest
from logs import write
from store_setup import NOW

from pnr_pipeline.pipelines.log_publishing import publishing_log
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import store_of
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.transforms.stop import Stop


def published(store: Store) -> int:
    checkpoint = store.log.tiles.checkpoint(store.log.tiles.key)
    return checkpoint.size if checkpoint else 0


@pytest.fixture
def options(tmp_path: Path) -> RunOptions:
    return RunOptions(state=tmp_path / "state", profile="demo", now=NOW)


def test_rows_are_published_while_it_runs_and_the_last_ones_at_its_end(options: RunOptions) -> None:
    stop = Stop()
    with store_of(options) as store:
        with publishing_log(options, stop):
            write(store, 30)
            until = time.monotonic() + 60
            while published(store) < 30 and time.monotonic() < until:
                time.sleep(0.05)
            assert published(store) == 30
            write(store, 5, 30)
        assert published(store) == 35
    assert not stop.asked


def test_a_log_that_cannot_be_continued_stops_the_run(options: RunOptions) -> None:
    stop = Stop()
    with store_of(options) as store:
        write(store, 30)
        store.log.publish(NOW)
        (options.state / "log/tile/0/000.p/30").unlink()
        write(store, 5, 30)
    with publishing_log(options, stop):
        pass
    assert stop.trouble and "audit verify" in str(stop.trouble)
