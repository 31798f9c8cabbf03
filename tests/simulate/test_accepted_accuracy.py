"""Accuracy must not fall below the run that was accepted: `python benchmarks/accuracy.py --accept` accepts another."""

import json
from pathlib import Path

import pytest

from pnr_pipeline.cli.fairness import evaluated

ACCEPTED = json.loads(Path("benchmarks/screening.baseline.json").read_bytes())


@pytest.fixture(scope="module")
def done():
    return evaluated(**ACCEPTED["set"])


def test_recall_precision_and_parity_are_no_worse_than_accepted(done):
    assert done.f1 >= ACCEPTED["f1"] - 0.005
    assert done.overall.recall.value >= ACCEPTED["recall"] - 0.005
    assert done.dated_recall.value >= ACCEPTED["dated_recall"] - 0.005
    assert done.parity >= ACCEPTED["parity"] - 0.02


def test_false_alerts_are_no_more_than_accepted_but_for_chance(done):
    for now, accepted in (
        (done.overall.alerts.hits, ACCEPTED["false_alerts"]),
        (done.overall.weak.hits, ACCEPTED["false_weak"]),
        (sum(share.hits for _, share in done.look_alikes), ACCEPTED["alike"]),
    ):
        assert now <= accepted + 2 + 0.2 * accepted


def test_no_category_is_found_much_less_than_accepted(done):
    worse = {
        group.name: group.recall.value
        for group in done.categories
        if group.recall.value < ACCEPTED["recall_by_category"][group.name] - 0.08
    }
    assert not worse
