"""A unit's topic: each confirmed hit as a CloudEvent whose data, the event of the queue, the unit's key alone opens.

Reading needs the broker, the unit's user and its private key, and nothing of who sent it: neither database nor keys.
"""

from collections.abc import Iterator

import msgspec
from kafka import TopicPartition

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.unit_event import UnitEvent
from pnr_pipeline.stores.delivered import Delivered, delivered
from pnr_pipeline.stores.kafka.clients import Kafka, trouble_in_kafka
from pnr_pipeline.stores.kafka.cloud_events import Headers, attributes_of, headers_of
from pnr_pipeline.stores.sealed_box import open_box, seal_box

POLL_SECONDS = 0.5


def sealed_event(public: bytes, event: UnitEvent) -> tuple[Headers, bytes]:
    """Headers and value of a record: what is open in the queue's table (flight, entry) is sealed here too."""
    headers = headers_of({"id": event.id, "type": event.type, "source": event.source, "time": event.time})
    return headers, seal_box(public, to_json(event), event.id.encode())


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
                    yield _opened(private, record.headers or (), record.value or b"")
    finally:
        consumer.close(autocommit=False)


def _opened(private: bytes, headers: "tuple[tuple[str, bytes], ...]", value: bytes) -> Delivered:
    event_id = attributes_of(headers).get("id", "")
    try:
        return delivered(private, from_json(UnitEvent, open_box(private, value, event_id.encode())))
    except msgspec.MsgspecError:
        raise StoreFault("a record on this topic holds something else than a hit") from None
