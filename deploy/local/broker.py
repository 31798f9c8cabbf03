"""One Kafka broker on the loopback: KRaft, broker and controller in one process."""

import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from java_server import JavaServer

LOCAL = "LOCAL"
"""The listener of whoever is on this machine: no TLS, no password, and every right."""

CLUSTER = "pnrpipelinelocalAAAAAA"
_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": LOCAL,
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "auto.create.topics.enable": "false",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "log.retention.check.interval.ms": "60000",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "message.max.bytes": "68157440",
    "replica.fetch.max.bytes": "68157440",
}
"""A message of 64 MiB, sealed, fits. A broker that was killed is let in again after 3 s. On the local listener alone
does one come without a name (ANONYMOUS)."""


class Broker(JavaServer):
    """`listeners` names further ones by their security protocol; `settings` goes before ours."""

    name, jars, main = "Kafka", "kafka", "kafka.Kafka"

    def __init__(
        self,
        folder: Path,
        *,
        listeners: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        own: bool = False,
    ) -> None:
        super().__init__(folder, own=own)
        self._protocols = {LOCAL: "PLAINTEXT", "CONTROLLER": "PLAINTEXT"} | dict(listeners or {})
        self._settings = dict(settings or {})

    def address(self, listener: str = LOCAL) -> str:
        """`127.0.0.1:port` of a listener."""
        return f"127.0.0.1:{self.port(listener)}"

    def arguments(self) -> list[str]:
        """See JavaServer."""
        return [str(self._properties)]

    def answers(self) -> bool:
        """Whether it says which versions it speaks: it does so once its controller has let it in."""
        try:
            with socket.create_connection(("127.0.0.1", self.port(LOCAL)), 1) as line:
                line.sendall(bytes.fromhex("0000000f 0012 0000 00000001 0005 6c6f63616c"))  # ApiVersions, version 0
                return bool(line.recv(4))
        except OSError:
            return False

    def prepare(self) -> None:
        """Settings, and the folder formatted as KRaft wants it."""
        super().prepare()
        if self._properties.exists():
            return
        told = _SETTINGS | {
            "listeners": ",".join(f"{name}://{self.address(name)}" for name in self._protocols),
            "listener.security.protocol.map": ",".join(f"{name}:{how}" for name, how in self._protocols.items()),
            "controller.quorum.voters": f"1@{self.address('CONTROLLER')}",
            "log.dirs": str(self.folder / "data"),
        }
        draft = self.folder / "draft.properties"
        draft.write_text("".join(f"{key}={value}\n" for key, value in (told | self._settings).items()), "utf-8")
        format_it = self.java_command("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(draft))
        done = subprocess.run(format_it, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"Kafka's folder could not be made: {done.stdout}{done.stderr}")
        draft.rename(self._properties)

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"
