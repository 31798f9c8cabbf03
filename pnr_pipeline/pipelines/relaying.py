"""While a pipeline runs, what it commits is numbered and published to Kafka beside it, where there is one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pnr_pipeline.errors import PnrFault, place_of
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import store_of
from pnr_pipeline.stores.kafka.settings import kafka_settings
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.telemetry import log
from pnr_pipeline.transforms.stop import Stop

PAUSE_SECONDS = 0.1
AGAIN_SECONDS = 5.0
"""After trouble with the broker: what waits is in the database, and nothing else depends on the broker."""


@contextmanager
def relaying(options: RunOptions, stop: Stop) -> Iterator[None]:
    """Relay from a thread with a database connection and a producer of its own, and once more at the end.

    Several processes may do so: one holds the lease, the others look again. The broker may come and go.
    """
    if not kafka_settings(StateFolder(options.state)).servers:
        yield
        return
    over = threading.Event()
    with store_of(options) as store:
        relay = threading.Thread(target=_relay, args=(store, options, stop, over), name="relay")
        relay.start()
        try:
            yield
        finally:
            over.set()
            relay.join()


def _relay(store: Store, options: RunOptions, stop: Stop, over: threading.Event) -> None:
    from pnr_pipeline.stores.kafka.deployment import open_kafka, topics_of
    from pnr_pipeline.stores.kafka.relay_topics import TopicRelay

    state, outgoing, relay = StateFolder(options.state), store.outgoing, None
    last, again = False, 0.0
    try:
        while not last:
            last = over.wait(PAUSE_SECONDS)
            if outgoing.waits():
                store.relay(options.clock())
            if time.monotonic() < again and not last:
                continue
            try:
                if relay is None:
                    topics = topics_of(state, store.profile, store.domain, options.clock())
                    relay = TopicRelay(open_kafka(state), topics, outgoing)
                relay.publish(options.clock())
            except PnrFault as fault:
                log.error("broker in trouble", fault=fault)
                again = time.monotonic() + AGAIN_SECONDS
        if relay is not None:
            relay.close()
    except PnrFault as fault:
        stop.ask(fault)
    except Exception as fault:  # noqa: BLE001 a thread that dies unseen would leave the events behind for ever
        stop.ask(PnrFault(f"a fault of the program itself, nothing is lost: {place_of(fault)}"))
