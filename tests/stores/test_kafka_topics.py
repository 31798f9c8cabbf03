"""Declared topics on the real broker: made once, compared, and read by those alone who may."""

import pytest
from kafka import TopicPartition
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourceType,
)
from kafka_server import KafkaServer
from kafka_setup import give_password, local, signed_in, topics_below

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.kafka.clients import Kafka, trouble_in_kafka
from pnr_pipeline.stores.kafka.topic_admin import TopicAdmin

HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def made(kafka_server: KafkaServer) -> TopicAdmin:
    admin = TopicAdmin(Kafka(local(kafka_server, "made")), topics_below("made"))
    assert "made.law-enforcement.receipts: made" in admin.create()
    return admin


def test_what_is_made_is_as_declared_and_made_once(made: TopicAdmin) -> None:
    assert made.check() == []
    assert made.create() == []


@pytest.mark.law("RET-7")
def test_kafka_deletes_within_the_class_whatever_time_a_sender_wrote(
    kafka_server: KafkaServer, made: TopicAdmin
) -> None:
    name = topics_below("made").named("receipts")
    with Kafka(local(kafka_server)).admin() as admin:
        asked = [ConfigResource(ConfigResourceType.TOPIC, name)]
        told = admin.describe_configs(asked, config_filter="all")["topic"][name]
    kept, segment = int(told["retention.ms"]["value"]), int(told["segment.ms"]["value"])
    assert 0 < kept + segment <= 71 * HOUR_MS
    assert told["message.timestamp.type"]["value"] == "LogAppendTime"
    assert told["cleanup.policy"]["value"] == "delete"


@pytest.mark.law("RET-7", "SEC-4")
def test_a_longer_retention_and_a_right_that_nobody_declared_are_found(kafka_server: KafkaServer) -> None:
    kafka, topics = Kafka(local(kafka_server, "drift")), topics_below("drift")
    drifted = TopicAdmin(kafka, topics)
    assert any(one.what == "there is none" for one in drifted.check())
    drifted.create()
    name = topics.named("hits", "bg-burgas")
    wide = ResourcePattern(ResourceType.TOPIC, "drift.law", ACLResourcePatternType.PREFIXED)
    right = ACL("User:a-stranger", "*", ACLOperation.READ, ACLPermissionType.ALLOW, wide)
    with kafka.admin() as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": "-1"})])
        admin.create_acls([right])
    found = [(one.topic, one.what.partition(",")[0], one.more) for one in drifted.check()]
    stranger = ("drift.law", "READ of TOPIC for User:a-stranger was given and not declared", True)
    assert found == [(name, "retention.ms is -1", False), stranger]
    assert f"{name}: settings" in drifted.create()


@pytest.mark.law("SEC-4", "SCR-7")
def test_a_unit_reads_its_own_topic_and_no_other(
    kafka_server: KafkaServer, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = topics_below("apart")
    TopicAdmin(Kafka(local(kafka_server, "apart")), topics).create()
    give_password("pass-of-burgas", tmp_path, monkeypatch)
    unit = topics.user("unit", "bg-burgas")
    kafka_server.let_in(unit, "pass-of-burgas")
    own, others = topics.named("hits", "bg-burgas"), topics.named("hits", "mk-skopje-airport")
    producer = Kafka(local(kafka_server)).producer()
    for name in (own, others):
        producer.send(name, b"sealed").get(20)
    producer.close()
    consumer = Kafka(signed_in(kafka_server, unit)).consumer(group_id=unit)
    consumer.assign([TopicPartition(own, 0)])
    consumer.seek(TopicPartition(own, 0), 0)
    assert [one.value for one in next(iter(consumer.poll(10_000).values()))] == [b"sealed"]
    for name in (others, topics.named("receipts"), topics.named("review")):
        with pytest.raises(StoreFault, match="does not allow this user"):
            Kafka(signed_in(kafka_server, unit)).topic(name)
    consumer.assign([TopicPartition(others, 0)])
    consumer.seek(TopicPartition(others, 0), 0)
    assert consumer.poll(1_000) == {}
    consumer.close()
    writer = Kafka(signed_in(kafka_server, unit)).producer(enable_idempotence=False)
    with pytest.raises(StoreFault, match="does not allow this user"), trouble_in_kafka():
        writer.send(own, b"forged").get(20)
    writer.close()
