"""While a pipeline runs, what it commits is numbered and published to Kafka beside it, where there is one."""

import threading
import time
from contextlib import AbstractContextManager, nullcontext

from pnr_pipeline.errors import PnrFault
from pnr_pipeline.pipelines.beside import beside
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.stores.kafka.settings import kafka_settings
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.telemetry import log
from pnr_pipeline.transforms.stop import Stop

PAUSE_SECONDS = 0.1
AGAIN_SECONDS = 5.0
"""After trouble with the broker: what waits is in the database, and nothing else depends on the broker."""


def relaying(options: RunOptions, stop: Stop) -> AbstractContextManager[None]:
    """Relay with a producer of its own, and once more at the end.

    Several processes may do so: one holds the lease, the others look again. The broker may come and go.
    """
    state = StateFolder(options.state)
    if not kafka_settings(state).servers:
        return nullcontext()

    def relay_all(store: Store, over: threading.Event) -> None:
        from pnr_pipeline.stores.kafka.deployment import open_kafka, topics_of
        from pnr_pipeline.stores.kafka.relay_topics import TopicRelay

        outgoing, relay, last, again = store.outgoing, None, False, 0.0
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

    return beside(options, stop, "relay", relay_all)
