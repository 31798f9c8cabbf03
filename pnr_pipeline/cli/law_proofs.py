"""Which tests prove which requirement: `@pytest.mark.law("RET-2")` on tests, or `pytestmark` for a whole file.

Read from the source, so that neither pytest nor the tests' imports are needed; kept in `rules/requirements/tests.json`,
which the wheel carries, as tests are not installed.
"""

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

PROOFS = Path("rules/requirements/tests.json")
"""Written by `python -m pnr_pipeline.cli.schemas`, compared by its `--check`."""


def proofs_text(checkout: Path) -> str:
    """The file's text for the tests of this checkout: requirement id → pytest node ids, all sorted."""
    found: dict[str, set[str]] = {}
    for path in sorted((checkout / "tests").rglob("test_*.py")):
        for node, requirement in _marked(path.read_text("utf-8")):
            found.setdefault(requirement, set()).add(f"{path.relative_to(checkout).as_posix()}::{node}")
    told = {requirement: sorted(nodes) for requirement, nodes in sorted(found.items())}
    return json.dumps(told, indent=1) + "\n"


def _marked(source: str) -> Iterator[tuple[str, str]]:
    body = ast.parse(source).body
    of_file = [node.value for node in body if isinstance(node, ast.Assign) and _names(node, "pytestmark")]
    for_all = {one for value in of_file for one in _ids(ast.walk(value))}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from ((node.name, one) for one in for_all.union(_ids(node.decorator_list)))


def _names(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _ids(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.law":
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
