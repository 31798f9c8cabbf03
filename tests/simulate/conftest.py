"""One scenario for many tests, simulated once; and a tokenizer that shares no code with the product."""

import re
from datetime import date
from functools import cache

import pytest

from pnr_pipeline.simulate import Scenario, simulate

DAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def scenario():
    return Scenario(seed=7, flights=20, day=DAY)


@pytest.fixture(scope="session")
def sound_files(scenario):
    return list(simulate(scenario))


@pytest.fixture(scope="session")
def faulty_files():
    return list(simulate(Scenario(seed=3, flights=16, day=DAY, faults=1.0)))


@cache
def tokens(body):
    """Segments as lists of lists of components, by regular expressions over the released text."""
    text = body.decode("ascii")
    component, element, _, release, _, terminator = text[3:9]

    def cut(piece, mark):
        return re.split(rf"(?<!{re.escape(release)}){re.escape(mark)}", piece)

    def plain(piece):
        return re.sub(rf"{re.escape(release)}(.)", r"\1", piece)

    segments = [piece.strip("\r\n") for piece in cut(text[9:], terminator)]
    return [
        [[plain(part) for part in cut(one, component)] for one in cut(segment, element)]
        for segment in segments
        if segment
    ]
