"""An index over invented persons."""

from collections.abc import Callable
from functools import cache

import pytest
from invented_persons import register

from pnr_pipeline.screening import Index, ScreeningRules
from pnr_pipeline.stores.rule_files import rule_texts

_WANTED = register()


@cache
def _rules() -> ScreeningRules:
    return ScreeningRules.from_texts(rule_texts("screening"))


@pytest.fixture(scope="session")
def rules() -> ScreeningRules:
    return _rules()


@pytest.fixture(scope="session")
def index_of() -> Callable[..., Index]:
    return lambda entries, registration=_WANTED: Index.build([(registration, "v1", entries)], _rules())
