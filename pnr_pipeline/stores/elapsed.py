"""How long the machine has been running, as it counts itself: no setting of the wall clock changes it (RET-9)."""

import secrets
import time
from functools import cache
from pathlib import Path

from pnr_pipeline.retention.high_water import Elapsed

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux counts time asleep in BOOTTIME; elsewhere sleep is missed, which only holds deletions up."""


def elapsed() -> Elapsed:
    """The machine's count now. Where the machine does not name its starts, each process counts for itself."""
    return Elapsed(_boot(), time.clock_gettime(_CLOCK))


@cache
def _boot() -> str:
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return secrets.token_hex(16)
