"""A Kafka broker of the tests' own: that of deploy/local, started once a session on free ports, gone with it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broker import Broker


@contextmanager
def kafka_broker() -> Iterator[Broker]:
    """A running broker in a new folder; heap 256 MB."""
    folder = Path(tempfile.mkdtemp(prefix="pnr-kafka-"))
    try:
        broker = Broker(folder, own=True)
        broker.start()
        try:
            yield broker
        finally:
            broker.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
