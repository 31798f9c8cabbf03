"""What is committed reaches whoever reads whole transactions once, wherever a relay dies and whichever follows."""

import json
import secrets
from datetime import timedelta

import msgspec
import pytest
from kafka import TopicPartition
from kafka_setup import local, topics_below
from msgspec import convert
from store_setup import NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import LEG, Flight, Truth, received

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records.unit_event import SealedUnitEvent
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.delivered import opened_event
from pnr_pipeline.stores.kafka.clients import Kafka
from pnr_pipeline.stores.kafka.relay_topics import TopicRelay
from pnr_pipeline.stores.kafka.topic_admin import TopicAdmin

PEOPLE = [Truth(2 * n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 5)]  # fmt: skip
LISTS = index_of([entry(f"E{n}", one.surname, one.given, one.born) for n, one in enumerate(PEOPLE)])


class Site:
    """A store whose commits are told to a broker under a prefix of its own."""

    def __init__(self, root, kafka_server, prefix):
        self.root, self.number = root, 0
        self.kafka = Kafka(local(kafka_server, prefix))
        self.store = open_demo(root)
        self.topics = topics_below(prefix)
        TopicAdmin(self.kafka, self.topics).create()

    def commit(self):
        """One more message, on a leg of its own, with hits."""
        self.number += 1
        flight = Flight()
        flight.add("PNRGOV", PEOPLE)
        message = msgspec.structs.replace(
            flight.messages[0], message_id=f"{self.number:064}:1",
            flights=(msgspec.structs.replace(LEG, number=str(100 + self.number)),),
        )  # fmt: skip
        commit(self.store, received(message), [message], LISTS)

    def relay(self, store=None):
        return TopicRelay(self.kafka, self.topics, (store or self.store).outgoing)

    def publish(self, relay, now=NOW):
        self.store.relay(now)
        return relay.publish(now)

    def read(self, topic, unit="", isolation="read_committed"):
        """Everything that is on a topic, partition by partition."""
        reader = self.kafka.consumer(isolation_level=isolation)
        name = self.topics.named(topic, unit)
        parts = [TopicPartition(name, number) for number in sorted(reader.partitions_for_topic(name))]
        reader.assign(parts)
        ends, found = reader.end_offsets(parts), []
        reader.seek_to_beginning(*parts)
        while any(reader.position(one) < ends[one] for one in parts):
            for records in reader.poll(timeout_ms=200).values():
                found += [json.loads(one.value) for one in records]
        reader.close()
        return found


@pytest.fixture
def site(tmp_path, kafka_server, monkeypatch):
    prefix = f"relay-{secrets.token_hex(4)}"
    told = {"SERVERS": kafka_server.address(), "SECURITY": "plain", "REPLICAS": "1", "PREFIX": prefix}
    for name, value in told.items():
        monkeypatch.setenv(f"PNR_KAFKA_{name}", value)
    made = Site(tmp_path / "state", kafka_server, prefix)
    yield made
    made.store.close()


def told_once(site, messages):
    """Each hit of each message once on the review topic, each receipt once, in the order of their commits."""
    hits = [event["subject"] for event in site.read("review")]
    assert len(hits) == len(set(hits)) == messages * len(PEOPLE)
    receipts = [event["id"] for event in site.read("acknowledgements")]
    assert len(receipts) == len(set(receipts)) == messages
    assert site.store._ground.db.execute("SELECT count(*) FROM notice").fetchone() == (0,)


def test_hits_and_receipts_are_told_once_with_ids_and_states_alone(site):
    relay = site.relay()
    site.commit()
    assert site.publish(relay) == len(PEOPLE) + 1
    site.commit()
    assert site.publish(relay) == len(PEOPLE) + 1
    assert site.publish(relay) == 0
    told_once(site, 2)
    event = site.read("review")[0]
    assert event["type"] == "pnr.hit.changed.v1"
    assert event["data"]["state"] == "new"
    assert "ZOGRAFI" not in json.dumps(site.read("review") + site.read("acknowledgements"))
    relay.close()


class Died(Exception):
    """kill -9, for this process's purposes: nothing after it is done."""


STEPS = ["begin_transaction", "send", "send_offsets_to_transaction", "commit_transaction", "told"]


@pytest.mark.parametrize("after", [False, True])
def test_after_a_relay_that_dies_at_any_step_another_loses_and_doubles_nothing(site, after):
    relay = site.relay()
    site.commit()
    site.publish(relay)
    for step in STEPS:
        site.commit()
        dies_in(relay, step, after)
        with pytest.raises(Died):
            site.publish(relay)
        relay = site.relay()
        site.commit()
        site.publish(relay)
    told_once(site, 1 + 2 * len(STEPS))
    relay.close()


