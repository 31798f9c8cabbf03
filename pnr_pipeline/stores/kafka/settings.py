"""How Kafka is reached: the table `[kafka]` of `settings.toml`, or `PNR_KAFKA_…`. No secret has a field here."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from pnr_pipeline.stores.settings_file import FileSettings, read_settings
from pnr_pipeline.stores.state import StateFolder


class KafkaSettings(FileSettings):
    """`servers` are `host:port`, with commas between; '' says that there is no Kafka.

    `plain` has neither TLS nor names and is taken on the loopback alone (SEC-2); `tls` knows us by a certificate of our
    own, `sasl_tls` by user and password (SCRAM-SHA-512), which comes as `stores.given_secrets` says: `kafka-password`.
    """

    model_config = SettingsConfigDict(env_prefix="PNR_KAFKA_", extra="forbid", frozen=True, hide_input_in_errors=True)

    servers: str = ""
    security: Literal["sasl_tls", "tls", "plain"] = "sasl_tls"
    user: str = ""
    ca: Path | None = None
    """File of the certificate authority, where it is not one of the system's."""
    certificate: Path | None = None
    key: Path | None = None
    prefix: str = Field("pnr", pattern=r"^[a-z0-9][a-z0-9-]*$")
    """What the names of topics and users begin with: one for each deployment on a broker."""
    replicas: int = Field(3, ge=1, le=9)
    """Of each topic; 1 on a single broker."""

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Hosts and ports of `servers`."""
        cut = (one.strip().rpartition(":") for one in self.servers.split(",") if one.strip())
        return tuple((host.strip("[]"), int(port)) for host, _, port in cut)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        try:
            places = self.places
        except ValueError:
            raise ValueError("servers: host:port,host:port is needed") from None
        if not all(host for host, _ in places):
            raise ValueError("servers: host:port,host:port is needed")
        if self.security == "plain" and not all(_is_loopback(host) for host, _ in places):
            raise ValueError("security: plain is taken on the loopback alone (SEC-2); elsewhere tls or sasl_tls")
        if self.servers and self.security == "sasl_tls" and not self.user:
            raise ValueError("user: is needed for sasl_tls")
        if self.servers and self.security == "tls" and not (self.certificate and self.key):
            raise ValueError("certificate and key are needed for tls")
        return self


def kafka_settings(state: StateFolder) -> KafkaSettings:
    """The settings of this state folder; UsageFault where they are wrong."""
    return read_settings(state, "kafka", KafkaSettings)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
