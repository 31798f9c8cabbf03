"""A rescreening that kills itself (-9) before the n-th of its legs is committed: `STATE LISTS N`."""

import os
import signal
import sys
from pathlib import Path

from store_setup import NOW, open_demo

from pnr_pipeline.stores.list_changes import ListChanges
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.sql import rescreen

state, lists, number = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
rescreen._RECORDS_A_TRANSACTION = 1
calls, written = [], rescreen.write_entry


def write_or_die(*args, **named):
    calls.append(1)
    if len(calls) == number:
        os.kill(os.getpid(), signal.SIGKILL)
    written(*args, **named)


rescreen.write_entry = write_or_die
with open_demo(state) as store:
    shelf = ListShelf(lists)
    store.rescreen(ListChanges(shelf, shelf.load(NOW), NOW), NOW)
