"""A PostgreSQL server of the local cluster, on the loopback; from the system's packages, by apt where missing."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from server import Server

ADMINISTRATOR = "admin"


def binaries() -> Path:
    """The folder of `initdb` and `postgres`, installed first where there is none."""
    for _ in range(2):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda one: int(one.parts[-3]))
        on_path = shutil.which("pg_ctl")
        if found or on_path:
            return (found[-1] if found else Path(str(on_path)).resolve()).parent
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql"]
        subprocess.run(wanted, check=True, env=environment, stdout=subprocess.DEVNULL)
    raise RuntimeError("PostgreSQL cannot be installed here")


def server_user() -> str | None:
    """Whom the server runs as: it refuses to be root."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


class Postgres(Server):
    """One server; whoever is on this machine may connect as anybody (`trust`): for trials, never for travellers."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT
    """Its fast shutdown: clients are sent away."""

    def __init__(self, folder: Path, *, own: bool = False) -> None:
        super().__init__(folder, own=own)
        self.binaries, self.user = binaries(), server_user()

    def prepare(self) -> None:
        """See Server."""
        if self.user:
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        if (self.folder / "data").exists():
            return
        made = subprocess.run(
            [self.binaries / "initdb", "-D", self.folder / "data", "-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8",
             "--locale=C"],
            user=self.user, cwd=self.folder, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise SystemExit(f"PostgreSQL's folder could not be made: {made.stderr}")

    def command(self) -> list[str]:
        """See Server."""
        told = {
            "listen_addresses": "127.0.0.1", "port": self.port("sql"), "unix_socket_directories": "",
            "shared_buffers": "256MB", "max_connections": 60,
        }  # fmt: skip
        settings = [part for key, value in told.items() for part in ("-c", f"{key}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), *settings]

    def answers(self) -> bool:
        """Whether it takes connections."""
        ready = [self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port("sql"))]
        return subprocess.run(ready).returncode == 0

    def address(self, database: str, user: str) -> str:
        """As `pnr database` takes it."""
        return f"postgresql://127.0.0.1:{self.port('sql')}/{database}?user={user}"
