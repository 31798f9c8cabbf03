"""Where the engine was compiled already, it is read from disk; where nothing can be kept, it is compiled each time."""

import numba
import numpy as np
from invented_persons import NOW
from numba.core import caching

from pnr_pipeline.screening import kernels
from pnr_pipeline.screening.readiness import make_ready


def test_all_that_screening_calls_is_compiled_when_it_is_ready(rules):
    assert make_ready(rules, NOW)
    called = [kernels.key_table, kernels.similar, kernels.search, kernels.score, kernels.align, kernels.name_weight]
    assert all(function.signatures for function in called)


def test_where_no_place_for_compiled_code_can_be_written_it_still_runs(monkeypatch):
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    twice = kernels.compiled(_doubled)
    assert isinstance(twice, numba.core.dispatcher.Dispatcher)
    assert twice(np.int64(21)) == 42


def _doubled(number):
    return number * 2
