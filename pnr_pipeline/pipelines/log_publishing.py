"""While a pipeline runs, the audit log is published beside it: never more than a second behind the commits (LOG-5)."""

import threading
from contextlib import AbstractContextManager

from pnr_pipeline.pipelines.beside import beside
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.transforms.stop import Stop

PAUSE_SECONDS = 0.5


def publishing_log(options: RunOptions, stop: Stop) -> AbstractContextManager[None]:
    """Publish, and once more at the end.

    Where the log cannot be continued the run is asked to stop with that trouble: no processing without a log.
    """

    def publish(store: Store, over: threading.Event) -> None:
        last = False
        while not last:
            last = over.wait(PAUSE_SECONDS)
            store.log.publish(options.clock())

    return beside(options, stop, "log", publish)
