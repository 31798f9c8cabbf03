"""What goes on beside a run: threads with a database connection of their own, whose fault ends it; signals to stop."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from pnr_pipeline.errors import PnrFault, place_of
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import store_of
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.transforms.stop import Stop

Work = Callable[[Store, threading.Event], None]
"""Goes on until the event is set, and then once more to its end."""


@contextmanager
def beside(options: RunOptions, stop: Stop, name: str, work: Work) -> Iterator[None]:
    """Let the work go on in a thread while the block lasts; where it fails the run is asked to stop for that."""
    over = threading.Event()
    with store_of(options) as store:
        thread = threading.Thread(target=_guarded, args=(work, store, over, stop), name=name)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _guarded(work: Work, store: Store, over: threading.Event, stop: Stop) -> None:
    try:
        work(store, over)
    except PnrFault as fault:
        stop.ask(fault)
    except Exception as fault:  # noqa: BLE001 a thread that dies unseen would leave its work behind for ever
        stop.ask(PnrFault(f"a fault of the program itself, nothing is lost: {place_of(fault)}"))


@contextmanager
def signals_ask(ask: Callable[[], None], *, once: bool) -> Iterator[None]:
    """SIGTERM and SIGINT ask; where `once`, a second one ends the process in the way of the system."""

    def asked(number: int, frame: FrameType | None) -> None:
        if once:
            signal.signal(number, signal.SIG_DFL)
        ask()

    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
