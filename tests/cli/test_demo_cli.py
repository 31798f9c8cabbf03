import json
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.demo import app
from pnr_pipeline.cli.terminal import out


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "out"
    with out.capture() as told:
        result = CliRunner().invoke(
            app, ["--out", str(folder), "--seed", "11", "--flights", "4", "--day", "2026-11-24"]
        )
    assert result.exit_code == 0, result.output
    return folder, told.get()


def test_the_demo_tells_the_whole_path(demo):
    _, told = demo
    for step in ("1 · The world.", "2 · The pipeline.", "3 · The review queue.", "4 · The decisions", "5 · The units'"):
        assert step in told
    assert "Findings by rule" in told


def test_the_demo_finds_every_sought_traveller_whose_message_came_whole(demo):
    _, told = demo
    found, sought = map(int, re.search(r"(\d+) of (\d+) sought", told).groups())
    assert found == sought > 0
    assert int(re.search(r"raised;\s(\d+) false hits", told)[1]) <= 2


def test_criteria_are_in_force_and_no_hit_of_theirs_is_sent_by_the_script(demo):
    _, told = demo
    assert told.count("│ shadow │") == 5 and told.count("│ live   │") == 1
    assert "a criterion alone founds" in told or re.search(r"│ live   │ +0 │", told)


def test_confirmed_hits_lie_sealed_in_the_file_of_a_unit(demo):
    folder, _ = demo
    lines = [json.loads(line) for file in (folder / "state/queues").glob("*.jsonl") for line in file.open()]
    assert lines and all(line["specversion"] == "1.0" and line["seq"] >= 1 and line["data"]["sealed"] for line in lines)


def test_the_page_asks_nothing_of_any_network_and_is_for_its_owner_alone(demo):
    folder, _ = demo
    page = folder / "situation.html"
    html = page.read_text("utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert not re.search(r"""(src|href|action)\s*=\s*["']?(?!["']?#)|url\(|@import|<script""", html)
    assert "default-src 'none'" in html
    assert "<mark>" in html, "what differs is marked"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    result = CliRunner().invoke(app, ["--out", str(tmp_path)])
    assert result.exit_code != 0
    assert (tmp_path / "thesis.txt").exists()


def test_another_demo_takes_the_place_of_an_earlier_one(tmp_path: Path):
    (tmp_path / ".pnr-demo").touch()
    (tmp_path / "old").touch()
    arguments = ["--out", str(tmp_path), "--flights", "4", "--seed", "3", "--day", "2026-11-24"]
    with out.capture():
        assert CliRunner().invoke(app, arguments).exit_code == 0
    assert not (tmp_path / "old").exists()
