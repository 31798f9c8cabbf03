import json
import logging

import pytest

from pnr_pipeline.pipelines import run_log


@pytest.fixture(autouse=True)
def _quiet_again():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    run_log.configure("error")
    root.handlers[:], root.level = handlers, level


def test_only_allowed_keys_leave(capsys):
    run_log.configure("info")
    run_log.info("done", messages=3, surname="SECRETNAME", file="SECRETNAME.edi")
    line = json.loads(capsys.readouterr().err)
    assert line["messages"] == 3
    assert "SECRETNAME" not in json.dumps(line)


def test_a_library_tells_where_it_logged_but_not_what(capsys):
    run_log.configure("info")
    try:
        raise ValueError("SECRETNAME")
    except ValueError:
        logging.getLogger("apache_beam.runners").exception("element %s failed", "SECRETNAME")
    told = capsys.readouterr().err
    assert json.loads(told)["logger"] == "apache_beam.runners"
    assert "SECRETNAME" not in told


def test_below_the_level_nothing_is_told(capsys):
    run_log.configure("error")
    run_log.info("done", messages=3)
    assert capsys.readouterr().err == ""
