import time

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.transforms.stop import Stop


def test_a_stop_asked_before_or_while_waiting_ends_the_wait():
    stop = Stop()
    begun = time.monotonic()
    stop.ask()
    stop.wait(30)
    stop.wait(30)
    assert time.monotonic() - begun < 5


def test_the_first_trouble_is_kept():
    stop = Stop()
    first = StoreFault("the disk is full")
    stop.ask(first)
    stop.ask(StoreFault("and so on"))
    stop.ask()
    assert stop.trouble is first
