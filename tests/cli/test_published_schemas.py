import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from pnr_pipeline.cli.schemas import contracts, main
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Message
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.rulebooks import load_rulebook

ROOT = Path(__file__).parents[2]


def test_the_contracts_in_the_checkout_are_what_the_code_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["--check"]) == 0


def test_a_contract_that_was_edited_by_hand_is_noticed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schemas").mkdir()
    assert main([]) == 0
    edited = tmp_path / "schemas/hit.schema.json"
    edited.write_text(edited.read_text().replace("score", "points"))
    assert main(["--check"]) == 1


@pytest.mark.parametrize(("name", "text"), list(contracts()), ids=dict(contracts()))
def test_each_contract_is_a_valid_schema(name, text):
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_a_decoded_message_keeps_its_contract():
    from datetime import UTC, date, datetime

    validator = jsonschema.Draft202012Validator(json.loads(dict(contracts())["message.schema.json"]))
    files = simulate(Scenario(seed=5, flights=1, day=date(2026, 11, 24), travellers=6, planted=0))
    messages = [
        message
        for file in files
        for message in decode(file.body, rulebook=load_rulebook(), now=datetime(2026, 11, 24, tzinfo=UTC))
    ]
    assert {"PAXLST", "PNRGOV"} == {message.kind for message in messages}
    for message in messages:
        assert isinstance(message, Message)
        validator.validate(json.loads(msgspec.json.encode(message)))
