"""A unit's topic: each confirmed hit as a CloudEvent whose data, the event of the queue, the unit's key alone opens.

Reading needs the broker, the unit's user and its private key, and nothing of who sent it: neither database nor keys.
"""

from collections.abc import Iterator

import msgspec
from kafka import TopicPartition

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.records.unit_event import SealedUnitEvent
from pnr_pipeline.stores.delivered import Delivered, delivered, opened_event
from pnr_pipeline.stores.kafka.clients import Kafka, trouble_in_kafka

POLL_SECONDS = 0.5


def read_events(kafka: Kafka, topic: str, private: bytes, *, follow: bool = False) -> Iterator[Delivered]:
    """What lies on the topic, oldest first, of finished transactions alone; with `follow` it goes on for ever.

    Raises StoreFault for a record that is not sealed to this key, or may not be read.
    """
    there = kafka.topic(topic)
    consumer = kafka.consumer(fetch_max_wait_ms=250)
    try:
        with trouble_in_kafka():
            partitions = [TopicPartition(topic, one) for one in there.partitions]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            ends = consumer.end_offsets(partitions)
        while follow or any(consumer.position(one) < end for one, end in ends.items()):
            with trouble_in_kafka():
                came = consumer.poll(timeout_ms=int(POLL_SECONDS * 1000))
            for records in came.values():
                for record in records:
                    yield _opened(private, record.value or b"")
    finally:
        consumer.close(autocommit=False)


def _opened(private: bytes, value: bytes) -> Delivered:
    try:
        return delivered(private, opened_event(private, from_json(SealedUnitEvent, value)))
    except (msgspec.MsgspecError, ValueError):
        raise StoreFault("a record on this topic holds something else than a hit") from None
