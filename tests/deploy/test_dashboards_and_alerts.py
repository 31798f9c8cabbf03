"""Dashboards and alert rules speak of figures that exist, all of them, and lead to a section of the runbook."""

import json
import re
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from go_command import go_command

from pnr_pipeline.cli.doctor import FREE_BYTES_MIN
from pnr_pipeline.cli.main import COMMANDS
from pnr_pipeline.retention.high_water import LATE
from pnr_pipeline.stores.sql.condition import LOG_LAG_MAX
from pnr_pipeline.telemetry.figures import FIGURES, LABELS, OF_THE_PROCESS

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy/prometheus/alerts.yaml"
DASHBOARDS = sorted((ROOT / "deploy/grafana").glob("*.json"))
SERVED = {
    name + suffix
    for name, figure in FIGURES.items()
    for suffix in (("_bucket", "_sum", "_count") if figure.kind == "histogram" else ("",))
} | set(OF_THE_PROCESS)
BY_PROMETHEUS = {"up"}
"""Made by the scrape itself."""


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def panels() -> list[tuple[str, str]]:
    """(panel, query) of every dashboard."""
    return [
        (f"{path.stem}: {panel['title']}", target["expr"])
        for path in DASHBOARDS
        for panel in json.loads(path.read_text())["panels"]
        for target in panel["targets"]
    ]


@pytest.fixture(scope="module")
def promql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prometheus's own parser."""
    built = tmp_path_factory.mktemp("go") / "promql"
    subprocess.run([go_command(), "build", "-o", str(built), "."], cwd=Path(__file__).parent / "promql", check=True)
    return built


def metrics_of(promql: Path, queries: list[str]) -> list[set[str]]:
    done = subprocess.run(
        [promql, "names"], input="\n".join(queries) + "\n", capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(queries)
    assert not [line for line in lines if line.startswith("fault:")]
    return [set(line.split()) for line in lines]


def test_prometheus_takes_the_rules_and_refuses_a_broken_one(promql, tmp_path):
    def said(file: Path) -> str:
        return subprocess.run([promql, "rules", file], capture_output=True, text=True, check=True).stdout

    assert said(ALERTS) == ""
    broken = tmp_path / "alerts.yaml"
    broken.write_text(ALERTS.read_text().replace("min(pnr_store_up) ==", "min(pnr_store_up =="))
    assert "PnrStoreDown" in said(broken)


def test_every_figure_asked_for_is_served_and_every_one_served_is_shown_or_alerted_on(promql):
    asked = metrics_of(promql, [query for _, query in panels()] + [rule["expr"] for rule in rules()])
    assert set().union(*asked) <= SERVED | BY_PROMETHEUS
    told = {name.removesuffix("_bucket") for name in set().union(*asked)}
    assert told >= FIGURES.keys() | set(OF_THE_PROCESS)


def test_whatever_lags_fails_or_is_overdue_has_an_alert(promql):
    alerted = set().union(*metrics_of(promql, [rule["expr"] for rule in rules()]))
    late = re.compile(
        r"pnr_(?!list_age|duty_age).*(_lag_seconds|_age_seconds|_failed|_stale|_overdue|_late|_up|_ending)$"
    )
    assert {name for name in FIGURES if late.fullmatch(name)} <= alerted


def test_labels_that_queries_group_by_are_labels_that_figures_have():
    for where, query in [*panels(), *((rule["alert"], rule["expr"]) for rule in rules())]:
        for labels in re.findall(r"\bby \(([^)]*)\)", query):
            assert {one.strip() for one in labels.split(",")} <= LABELS.keys() | {"le", "instance"}, where


def test_each_alert_has_its_section_in_the_runbook_and_each_section_its_alert():
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    sections = re.findall(r"^### (\S+)\n\n(.+)", text, re.MULTILINE)
    names = [rule["alert"] for rule in rules()]
    assert [name for name, _ in sections] == names
    assert len(names) == len(set(names))
    assert all(len(told) > 20 for _, told in sections)
    for rule in rules():
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert len(rule["annotations"]["summary"]) > 15


def test_links_within_the_runbook_lead_somewhere():
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    headings = {
        re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"^#+ (.+)", text, re.MULTILINE)
    }
    for link in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = link.partition("#")
        assert not path or (ROOT / "docs" / path).exists(), link
        assert path or anchor in headings, link


def test_every_command_of_the_runbook_exists_with_the_options_it_names():
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    told = re.findall(r"`pnr ([a-z]+)((?: [a-z-]+)?)([^`]*)`", text)
    assert len(told) > 20
    for noun, verb, rest in told:
        command = typer.main.get_command(import_module(f"pnr_pipeline.cli.{noun}").app)
        assert noun in COMMANDS
        verbs = getattr(command, "commands", None)
        if verbs and verb:
            assert verb.strip() in verbs, f"pnr {noun}{verb}"
            command = verbs[verb.strip()]
        options = {name for one in command.params for name in one.opts}
        assert set(re.findall(r"--[a-z-]+", verb + rest)) <= options, f"pnr {noun}{verb}{rest}"


def test_where_doctor_and_alert_ask_the_same_they_draw_the_line_at_the_same_place():
    told = {rule["alert"]: rule["expr"] for rule in rules()}
    assert f"< {FREE_BYTES_MIN}" in told["PnrDiskFull"]
    assert f"> {LOG_LAG_MAX.total_seconds():.0f}" in told["PnrLogLag"]
    assert f"> {LATE.total_seconds():.0f}" in told["PnrClock"]
    assert f"> {LATE.total_seconds():.0f}" in told["PnrDeletionLate"], "told while there is time: 24 hours are allowed"


def test_panels_of_a_dashboard_do_not_overlap_and_have_a_title_of_their_own():
    assert DASHBOARDS
    for path in DASHBOARDS:
        told = json.loads(path.read_text())
        assert told["uid"] == f"pnr-{path.stem}"
        assert len({panel["id"] for panel in told["panels"]}) == len(told["panels"])
        assert len({panel["title"] for panel in told["panels"]}) == len(told["panels"])
        taken: set[tuple[int, int]] = set()
        for panel in told["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
            taken |= cells


def test_prometheus_reads_these_rules_from_the_port_of_the_runbook():
    told = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yaml").read_text())
    assert told["rule_files"] == [ALERTS.name]
    (scrape,) = told["scrape_configs"]
    assert scrape["job_name"] == "pnr"
    assert scrape["static_configs"][0]["targets"][0] in (ROOT / "docs/runbook.md").read_text("utf-8")