def dies_in(relay, step, after):
    whose = relay._outgoing if step == "told" else relay._producer
    real = getattr(whose, step)

    def dies(*args, **kwargs):
        if after:
            real(*args, **kwargs)
        raise Died

    setattr(whose, step, dies)


def test_who_reads_transactions_that_were_not_committed_too_sees_an_event_twice(site):
    """The control: the events of the relay that died are there, and it is the transaction that hides them."""
    first = site.relay()
    site.commit()
    site.publish(first)
    site.commit()
    dies_in(first, "commit_transaction", after=False)
    with pytest.raises(Died):
        site.publish(first)
    first._producer.flush()
    second = site.relay()
    site.publish(second)
    seen = [event["subject"] for event in site.read("review", isolation="read_uncommitted")]
    assert len(seen) == 3 * len(PEOPLE)
    assert len(set(seen)) == 2 * len(PEOPLE)
    told_once(site, 2)
    second.close()


def test_a_relay_that_was_thought_dead_is_refused_by_the_broker(site):
    first, second = site.relay(), site.relay()
    site.commit()
    site.publish(first)
    second._outgoing._held = NOW  # as if its lease were the valid one: the broker alone stands between them now
    site.commit()
    site.publish(second)
    site.commit()
    with pytest.raises(StoreFault, match="Kafka: "):
        site.publish(first)
    site.publish(second)
    told_once(site, 3)
    second.close()


def test_while_one_relay_holds_the_lease_another_process_publishes_nothing_and_goes_on_after_it(site):
    first = site.relay()
    site.commit()
    site.publish(first)
    with open_demo(site.root) as elsewhere:
        second = site.relay(elsewhere)
        site.commit()
        site.store.relay(NOW)
        assert second.publish(NOW) == 0
        first.close()
        assert second.publish(NOW + timedelta(seconds=1)) == len(PEOPLE) + 1
        second.close()
    told_once(site, 2)


def test_a_position_that_the_broker_forgot_in_idle_weeks_is_known_from_the_database(site):
    first = site.relay()
    site.commit()
    site.publish(first)
    first.close()
    with site.kafka.admin() as admin:
        admin.delete_groups([f"{site.topics.user('pipeline')}.relay"])
    second = site.relay()
    site.commit()
    site.publish(second)
    told_once(site, 2)
    second.close()


def test_a_database_that_is_older_than_the_topics_is_refused_until_somebody_realigns_them(site):
    relay = site.relay()
    for _ in range(2):
        site.commit()
        site.publish(relay)
    relay.close()
    site.store._ground.db.execute("UPDATE stream_number SET last = last - 1, told = told - 1 WHERE stream = 'review'")
    site.commit()
    again = site.relay()
    site.store._ground.db.execute("UPDATE stream_number SET last = last - 4, told = told - 4 WHERE stream = 'review'")
    with pytest.raises(StoreFault, match="pnr topics realign"):
        site.publish(again)
    again.realign()
    site.commit()
    assert site.publish(again) > 0
    again.close()


def test_a_confirmed_hit_reaches_its_units_topic_once_and_sealed(site):
    relay = site.relay()
    site.commit()
    hit = site.store.hits(now=NOW)[0]
    decision = Decision(hit.hit_id, hit.version, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means")
    site.store.decide(decision, review_codes(), case="case-1")
    site.publish(relay)
    (unit,) = {unit for (unit,) in site.store._ground.db.execute("SELECT unit FROM unit_queue")}
    (told,) = site.read("hits", unit)
    event = opened_event(site.store._ground.units.private(unit), convert(told, SealedUnitEvent))
    assert (event.seq, event.subject, event.data.unit) == (1, hit.hit_id, unit)
    assert not [word for word in ("ZOGRAFI", event.data.leg, hit.hit_id) if word in json.dumps(told)]
    states = [one["data"]["state"] for one in site.read("review") if one["subject"] == hit.hit_id]
    assert states == ["new", "confirmed", "sent"]
    relay.close()


def test_without_a_broker_nothing_is_written_for_one(tmp_path):
    with open_demo(tmp_path / "state") as store:
        flight = Flight()
        flight.add("PNRGOV", PEOPLE)
        commit(store, received(flight.messages[0]), flight.messages, LISTS)
        assert store.hits(now=NOW)
        assert store._ground.db.execute("SELECT count(*) FROM notice").fetchone() == (0,)


def test_what_no_broker_took_for_72_hours_is_told_no_more(site):
    site.commit()
    site.store.relay(NOW)
    site.commit()
    site.store.relay(NOW + timedelta(hours=73))
    assert site.store._ground.db.execute("SELECT count(*) FROM notice").fetchone() == (0,)
    relay = site.relay()
    site.commit()
    site.publish(relay)
    assert len(site.read("review")) == len(PEOPLE)
    relay.close()
