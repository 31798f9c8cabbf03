"""The local cluster: PostgreSQL, Kafka, Flink and Beam's job server on the loopback, for trials and demonstrations.

    deploy/local/up                 all of them
    deploy/local/up postgres kafka  these alone
    deploy/local/down [--remove]    stops them; with --remove nothing of them is left

All they keep lies in one folder: PNR_LOCAL, else `local-cluster` in the checkout; in it is a state folder `state`,
ready for `pnr run --state`. Nobody is asked for a password: never for travellers who exist.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from broker import Broker
from flink import JobManager, JobServer, TaskManager
from postgres import ADMINISTRATOR, Postgres
from server import Server

ROOT = Path(__file__).parents[2]
DATABASE, RUNNER, PROFILE = "pnr_law_enforcement", "pnr_run", "demo"
PARTS = ("postgres", "kafka", "flink")


class Cluster:
    """The servers over one folder, in the order in which they start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.postgres = Postgres(self.folder / "postgres")
        self.kafka = Broker(self.folder / "kafka")
        self.jobs = JobManager(self.folder / "flink-jobs")
        self.tasks = TaskManager(self.folder / "flink-tasks", self.jobs)
        self.job_server = JobServer(self.folder / "beam-jobs", self.jobs)
        self.parts: dict[str, tuple[Server, ...]] = {
            "postgres": (self.postgres,),
            "kafka": (self.kafka,),
            "flink": (self.jobs, self.tasks, self.job_server),
        }

    @property
    def state(self) -> Path:
        """The state folder that works in this cluster."""
        return self.folder / "state"

    def up(self, parts: list[str]) -> None:
        """Start these parts together, wait for each, make what is missing in them, tell where they are."""
        self.folder.mkdir(parents=True, exist_ok=True)
        servers = [server for part in parts for server in self.parts[part]]
        for server in servers:
            server.launch()
        for server in servers:
            server.wait()
        if "postgres" in parts:
            self._prepare_database()
        if "kafka" in parts:
            self._prepare_topics()
        self._tell(servers)

    def down(self, *, remove: bool) -> None:
        """Stop whatever runs, last started first."""
        for server in reversed([server for part in PARTS for server in self.parts[part]]):
            server.stop()
        if remove:
            for folder in (self.folder, self.folder / "state-keys"):
                shutil.rmtree(folder, ignore_errors=True)

    def _prepare_database(self) -> None:
        sql = [str(self.postgres.binaries / "psql"), "-h", "127.0.0.1", "-p", str(self.postgres.port("sql")),
               "-U", ADMINISTRATOR, "-q", "-v", "ON_ERROR_STOP=1"]  # fmt: skip
        asked = [*sql, "-d", "postgres", "-tAc", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"]
        if subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip():
            return
        _run([*sql, "-d", "postgres", "-c", f"CREATE ROLE {RUNNER} LOGIN", "-c", f"CREATE DATABASE {DATABASE}"])
        self._pnr("database", "prepare", self.postgres.address(DATABASE, ADMINISTRATOR))
        roles = ", ".join(f"{DATABASE}_{role}" for role in ("writer", "publisher", "retention"))
        _run([*sql, "-d", "postgres", "-c", f"GRANT {roles} TO {RUNNER}"])
        self._pnr("database", "use", self.postgres.address(DATABASE, RUNNER))

    def _prepare_topics(self) -> None:
        settings = self.state / "settings.toml"
        told = settings.read_text("utf-8") if settings.exists() else ""
        if "[kafka]" not in told:
            self.state.mkdir(mode=0o700, exist_ok=True)
            servers = f'[kafka]\nservers = "{self.kafka.address()}"\nsecurity = "plain"\nreplicas = 1\n'
            settings.write_text(f"{told}\n{servers}", "utf-8")
        self._pnr("topics", "create", "--profile", PROFILE)

    def _pnr(self, *arguments: str) -> None:
        _run(
            [
                sys.executable,
                "-c",
                "from pnr_pipeline.cli.main import main; main()",
                *arguments,
                "--state",
                str(self.state),
            ]
        )

    def _tell(self, servers: list[Server]) -> None:
        where = {
            self.postgres: lambda: self.postgres.address(DATABASE, RUNNER),
            self.kafka: self.kafka.address,
            self.jobs: lambda: f"http://127.0.0.1:{self.jobs.port('rest')}",
            self.tasks: lambda: "2 slots of the JobManager",
            self.job_server: lambda: f"127.0.0.1:{self.job_server.port('job')}",
        }
        rows = [("server", "pid", "where"), *((one.name, str(one.pid), where[one]()) for one in servers)]
        for name, pid, place in rows:
            print(f"{name:<20} {pid:>8}  {place}")
        print(f"\nState folder: {self.state}   Stop: deploy/local/down")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:6])} …\n{done.stdout}{done.stderr}")


def main() -> None:
    """Run `up` or `down`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    up = verbs.add_parser("up")
    up.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    down = verbs.add_parser("down")
    down.add_argument("--remove", action="store_true", help="and remove all that they kept")
    asked = parser.parse_args()
    cluster = Cluster(Path(os.environ.get("PNR_LOCAL") or ROOT / "local-cluster"))
    if asked.verb == "down":
        cluster.down(remove=asked.remove)
        return
    if wrong := set(asked.part) - set(PARTS):
        parser.error(f"no such part: {', '.join(wrong)}")
    cluster.up([part for part in PARTS if part in asked.part or not asked.part])


if __name__ == "__main__":
    main()
