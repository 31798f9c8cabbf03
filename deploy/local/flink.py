"""A standalone Flink cluster of one JobManager and one TaskManager, and Beam's job server before it."""

import urllib.request
from pathlib import Path

from jars import jar_set
from java_server import JavaServer

_COMMON = """jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: {rpc}
jobmanager.bind-host: 127.0.0.1
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: {rest}
blob.server.port: {blob}
execution.checkpointing.dir: file://{folder}/checkpoints
state.checkpoints.dir: file://{folder}/checkpoints
io.tmp.dirs: {folder}/tmp
parallelism.default: 1
"""

_TASKS = """taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.numberOfTaskSlots: 2
taskmanager.cpu.cores: 2
taskmanager.memory.task.heap.size: 320m
taskmanager.memory.task.off-heap.size: 64m
taskmanager.memory.managed.size: 64m
taskmanager.memory.network.min: 64m
taskmanager.memory.network.max: 64m
taskmanager.memory.framework.heap.size: 64m
taskmanager.memory.framework.off-heap.size: 64m
taskmanager.memory.jvm-metaspace.size: 192m
taskmanager.memory.jvm-overhead.min: 64m
taskmanager.memory.jvm-overhead.max: 64m
"""
"""All of it told, as Flink's own script works it out elsewhere; the slots share 384 MB of heap."""


class _Flink(JavaServer):
    jars, log_level = "flink", "info"

    def java_command(self, main: str, *arguments: str) -> list[str]:
        """Flink itself without its tables and SQL, which nobody here asks for."""
        command = super().java_command(main, *arguments)
        lib = jar_set("flink") / "lib"
        named = (path for path in sorted(lib.glob("*.jar")) if path.name.startswith(("flink-dist", "log4j")))
        command[command.index("-cp") + 1] = ":".join(map(str, named))
        return command

    def arguments(self) -> list[str]:
        """See JavaServer."""
        return ["--configDir", str(self.folder)]


class JobManager(_Flink):
    """Takes jobs, restarts them; its web page is at `rest`."""

    name = "Flink JobManager"
    main = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
    heap_mb = 384

    @property
    def settings(self) -> str:
        """What both processes of the cluster are told."""
        ports = {use: self.port(use) for use in ("rpc", "rest", "blob")}
        return _COMMON.format(**ports, folder=self.folder)

    def prepare(self) -> None:
        """See Server."""
        super().prepare()
        (self.folder / "flink-conf.yaml").write_text(self.settings, "utf-8")

    def answers(self) -> bool:
        """Whether its page counts its workers."""
        return self.workers() >= 0

    def workers(self) -> int:
        """How many TaskManagers it has; -1 while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port('rest')}/taskmanagers", timeout=2) as page:
                return page.read().count(b'"id"')
        except OSError:
            return -1


class TaskManager(_Flink):
    """Does the work, and starts Beam's Python workers."""

    name = "Flink TaskManager"
    main = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
    heap_mb = 384

    def __init__(self, folder: Path, jobs: JobManager, *, own: bool = False) -> None:
        super().__init__(folder, own=own)
        self._jobs = jobs

    def prepare(self) -> None:
        """See Server."""
        super().prepare()
        (self.folder / "flink-conf.yaml").write_text(self._jobs.settings + _TASKS, "utf-8")

    def answers(self) -> bool:
        """Whether the JobManager knows of a worker."""
        return self._jobs.workers() > 0


class JobServer(JavaServer):
    """Beam's portable jobs for this cluster, at `job`."""

    name, jars, log_level = "Beam job server", "beam-job-server", "info"
    main = "org.apache.beam.runners.flink.FlinkJobServerDriver"

    def __init__(self, folder: Path, jobs: JobManager, *, own: bool = False) -> None:
        super().__init__(folder, own=own)
        self._jobs = jobs

    def arguments(self) -> list[str]:
        """See JavaServer."""
        return [
            "--job-host", "127.0.0.1", "--job-port", str(self.port("job")),
            "--artifact-port", str(self.port("artifact")), "--expansion-port", "-1",
            "--flink-master", f"127.0.0.1:{self._jobs.port('rest')}",
            "--artifacts-dir", str(self.folder / "artifacts"),
        ]  # fmt: skip

    def answers(self) -> bool:
        """Whether both of its services listen."""
        return self.listens("job") and self.listens("artifact")
