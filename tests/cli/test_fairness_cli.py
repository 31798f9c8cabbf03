import json
import xml.etree.ElementTree as ElementTree

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app

SMALL = ("fairness", "--entries", "1500", "--of-each", "1", "--strangers", "1000")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    report = tmp_path_factory.mktemp("fairness") / "report.html"
    result = CliRunner().invoke(app, [*SMALL, "--format", "json", "--report", str(report)])
    assert result.exit_code == 0
    return json.loads(result.stdout), report.read_text("utf-8")


def test_recall_and_false_alerts_are_told_for_each_population_sex_script_and_trouble(told):
    figures, _ = told
    assert len(figures["populations"]) == 19
    assert [group["name"] for group in figures["sexes"]] == ["F", "M"]
    assert {"LATIN", "CYRILLIC", "ARABIC", "GEORGIAN", "ARMENIAN", "GREEK"} == {g["name"] for g in figures["scripts"]}
    assert len(figures["categories"]) == 22
    assert figures["overall"]["recall"]["hits"] > 0.8 * figures["overall"]["recall"]["of"]


def test_the_report_stands_by_itself_and_has_a_table_beside_its_diagram(told):
    _, page = told
    for outside in ("<script", "http://", "https://", "@import", "url("):
        assert outside not in page
    start = page.index("<svg viewBox")
    assert ElementTree.fromstring(page[start : page.index("</svg>", start) + 6]).findall("circle")
    assert "Share that was true" in page
    assert "Albanian" in page


def test_the_table_has_intervals():
    shown = CliRunner().invoke(app, [*SMALL]).stdout
    assert "recall of the worst population over the best" in shown
    assert "Macedonian" in shown
