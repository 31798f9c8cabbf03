"""Settings every test shares."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
import store_setup
from hypothesis import HealthCheck, settings
from kafka_server import KafkaServer, kafka_broker

settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI: the same examples at each run, so that a red run can be repeated
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

VECTORS = Path(__file__).parent / "vectors"

_OPENS_STORES = ("stores",)
_BESIDE = ("test_any_order_of_files", "test_answers_after_commit", "test_several_states")
_ON_ONE = (
    "_in_postgres",
    "test_clear_bytes",
    "test_copies_without_keys",
    "test_file_classes",
    "test_planted_elements",
    "test_log_tampering",
)
"""Folders, and modules elsewhere, of which each test that opens a store runs on both databases; but for those
that say that they are about PostgreSQL, or read the bytes of SQLite's files."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module
    opens = Path(module.__file__).parent.name in _OPENS_STORES and bool({"open_demo", "listed"} & vars(module).keys())
    if (opens or module.__name__ in _BESIDE) and not module.__name__.endswith(_ON_ONE):
        metafunc.parametrize("database", ["sqlite", "postgres"], indirect=True, scope="module")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[store_setup.Server]:
    """The server of this session, stopped at its end however that comes."""
    # a new database for each state folder: waiting for the disk each time would be most of the tests' time
    server = store_setup.Server(("fsync=off",))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[KafkaServer]:
    """The broker of this session; each test takes topics of its own names."""
    with kafka_broker() as broker:
        yield broker


@contextmanager
def _fewer_examples(module: ModuleType, kind: str) -> Iterator[None]:
    """Of PostgreSQL as many as its own behaviour needs: each makes a database, and SQLite has met them all."""
    held = {}
    for test in vars(module).values() if kind == "postgres" else ():
        chosen = getattr(test, "_hypothesis_internal_use_settings", None)
        if chosen is not None:
            held[test] = chosen
            test._hypothesis_internal_use_settings = settings(chosen, max_examples=min(8, chosen.max_examples))
    try:
        yield
    finally:
        for test, chosen in held.items():
            test._hypothesis_internal_use_settings = chosen


@pytest.fixture(scope="module", autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """`sqlite` or `postgres`: what state folders that are opened meanwhile have for a database.

    Of every test, as a fixture that `pytest_generate_tests` alone names is not set up.
    """
    kind = getattr(request, "param", "sqlite")
    if kind == "postgres":
        store_setup.server = request.getfixturevalue("postgres_server")
    with _fewer_examples(request.module, kind):
        yield kind
    if store_setup.server is not None:
        store_setup.server.drop_given()
        store_setup.server = None
