"""Several processes of one run: the consumer group deals Kafka's partitions among them, anew as they come and go.

Each is a whole embedded run with its own database connection, relay and log publisher; leases let one relay and one
publish. One that dies, killed or for want of memory, is begun again; where a store is in trouble all end, as one run
would.
"""

import os
import signal
import threading
import time
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext

from pnr_pipeline.errors import PnrFault, StoreFault, place_of
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.beside import signals_ask
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.telemetry import log

BEGUN_AGAIN_MAX = 5
"""So often a worker may die within `SECONDS`: then something is wrong that beginning again does not mend."""
SECONDS = 60.0


class _Worker:
    """One process, and the end of the pipe by which it tells its accounts or its fault."""

    def __init__(self, of: SpawnContext, options: RunOptions, level: str) -> None:
        self.options = options
        self.told, tells = of.Pipe(duplex=False)
        self.process = of.Process(target=_work, args=(options, level, tells), name="worker")
        self.process.start()
        tells.close()

    def outcome(self) -> Accounts | PnrFault | None:
        """What it told at its end; None where it died without a word."""
        self.process.join()
        try:
            found = self.told.recv() if self.told.poll() else None
        except EOFError:
            found = None
        self.told.close()
        return found if isinstance(found, Accounts | PnrFault) else None

    def stop(self) -> None:
        """Ask it to stop after what it has in work."""
        if self.process.is_alive():
            self.process.terminate()


def run_workers(options: RunOptions, number: int, level: str, accounts: Accounts) -> None:
    """Run `run_topic` in so many processes until SIGTERM or SIGINT; their accounts are summed.

    A port of metrics is that of the first, the others take those after it. Raises StoreFault where a worker's store was
    in trouble, or workers die again and again: nothing is lost, and the same call goes on where this one ended.
    """
    context, asked = get_context("spawn"), [False]
    workers = [_Worker(context, _of(options, place), level) for place in range(number)]
    died: list[float] = []
    trouble: PnrFault | None = None

    def ask() -> None:
        asked[0] = True
        for one in workers:
            one.stop()

    with signals_ask(ask, once=False):  # handed on: each ends after what it has in work
        while workers:
            ended = connection.wait([one.process.sentinel for one in workers])
            for one in [one for one in workers if one.process.sentinel in ended]:
                workers.remove(one)
                outcome = one.outcome()
                if isinstance(outcome, Accounts):
                    accounts.add(outcome)
                elif outcome is not None or asked[0] or trouble:
                    trouble = trouble or outcome
                else:
                    died = [at for at in died if at > time.monotonic() - SECONDS] + [time.monotonic()]
                    log.error("worker died")
                    if len(died) > BEGUN_AGAIN_MAX:
                        trouble = StoreFault("workers die again and again: pnr doctor; the kernel's log for its memory")
                    else:
                        workers.append(_Worker(context, one.options, level))
            if trouble:
                for one in workers:
                    one.stop()
    if trouble:
        raise trouble


def _of(options: RunOptions, place: int) -> RunOptions:
    if not options.metrics_port:
        return options
    return options.model_copy(update={"metrics_port": options.metrics_port + place})


def _work(options: RunOptions, level: str, tells: Connection) -> None:
    """The life of one worker: in a session of its own, so that Ctrl-C comes by its parent alone, and not after it."""
    os.setsid()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    from pnr_pipeline.pipelines.run import run_topic
    from pnr_pipeline.pipelines.workplaces import close_workplace

    log.configure(level)
    accounts = Accounts()
    try:
        run_topic(options, accounts)
    except PnrFault as fault:
        tells.send(type(fault)(str(fault)))
    except Exception as fault:  # noqa: BLE001 its text may hold a value: its place is told
        tells.send(PnrFault(f"a fault of the program itself, nothing is lost: {place_of(fault)}"))
    else:
        tells.send(accounts)
    finally:
        close_workplace(options)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
