"""Faults of rule files as SARIF 2.1.0, for editors and code review."""

from typing import Any
from urllib.parse import quote

from pnr_pipeline import __version__
from pnr_pipeline.cli.law_checking import Fault

_KINDS = {
    "form": "the file is not of the form that its schema asks",
    "reference": "what the file names does not exist, or stands twice",
    "case": "the law answers otherwise than a case beside the rule says",
    "floor": "the profile is weaker than the law allows",
    "deviation": "the profile is weaker than the EU text, with a national basis",
}


def sarif_report(faults: list[Fault]) -> dict[str, Any]:
    """A log of one run; columns count code points."""
    kinds = list(_KINDS)
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pnr law check",
                        "version": __version__,
                        "rules": [{"id": kind, "shortDescription": {"text": words}} for kind, words in _KINDS.items()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(fault, kinds.index(fault.kind)) for fault in faults],
            }
        ],
    }


def _result(fault: Fault, rule: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(fault.file.replace("\\", "/"))}}
    if fault.line:
        place["region"] = {"startLine": fault.line, "startColumn": fault.column}
    return {
        "ruleId": fault.kind,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": f"{fault.what} ({fault.clause})" if fault.clause else fault.what},
        "locations": [{"physicalLocation": place}],
    }
