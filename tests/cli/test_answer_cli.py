import json
from pathlib import Path

import jsonschema
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.cli.schemas import contracts

VECTORS = Path(__file__).parent.parent / "vectors"


def answer(level: str, *files: Path) -> str:
    result = CliRunner().invoke(app, ["check", "--answer", level, *map(str, files)])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def answers(level: str, *files: Path) -> list[dict]:
    """The JSON documents that were printed, one after the other."""
    text, found = answer(level, *files).strip(), []
    while text:
        document, end = json.JSONDecoder().raw_decode(text)
        found.append(document)
        text = text[end:].lstrip()
    return found


def test_a_receipt_names_digest_time_and_messages_of_each_file():
    receipts = answers("receipt", VECTORS / "paxlst/plain.edi", VECTORS / "paxlst/set.edi")
    assert len(receipts) == 2
    assert len(receipts[1]["messages"]) > 1
    assert all(receipt["digest"].startswith(receipt["receipt_id"]) for receipt in receipts)


def test_acceptance_is_told_as_json_where_no_edifact_is_agreed():
    (said,) = answers("accept", VECTORS / "paxlst/no_message.edi")
    assert (said["verdict"], said["points"][0]["codes"]) == ("rejected", ["300"])


def test_acceptance_is_told_in_edifact_to_a_list_that_asks(tmp_path):
    asking = tmp_path / "asking.edi"
    asking.write_bytes((VECTORS / "paxlst/quality.edi").read_bytes().replace(b"++APIS'", b"++APIS++1'"))
    said = answer("accept", asking)
    assert said.startswith("UNA:+.? 'UNB+UNOA:4+XXPIU:ZZ+TKAPIS:ZZ+")
    assert "'BGM+963'RFF+TN:A1B2C3D4:::1'RFF+AF:TK1883'" in said
    assert "'ERP+2:3+DTM'RFF+AVF:X3'RFF+ABO:X301'ERC+111'" in said


def test_quality_is_told_for_a_reader():
    text = answer("quality", VECTORS / "paxlst/quality.edi")
    assert text.startswith("PAXLST D:12B, message PAX001\nflights: TK1883/2026-01-10/IST-VIE\n")
    assert "E NAM-01 the surname is missing (1x)" in text


def test_answers_keep_their_contracts():
    schemas = dict(contracts())
    for level, name in (("receipt", "answer-receipt"), ("accept", "answer-acceptance")):
        for said in answers(level, VECTORS / "paxlst/quality.edi", VECTORS / "pnrgov/family-codeshare-history.edi"):
            jsonschema.validate(said, json.loads(schemas[f"{name}.schema.json"]))
