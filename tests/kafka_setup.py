"""Ways to the tests' broker, and topics of their own for each test."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka_server import KafkaServer

from pnr_pipeline.records import Domain
from pnr_pipeline.retention.topics import Topics
from pnr_pipeline.stores.given_secrets import given_secret
from pnr_pipeline.stores.kafka.settings import KafkaSettings
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law

UNITS = ("mk-skopje-airport", "bg-burgas")


def local(server: KafkaServer, prefix: str = "pnr") -> KafkaSettings:
    """With every right."""
    return KafkaSettings(servers=server.address(), security="plain", replicas=1, prefix=prefix)


def topics_below(prefix: str, domain: Domain = "law_enforcement") -> Topics:
    """The declared topics, for two units."""
    file = "rules/topics/topics.yaml"
    now = datetime.now(UTC)
    text = rule_texts("topics")[file]
    return Topics.from_text(text, file, load_law(), now, prefix=prefix, domain=domain, units=UNITS)


def give_password(password: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service manager gives it."""
    (folder / "pnr-kafka-password").write_text(password)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    given_secret.cache_clear()


def signed_in(server: KafkaServer, user: str, listener: str = "SECURE") -> KafkaSettings:
    """By TLS, with the password that was given."""
    return KafkaSettings(servers=server.address(listener), user=user, ca=server.authority.ca, replicas=1)
