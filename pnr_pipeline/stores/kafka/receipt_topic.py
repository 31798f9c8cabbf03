"""The topic of receipts: sealed receipts put onto it, and read in order from where the store stands.

Positions are the store's (`log_positions`), never the group's: the group only says which partitions are ours. A topic
that was deleted and made again has another identity, so that nobody goes on in it where the old one ended.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaProducer, TopicPartition

from pnr_pipeline.records import LogPlace
from pnr_pipeline.stores.kafka.clients import Kafka, trouble_in_kafka
from pnr_pipeline.stores.kafka.cloud_events import attributes_of, headers_of
from pnr_pipeline.stores.sql.sealed_receipts import SealedReceipt

RECEIPT = "pnr.receipt.sealed.v1"
"""Its CloudEvents type."""

RECORDS_MAX = 200
"""Of one poll: what was read and not yet taken is held in memory."""

Positions = Callable[[Iterable[str]], Mapping[str, int]]


class ReceiptWriter:
    """Puts sealed receipts onto the topic; `close` waits until the broker has all of them."""

    def __init__(self, kafka: Kafka, topic: str, source: str) -> None:
        """`source` is the CloudEvents source: which deployment and domain."""
        kafka.topic(topic)
        self._topic, self._source = topic, source
        self._producer: KafkaProducer = kafka.producer()
        self._fault: BaseException | None = None

    def put(self, receipt: SealedReceipt, traceparent: str = "") -> None:
        """Send it; StoreFault where an earlier one was not taken.

        `traceparent` is the span of whoever received it, as CloudEvents' extension tells it; '' where there is none.
        """
        attributes = {"id": receipt.id, "type": RECEIPT, "source": self._source, "period": receipt.period}
        attributes |= {"traceparent": traceparent} if traceparent else {}
        with trouble_in_kafka():
            if self._fault:
                raise self._fault
            sent = self._producer.send(self._topic, receipt.box, receipt.leg, headers=headers_of(attributes))
            sent.add_errback(self._failed)

    def close(self) -> None:
        """Wait for the broker; StoreFault where it did not take all."""
        with trouble_in_kafka():
            self._producer.flush()
            self._producer.close()
            if self._fault:
                raise self._fault

    def _failed(self, fault: BaseException) -> None:
        self._fault = self._fault or fault


@dataclass(frozen=True, slots=True)
class Read:
    """A record of the topic: the receipt as it claims to be, and its place."""

    receipt: SealedReceipt
    place: LogPlace
    traceparent: str = ""

    @property
    def source(self) -> str:
        """Of the position in the store."""
        return f"kafka:{self.place.log}"


class _Dealt(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Whether partitions were dealt anew: the client has forgotten where it stood, in those that stay ours too."""

    def __init__(self) -> None:
        self.anew = False

    def on_partitions_revoked(self, revoked: object) -> None:
        """Nothing is held for them: positions are the store's."""

    def on_partitions_assigned(self, assigned: object) -> None:
        """Called by the client while it polls."""
        self.anew = True


class ReceiptReader:
    """Reads the partitions that the group gives this process, each in order. One thread."""

    def __init__(self, kafka: Kafka, topic: str, group: str, positions: Positions) -> None:
        self._there = kafka.topic(topic)
        self._positions = positions
        self._consumer = kafka.consumer(
            group_id=group,
            max_poll_records=RECORDS_MAX,
            fetch_max_wait_ms=250,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=1_000,
        )
        self._dealt = _Dealt()
        with trouble_in_kafka():  # known before partitions are dealt: else the first deal gives none, until the next
            self._consumer.partitions_for_topic(topic)
        self._consumer.subscribe([topic], listener=self._dealt)
        self._stood: dict[int, int] = {}
        self._fetched: dict[int, int] = {}
        self._next: dict[int, int] = {}
        """Partition → where we began, up to where the client has read, and what we hand on next."""
        self._came: dict[int, float] = {}
        self.missed = 0
        """Offsets that the broker had deleted before they were read."""

    def begin(self) -> None:
        """Go back to where the store stands, wherever we are elsewhere: what was handed on may not have been committed.

        To be called while nothing is in work.
        """
        with trouble_in_kafka():
            kept = self._positions(self._log(one) for one in self._next)
            for partition, following in list(self._next.items()):
                stands = kept.get(self._log(partition), self._stood[partition])
                if not stands == following == self._fetched[partition]:
                    self._stand(partition, kept)

    def poll(self, seconds: float) -> Iterator[Read]:
        """What came, waiting at most so long for a first record."""
        with trouble_in_kafka():
            came = self._consumer.poll(timeout_ms=int(seconds * 1000))
            held, new = {one.partition for one in self._consumer.assignment()}, set()
            if self._dealt.anew or held != self._next.keys():
                self._dealt.anew = False
                self._next, new = {}, held
                kept = self._positions(self._log(one) for one in new)
                for partition in new:
                    self._stand(partition, kept)
        # read from where the group stood, or the topic begins
        ours = {where.partition: records for where, records in came.items() if where.partition not in new}
        for partition, records in ours.items():
            self._fetched[partition] = records[-1].offset + 1  # of all before the first: the rest may be let go of
        for partition, records in ours.items():
            for record in records:
                yield self._read(partition, record)

    def waiting(self) -> dict[int, tuple[int, float]]:
        """By partition of ours: offsets up to its end, and when the last one handed on came to the broker (Unix)."""
        with trouble_in_kafka():
            ends = self._consumer.end_offsets([self._partition(one) for one in self._next])
        of = {where.partition: end - self._next[where.partition] for where, end in ends.items()}
        return {partition: (number, self._came.get(partition, time.time())) for partition, number in of.items()}

    def close(self) -> None:
        """Leave the group, so that another takes our partitions at once."""
        with trouble_in_kafka():
            self._consumer.close(autocommit=False)

    def _read(self, partition: int, record: Any) -> Read:
        after = min(self._next[partition], record.offset)
        self._next[partition], self._came[partition] = record.offset + 1, record.timestamp / 1000
        told = attributes_of(record.headers or ())
        receipt = SealedReceipt(told.get("id", ""), told.get("period", ""), record.key or b"", record.value or b"")
        place = LogPlace(self._log(partition), after, record.offset)
        return Read(receipt, place, told.get("traceparent", ""))

    def _stand(self, partition: int, kept: Mapping[str, int]) -> None:
        where = self._partition(partition)
        first = self._consumer.beginning_offsets([where])[where]
        stands = kept.get(self._log(partition), first)
        self.missed += max(0, first - stands)
        self._next[partition] = self._fetched[partition] = self._stood[partition] = stands
        self._consumer.seek(where, max(stands, first))

    def _log(self, partition: int) -> str:
        return f"{self._there.name}/{self._there.identity}/{partition}"

    def _partition(self, partition: int) -> TopicPartition:
        return TopicPartition(self._there.name, partition)
