"""The published AsyncAPI document: a channel for each topic, references resolve, types are those that are sent."""

import json
from pathlib import Path

import jsonschema

from pnr_pipeline.cli.asyncapi import document
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.unit_event import SealedUnitEvent, UnitEvent
from pnr_pipeline.retention.topics import TopicFile
from pnr_pipeline.stores.kafka.receipt_topic import RECEIPT
from pnr_pipeline.stores.rule_files import rule_texts

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILE = "rules/topics/topics.yaml"


def test_every_topic_has_a_channel_and_every_reference_resolves() -> None:
    told = document()
    assert set(told["channels"]) == {one.topic for one in read_rule(rule_texts("topics")[FILE], FILE, TopicFile).topics}
    for channel in told["channels"].values():
        (message,) = channel["messages"].values()
        payload = message["payload"].get("properties", {}).get("data", message["payload"])
        if "$ref" in payload:
            jsonschema.Draft202012Validator.check_schema(json.loads((SCHEMAS / payload["$ref"]).read_text()))
        assert all("{" + name + "}" in channel["address"] for name in channel["parameters"])
    assert {one["channel"]["$ref"].rpartition("/")[2] for one in told["operations"].values()} == set(told["channels"])


def test_types_are_those_that_are_sent() -> None:
    types = {topic: channel["messages"][topic]["name"] for topic, channel in document()["channels"].items()}
    assert types["receipts"] == RECEIPT
    assert types["hits"] == next(one for one in UnitEvent.__struct_defaults__ if str(one).startswith("pnr."))


def test_a_unit_s_event_is_as_its_schema_says() -> None:
    schema = json.loads((SCHEMAS / "topic-unit-event.schema.json").read_text())
    event = SealedUnitEvent("e1", "/pnr-pipeline/demo/law_enforcement", "2026-11-23T08:00:00Z", "AAAA")
    jsonschema.validate(json.loads(to_json(event)), schema)
