"""A PostgreSQL server of the local cluster, on the loopback; from the system's packages, by apt where missing."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from server import Server

ADMINISTRATOR = "admin"
_CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


def binaries() -> Path:
    """The folder of `initdb` and `postgres`, installed first where there is none."""
    for missing in (False, True):
        if missing:
            _install()
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda one: int(one.parts[-3]))
        on_path = shutil.which("pg_ctl")
        if found or on_path:
            return (found[-1] if found else Path(str(on_path)).resolve()).parent
    raise RuntimeError("PostgreSQL was installed, and its pg_ctl is not where Debian puts it")


def _install() -> None:
    """Debian's package, without the server of its own that it would set up and start on the port of PostgreSQL."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise RuntimeError(
            "PostgreSQL (initdb, pg_ctl) is missing: install it, on Debian by apt-get install postgresql"
        )
    if not _CREATE_CLUSTER.exists():
        _CREATE_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        _CREATE_CLUSTER.write_text("create_main_cluster = false\n", "utf-8")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "UCF_FORCE_CONFFOLD": "1"}
    for words in (("update",), ("install", "-y", "--no-install-recommends", "postgresql")):
        told = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *words]
        done = subprocess.run(told, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"apt-get {words[0]} failed: {done.stderr[-500:]}")


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
