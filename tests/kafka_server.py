"""A Kafka broker of the tests' own: that of deploy/local, started once a session on free ports, gone with it.

Beside the local listener, where nobody is asked anything, it has three: SECURE (TLS, SCRAM), MUTUAL (TLS with a
certificate of the client) and EXPIRED, as SECURE and with a certificate that ended yesterday.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broker import Broker
from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialUpsertion
from kafka_certificates import Authority

SECURE, MUTUAL, EXPIRED = "SECURE", "MUTUAL", "EXPIRED"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class KafkaServer(Broker):
    """`authority` signed its certificate, `stranger` signs nothing it trusts."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)
        self.authority, self.stranger = Authority(folder, "authority"), Authority(folder, "stranger")
        good, expired = self.authority.issue("broker"), self.authority.issue("broker", expired=True)
        settings = {"ssl.keystore.type": "PEM", "ssl.truststore.type": "PEM"}
        for name, certificate in ((SECURE, good), (MUTUAL, good), (EXPIRED, expired)):
            listener = f"listener.name.{name.lower()}"
            settings[f"{listener}.ssl.keystore.location"] = str(certificate.both)
            settings[f"{listener}.ssl.truststore.location"] = str(self.authority.ca)
            settings[f"{listener}.ssl.client.auth"] = "required" if name == MUTUAL else "none"
            if name != MUTUAL:
                settings[f"{listener}.sasl.enabled.mechanisms"] = "SCRAM-SHA-512"
                settings[f"{listener}.scram-sha-512.sasl.jaas.config"] = _SCRAM
        listeners = {SECURE: "SASL_SSL", MUTUAL: "SSL", EXPIRED: "SASL_SSL"}
        super().__init__(folder, listeners=listeners, settings=settings, own=True)

    def let_in(self, user: str, password: str) -> None:
        """Give this user a password."""
        admin = KafkaAdminClient(bootstrap_servers=self.address())
        told = admin.alter_user_scram_credentials(
            [UserScramCredentialUpsertion(user, ScramMechanism.SCRAM_SHA_512, password, iterations=4096)]
        )
        admin.close()
        assert told == {user: None}


@contextmanager
def kafka_broker() -> Iterator[KafkaServer]:
    """A running broker in a new folder; heap 256 MB."""
    folder = Path(tempfile.mkdtemp(prefix="pnr-kafka-"))
    try:
        broker = KafkaServer(folder)
        broker.start()
        try:
            yield broker
        finally:
            broker.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
