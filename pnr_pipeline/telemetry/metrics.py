"""The figures as a monitoring reads them: Prometheus's text over HTTP, GET alone, on the loopback by default.

Each process serves its own: several workers stand on ports one after the other, counters are summed over them, and
what the store tells is the same from all. prometheus-client is imported with the first server (extra `telemetry`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.telemetry import log, tallies
from pnr_pipeline.telemetry.figures import FIGURES, LABELS, SECONDS, SERIES_MAX

if TYPE_CHECKING:
    from prometheus_client.core import Metric

OTHER = "other"
"""In place of a label value without the form of its label, or beyond the number of series."""


class Sample(NamedTuple):
    """One number of one figure, with the values of its labels in their order."""

    figure: str
    number: float
    labels: tuple[str, ...] = ()


Told = Callable[[], Iterable[Sample]]
"""What is asked each time the figures are read; it must raise nothing."""


def counted() -> Iterator[Sample]:
    """What this process counted."""
    for figure, label, number in tallies.counted():
        yield Sample(figure, number, (label,) if FIGURES[figure].labels else ())
    yield Sample("pnr_log_values_dropped_total", log.dropped)


class Exporter:
    """A collector over `told`: declared figures alone, with bounded labels. One reading at a time.

    `counts` adds what this process counted, zeros too: a counter that is not there yet cannot be seen to rise.
    """

    def __init__(self, told: Iterable[Told], *, counts: bool) -> None:
        self._told, self._counts, self._lock = [*told, *([counted] if counts else [])], counts, Lock()

    def collect(self) -> "Iterator[Metric]":
        """See prometheus_client's Collector."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        with self._lock:
            found = self._found()
        durations = tallies.durations() if self._counts else {}
        for figure, (kind, told, labels) in FIGURES.items():
            if kind == "histogram":
                if figure in durations:
                    buckets, total = durations[figure]
                    bounds = [*map(str, SECONDS), "+Inf"]
                    histogram = HistogramMetricFamily(figure, told)
                    histogram.add_metric([], list(zip(bounds, accumulate(buckets), strict=True)), sum_value=total)
                    yield histogram
            elif figure in found or (kind == "counter" and self._counts):
                family = (CounterMetricFamily if kind == "counter" else GaugeMetricFamily)(figure, told, labels=labels)
                for values, number in (found[figure] or ({} if labels else {(): 0.0})).items():
                    family.add_metric(values, number)
                yield family

    def _found(self) -> dict[str, dict[tuple[str, ...], float]]:
        found: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        for told in self._told:
            for figure, number, labels in told():
                of = found[figure]
                values = tuple(
                    value if LABELS[label].fullmatch(value) else OTHER
                    for label, value in zip(FIGURES[figure].labels, labels, strict=True)
                )
                if values not in of and len(of) >= SERIES_MAX:
                    values = (OTHER,) * len(values)
                of[values] = of.get(values, 0.0) + number
        return found


def text(told: Iterable[Told]) -> str:
    """What is `told` once, as Prometheus's text; for a process that serves nothing and counted nothing."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Exporter(told, counts=False))
    return generate_latest(registry).decode()


@contextmanager
def serving(host: str, port: int, told: Iterable[Told]) -> Iterator[int]:
    """Serve the figures, and those of the process, from a thread; gives the port, chosen by the system where it is 0.

    Raises UsageFault where the port cannot be had or the extra is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
    except ImportError:
        raise UsageFault("metrics need prometheus-client: install pnr-pipeline[telemetry]") from None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Exporter(told, counts=True))
    ProcessCollector(registry=registry)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as fault:
        raise UsageFault(f"metrics: {host}:{port} cannot be served: {fault.strerror}") from None
    try:
        log.info("metrics served", port=server.server_port)
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
