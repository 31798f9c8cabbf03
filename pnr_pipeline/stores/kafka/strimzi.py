"""The declared topics and rights as resources of Strimzi, an operator that runs Kafka on Kubernetes.

The same settings and the same rights as `topic_admin` makes itself; there the operator makes them, and the users too,
each with a password (SCRAM-SHA-512) in a secret of the user's name.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kafka.admin import ACL, ACLResourcePatternType, ResourceType

from pnr_pipeline.retention.topics import Topics
from pnr_pipeline.stores.kafka.topic_admin import rights_of, settings_of

CLUSTER = "pnr"
"""The name of the Kafka resource that they belong to."""

_KINDS = {ResourceType.TOPIC: "topic", ResourceType.GROUP: "group", ResourceType.TRANSACTIONAL_ID: "transactionalId"}


def resources(topics: Topics, replicas: int) -> Iterator[dict[str, Any]]:
    """A KafkaTopic for each topic, a KafkaUser for each user with the rights that it has, in the order of names."""
    for topic in topics.all:
        settings = settings_of(topic)
        told = {"partitions": topic.partitions, "replicas": replicas, "config": settings}
        yield _resource("KafkaTopic", topic.name, told)
    by_user: dict[str, list[ACL]] = defaultdict(list)
    for right in rights_of(topics):
        by_user[right.principal.removeprefix("User:")].append(right)
    for user, rights in sorted(by_user.items()):
        yield _resource(
            "KafkaUser",
            user,
            {
                "authentication": {"type": "scram-sha-512"},
                "authorization": {"type": "simple", "acls": list(_acls(rights))},
            },
        )


def _acls(rights: list[ACL]) -> Iterator[dict[str, Any]]:
    operations: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for right in rights:
        resource = right.resource_pattern
        prefixed = resource.pattern_type == ACLResourcePatternType.PREFIXED
        pattern = "prefix" if prefixed else "literal"
        operations[_KINDS[resource.resource_type], resource.resource_name, pattern].append(right.operation.name)
    for (kind, name, pattern), allowed in sorted(operations.items()):
        of = {"type": kind, "name": name, "patternType": pattern}
        yield {"resource": of, "operations": sorted(one.capitalize() for one in allowed)}


def _resource(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": kind,
        "metadata": {"name": name, "labels": {"strimzi.io/cluster": CLUSTER}},
        "spec": spec,
    }
