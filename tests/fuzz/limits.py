"""What one input may cost, and what may be said of it: a second of CPU, 64 MB, no exception, no value in a finding."""

import resource
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterable

from seeds import MARKS

from pnr_pipeline.records import Finding

SECONDS_MAX = 1.0
BYTES_MAX = 64 * 1024 * 1024
SAMPLED = 500
"""Each so manieth input is measured to the byte; of all others the growth of the process is looked at."""
_UNIT = 1 if sys.platform == "darwin" else 1024


class Judge:
    """Runs one reader over inputs and keeps, for each kind of fault, what it was and the first input that showed it."""

    def __init__(self, read: Callable[[bytes], Iterable[Finding]]) -> None:
        self._read = read
        self._clean: set[str] = set()
        self.inputs = 0
        self.slowest = 0.0
        self.largest = 0
        self.faults: dict[str, bytes] = {}

    def __call__(self, body: bytes) -> None:
        self.inputs += 1
        sampled = self.inputs % SAMPLED == 0
        if sampled:
            tracemalloc.start()
        high = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        try:
            findings = self._read(body)
        except (Exception, RecursionError) as raised:  # noqa: BLE001  the point: whatever a reader raises is a fault
            place = traceback.extract_tb(raised.__traceback__)[-1]
            self.faults.setdefault(f"{type(raised).__name__} in {place.name}, line {place.lineno}", body)
            findings = ()
        seconds = time.process_time() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - high) * _UNIT
        if sampled:
            grown = max(grown, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        else:
            self.slowest = max(self.slowest, seconds)
            if seconds > SECONDS_MAX:
                self.faults.setdefault("over a second of CPU", body)
        self.largest = max(self.largest, grown)
        if grown > BYTES_MAX:
            self.faults.setdefault("over 64 MB", body)
        for found in findings:
            if found.message not in self._clean:
                if any(mark in found.message or mark in found.segment for mark in MARKS):
                    self.faults.setdefault(f"{found.rule} quotes a value", body)
                self._clean.add(found.message)
