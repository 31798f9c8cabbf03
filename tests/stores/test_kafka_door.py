"""TLS and SCRAM on the real broker: who is let in, and what is told to whom is not."""

from pathlib import Path

import pytest
from kafka_server import EXPIRED, MUTUAL, SECURE, KafkaServer
from kafka_setup import give_password, local, signed_in

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.kafka.clients import Kafka
from pnr_pipeline.stores.kafka.settings import KafkaSettings

USER, PASSWORD = "door-trial", "eleven-words"


@pytest.fixture
def door(kafka_server: KafkaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KafkaServer:
    kafka_server.let_in(USER, PASSWORD)
    give_password(PASSWORD, tmp_path, monkeypatch)
    return kafka_server


def refused(settings: KafkaSettings) -> str:
    with pytest.raises(StoreFault) as told:
        Kafka(settings)
    assert PASSWORD not in str(told.value)
    return str(told.value)


@pytest.mark.law("SEC-2")
def test_the_right_password_and_certificate_are_let_in(door: KafkaServer) -> None:
    with Kafka(signed_in(door, USER)).admin() as admin:
        assert admin.describe_cluster()["controller_id"] == 1


@pytest.mark.law("SEC-2")
def test_a_wrong_password_is_refused_and_told_as_such(
    door: KafkaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password("not-this-one", tmp_path, monkeypatch)
    assert "knows no user door-trial with this password" in refused(signed_in(door, USER))
    assert "kafka-password" in refused(signed_in(door, "nobody"))


@pytest.mark.law("SEC-2")
def test_a_broker_with_an_expired_certificate_is_refused(door: KafkaServer) -> None:
    assert "it has expired; the broker needs a new one" in refused(signed_in(door, USER, EXPIRED))


@pytest.mark.law("SEC-2")
def test_a_broker_whose_certificate_nobody_known_signed_is_refused(door: KafkaServer) -> None:
    stranger = signed_in(door, USER).model_copy(update={"ca": door.stranger.ca})
    assert "nobody known to us signed it; `ca` must name" in refused(stranger)


def test_a_broker_under_a_name_that_is_not_in_its_certificate_is_refused(door: KafkaServer) -> None:
    port = door.port(SECURE)
    elsewhere = signed_in(door, USER).model_copy(update={"servers": f"localhost:{port}"})
    assert "it is not made out to localhost" in refused(elsewhere)


@pytest.mark.law("SEC-2")
def test_our_certificate_is_asked_for_and_must_be_known_and_valid(door: KafkaServer) -> None:
    issued = {
        "good": door.authority.issue("client"),
        "stranger": door.stranger.issue("client-of-stranger"),
        "expired": door.authority.issue("client", expired=True),
    }
    ways = {
        name: KafkaSettings(
            servers=door.address(MUTUAL), security="tls", ca=door.authority.ca, certificate=one.certificate, key=one.key
        )
        for name, one in issued.items()
    }
    with Kafka(ways["good"]).admin() as admin:
        admin.describe_cluster()
    assert "our certificate" in refused(ways["stranger"])
    assert "expired" in refused(ways["expired"])
    assert "certificate" in refused(signed_in(door, USER, MUTUAL))


def test_the_wrong_port_is_told_as_such(door: KafkaServer) -> None:
    assert "no TLS on this port" in refused(signed_in(door, USER, "LOCAL"))
    assert "hung up" in refused(local(door).model_copy(update={"servers": door.address(SECURE)}))


def test_a_broker_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    assert "127.0.0.1:1 Connection refused" in refused(KafkaSettings(servers="127.0.0.1:1", security="plain"))


@pytest.mark.law("SEC-2")
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"servers": "kafka.example:9092", "security": "plain"}, "loopback alone"),
        ({"servers": "kafka.example:9093"}, "user: is needed"),
        ({"servers": "kafka.example:9093", "security": "tls"}, "certificate and key"),
        ({"servers": "kafka.example"}, "host:port"),
    ],
)
def test_settings_that_would_not_be_safe_are_refused(told: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        KafkaSettings(**told)


def test_a_file_of_ours_that_cannot_be_read_is_the_operators_mistake(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    with pytest.raises(UsageFault, match="ca, certificate or key"):
        from pnr_pipeline.stores.kafka.door import tls_context

        tls_context(KafkaSettings(servers="h:1", user="u", ca=tmp_path / "empty.pem"))
