"""One Kafka broker on the loopback: KRaft, broker and controller in one process, all it keeps in one folder.

Started again over the same folder it has the same ports and data, so that it can be killed and come back.
"""

import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from jars import class_path, java

START_SECONDS = 90
LOCAL = "LOCAL"
"""The listener of whoever is on this machine: no TLS, no password, and every right."""

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

_LOGGING = """appender.file.type = File
appender.file.name = file
appender.file.fileName = {file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{{1}} %m%n
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""


class Broker:
    """A broker over `folder`. `listeners` names further ones by their security protocol, `settings` goes before ours.

    `own` says that the process is to end with the one that started it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        listeners: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        heap_mb: int = 256,
        own: bool = False,
    ) -> None:
        self.folder, self._heap, self._own = folder, heap_mb, own
        self._protocols = {LOCAL: "PLAINTEXT", "CONTROLLER": "PLAINTEXT"} | dict(listeners or {})
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers; SystemExit with the end of its log where it does not."""
        if not self._properties.exists():
            self._prepare()
        with (self.folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                self._command("kafka.Kafka", str(self._properties)),
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"Kafka did not start:\n{self._told()}")
            time.sleep(0.2)

    @property
    def pid(self) -> int:
        """Of the running server."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """In order, as a service manager does."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(60)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def address(self, listener: str = LOCAL) -> str:
        """`127.0.0.1:port` of a listener."""
        for line in self._properties.read_text("utf-8").splitlines():
            if line.startswith("listeners="):
                ports = dict(one.split("://") for one in line.partition("=")[2].split(","))
                return ports[listener]
        raise SystemExit(f"{self._properties} names no listener")

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ports = _free_ports(len(self._protocols))
        places = {name: f"127.0.0.1:{port}" for name, port in zip(self._protocols, ports, strict=True)}
        text = _SETTINGS | {
            "listeners": ",".join(f"{name}://{place}" for name, place in places.items()),
            "listener.security.protocol.map": ",".join(f"{name}:{how}" for name, how in self._protocols.items()),
            "controller.quorum.voters": f"1@{places['CONTROLLER']}",
            "log.dirs": str(self.folder / "data"),
        }
        (self.folder / "log4j2.properties").write_text(_LOGGING.format(file=self.folder / "log"), "utf-8")
        lines = (f"{key}={value}\n" for key, value in (text | self._settings).items())
        draft = self.folder / "draft.properties"
        draft.write_text("".join(lines), "utf-8")
        format_it = ("format", "-t", "pnrpipelinelocalAAAAAA", "-c", str(draft))
        done = subprocess.run(self._command("kafka.tools.StorageTool", *format_it), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"Kafka's folder could not be made: {done.stdout}{done.stderr}")
        draft.rename(self._properties)

    def _command(self, main: str, *arguments: str) -> list[str]:
        options = [f"-Xmx{self._heap}m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        ends_with_us = ["setpriv", "--pdeathsig", "KILL"] if self._own else []
        return [*ends_with_us, java(), *options, logging, "-cp", class_path("kafka"), main, *arguments]

    def _answers(self) -> bool:
        host, _, port = self.address().partition(":")
        try:
            with socket.create_connection((host, int(port)), 1) as line:
                line.sendall(bytes.fromhex("0000000f 0012 0000 00000001 0005 6c6f63616c"))  # ApiVersions, version 0
                return bool(line.recv(4))
        except OSError:
            return False

    def _told(self) -> str:
        files = (self.folder / "console", self.folder / "log")
        return "\n".join(file.read_text("utf-8", "replace")[-2000:] for file in files if file.exists())


def _free_ports(number: int) -> list[int]:
    """Ports that nobody has now, all different."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
