"""Nothing of a traveller leaves by a log line, whichever way it is told."""

import ast
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.telemetry import log

PACKAGE = Path(log.__file__).parents[1]
PLANTED = [
    "OZTURKOGLU",
    "ayşe nur",
    "U12345678",
    "123456789012",
    "P<TURKAYA<<DENIZ",
    "deniz@example.org",
    "deadbeef1234",
]


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, threading.excepthook, sys.unraisablehook
    yield
    log.configure("error")
    logging.captureWarnings(False)
    root.handlers[:], root.level, threading.excepthook, sys.unraisablehook = before


class _Written:
    """In place of stderr: what was written."""

    def __init__(self, *, terminal: bool = False) -> None:
        self.text, self._terminal = "", terminal

    def write(self, text: str) -> None:
        self.text += text

    def isatty(self) -> bool:
        return self._terminal


def _raised(planted: str) -> BaseException:
    try:
        raise ValueError(planted)
    except ValueError as fault:
        return fault


def _by_library(planted: str) -> None:
    logging.getLogger("apache_beam.runners").error("element %s", planted, extra={"planted": planted})
    try:
        raise KeyError(planted)
    except KeyError:
        logging.getLogger("kafka").exception(planted)
        logging.getLogger(planted).critical(planted, stack_info=True)


def _in_a_thread(planted: str) -> None:
    def fails() -> None:
        raise ValueError(planted)

    thread = threading.Thread(target=fails, name=planted)
    thread.start()
    thread.join()


def _as_a_warning(planted: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(planted, stacklevel=1)
        logging.captureWarnings(False)


PATHS = {
    "as the event": lambda planted: log.info(planted),
    "as a key": lambda planted: log.error("swept", **{planted: 1}),
    "below an event's text": lambda planted: log.info(f"swept {planted}", hits=1),
    "as an exception": lambda planted: log.error("swept", fault=_raised(planted)),
    "as exc_info": lambda planted: log.error("swept", exc_info=_raised(planted)),
    "by a library": _by_library,
    "in a thread": _in_a_thread,
    "as a warning": _as_a_warning,
    "unraisable": lambda planted: sys.unraisablehook(
        SimpleNamespace(exc_value=_raised(planted), object=planted, err_msg=planted)  # type: ignore[arg-type]
    ),
    **{
        f"as {key}": lambda planted, key=key: log.error("swept", **{key: planted})
        for key in (*log.FORMS, "level", "timestamp")
    },
    **{
        f"in {key}": lambda planted, key=key: log.error("swept", **{key: {"name": [planted]}}) for key in log.FORMS
    },
}  # fmt: skip
"""Every way into a line."""

values = st.sampled_from(PLANTED) | st.text(st.characters(categories=["Lu", "Nd"]), min_size=7, max_size=31)


@given(st.sampled_from(sorted(PATHS)), values, st.booleans())
def test_no_value_leaves_by_any_way_into_a_line(way, planted, terminal):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", written := _Written(terminal=terminal))
        log.configure("debug")
        before = log.dropped
        PATHS[way](planted)
    assert written.text, "the line itself is told"
    assert planted not in written.text and json.dumps(planted)[1:-1] not in written.text
    told_by_place = {"as an exception", "by a library", "in a thread", "as a warning", "unraisable"}
    assert (log.dropped > before) == (way not in told_by_place), "what is dropped is counted"


def test_counts_durations_digests_and_places_leave(capsys):
    log.configure("info")
    log.info("swept", hits=3, seconds=0.12345, digest="ab" * 32, fault=_raised("SECRETNAME"))
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["hits"], line["seconds"]) == ("swept", "info", 3, 0.123)
    assert line["digest"] == "abababababab"
    assert line["fault"].startswith("ValueError at test_log.py:")
    assert "dropped" not in line


@pytest.mark.parametrize("value", [True, -1, 1.5, "3", 1 << 63])
def test_a_count_is_a_number_and_nothing_else(capsys, value):
    log.configure("info")
    log.info("swept", hits=value)
    line = json.loads(capsys.readouterr().err)
    assert "hits" not in line and line["dropped"] == 1


def test_a_library_tells_where_it_logged_but_not_what(capsys):
    log.configure("info")
    logging.getLogger("apache_beam.runners").error("element %s failed", "SECRETNAME")
    assert json.loads(capsys.readouterr().err)["library"].startswith(("apache_beam.runners at", "unknown at"))


def test_below_the_level_nothing_is_told(capsys):
    log.configure("error")
    log.info("swept", hits=3)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_plain_lines(monkeypatch):
    monkeypatch.setattr(sys, "stderr", written := _Written(terminal=True))
    log.configure("info")
    log.info("swept", hits=3)
    assert (
        "swept" in written.text and "hits=3" in written.text and "{" not in written.text and "\x1b" not in written.text
    )


def test_every_call_in_the_package_tells_a_declared_event_with_declared_keys():
    calls = [
        (path, call)
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("debug", "info", "warning", "error")
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "log"
    ]
    assert len(calls) >= 5
    for path, call in calls:
        place = f"{path.name}:{call.lineno}"
        (event,) = call.args
        assert isinstance(event, ast.Constant) and event.value in log.EVENTS, place
        assert {named.arg for named in call.keywords} <= log.FORMS.keys(), place
