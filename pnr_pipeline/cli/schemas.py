"""The published contracts, generated: `python -m pnr_pipeline.cli.schemas` writes `schemas/`, `--check` compares.

JSON Schema (2020-12) of what others read or write: records and events from their structs, rule files from their models;
the topics on Kafka as AsyncAPI 3.0.
With them the list of tests that prove a requirement of law (`law_proofs`).
A difference between code and `schemas/` fails `make check`, so a change of a contract is seen in the diff making it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from pnr_pipeline.cli.asyncapi import document
from pnr_pipeline.cli.law_proofs import PROOFS, proofs_text
from pnr_pipeline.cli.rule_models import KINDS
from pnr_pipeline.cli.screen import Query
from pnr_pipeline.cli.terminal import FINDINGS, OK, err
from pnr_pipeline.intake.answers import Acceptance, QualityReport, ReceiptAnswer
from pnr_pipeline.records import Hit, ListEntry, Message
from pnr_pipeline.records.exchange import ExchangeLetter, ExchangeRequest, Notice, Refusal, SentData
from pnr_pipeline.records.notice import BurialNotice, HitNotice, ReceiptNotice
from pnr_pipeline.records.unit_event import Delivery, SealedUnitEvent, UnitEvent
from pnr_pipeline.screening.criteria import Facts
from pnr_pipeline.simulate import Truth

DIALECT = "https://json-schema.org/draft/2020-12/schema"

RECORDS: dict[str, type] = {
    "message": Message,
    "hit": Hit,
    "unit-queue-event": UnitEvent,
    "unit-queue-delivery": Delivery,
    "topic-review": HitNotice,
    "topic-acknowledgements": ReceiptNotice,
    "topic-dead-letters": BurialNotice,
    "topic-unit-event": SealedUnitEvent,
    "exchange-letter": ExchangeLetter,
    "exchange-request": ExchangeRequest,
    "exchange-data": SentData,
    "exchange-refusal": Refusal,
    "exchange-notice": Notice,
    "list-entry": ListEntry,
    "criterion-facts": Facts,
    "screening-query": Query,
    "simulator-truth": Truth,
    "answer-receipt": ReceiptAnswer,
    "answer-acceptance": Acceptance,
    "answer-quality": QualityReport,
}


def contracts() -> Iterator[tuple[str, str]]:
    """Each file of `schemas/` with its text."""
    for name, record in RECORDS.items():
        yield f"{name}.schema.json", _text(msgspec.json.schema(record))
    yield "asyncapi.json", json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
    for kind in KINDS:
        yield f"rules/{kind.name}.schema.json", _text(kind.model.model_json_schema())


def _text(schema: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, **schema}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or, with `--check`, compare; run from the root of the checkout."""
    wanted = {f"schemas/{name}": text for name, text in contracts()}
    wanted[PROOFS.as_posix()] = proofs_text(Path())
    if "--check" in arguments:
        files = [*Path("schemas").rglob("*.json"), *([PROOFS] if PROOFS.is_file() else [])]
        found = {path.as_posix(): path.read_text("utf-8") for path in files}
        wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        if wrong:
            err.print(f"{', '.join(wrong)}: not what the code says; run `make schemas` and look at the diff")
        return FINDINGS if wrong else OK
    for name, text in wanted.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
