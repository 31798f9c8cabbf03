"""The published contracts, generated: `python -m pnr_pipeline.cli.schemas` writes `schemas/`, `--check` compares.

JSON Schema (2020-12) of what others read or write: records and events from their structs, rule files from their models.
A difference between code and `schemas/` fails `make check`, so a change of a contract is seen in the diff making it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel

from pnr_pipeline.cli.screen import Query
from pnr_pipeline.cli.terminal import FINDINGS, OK, err
from pnr_pipeline.intake.answer_rules import CarrierFile, CodeFile
from pnr_pipeline.intake.answers import Acceptance, QualityReport, ReceiptAnswer
from pnr_pipeline.intake.feed_rules import FeedRules
from pnr_pipeline.intake.rulebook import ValidationFile
from pnr_pipeline.law.profile import Profile
from pnr_pipeline.law.rules import Rule
from pnr_pipeline.records import Hit, ListEntry, Message
from pnr_pipeline.records.unit_event import Delivery, UnitEvent
from pnr_pipeline.routing.table import RoutingFile
from pnr_pipeline.routing.units import Units
from pnr_pipeline.screening.criteria import Attributes, Criterion, Facts
from pnr_pipeline.screening.criteria.cases import Cases
from pnr_pipeline.screening.list_register import ListRegister
from pnr_pipeline.simulate import Truth

DIALECT = "https://json-schema.org/draft/2020-12/schema"

RECORDS: dict[str, type] = {
    "message": Message,
    "hit": Hit,
    "unit-queue-event": UnitEvent,
    "unit-queue-delivery": Delivery,
    "list-entry": ListEntry,
    "criterion-facts": Facts,
    "screening-query": Query,
    "simulator-truth": Truth,
    "answer-receipt": ReceiptAnswer,
    "answer-acceptance": Acceptance,
    "answer-quality": QualityReport,
}
RULE_FILES: dict[str, type[BaseModel]] = {
    "rules/answer-carriers": CarrierFile,
    "rules/answer-error-codes": CodeFile,
    "rules/criterion": Criterion,
    "rules/criterion-attributes": Attributes,
    "rules/criterion-cases": Cases,
    "rules/feeds": FeedRules,
    "rules/law": Rule,
    "rules/list-register": ListRegister,
    "rules/profile": Profile,
    "rules/routing-table": RoutingFile,
    "rules/routing-units": Units,
    "rules/validation": ValidationFile,
}


def contracts() -> Iterator[tuple[str, str]]:
    """Each file of `schemas/` with its text."""
    for name, record in RECORDS.items():
        yield f"{name}.schema.json", _text(msgspec.json.schema(record))
    for name, model in RULE_FILES.items():
        yield f"{name}.schema.json", _text(model.model_json_schema())


def _text(schema: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, **schema}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or, with `--check`, compare; run from the root of the checkout."""
    root = Path("schemas")
    wanted = dict(contracts())
    if "--check" in arguments:
        found = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.schema.json")}
        wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        if wrong:
            err.print(
                f"schemas/ is not what the code says ({', '.join(wrong)}): run `make schemas` and look at the diff"
            )
        return FINDINGS if wrong else OK
    for name, text in wanted.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
