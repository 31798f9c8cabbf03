"""The Kafka of a state folder: its broker and the topics of its profile and domain."""

from datetime import datetime

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.records import Domain
from pnr_pipeline.retention.topics import Topics
from pnr_pipeline.stores.kafka.settings import kafka_settings
from pnr_pipeline.stores.rulebooks import load_law, load_routing, load_topics
from pnr_pipeline.stores.state import StateFolder

try:
    from pnr_pipeline.stores.kafka.clients import Kafka
except ImportError:
    raise UsageFault("Kafka needs its client: install pnr-pipeline[beam]") from None


def open_kafka(state: StateFolder) -> Kafka:
    """The broker that the settings of this state folder name, once it has let us in."""
    return Kafka(kafka_settings(state))


def topics_of(state: StateFolder, profile: Profile, domain: Domain, now: datetime) -> Topics:
    """The topics of this deployment."""
    prefix = kafka_settings(state).prefix
    return load_topics(load_law(), load_routing(profile), now, prefix=prefix, domain=domain)
