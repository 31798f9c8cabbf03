"""What it costs to be seen: CPU time of a span off and on, a count, a log line; and of a run with and without traces.

    python benchmarks/telemetry.py

Input: check-in messages of one invented traveller each, the smallest there are, so that what is spent on each
weighs most; Two small lists are screened for. Runs take turns, each into a new store; medians of process time. Spans go
to a collector on the loopback that throws them away, in a process of its own.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace, workplace_of
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.lists import plant, registrations
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.telemetry import log, tallies, traces

DAY, NOW = date(2026, 1, 10), datetime(2026, 1, 8, tzinfo=UTC)
SCENARIO = Scenario(seed=5, flights=6, day=DAY, planted=20, travellers=60, interactive=True)
ROUNDS, CALLS = 7, 20_000

COLLECTOR = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): pass
server = HTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


def each(act: Callable[[], object]) -> float:
    """CPU seconds of one call, median of some rounds."""
    rounds = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(CALLS):
            act()
        rounds.append((time.process_time() - begun) / CALLS)
    return median(rounds)


def spanned() -> None:
    """A span as a stage uses it."""
    with traces.span("commit", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") as span:
        span.tell(digest="ab" * 32, hits=1)


def run(folder: Path, lists: Path, address: str) -> float:
    """CPU seconds a message of one run over all of them."""
    with TemporaryDirectory() as state:
        options = RunOptions(state=Path(state) / "state", lists=lists, profile="demo", now=NOW, traces=address)
        workplace_of(options)
        begun = time.process_time()
        run_files(options, list(waiting([folder])), accounts := Accounts())
        spent = time.process_time() - begun
        close_workplace(options)
        return spent / accounts.messages


def main() -> None:
    """Print the figures."""
    collector = subprocess.Popen([sys.executable, "-c", COLLECTOR], stdout=subprocess.PIPE, text=True)
    assert collector.stdout
    address = f"http://127.0.0.1:{collector.stdout.readline().strip()}/v1/traces"
    print(f"a span, off            {each(spanned) * 1e6:8.2f} µs")
    log.configure("error")
    with traces.tracing(address):
        print(f"a span, on             {each(spanned) * 1e6:8.2f} µs, sent to a collector")
    print(f"a count                {each(lambda: tallies.count('pnr_hits_total')) * 1e6:8.2f} µs")
    print(f"a log line not wanted  {each(lambda: log.debug('swept', hits=1)) * 1e6:8.2f} µs")
    with TemporaryDirectory() as place:
        folder, shelf = Path(place, "in"), Path(place, "lists")
        folder.mkdir()
        files = [one for one in simulate(SCENARIO) if b"PAXLST" in one.body and len(one.body) < 2_000]
        for file in files:
            (folder / file.name).write_bytes(file.body)
        planted = plant(SCENARIO)
        for registration, entries in zip(registrations(DAY), (planted.persons, planted.documents), strict=True):
            ListShelf(shelf).publish(registration, entries, NOW)
        off, on = [], []
        run(folder, shelf, "")
        for _ in range(ROUNDS):
            off.append(run(folder, shelf, ""))
            on.append(run(folder, shelf, address))
    print(f"a message, traces off  {median(off) * 1e3:8.3f} ms")
    print(f"a message, traces on   {median(on) * 1e3:8.3f} ms, {(median(on) / median(off) - 1) * 100:+.1f} %")
    collector.terminate()


if __name__ == "__main__":
    main()
