"""The graph: one fused, stateless chain. What must be remembered lies in the store."""

# Beam's classes are annotated in part only
# mypy: disable-error-code="no-untyped-call, name-defined"

import apache_beam as beam

from pnr_pipeline.transforms.commit import CommitTransmissions
from pnr_pipeline.transforms.decode import DecodeMessages
from pnr_pipeline.transforms.screen import ScreenTravellers
from pnr_pipeline.transforms.stage import FindWorkplace


def build(received: beam.PCollection, find: FindWorkplace) -> beam.PCollection:
    """Transmissions to what became of them: PCollection[Received] in, PCollection[Done] out."""
    decoded = received | "Decode" >> DecodeMessages(find)
    screened = decoded | "Screen" >> ScreenTravellers(find)
    return screened | "Commit" >> CommitTransmissions(find)
