"""From the store's numbered streams to topics, each event once for whoever reads whole transactions (DESIGN 4).

One relay publishes. Its producer is transactional, and how far it has published is committed in the same transaction
as the events: the number of the last event of each stream, as offsets of a consumer group of its own. So a relay that
dies anywhere leaves both or neither, and one that was thought dead is refused by the broker (fencing).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kafka import KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records.notice import TOPIC_OF, NoticeTopic
from pnr_pipeline.retention.topics import Topics
from pnr_pipeline.stores.kafka.clients import Kafka, trouble_in_kafka
from pnr_pipeline.stores.sql.outgoing import Numbered, Outgoing, stream_of

TRANSACTION_MS = 30_000
_AT_ONCE = 500
_CONTENT = [("content-type", b"application/cloudevents+json; charset=utf-8")]
_NOTICES: tuple[NoticeTopic, ...] = tuple(sorted(set(TOPIC_OF.values())))


@dataclass(frozen=True, slots=True)
class _Stream:
    """A stream of the store and the topic that it goes to; `notice` None where it is a unit's."""

    id: str
    topic: str
    notice: NoticeTopic | None
    unit: str


class TopicRelay:
    """The relay of one domain's events to its topics. One thread; `close` at the end.

    Raises StoreFault where the broker is in trouble, where a second relay took its place, or where the database numbers
    fewer events than the broker has: an older one was restored, and what it numbers anew would be told to nobody.
    """

    def __init__(self, kafka: Kafka, topics: Topics, outgoing: Outgoing) -> None:
        self._kafka, self._outgoing = kafka, outgoing
        self._group = f"{topics.user('pipeline')}.relay"
        self._streams = [_Stream(one, topics.named(one), one, "") for one in _NOTICES]
        self._streams += [
            _Stream(stream_of(one.unit), one.name, None, one.unit) for one in topics.all if one.topic == "hits"
        ]
        self._producer: KafkaProducer | None = None
        self._at: dict[str, int] = {}
        """Stream → the number of the last event that its topic has."""

    def publish(self, now: datetime) -> int:
        """Bring every topic up to the numbered events; how many were published. Nothing while another relay works."""
        if not self._outgoing.hold(now):
            self._leave_broker()
            return 0
        try:
            with trouble_in_kafka():
                return self._publish()
        except StoreFault:
            self._leave_broker()  # what became of a transaction is asked anew
            raise

    def realign(self) -> None:
        """Let the broker's numbers be those of a database that was restored: what is numbered from now on is told."""
        with trouble_in_kafka():
            self._begin(refuses_older=False)
            given = self._outgoing.streams()
            self._commit({one: given[one.id].last for one in self._streams if one.id in given}, {})
        self.close()

    def close(self) -> None:
        """Leave the broker and give the lease back; what is in a transaction is not published."""
        self._leave_broker()
        self._outgoing.leave()

    def _publish(self) -> int:
        number = 0
        while True:
            given = self._outgoing.streams()
            behind = [one for one in self._streams if one.id in given and given[one.id].last > given[one.id].told]
            if not behind:
                return number
            if self._producer is None:
                self._begin()
            events = {one: self._outgoing.after(one.notice, one.unit, self._stands(one), _AT_ONCE) for one in behind}
            told = {one: some[-1].seq for one, some in events.items() if some}
            if told:
                self._commit(told, events)
                self._at |= {one.id: last for one, last in told.items()}
                number += sum(map(len, events.values()))
            # of a stream without events the broker has all that are left: the others went with their hits
            self._outgoing.told({one.id: told.get(one, given[one.id].last) for one in behind})

    def _stands(self, stream: _Stream) -> int:
        return self._at.get(stream.id, 0)

    def _begin(self, *, refuses_older: bool = True) -> None:
        """Fence an earlier relay, and read how far it came: its open transaction is over by then."""
        self._producer = self._kafka.producer(
            transactional_id=self._group, transaction_timeout_ms=TRANSACTION_MS, linger_ms=0
        )
        self._producer.init_transactions()
        given = self._outgoing.streams()
        reader = self._kafka.consumer(group_id=self._group)
        try:
            for one in self._streams:
                last, told = given.get(one.id, (0, 0))
                at = int(reader.committed(TopicPartition(one.topic, 0)) or 0)
                self._at[one.id] = max(at, told)
                if at > last and refuses_older:
                    self._older_database(one, at, last)
        finally:
            reader.close(autocommit=False)

    def _older_database(self, stream: _Stream, at: int, last: int) -> None:
        raise StoreFault(
            f"the topic {stream.topic} has events up to number {at}, the database numbers {last}: an older one was"
            " restored. pnr topics realign goes on from there"
        )

    def _commit(self, told: Mapping[_Stream, int], events: Mapping[_Stream, list[Numbered]]) -> None:
        producer = self._producer
        assert producer is not None, "begun before"
        producer.begin_transaction()
        sent = [
            producer.send(stream.topic, event.body.encode(), event.key.encode(), headers=_CONTENT)
            for stream, some in events.items()
            for event in some
        ]
        offsets = {TopicPartition(one.topic, 0): OffsetAndMetadata(last, "", -1) for one, last in told.items()}
        producer.send_offsets_to_transaction(offsets, self._group)
        producer.commit_transaction()
        for one in sent:
            one.get(timeout=0)

    def _leave_broker(self) -> None:
        if self._producer is not None:
            self._producer.close(timeout=5)
            self._producer = None
