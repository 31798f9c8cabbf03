"""What this process counted since it began; counted whether anybody asks or not, as it costs next to nothing.

Where stages run in processes of an engine (Flink), the engine's own counters tell the same numbers.
"""

from bisect import bisect_left
from collections import Counter
from threading import Lock

from pnr_pipeline.telemetry.figures import SECONDS

_lock = Lock()
_counts: Counter[tuple[str, str]] = Counter()
_times: dict[str, list[float]] = {}


def count(figure: str, label: str = "", number: int = 1) -> None:
    """Add to a counter; `label` is the value of its one label, '' where it has none."""
    with _lock:
        _counts[figure, label] += number


def took(figure: str, seconds: float) -> None:
    """Put a duration into its bucket."""
    with _lock:
        buckets = _times.setdefault(figure, [0.0] * (len(SECONDS) + 2))
        buckets[bisect_left(SECONDS, seconds)] += 1
        buckets[-1] += seconds


def counted() -> list[tuple[str, str, int]]:
    """(figure, label value, number) of everything counted so far."""
    with _lock:
        return [(figure, label, number) for (figure, label), number in _counts.items()]


def durations() -> dict[str, tuple[list[float], float]]:
    """By figure the number in each bucket, the last without an upper bound, and the sum of all seconds."""
    with _lock:
        return {figure: (buckets[:-1], buckets[-1]) for figure, buckets in _times.items()}
