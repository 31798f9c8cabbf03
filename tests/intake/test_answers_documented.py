"""The examples of docs/carriers-answers.md are what the program writes."""

import re
from datetime import UTC, datetime
from pathlib import Path

from pnr_pipeline.intake import decode
from pnr_pipeline.intake.answer_edifact import write_answer
from pnr_pipeline.intake.answer_files import quality_files
from pnr_pipeline.intake.answers import Stored, acceptance
from pnr_pipeline.stores.rulebooks import load_answer_rules, load_rulebook

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/carriers-answers.md").read_text()
VECTORS = ROOT / "tests/vectors"
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
RULEBOOK, RULES = load_rulebook(), load_answer_rules()


def read(body: bytes, now: datetime = NOW):
    return decode(body, rulebook=RULEBOOK, now=now)[0]


def written(form, message) -> str:
    stored = Stored("ab" * 16, "ab" * 32, NOW)
    said = acceptance(message, stored, RULES)
    return write_answer(form, message, said, reference="ANSWER00000001", prepared_at=NOW).decode()


def test_the_examples_on_the_page_are_what_is_written():
    plain = (VECTORS / "paxlst/plain.edi").read_bytes()
    push = (VECTORS / "pnrgov/family-codeshare-history.edi").read_bytes()
    undated = read(plain.replace(b"DTM+329:870214'", b""))
    examples = [block.replace("\n", "") for block in re.findall(r"```edi\n(.*?)```", PAGE, re.DOTALL)]
    assert examples == [
        written("CUSRES", read(plain)),
        written("CUSRES", undated),
        written("ACKRES", read(push)),
        written("ACKRES", read(push, datetime(2026, 7, 10, tzinfo=UTC))),
    ]
    (quoted,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    report = quality_files(undated, Stored("ab" * 16, "ab" * 32, NOW), RULEBOOK)[1].body.decode()
    assert quoted in report
