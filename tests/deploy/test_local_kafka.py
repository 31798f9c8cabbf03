"""The local cluster's broker is the real one, and made of the jars that are listed, no others."""

import hashlib
from pathlib import Path

import jars
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka_server import KafkaServer


def test_what_is_produced_is_read_again(kafka_server: KafkaServer) -> None:
    address = kafka_server.address()
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic("local-trial", 1, 1)])
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    producer.send("local-trial", b"told", b"key").get(20)
    consumer = KafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    consumer.assign([TopicPartition("local-trial", 0)])
    consumer.seek(TopicPartition("local-trial", 0), 0)
    (records,) = consumer.poll(10_000).values()
    assert [record.value for record in records] == [b"told"]
    for one in (admin, producer, consumer):
        one.close()


@pytest.mark.parametrize("change", ["one byte more", "a jar that is not listed", "a jar is missing"])
def test_a_set_of_jars_that_is_not_as_listed_is_refused(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(jars, "HERE", tmp_path)
    (tmp_path / "trial.sha256").write_text(f"{hashlib.sha256(b'jar').hexdigest()}  a.jar\n")
    monkeypatch.setattr(jars, "_fetch", lambda name, folder: (folder.mkdir(), (folder / "a.jar").write_bytes(b"jar")))
    folder = jars.jar_set("trial")
    assert (folder / "a.jar").read_bytes() == b"jar"
    if change == "one byte more":
        (folder / "a.jar").write_bytes(b"jars")
    elif change == "a jar is missing":
        (folder / "a.jar").unlink()
    else:
        (folder / "b.jar").write_bytes(b"jar")
    with pytest.raises(SystemExit, match=r"[ab]\.jar"):
        jars.jar_set("trial")
