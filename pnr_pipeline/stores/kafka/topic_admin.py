"""The declared topics on a broker: made, and compared with what is there, with the rights of everybody on them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import msgspec
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    NewTopic,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.retention.topics import Topic, Topics
from pnr_pipeline.stores.kafka.clients import RECORD_BYTES_MAX, Kafka

_SEGMENT = timedelta(hours=1)
_SLACK = timedelta(hours=2)
"""A record is deleted with its segment, up to an hour after its time, by a task that comes every few minutes."""


class Difference(msgspec.Struct, frozen=True):
    """What of a topic is not as declared. `more` says that somebody may do more than was declared."""

    topic: str
    what: str
    more: bool = False


class TopicAdmin:
    """The topics of one domain on its broker."""

    def __init__(self, kafka: Kafka, topics: Topics) -> None:
        self._kafka, self._topics = kafka, topics

    def create(self) -> list[str]:
        """Make what is missing: topics, partitions, settings, rights; returns what was done. Done again, nothing."""
        done = []
        with self._kafka.admin() as admin:
            there = _partitions(admin)
            for topic in self._topics.all:
                if topic.name not in there:
                    new = NewTopic(
                        topic.name, topic.partitions, self._kafka.settings.replicas, topic_configs=settings_of(topic)
                    )
                    admin.create_topics([new], wait_for_metadata=True)
                    done.append(f"{topic.name}: made")
                    continue
                if there[topic.name] < topic.partitions:
                    admin.create_partitions({topic.name: topic.partitions})
                    done.append(f"{topic.name}: {topic.partitions} partitions")
                if _differing(admin, topic):
                    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, settings_of(topic))])
                    done.append(f"{topic.name}: settings")
            missing = rights_of(self._topics) - _rights(admin)
            if missing:
                failed = admin.create_acls(list(missing))["failed"]
                if failed:
                    raise StoreFault(f"Kafka took {len(failed)} of {len(missing)} rights not")
                done.append(f"{len(missing)} rights given")
        return done

    def check(self) -> list[Difference]:
        """What is missing or not as declared, and rights on our topics that nobody declared (SEC-4)."""
        with self._kafka.admin() as admin:
            return list(self._differences(admin))

    def _differences(self, admin: KafkaAdminClient) -> Iterator[Difference]:
        there = _partitions(admin)
        for topic in self._topics.all:
            if topic.name not in there:
                yield Difference(topic.name, "there is none")
                continue
            if there[topic.name] != topic.partitions:
                yield Difference(topic.name, f"{there[topic.name]} partitions instead of {topic.partitions}")
            for key, found in _differing(admin, topic).items():
                yield Difference(topic.name, f"{key} is {found}, declared {settings_of(topic)[key]}")
        wanted, found_rights = rights_of(self._topics), _rights(admin)
        for one in sorted(wanted - found_rights, key=_told):
            yield Difference(one.resource_pattern.resource_name, f"{_told(one)} is missing")
        ours = {topic.name for topic in self._topics.all}
        for one in sorted(found_rights - wanted, key=_told):
            if _reaches(one, ours):
                yield Difference(one.resource_pattern.resource_name, f"{_told(one)} was given and not declared", True)


def rights_of(topics: Topics) -> set[ACL]:
    """Reading and writing each topic; groups and transactions of one's own name, and that with a dot behind it."""
    wanted = {
        _right(user, how, ResourceType.TOPIC, topic.name)
        for topic in topics.all
        for users, operation in ((topic.writes, ACLOperation.WRITE), (topic.reads, ACLOperation.READ))
        for user in users
        for how in (operation, ACLOperation.DESCRIBE)
    }
    below = ACLResourcePatternType.PREFIXED
    for user in {user for topic in topics.all for user in topic.reads + topic.writes}:
        wanted.add(_right(user, ACLOperation.READ, ResourceType.GROUP, user))
        wanted.add(_right(user, ACLOperation.READ, ResourceType.GROUP, f"{user}.", below))
    for user in {user for topic in topics.all for user in topic.writes}:
        for how in (ACLOperation.WRITE, ACLOperation.DESCRIBE):
            wanted.add(_right(user, how, ResourceType.TRANSACTIONAL_ID, f"{user}.", below))
    return wanted


def _partitions(admin: KafkaAdminClient) -> dict[str, int]:
    """The topics that this user can see, with their partitions."""
    return {one["name"]: len(one["partitions"]) for one in admin.describe_topics()}


def settings_of(topic: Topic) -> dict[str, str]:
    """What bounds a topic: no record outlives its class, whatever time its sender wrote on it."""
    kept = topic.kept - _SLACK
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(kept // timedelta(milliseconds=1)),
        "segment.ms": str(_SEGMENT // timedelta(milliseconds=1)),
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(RECORD_BYTES_MAX),
    }


def _differing(admin: KafkaAdminClient, topic: Topic) -> dict[str, str]:
    """Settings of the topic that are not as they should be, as they are."""
    asked = ConfigResource(ConfigResourceType.TOPIC, topic.name, dict.fromkeys(settings_of(topic)))
    found = admin.describe_configs([asked], config_filter="all")
    told = next(iter(next(iter(found.values())).values()))
    return {
        key: str(told[key]["value"]) for key, wanted in settings_of(topic).items() if str(told[key]["value"]) != wanted
    }


def _rights(admin: KafkaAdminClient) -> set[ACL]:
    every = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    rights, fault = admin.describe_acls(ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, every))
    if fault.errno:
        raise fault
    return set(rights)


def _right(
    user: str, operation: ACLOperation, kind: ResourceType, name: str,
    pattern: ACLResourcePatternType = ACLResourcePatternType.LITERAL,
) -> ACL:  # fmt: skip
    resource = ResourcePattern(kind, name, pattern)
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, resource)


def _reaches(right: ACL, topics: Iterable[str]) -> bool:
    """Whether this right touches one of these topics."""
    resource = right.resource_pattern
    if resource.resource_type != ResourceType.TOPIC or right.permission_type != ACLPermissionType.ALLOW:
        return False
    name = resource.resource_name
    prefixed = resource.pattern_type == ACLResourcePatternType.PREFIXED
    return any(name in ("*", topic) or (prefixed and topic.startswith(name)) for topic in topics)


def _told(right: ACL) -> str:
    return f"{right.operation.name} of {right.resource_pattern.resource_type.name} for {right.principal}"
