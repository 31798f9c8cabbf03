"""The topics as an AsyncAPI 3.0 document: channels by `rules/topics/`, what lies in each, and what is sealed in it."""

from datetime import timedelta
from typing import Any

from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records.notice import TOPIC_OF
from pnr_pipeline.retention.topics import DeclaredTopic, TopicFile, TopicId
from pnr_pipeline.stores.kafka.receipt_topic import RECEIPT
from pnr_pipeline.stores.rule_files import rule_texts

_EVENT = "application/cloudevents+json; charset=utf-8"


def _notice(topic: TopicId) -> dict[str, Any]:
    told = {name: {"type": "string"} for name in ("specversion", "id", "source", "time", "type", "subject")}
    properties = {**told, "data": {"$ref": f"./topic-{topic}.schema.json"}}
    return {"type": "object", "properties": properties, "required": list(properties)}


_MESSAGES: dict[TopicId, tuple[str, str, dict[str, Any], str]] = {
    "receipts": (
        RECEIPT, "application/octet-stream", {"type": "string", "format": "binary"},
        "AES-256-GCM under the key of the hour that `ce_period` names; the record's key is a keyed hash of the leg",
    ),
    **{topic: (kind, _EVENT, _notice(topic), "") for kind, topic in TOPIC_OF.items()},
    "hits": (
        "pnr.hit.confirmed.v1", _EVENT, {"$ref": "./topic-unit-event.schema.json"},
        "its data are unit-queue-event.schema.json, sealed to the unit (X25519, HKDF-SHA256, AES-256-GCM)",
    ),
}  # fmt: skip
"""Topic → CloudEvents type, content type, payload, what is sealed. Receipts are in binary mode, others structured."""


def document() -> dict[str, Any]:
    """The document; CI compares it with `schemas/asyncapi.json`."""
    file = "rules/topics/topics.yaml"
    declared = read_rule(rule_texts("topics")[file], file, TopicFile)
    channels = {one.topic: _channel(one) for one in declared.topics}
    operations = {
        f"{verb}-{topic}": {"action": verb, "channel": {"$ref": f"#/channels/{topic}"}}
        for topic in channels
        for verb in ("send", "receive")
    }
    info = {
        "title": "pnr-pipeline on Kafka",
        "version": declared.version,
        "description": "CloudEvents 1.0. Read committed transactions alone. See docs/kafka.md.",
        "license": {"name": "Apache-2.0"},
    }
    return {"asyncapi": "3.0.0", "info": info, "channels": channels, "operations": operations}


def _channel(one: DeclaredTopic) -> dict[str, Any]:
    kind, content_type, payload, sealed = _MESSAGES[one.topic]
    parameters = {
        "prefix": {"description": "of the deployment", "default": "pnr"},
        "domain": {"enum": ["law-enforcement", "border"]},
    }
    if one.each:
        parameters["unit"] = {"description": "its id in rules/routing/units.yaml"}
    binary = ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_period"] if one.topic == "receipts" else []
    names = ["content-type", *binary]
    headers: dict[str, Any] = {name: {"type": "string"} for name in names}
    if binary:
        headers["ce_type"]["const"] = kind
    message = {
        "name": kind,
        "contentType": content_type,
        "headers": {"type": "object", "properties": headers, "required": names},
        "payload": payload,
        "description": sealed or one.holds,
    }
    kept = timedelta(hours=one.hours) // timedelta(milliseconds=1)
    return {
        "address": "{prefix}.{domain}." + one.topic + ".{unit}" * bool(one.each),
        "description": f"{one.holds}; class {one.klass}, {one.hours} hours at most: {one.because}",
        "parameters": parameters,
        "messages": {one.topic: message},
        "bindings": {"kafka": {"partitions": one.partitions, "topicConfiguration": {"retention.ms": kept}}},
    }
