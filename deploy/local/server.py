"""A server process of the local cluster: in a session of its own, all it keeps in one folder."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

START_SECONDS = 120
STOP_SECONDS = 60


class Server:
    """One server over `folder`. Subclasses say the command, how to know that it answers, what to prepare once.

    `own` says that the process is to end with the one that started it. Started again over the same folder it has the
    same ports and data, so that it can be killed and come back. `ports.json` of the folder, written before the first
    start, chooses the ports; else they are free ones.
    """

    name = "server"
    stop_signal = signal.SIGTERM
    user: str | None = None
    """The user to run as, where it is not ours."""

    def __init__(self, folder: Path, *, own: bool = False) -> None:
        self.folder, self._own = folder.absolute(), own
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make what the first start needs; called before each start."""

    def command(self) -> list[str]:
        """The command line; the path of the folder stands in it."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it takes work now."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it and wait until it answers; SystemExit with the end of its log where it does not."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it, unless it runs."""
        if self.runs():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare()
        ends_with_us = ["setpriv", "--pdeathsig", "KILL"] if self._own else []
        with (self.folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                [*ends_with_us, *self.command()], user=self.user, cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            )  # fmt: skip
        self._pid_file.write_text(str(self._process.pid), "ascii")

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if not self.runs() or time.monotonic() > until:
                raise SystemExit(f"{self.name} does not answer:\n{self._told()}")
            time.sleep(0.2)

    @property
    def pid(self) -> int:
        """Of the process that was started last; 0 where there was none."""
        try:
            return int(self._pid_file.read_text("ascii"))
        except FileNotFoundError:
            return 0

    def runs(self) -> bool:
        """Whether that process is there, and no other that got its number."""
        if self._process is not None:
            return self._process.poll() is None
        try:
            return str(self.folder).encode() in Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False

    def stop(self) -> None:
        """In order, as a service manager does; killed where that takes too long."""
        if self.runs():
            os.kill(self.pid, self.stop_signal)
            until = time.monotonic() + STOP_SECONDS
            while self.runs() and time.monotonic() < until:
                time.sleep(0.1)
        self.kill()

    def kill(self) -> None:
        """kill -9."""
        if self.runs():
            os.kill(self.pid, signal.SIGKILL)
        while self.runs():
            time.sleep(0.05)

    def port(self, use: str) -> int:
        """The port of one use, kept for the next start."""
        path = self.folder / "ports.json"
        ports: dict[str, int] = json.loads(path.read_text("ascii")) if path.exists() else {}
        if use not in ports:
            with socket.create_server(("127.0.0.1", 0)) as free:
                ports[use] = free.getsockname()[1]
            path.write_text(json.dumps(ports), "ascii")
        return ports[use]

    def listens(self, use: str) -> bool:
        """Whether somebody takes connections on the port of this use."""
        try:
            socket.create_connection(("127.0.0.1", self.port(use)), 1).close()
        except OSError:
            return False
        return True

    @property
    def _pid_file(self) -> Path:
        return self.folder / "pid"

    def _told(self) -> str:
        files = (self.folder / "console", self.folder / "log")
        return "\n".join(file.read_text("utf-8", "replace")[-2000:] for file in files if file.exists())
