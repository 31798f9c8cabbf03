"""How Kafka is, where a deployment has one: whether it lets us in, and whether its topics are as declared."""

from collections.abc import Iterator
from datetime import datetime

from pnr_pipeline.cli.diagnosis import Diagnosis
from pnr_pipeline.errors import PnrFault
from pnr_pipeline.stores.state import StateFolder


def kafka_told(folder: StateFolder, profile: str | None, now: datetime) -> Iterator[Diagnosis]:
    """Nothing where none is set. What may be seen of rights depends on the user that asks."""
    from pnr_pipeline.stores.kafka.settings import kafka_settings

    try:
        settings = kafka_settings(folder)
        if not settings.servers:
            return
        from pnr_pipeline.stores.kafka.deployment import declared_topics, open_kafka
        from pnr_pipeline.stores.kafka.topic_admin import TopicAdmin

        kafka = open_kafka(folder)
        yield Diagnosis("Kafka", "ok", f"{settings.servers}: lets us in ({settings.security})")
        found = TopicAdmin(kafka, declared_topics(folder, profile, None, now)).check()
    except PnrFault as fault:
        yield Diagnosis("Kafka", "fault", str(fault), "nothing comes in from it or goes out to it until it is reached")
        return
    for one in found:
        remedy = "an administrator takes it away (SEC-4)" if one.more else "an administrator runs pnr topics create"
        yield Diagnosis(one.topic, "fault" if one.more else "warning", one.what, remedy)
    if not found:
        yield Diagnosis("topics", "ok", "as declared in rules/topics/")
