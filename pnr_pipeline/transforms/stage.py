"""One stage of the graph: a plain function over the process's workplace, counters, and no exception.

The only place of this package that meets Beam's classes, but for the search of the archive.
"""

# Beam's classes are annotated in part only, so strict typing stops at this file
# mypy: disable-error-code="no-untyped-call, misc, attr-defined, name-defined, type-arg"

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import Coder, registry
from apache_beam.metrics import Metrics
from msgspec import Struct, msgpack

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Received
from pnr_pipeline.telemetry import tallies, traces
from pnr_pipeline.transforms.elements import Decoded, Done, ScreenedFile
from pnr_pipeline.transforms.workplace import Workplace

FindWorkplace = Callable[[], Workplace[Any]]
"""A module-level function, or `functools.partial` of one: it is pickled in place of what it finds."""

Count = tuple[str, str, int]
"""Group, name, number to add: of kinds, rules and lists, never of persons."""

_FIGURES = {group: f"pnr_{group}_total" for group in ("messages", "travellers", "findings", "matches", "poison")}


class Stage(beam.PTransform):
    """`work` done on every element, in a span of this `name`; its counts; a store in trouble ends the run, not raises.

    An element met after that is left alone: it has no position in the store, so the next run takes it again.
    """

    def __init__(
        self,
        name: str,
        find: FindWorkplace,
        work: Callable[[Any, Workplace[Any]], Any],
        counts: Callable[[Any], Iterable[Count]],
        out: type[Struct],
    ) -> None:
        super().__init__()
        self._work, self._out = _Work(name, find, work, counts), out

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        """See PTransform."""
        return elements | beam.ParDo(self._work).with_output_types(self._out)


class _Work(beam.DoFn):
    def __init__(
        self,
        name: str,
        find: FindWorkplace,
        work: Callable[[Any, Workplace[Any]], Any],
        counts: Callable[[Any], Iterable[Count]],
    ) -> None:
        self._name, self._find, self._work, self._counts = name, find, work, counts

    def process(self, element: Any) -> Iterator[Any]:
        at = self._find()
        if at.stop.trouble:
            return
        received = getattr(element, "received", element)
        sums: Counter[str] = Counter()
        try:
            with traces.span(self._name, received.traceparent) as span:
                result = self._work(element, at)
                for group, name, number in self._counts(result):
                    Metrics.counter(group, name).inc(number)
                    sums[name if group == "committed" else group] += number
                    if group in _FIGURES:
                        tallies.count(_FIGURES[group], "" if group == "poison" else name, number)
                span.tell(digest=result.digest, **sums)
        except StoreFault as trouble:
            at.stop.ask(trouble)
            return
        yield result


class StructCoder(Coder):
    """MessagePack of one struct: for engines that part two stages; fused stages encode nothing."""

    def __init__(self, kind: type[Struct]) -> None:
        self._kind = kind
        self._decoder = msgpack.Decoder(kind)

    def encode(self, value: Struct) -> bytes:
        """See Coder."""
        return msgpack.encode(value)

    def decode(self, encoded: bytes) -> Any:
        """See Coder."""
        return self._decoder.decode(encoded)

    def estimate_size(self, value: Struct) -> int:
        """Asked of samples between fused stages too, by encoding them unless told; nothing here uses the answer."""
        return 1

    def is_deterministic(self) -> bool:
        """No element is ever a key."""
        return False

    def to_type_hint(self) -> type[Struct]:
        """See Coder."""
        return self._kind

    @classmethod
    def from_type_hint(cls, kind: Any, _: Any) -> Any:
        """See Coder."""
        return cls(kind)

    def __reduce__(self) -> tuple[type["StructCoder"], tuple[type[Struct]]]:
        return StructCoder, (self._kind,)


for _kind in (Received, Decoded, ScreenedFile, Done):
    registry.register_coder(_kind, StructCoder)
