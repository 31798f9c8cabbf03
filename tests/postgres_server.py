"""A PostgreSQL server of the tests' own: made, started and stopped with the session, on a socket in a new folder.

Where the machine has none it is installed by apt, as Go is for tests/interop.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
from postgres import binaries, server_user
from psycopg import sql

from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.sql.postgres_setup import prepare_database, role_of
from pnr_pipeline.stores.sql.purpose_token import GATE_KEY, Gate
from pnr_pipeline.stores.state import StateFolder

PORT = 5432  # of the socket's name alone: nothing listens on the network
RUNNER = "pnr_run"


class Server:
    """A running server. Its administrator is a superuser; the product's own login is `pnr_run`."""

    def __init__(self, settings: tuple[str, ...] = ()) -> None:
        self._bin, self._user = binaries(), server_user()
        self.folder = Path(tempfile.mkdtemp(prefix="pnr-pg-"))
        if self._user:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)
        self.folder.chmod(0o755)
        self._run("initdb", "-D", self._data, "-U", "admin", "-A", "trust", "-E", "UTF8", "--locale=C")
        told = [f"-c {setting}" for setting in ("listen_addresses=", f"unix_socket_directories={self.folder}",
                                                f"port={PORT}", "max_connections=60", *settings)]  # fmt: skip
        self._run(
            "pg_ctl", "-D", self._data, "-w", "-t", "180", "-l", self.folder / "log", "-o", " ".join(told), "start"
        )
        self._made: dict[str, str] = {}
        with self.administrator() as db:
            db.execute(f"CREATE ROLE {RUNNER} LOGIN")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, tool: str, *arguments: object) -> None:
        done = subprocess.run(
            [self._bin / tool, *map(str, arguments)], user=self._user, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        """Stop it and remove everything."""
        with suppress(AssertionError):
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database: str, user: str = RUNNER) -> str:
        return f"postgresql:///{database}?host={self.folder}&port={PORT}&user={user}"

    def administrator(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.address(database, "admin"), autocommit=True)

    def template(self, gate: Gate, domain: str = "law_enforcement") -> str:
        """An empty prepared database to be copied."""
        name = f"empty_{domain}"
        if name not in self._made:
            with self.administrator() as db:
                db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            prepare_database(self.address(name, "admin"), domain, gate)
            with self.administrator() as db:
                for role in ("writer", "publisher", "retention"):
                    db.execute(f"GRANT {role_of(domain, role)} TO {RUNNER}")
            self._made[name] = name
        return name

    def give(self, root: Path, domain: str = "law_enforcement") -> str:
        """Let this state folder have a new database here, unless it has one; returns its name."""
        state = StateFolder(root)
        name = "state_" + hashlib.sha256(str(state.root).encode()).hexdigest()[:24]
        if state.settings.exists() or state.database.exists():
            return name
        state.prepare()
        gate = Gate(open_keystore(state).create(GATE_KEY))
        empty = self.template(gate, domain)
        with self.administrator() as db:
            db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(empty)))
            for role in ("writer", "publisher", "retention"):
                db.execute(f"GRANT CONNECT ON DATABASE {name} TO {role_of(domain, role)}")
            db.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
        with self.administrator(name) as db:
            db.execute("UPDATE pnr.gate_key SET inner_key = %s, outer_key = %s", gate.halves)
        state.settings.write_text(f'[database]\naddress = "{self.address(name)}"\n', "utf-8")
        return name

    def drop_given(self) -> None:
        """Remove the databases of all state folders."""
        with self.administrator() as db:
            for (name,) in db.execute("SELECT datname FROM pg_database WHERE datname LIKE 'state\\_%'").fetchall():
                db.execute(f"DROP DATABASE {name} WITH (FORCE)")
