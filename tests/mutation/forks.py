"""One pytest session that forks before it collects.

What tests import is loaded once, and what needs no rule is worked out once; nothing that has read a rule is there.
Each fork reads a changed copy of the rules, collects one file of tests and runs it until a test fails: first those that
found the last changes of this rule file. So a change costs what its tests cost, and no interpreter, import or compiler.
"""

import ast
import gc
import importlib
import os
import resource
import sys
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings

SECONDS_MAX = 120
"""Of processor for one file of tests; a change that makes them hang is found."""


class ForkingSession:
    """The plugin of a session that is asked, before it collects, what fails with a text in the place of a rule file.

    `work` is called once with this object, in the worker; it asks `failing` as often as it likes.
    """

    def __init__(self, rules: Path, work: Callable[["ForkingSession"], None]) -> None:
        self._rules = rules
        self._work = work
        self._finders: dict[str, list[str]] = {}
        self._first: list[str] = []
        self._tell = -1
        self._session: pytest.Session

    def run(self, folder: Path) -> None:
        """The session, from begin to end; a fork ends in it, with the status of its tests."""
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder / "compiled")
        status = pytest.main(
            ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--assert=plain", "--capture=sys",
             f"--timeout={SECONDS_MAX}", f"--basetemp={folder}/tests", "tests"],
            plugins=[self],
        )  # fmt: skip
        if self.forked:
            os._exit(int(status))

    @property
    def forked(self) -> bool:
        """Whether this process is a fork, which only has to collect and run."""
        return self._tell >= 0

    def failing(self, name: str, text: str, tests: Iterable[str]) -> str:
        """The first test that fails while `text` stands in the place of the rule file `name`; '' if none does.

        In the fork it comes back with `forked` true: the caller returns at once.
        """
        file = self._rules / Path(name).relative_to("rules")
        before = file.read_text("utf-8")
        file.write_text(text, "utf-8")
        finders = self._finders.setdefault(name, [])
        recent = [one.partition("::")[0] for one in finders]
        found = ""
        for module in sorted(tests, key=lambda one: recent.index(one) if one in recent else len(recent)):
            found = self._fork(module, finders)
            if self.forked:
                return ""
            if found:
                finders[:] = [found, *(one for one in finders if one != found)][:20]
                break
        file.write_text(before, "utf-8")
        return found

    def _fork(self, module: str, finders: list[str]) -> str:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            self._tell, self._first = write, list(finders)
            os.environ["PNR_RULES"] = str(self._rules)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
            self._session.config.args[:] = [module]
            return ""
        os.close(write)
        with os.fdopen(read) as pipe:
            told = pipe.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == 0:
            return ""
        if status > 0 and status not in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}:
            raise RuntimeError(f"{module}: pytest ended with {status}: this run tells nothing")
        return told or module

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        # Which of the failing examples is the smallest is nobody's question here.
        plain = settings(settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate])
        settings.register_profile("mutation", plain)
        settings.load_profile("mutation")
        self._session = session
        gc.collect()
        gc.freeze()
        self._work(self)
        return None if self.forked else True

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        module = Path(self._session.config.args[0]).absolute()  # nothing beside it need be looked at
        return None if collection_path == module or collection_path in module.parents else True

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # No rule is read otherwise by PostgreSQL, and a server for each change takes minutes.
        items[:] = [one for one in items if "[postgres" not in one.nodeid]
        rank = {one: at for at, one in enumerate(self._first)}
        items.sort(key=lambda one: rank.get(one.nodeid, len(rank)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        yield from self._failed(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        yield from self._failed(item)

    def _failed(self, item: pytest.Item) -> Generator[None]:
        """Let the fork end at once where a test fails, without telling how."""
        try:
            return (yield)
        except pytest.skip.Exception:
            raise
        except BaseException:  # noqa: BLE001  whatever ends a test is a failure, and the fork ends with it
            os.write(self._tell, item.nodeid.encode())
            os._exit(pytest.ExitCode.TESTS_FAILED)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if self.forked:
            os._exit(exitstatus)


def preload(tests: Iterable[str]) -> None:
    """Import what these files of tests and their neighbours import of the package; raises where that reads a rule.

    Then what is worked out once in a process: tables of airports and countries, the compiled loops of screening.
    """
    read = Path.read_text

    def read_no_rule(file: Path, *how: str, **more: str) -> str:
        if "rules" in file.parts:
            raise RuntimeError(f"{file} is read by an import, and would be the same in all forks")
        return read(file, *how, **more)

    with patch.object(Path, "read_text", read_no_rule):
        for folder in {Path(one).parent for one in tests} | {Path("tests")}:
            for file in folder.glob("*.py"):
                for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pnr_pipeline"):
                        importlib.import_module(node.module or "")
    from pnr_pipeline.records.countries import alpha3
    from pnr_pipeline.records.places import airport

    assert airport("IST") and airport("LTFM") and alpha3("TR")
    if any("/screening/" in test for test in tests):
        _compile()


def _compile() -> None:
    """Screen one traveller; of the rules that this reads nothing is kept."""
    sys.path.append("tests/screening")
    from invented_persons import NOW, person, register, traveller

    from pnr_pipeline.screening import Index, ScreeningRules
    from pnr_pipeline.screening.match import compare
    from pnr_pipeline.stores.rule_files import rule_texts

    rules = ScreeningRules.from_texts(rule_texts("screening"))
    index = Index.build([(register(), "v1", [person("e1", "DOE", "JANE", "1990-01-01")])], rules)
    assert compare(traveller("DOE", "JANE", "1990-01-01"), "wanted", "e1", index, NOW)
