"""The version of the engine: a hash of all code that decides who matches whom, so that none of it changes unnoticed.

The weights, words and frequencies are data and have a version of their own (`ScreeningRules.version`).
"""

import hashlib
import sys
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, Final

from pnr_pipeline.screening import scripts

_BESIDE = ("pnr_pipeline.records.countries", "pnr_pipeline.wire.letter_tables")
_TELLING = {"evaluation", "list_register", "replay", "side_by_side"}
"""What only tells of matches, or of lists. Packages but `scripts` make entries, or judge criteria."""
_LETTERS = "anyascii"
"""Reads the scripts for which there is no table here."""


def engine_of(screening: Iterable[str], scripts: Iterable[str]) -> str:
    """The version of the engine in these two packages, each by its `__path__`."""
    told = hashlib.sha256(version(_LETTERS).encode())
    for path in (screening, scripts):
        for module in sorted(iter_modules(path), key=lambda one: one.name):
            if not module.ispkg and module.name not in _TELLING:
                told.update(_source(module.module_finder.find_spec(module.name, None)))
    for name in _BESIDE:
        told.update(_source(find_spec(name)))
    return f"evidence/{told.hexdigest()[:12]}"


def _source(spec: Any) -> bytes:
    """The module's file as the interpreter finds it."""
    source: bytes = spec.loader.get_data(spec.origin)
    return source


ENGINE: Final = engine_of(sys.modules[__name__.rpartition(".")[0]].__path__, scripts.__path__)
"""Name and version of the scoring: with list version and evidence it makes a decision replayable (RGT-5)."""
