"""`pnr queue read --from kafka`: a unit reads its topic with its own key, without the database of who sent it."""

import base64
import json
from pathlib import Path

import pytest
from hit_samples import match
from kafka_server import KafkaServer
from kafka_setup import give_password, local, topics_below
from typer.testing import CliRunner

from pnr_pipeline.cli import queue
from pnr_pipeline.errors import PnrFault
from pnr_pipeline.records import Traveller
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.unit_event import Delivery, UnitEvent, UnitEventData
from pnr_pipeline.stores.delivered import sealed_event
from pnr_pipeline.stores.kafka.clients import Kafka
from pnr_pipeline.stores.kafka.topic_admin import TopicAdmin
from pnr_pipeline.stores.sealed_box import UnitKeys, seal_box
from pnr_pipeline.stores.state import StateFolder

UNIT, LEG = "bg-burgas", "QX7/2026-01-10/IST-BOJ"


@pytest.fixture
def unit(
    kafka_server: KafkaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> tuple[Path, Kafka, str]:
    """The unit's own machine: its key, its user, no store; and a way to the topic for whoever sends."""
    prefix = f"units-{len(request.node.name)}"
    topics = topics_below(prefix)
    sender = Kafka(local(kafka_server, prefix))
    TopicAdmin(sender, topics).create()
    user = topics.user("unit", UNIT)
    kafka_server.let_in(user, "pass-of-burgas")
    give_password("pass-of-burgas", tmp_path, monkeypatch)
    folder = StateFolder(tmp_path / "unit")
    folder.prepare()
    folder.settings.write_text(
        f'[kafka]\nservers = "{kafka_server.address("SECURE")}"\nuser = "{user}"\nca = "{kafka_server.authority.ca}"\n'
        f'prefix = "{prefix}"\n'
    )
    return folder.root, sender, topics.named("hits", UNIT)


def event(public: bytes, seq: int) -> UnitEvent:
    delivery = Delivery(
        Traveller(ordinal=1, role="passenger", surname="DRAGANOV"), match(), "Take aside.", "No other use."
    )
    box = base64.b64encode(seal_box(public, to_json(delivery), f"event-{seq}".encode())).decode()
    data = UnitEventData(UNIT, "burgas", "because", f"hit-{seq}", 1, "wanted", "E1", "4", LEG, None, box)
    return UnitEvent(
        f"event-{seq}", "/pnr-pipeline/demo/law_enforcement", "2026-11-23T08:00:00Z", f"hit-{seq}", seq, data
    )


def read(state: Path, unit: str = UNIT) -> list[dict]:
    done = CliRunner().invoke(
        queue.app, ["read", "--unit", unit, "--from", "kafka", "--state", str(state), "--profile", "demo"]
    )
    if isinstance(done.exception, PnrFault):
        raise done.exception
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


@pytest.mark.law("SEC-5", "SCR-7")
def test_a_unit_reads_finished_deliveries_alone_and_nobody_else_can(unit: tuple[Path, Kafka, str]) -> None:
    state, sender, topic = unit
    public = UnitKeys(StateFolder(state).keys / "units").public(UNIT)
    assert read(state) == []
    producer = sender.producer(transactional_id="units-trial")
    producer.init_transactions()
    values = []
    for seq, ends in (
        (1, producer.commit_transaction),
        (2, producer.abort_transaction),
        (3, producer.commit_transaction),
    ):
        producer.begin_transaction()
        value = to_json(sealed_event(public, event(public, seq)))
        producer.send(topic, value)
        values.append(value)
        producer.flush()
        ends()
    producer.close()
    told = read(state)
    assert [(one["seq"], one["event"]["data"]["leg"]) for one in told] == [(1, LEG), (3, LEG)]
    assert [one["payload"]["traveller"]["surname"] for one in told] == ["DRAGANOV"] * 2
    assert not [
        word for word in (b"DRAGANOV", b"IST-BOJ", b"wanted", b"hit-1") if any(word in value for value in values)
    ]
    with pytest.raises(PnrFault, match="the private key of unit mk-skopje-airport is not on this machine"):
        read(state, "mk-skopje-airport")
    UnitKeys(StateFolder(state).keys / "units").public("mk-skopje-airport")
    with pytest.raises(PnrFault, match="does not allow this user"):
        read(state, "mk-skopje-airport")


def test_what_is_sealed_to_another_key_is_refused(unit: tuple[Path, Kafka, str]) -> None:
    state, sender, topic = unit
    keys = UnitKeys(StateFolder(state).keys / "units")
    keys.public(UNIT)
    producer = sender.producer()
    value = to_json(sealed_event(keys.public("mk-skopje-airport"), event(keys.public(UNIT), 4)))
    producer.send(topic, value).get(20)
    producer.close()
    with pytest.raises(PnrFault, match="not sealed to this key"):
        read(state)


def test_who_reads_from_the_database_says_who_and_why(tmp_path: Path) -> None:
    done = CliRunner().invoke(queue.app, ["read", "--unit", UNIT, "--state", str(tmp_path)])
    assert "--as, --case and --purpose are asked" in str(done.exception)
