"""Runs of neighbours copied out of flat arrays: how an index takes over what an earlier one has.

A run is (source, first, after): rows `first` to `after` of one of several sources. What belongs to row n of a source
stands at `starts[n]` to `starts[n + 1]` of another array, so that runs of rows are runs of what belongs to them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pnr_pipeline.screening.kernels import Places

Run = tuple[int, int, int]
Arrays = Sequence[NDArray[Any]]
"""One array of each source."""


def picked(values: Arrays, runs: Sequence[Run]) -> NDArray[Any]:
    """The rows of these runs, one after the other; the array itself where one run is all of it."""
    pieces = [values[source][first:after] for source, first, after in runs]
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces or [values[0][:0]])


def within(starts: Arrays, runs: Sequence[Run]) -> list[Run]:
    """What belongs to the rows of these runs, as runs of its own."""
    return [(source, int(starts[source][first]), int(starts[source][after])) for source, first, after in runs]


def restarted(starts: Arrays, runs: Sequence[Run]) -> Places:
    """Where begins what belongs to each row of these runs, once it is copied; one more at the end."""
    lengths = [np.diff(starts[source][first : after + 1].astype(np.int64)) for source, first, after in runs]
    return np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *lengths]))


def runs_of(rows: Places, sizes: Sequence[int]) -> list[Run]:
    """Single rows as the fewest runs; the rows of all sources are numbered through, `sizes` of each."""
    if not len(rows):
        return []
    begins = np.cumsum([0, *sizes])
    breaks = np.flatnonzero((np.diff(rows) != 1) | np.isin(rows[1:], begins[1:])) + 1
    edges = np.r_[0, breaks, len(rows)]
    sources = np.searchsorted(begins, rows[edges[:-1]], "right") - 1
    first = rows[edges[:-1]] - begins[sources]
    return list(zip(sources.tolist(), first.tolist(), (first + np.diff(edges)).tolist(), strict=True))
