"""Clients of a broker, made one way: as the settings say, and only where the broker lets us in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import (
    AuthorizationError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.given_secrets import given_secret
from pnr_pipeline.stores.kafka.door import SCRAM, knock, tls_context
from pnr_pipeline.stores.kafka.settings import KafkaSettings

RECORD_BYTES_MAX = 65 * 1024 * 1024
"""A transmission of 64 MiB, sealed, and its headers."""


@dataclass(frozen=True, slots=True)
class TopicThere:
    """A topic on the broker. One that was deleted and made again has another `identity`: its offsets began anew."""

    name: str
    identity: str
    partitions: tuple[int, ...]


class Kafka:
    """One way to the broker. Raises StoreFault where it does not let us in, UsageFault for wrong settings."""

    def __init__(self, settings: KafkaSettings) -> None:
        if not settings.servers:
            raise UsageFault("no Kafka is set: `servers` in the table kafka of settings.toml, or PNR_KAFKA_SERVERS")
        self.settings = settings
        signs_in = settings.security == "sasl_tls"
        password = given_secret("kafka-password").decode() if signs_in else ""
        knock(settings, password)
        self._common: dict[str, Any] = {
            "bootstrap_servers": [f"{host}:{port}" for host, port in settings.places],
            "security_protocol": {"plain": "PLAINTEXT", "tls": "SSL", "sasl_tls": "SASL_SSL"}[settings.security],
            "client_id": settings.prefix,
        }
        if settings.security != "plain":
            self._common["ssl_context"] = tls_context(settings)
        if signs_in:
            self._common |= {
                "sasl_mechanism": SCRAM,
                "sasl_plain_username": settings.user,
                "sasl_plain_password": password,
            }

    @contextmanager
    def admin(self) -> Iterator[KafkaAdminClient]:
        """For topics and rights; closed at the end."""
        with trouble_in_kafka():
            client = KafkaAdminClient(**self._common)
            try:
                yield client
            finally:
                client.close()

    def topic(self, name: str) -> "TopicThere":
        """The topic as the broker has it; StoreFault where there is none, or this user may not see it."""
        with self.admin() as admin:
            (told,) = admin.describe_topics([name])
            if told["error_code"]:
                raise for_code(told["error_code"])
            return TopicThere(
                name, str(told["topic_id"]), tuple(sorted(one["partition_index"] for one in told["partitions"]))
            )

    def producer(self, **further: Any) -> KafkaProducer:
        """A producer whose records are on all replicas in sync before they are told to be sent, each once."""
        with trouble_in_kafka():
            return KafkaProducer(
                **self._common
                | {"acks": "all", "max_request_size": RECORD_BYTES_MAX, "linger_ms": 5, "metrics_enabled": False}
                | further
            )

    def consumer(self, **further: Any) -> KafkaConsumer:
        """A consumer of whole transactions that commits no position by itself."""
        told = {
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "isolation_level": "read_committed",
            "allow_auto_create_topics": False,
            "fetch_max_bytes": RECORD_BYTES_MAX,
            "metrics_enabled": False,
        }
        with trouble_in_kafka():
            return KafkaConsumer(**self._common | told | further)


@contextmanager
def trouble_in_kafka() -> Iterator[None]:
    """Let what the broker refuses be a store in trouble, in words that say what to do."""
    try:
        yield
    except UnknownTopicOrPartitionError:
        raise StoreFault("Kafka has no such topic: pnr topics create") from None
    except (TopicAuthorizationFailedError, GroupAuthorizationFailedError, AuthorizationError) as fault:
        raise StoreFault(
            f"Kafka does not allow this user that ({type(fault).__name__}): pnr topics check tells who may what"
        ) from None
    except (KafkaError, OSError) as fault:
        raise StoreFault(f"Kafka: {type(fault).__name__}") from None
