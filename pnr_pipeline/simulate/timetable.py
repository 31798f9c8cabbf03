"""All files of a scenario in the order in which carriers would send them."""

from collections.abc import Iterator

from pnr_pipeline.simulate.scenario import Scenario, SimulatedFile


def simulate(scenario: Scenario) -> Iterator[SimulatedFile]:
    """The files of a scenario, rising by `sent_at`; memory is bounded by the flights of three days."""
    yield from ()
