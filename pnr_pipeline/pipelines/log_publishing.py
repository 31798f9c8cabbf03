"""While a pipeline runs, the audit log is published beside it: never more than a second behind the commits (LOG-5)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pnr_pipeline.errors import PnrFault, place_of
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import store_of
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.transforms.stop import Stop

PAUSE_SECONDS = 0.5


@contextmanager
def publishing_log(options: RunOptions, stop: Stop) -> Iterator[None]:
    """Publish from a thread with a database connection of its own, and once more at the end.

    Where the log cannot be continued the run is asked to stop with that trouble: no processing without a log.
    """
    over = threading.Event()
    with store_of(options) as store:
        publisher = threading.Thread(target=_publish, args=(store, options, stop, over), name="log")
        publisher.start()
        try:
            yield
        finally:
            over.set()
            publisher.join()


def _publish(store: Store, options: RunOptions, stop: Stop, over: threading.Event) -> None:
    last = False
    try:
        while not last:
            last = over.wait(PAUSE_SECONDS)
            store.log.publish(options.clock())
    except PnrFault as fault:
        stop.ask(fault)
    except Exception as fault:  # noqa: BLE001 a thread that dies unseen would leave the log behind for ever
        stop.ask(PnrFault(f"a fault of the program itself, nothing is lost: {place_of(fault)}"))
