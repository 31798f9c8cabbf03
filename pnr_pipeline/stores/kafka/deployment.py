"""The Kafka of a state folder: its broker and the topics of its profile and domain."""

from datetime import datetime

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.records import Domain
from pnr_pipeline.retention.topics import Topics
from pnr_pipeline.stores.kafka.settings import kafka_settings
from pnr_pipeline.stores.profile_seal import usable_profile
from pnr_pipeline.stores.rulebooks import load_law, load_routing, load_topics
from pnr_pipeline.stores.sql.opening import made_for
from pnr_pipeline.stores.sql.place import has_store
from pnr_pipeline.stores.state import StateFolder

try:
    from pnr_pipeline.stores.kafka.clients import Kafka
except ImportError:
    raise UsageFault("Kafka needs its client: install pnr-pipeline[beam]") from None


def open_kafka(state: StateFolder) -> Kafka:
    """The broker that the settings of this state folder name, once it has let us in."""
    return Kafka(kafka_settings(state))


def declared_topics(state: StateFolder, profile: str | None, domain: Domain | None, now: datetime) -> Topics:
    """The topics of a state folder, of the profile and domain that it was made for where these are not named."""
    made_under, made_domain = made_for(state) if has_store(state) else ("", "law_enforcement")
    chosen = usable_profile(profile or made_under or None, state, now.date())
    return topics_of(state, chosen, domain or made_domain, now)


def topics_of(state: StateFolder, profile: Profile, domain: Domain, now: datetime) -> Topics:
    """The topics of this deployment."""
    prefix = kafka_settings(state).prefix
    return load_topics(load_law(), load_routing(profile), now, prefix=prefix, domain=domain)
