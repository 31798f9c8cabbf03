"""The log of a run: JSON lines on stderr that hold counts, digests and codes, and nothing else.

Keys that are not on the list are dropped, whoever logs. What libraries log is kept as logger, level and place
alone: their texts may quote an element (the engine's do).
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset({"event", "level", "timestamp", "logger", "place", "digest", "files", "messages", "hits", "buried"})
"""Every key that may leave; an event is a fixed text."""


def redact(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not allowed."""
    return {key: value for key, value in line.items() if key in ALLOWED}


class _Stderr:
    """Whatever stderr is at the time."""

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def _logger(lowest: int) -> Any:
    return structlog.wrap_logger(
        _Stderr(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
    )


_log = _logger(logging.ERROR)


def configure(level: str) -> None:
    """Log from this level on (debug, info, warning, error); before, it is error."""
    global _log
    lowest = logging.getLevelNamesMapping()[level.upper()]
    _log = _logger(lowest)
    logging.basicConfig(handlers=[_Libraries()], level=max(lowest, logging.WARNING), force=True)


def info(event: str, **counts: object) -> None:
    """A step of the run."""
    _log.info(event, **counts)


def debug(event: str, **counts: object) -> None:
    """A single transmission."""
    _log.debug(event, **counts)


class _Libraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = getattr(_log, record.levelname.lower(), _log.info)
        log("library", logger=record.name, place=f"{record.module}:{record.lineno}")
