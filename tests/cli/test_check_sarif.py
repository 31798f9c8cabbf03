"""The SARIF that `pnr check` writes keeps to what OASIS SARIF 2.1.0 asks of the objects that it uses."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app

VECTORS = Path(__file__).parents[1] / "vectors"
REGION_TEXT = {"startLine", "startColumn", "endLine", "endColumn"}
ALLOWED = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "results", "columnKind", "artifacts"},
    "driver": {"name", "version", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations"},
    "region": {*REGION_TEXT, "charOffset", "charLength", "byteOffset", "byteLength", "snippet"},
}
"""The properties of the schema that are used here; it allows no others."""


def report(*files: Path) -> dict:
    result = CliRunner().invoke(app, ["check", "--format", "sarif", "--received", "2026-01-10", *map(str, files)])
    assert result.exit_code in (0, 1)
    return json.loads(result.stdout)


def text_of(message: dict) -> str:
    assert message.keys() == {"text"}
    assert message["text"].strip()
    return message["text"]


@pytest.mark.parametrize(
    "name",
    ["paxlst/quality.edi", "paxlst/latin1.edi", "paxlst/wrap64.edi", "csv/bad_cells.csv", "pnr-xml/notification.xml",
     "pnrgov/family-codeshare-history.edi", "paxlst/plain.edi"],
)  # fmt: skip
def test_every_object_has_what_the_schema_asks_for_and_nothing_else(name):
    body = (VECTORS / name).read_bytes()
    log = report(VECTORS / name)
    assert log.keys() == ALLOWED["log"]
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert {"tool", "results"} <= run.keys() <= ALLOWED["run"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"].keys() == {"driver"}
    driver = run["tool"]["driver"]
    assert driver.keys() <= ALLOWED["driver"]
    assert driver["name"]
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.keys() == ALLOWED["rule"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note", "none")
        for field in ("shortDescription", "fullDescription", "help"):
            text_of(rule[field])
    for result in run["results"]:
        assert result.keys() == ALLOWED["result"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        text_of(result["message"])
        (location,) = result["locations"]
        assert location.keys() == {"physicalLocation"}
        check_place(location["physicalLocation"], body)
    assert {rule["id"] for rule in rules} == {result["ruleId"] for result in run["results"]}


def check_place(place: dict, body: bytes) -> None:
    assert place.keys() <= {"artifactLocation", "region"}
    uri = place["artifactLocation"]["uri"]
    assert urlsplit(uri).path == uri
    assert " " not in uri
    region = place.get("region")
    if region is None:
        return
    assert region.keys() <= ALLOWED["region"]
    assert region["startLine"] >= 1
    assert region["startColumn"] >= 1
    assert 0 <= region["charOffset"] <= region["byteOffset"] <= len(body)
    try:
        whole = body.decode("utf-8")
    except UnicodeDecodeError:
        whole = body.decode("latin-1")
    before = whole[: region["charOffset"]]
    assert region["startLine"] == before.count("\n") + 1
    assert region["startColumn"] == len(before) - before.rfind("\n")
    if "snippet" in region:
        text_of(region["snippet"])


def test_names_of_files_are_uris(tmp_path):
    path = tmp_path / "list of today.edi"
    path.write_bytes((VECTORS / "paxlst" / "bad_unt.edi").read_bytes())
    (result, *_) = report(path)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/list%20of%20today.edi")


def test_snippets_show_no_value():
    for result in report(VECTORS / "paxlst" / "quality.edi")["runs"][0]["results"]:
        for value in ("MARKOV", "PETROVA", "DEMIRKAN", "U12345678", "AB123456", "870214", "871399"):
            region = result["locations"][0]["physicalLocation"].get("region", {})
            assert value not in region.get("snippet", {}).get("text", "")
