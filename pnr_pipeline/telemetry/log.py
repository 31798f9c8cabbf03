"""The log of the long-running commands: counts, durations, digests and places in the code, and nothing else.

An allow-list, not a block-list: a line leaves only as one of `EVENTS` with keys of `FORMS` whose values have the form
that stands there; whatever else is dropped and counted. What libraries log, warn of or leave uncaught in a thread is
told as its place alone: such texts may quote an element (the engine's do). JSON lines on stderr; plain lines on a
terminal.
"""

import logging
import re
import sys
import threading
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

from pnr_pipeline.errors import place_of

EVENTS = frozenset(
    {
        "run begun", "run ended", "pipeline drained", "transmission done", "lists renewed", "swept", "store in trouble",
        "broker in trouble", "worker died", "metrics served", "library", "fault of the program",
    }
)  # fmt: skip
"""Every text that may leave as an event."""

_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
"""Whole ones, as no document number and no name is so long; their first 12 digits are told."""


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 63 else None


def _seconds(value: object) -> float | None:
    return round(value, 3) if type(value) is float and 0 <= value < 1e9 else None


def _digest(value: object) -> str | None:
    return value[:12] if type(value) is str and _DIGEST.fullmatch(value) else None


def _fault(value: object) -> str | None:
    return place_of(value) if isinstance(value, BaseException) else None


def _library(value: object) -> str | None:
    if not isinstance(value, logging.LogRecord):
        return None
    known = value.name.partition(".")[0] in sys.modules
    return f"{value.name if known else 'unknown'} at {value.module}:{value.lineno}"


_COUNTS = (
    "files", "messages", "travellers", "findings", "matches", "records", "hits", "replays", "buried", "port",
    "partition",
)  # fmt: skip

FORMS: dict[str, Callable[[object], object | None]] = {
    **dict.fromkeys(_COUNTS, _count),
    "seconds": _seconds,
    "digest": _digest,
    "fault": _fault,
    "library": _library,
}
"""Every key that may leave, with what tells a value of its form; None drops it."""

dropped = 0
"""Values, keys and events of this process that were not let out."""


def redact(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with what may leave; `dropped` counts what may not."""
    global dropped
    event = line.pop("event", None)
    kept = {key: told for key, value in line.items() if (told := FORMS.get(key, _nothing)(value)) is not None}
    lost = len(line) - len(kept)
    if event not in EVENTS:
        event, lost = "undeclared event", lost + 1
    dropped += lost
    return {"event": event, **kept} | ({"dropped": lost} if lost else {})


def _nothing(_: object) -> None:
    return None


class _Stderr:
    """Whatever stderr is at the time."""

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def _render(logger: object, name: str, line: MutableMapping[str, Any]) -> str | bytes:
    renderer = _PLAIN if sys.stderr.isatty() else _JSON
    return renderer(logger, name, line)


_PLAIN = structlog.dev.ConsoleRenderer(colors=False)
_JSON = structlog.processors.JSONRenderer()


def _logger(lowest: int) -> Any:
    return structlog.wrap_logger(
        _Stderr(),
        processors=[
            redact,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
    )


_log = _logger(logging.ERROR)


def configure(level: str) -> None:
    """Log from this level on (debug, info, warning, error); before, it is error. Libraries log from warning on."""
    global _log
    lowest = logging.getLevelNamesMapping()[level.upper()]
    _log = _logger(lowest)
    logging.basicConfig(handlers=[_Libraries()], level=max(lowest, logging.WARNING), force=True)
    logging.captureWarnings(True)
    threading.excepthook = lambda told: error("fault of the program", fault=told.exc_value)
    sys.unraisablehook = lambda told: error("fault of the program", fault=told.exc_value)


def debug(event: str, **told: object) -> None:
    """A single transmission."""
    _log.debug(event, **told)


def info(event: str, **told: object) -> None:
    """A step of the run."""
    _log.info(event, **told)


def error(event: str, **told: object) -> None:
    """What ends the run, or should not have been."""
    _log.error(event, **told)


class _Libraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        getattr(_log, record.levelname.lower(), _log.info)("library", library=record)
