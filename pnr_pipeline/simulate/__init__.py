"""Invented flights with known truth: for the demo, the tests, load and the training of staff.

Nobody here exists: names are drawn at random from stocks of given names and surnames. The same scenario gives the
same bytes; no clock, no network, no global random state.
"""

from pnr_pipeline.simulate.scenario import Scenario, SimulatedFile, TrueName, TrueTraveller, Truth
from pnr_pipeline.simulate.timetable import simulate

__all__ = ["Scenario", "SimulatedFile", "TrueName", "TrueTraveller", "Truth", "simulate"]
