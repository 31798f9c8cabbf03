"""Findings for programs: JSON, and SARIF 2.1.0. Snippets are masked as in the text."""

from typing import Any, Final
from urllib.parse import quote

from pnr_pipeline import __version__
from pnr_pipeline.cli.check_place import Placed
from pnr_pipeline.intake import Rulebook
from pnr_pipeline.intake.rulebook import ValidationRule

_LEVELS: Final = {"E": "error", "W": "warning", "I": "note"}


def json_report(found: list[Placed], rulebook: Rulebook) -> list[dict[str, Any]]:
    """One object a finding, in the order of files and places; keys are always there."""
    return [_json(placed, rulebook[placed.finding.rule]) for placed in found]


def _json(placed: Placed, rule: ValidationRule) -> dict[str, Any]:
    finding = placed.finding
    return {
        "file": placed.file,
        "line": placed.line,
        "column": placed.column,
        "offset": finding.offset,
        "segment": finding.segment,
        "traveller": finding.traveller,
        "rule": finding.rule,
        "severity": finding.severity,
        "what": finding.message,
        "masked": placed.quote.text if placed.quote else "",
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "example": rule.example,
    }


def sarif_report(found: list[Placed], rulebook: Rulebook) -> dict[str, Any]:
    """A log of one run, with the rules that were broken in the order of the book."""
    broken = {placed.finding.rule for placed in found}
    rules = [rule for rule in rulebook if rule.id in broken]
    index = {rule.id: place for place, rule in enumerate(rules)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "pnr check", "version": __version__, "rules": [_rule(one) for one in rules]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(placed, index[placed.finding.rule]) for placed in found],
            }
        ],
    }


def _rule(rule: ValidationRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": f"{rule.why} Source: {rule.source}."},
        "help": {"text": f"{rule.fix} Example: {rule.example}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(placed: Placed, rule: int) -> dict[str, Any]:
    finding = placed.finding
    place: dict[str, Any] = {
        "artifactLocation": {"uri": "stdin" if placed.file == "-" else quote(placed.file.replace("\\", "/"))}
    }
    if placed.line:
        place["region"] = {
            "startLine": placed.line,
            "startColumn": placed.column,
            "charOffset": placed.characters,
            "byteOffset": finding.offset,
        }
        if placed.quote:
            place["region"]["snippet"] = {"text": placed.quote.text}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    }
