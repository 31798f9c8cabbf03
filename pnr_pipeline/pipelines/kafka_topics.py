"""The Kafka of a run: its topic of receipts, read as the pipeline's user and group."""

from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.stores.kafka.deployment import open_kafka, topics_of
from pnr_pipeline.stores.kafka.receipt_topic import Positions, ReceiptReader
from pnr_pipeline.stores.profile_seal import usable_profile
from pnr_pipeline.stores.state import StateFolder


def receipts_of(options: RunOptions, positions: Positions) -> ReceiptReader:
    """A reader of the receipts of this deployment; StoreFault where the broker does not let us."""
    state = StateFolder(options.state)
    profile = usable_profile(options.profile, state, options.clock().date())
    topics = topics_of(state, profile, options.domain, options.clock())
    return ReceiptReader(open_kafka(state), topics.named("receipts"), topics.user("pipeline"), positions)
