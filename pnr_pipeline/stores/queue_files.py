"""JSON Lines files of the units' queues: a projection of the queue table, whole lines only."""

import fcntl
import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

_TAIL_BYTES = 1 << 16


class _Numbered(msgspec.Struct):
    seq: int


def append_lines(path: Path, lines_after: Callable[[int], Sequence[str]]) -> int:
    """Continue the file from its last whole line with those that `lines_after` (its `seq`) gives; returns how many.

    A line cut short by a crash is cut off and written again. The file is made with mode 0600 and is on the disk
    when this returns. Two processes at once append one after the other.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole, seq = _last_whole_line(file.fileno())
        lines = lines_after(seq)
        if os.fstat(file.fileno()).st_size > whole:
            file.truncate(whole)
        file.seek(whole)
        file.write(b"".join(line.encode() + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def keep_lines(path: Path, numbers: Callable[[], Collection[int]]) -> int:
    """Leave only the lines with these numbers; returns how many went. A crash halfway leaves the first of those.

    What `append_lines` then finds missing at the end it writes again.
    """
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.read().splitlines(keepends=True)
        here = set(numbers())
        kept = [
            line for line in lines if line.endswith(b"\n") and msgspec.json.decode(line, type=_Numbered).seq in here
        ]
        if len(kept) < len(lines):
            file.seek(0)
            file.write(b"".join(kept))
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    return len(lines) - len(kept)


def _last_whole_line(handle: int) -> tuple[int, int]:
    """Where the last whole numbered line ends, and its number; (0, 0) where there is none."""
    end = os.fstat(handle).st_size
    tail = b""
    start = end
    while start > 0:
        step = min(_TAIL_BYTES, start)
        start -= step
        tail = os.pread(handle, step, start) + tail
        last = tail.rfind(b"\n")
        first = tail.rfind(b"\n", 0, max(last, 0))
        if last >= 0 and (first >= 0 or start == 0):
            return start + last + 1, msgspec.json.decode(tail[first + 1 : last], type=_Numbered).seq
    return 0, 0
