"""Spans over the stages of a transmission, for whoever runs a collector: off unless an address is configured.

A span tells its stage, how long it took, the hash of the transmission and counts; the log's allow-list decides what an
attribute may be, and no exception's text goes with it. The trace of a transmission begins where it is received, or
with the `traceparent` that came with it (W3C Trace Context), and goes on with it from stage to stage. What an event in
a unit's queue carries as `traceparent` (the CloudEvents extension) is the span of the relay: a trace of its own, as a
person stands in between. Sampling and headers are those of the standard environment (`OTEL_TRACES_SAMPLER`,
`OTEL_EXPORTER_OTLP_HEADERS`). OpenTelemetry is imported only where it is on (extra `telemetry`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pnr_pipeline import __version__
from pnr_pipeline.errors import UsageFault, place_of
from pnr_pipeline.telemetry import log

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

STAGES = ("receive", "decode", "screen", "commit", "relay")
"""The names of spans. What is checked of a message is checked while it is decoded, in one pass."""

EXPORT_SECONDS = 5.0
"""How long one export may take: a collector that does not answer holds nothing up but its own spans."""

_tracer: "Tracer | None" = None


class _Off:
    """In place of a span while there are none."""

    traceparent = ""

    def __enter__(self) -> "_Off":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def tell(self, **_: object) -> None:
        """Nothing."""


_OFF = _Off()


class _On:
    """One span, ended where its block ends; of an exception only type and place are told."""

    def __init__(self, span: "Span") -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """What carries this span on to the next stage, or into another system."""
        of = self._span.get_span_context()
        return f"00-{of.trace_id:032x}-{of.span_id:016x}-{of.trace_flags:02x}"

    def tell(self, **told: object) -> None:
        """Attributes of the log's keys and forms; others are dropped."""
        for key, value in told.items():
            form = log.FORMS.get(key)
            kept: Any = form(value) if form else None
            if kept is not None:
                self._span.set_attribute(f"pnr.{key}", kept)

    def __enter__(self) -> "_On":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(fault, Exception):
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR, place_of(fault)))
        self._span.end()


def span(stage: str, traceparent: str = "") -> _On | _Off:
    """The span of one of `STAGES`, to be used in a `with`; a child of `traceparent` where that is one."""
    if _tracer is None:
        return _OFF
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent})
    return _On(_tracer.start_span(stage, parent))


@contextmanager
def tracing(address: str) -> Iterator[None]:
    """Send spans to this OTLP/HTTP address (`http://127.0.0.1:4318/v1/traces`) meanwhile; '' sends none."""
    global _tracer
    if not address:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise UsageFault("traces need OpenTelemetry: install pnr-pipeline[telemetry]") from None
    # of the machine nothing is told: the resource is ours alone, not what detectors find
    resource = Resource({"service.name": "pnr-pipeline", "service.version": __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address, timeout=EXPORT_SECONDS)))
    _tracer = provider.get_tracer("pnr-pipeline")
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()
