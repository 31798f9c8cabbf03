"""Rule files: YAML text into a checked model, faults as `file:line:column`.

Every file below `rules/` is read through here, so a mistake in any of them is told in one form.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pnr_pipeline.errors import RuleFault

M = TypeVar("M", bound=BaseModel)


class RuleModel(BaseModel):
    """Base of every rule model: unknown keys are refused, values are frozen and never echoed in faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def read_rule(text: str, name: str, model: type[M]) -> M:
    """The model that the YAML `text` describes; `name` is the file's name for faults.

    Raises RuleFault with line and column (1-based) of the first wrong place and every further fault named. A key that
    stands twice is one: YAML would take the last and say nothing.
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        content = yaml.load(text, Loader=yaml.CSafeLoader)  # CSafeLoader builds plain values only
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise RuleFault(where, fault.problem or "not YAML") from None
    if twice := _twice(node):
        mark = twice.start_mark
        raise RuleFault(f"{name}:{mark.line + 1}:{mark.column + 1}", f"{twice.value}: stands here twice")
    try:
        return model.model_validate(_plain_dates(content))
    except RecursionError:
        raise RuleFault(name, "nested too deeply, or an anchor stands within itself") from None
    except ValidationError as fault:
        first, *others = fault.errors(include_url=False, include_input=False)
        line, column = _place(node, first["loc"])
        more = "".join(f"; {'.'.join(map(str, other['loc']))}: {other['msg']}" for other in others)
        key = ".".join(map(str, first["loc"]))
        raise RuleFault(f"{name}:{line}:{column}", f"{key}: {first['msg']}{more}") from None


def named_text(texts: Mapping[str, str], ending: str) -> tuple[str, str]:
    """Name and text of the one file among `texts` that is called `ending`; RuleFault when there is none."""
    for name, text in texts.items():
        if name.rpartition("/")[2] == ending:
            return name, text
    raise RuleFault(ending, "this file is missing")


def fault_at(text: str, name: str, path: tuple[int | str, ...], what: str) -> RuleFault:
    """The fault of a file that was read but does not hold together (with others), at the place of `path`."""
    line, column = _place(yaml.compose(text, Loader=yaml.CSafeLoader), path)
    return RuleFault(f"{name}:{line}:{column}", f"{'.'.join(map(str, path))}: {what}")


def _plain_dates(value: Any) -> Any:
    """YAML turns 2026-01-01 into a date; models take ISO text, so that quoting does not matter."""
    if isinstance(value, dict):
        return {key: _plain_dates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_dates(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def expression_place(text: str, path: tuple[int | str, ...], offset: int) -> tuple[int, int]:
    """Line and column (1-based) of a character within the text that stands at `path`; its line where it is folded."""
    node = _deepest(yaml.compose(text, Loader=yaml.CSafeLoader), path)
    line, column = (node.start_mark.line, node.start_mark.column) if node else (0, 0)
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    if style == "|" and isinstance(node, yaml.ScalarNode):
        before = node.value[:offset]
        line += 1 + before.count("\n")
        written = text.splitlines()[line]
        return line + 1, len(written) - len(written.lstrip()) + len(before.rpartition("\n")[2]) + 1
    if not style or style in "'\"":
        folded = node is None or node.end_mark.line != node.start_mark.line
        return line + 1, column + 1 + (0 if folded else offset + bool(style))
    return line + 1, column + 1


def _twice(node: yaml.Node | None) -> yaml.ScalarNode | None:
    """A key that its mapping has had before; an anchor may stand within itself, so that each node is looked at once."""
    left, known = [node], {id(node)}
    while left:
        one = left.pop()
        below = list(one.value) if isinstance(one, yaml.SequenceNode) else []
        if isinstance(one, yaml.MappingNode):
            keys = set[str]()
            for key, value in one.value:
                if isinstance(key, yaml.ScalarNode) and key.value in keys:
                    return key
                keys.add(str(key.value))
                below.append(value)
        for item in below:
            if not isinstance(item, yaml.ScalarNode) and id(item) not in known:
                known.add(id(item))
                left.append(item)
    return None


def _place(node: yaml.Node | None, path: tuple[int | str, ...]) -> tuple[int, int]:
    """Line and column of the deepest node on `path`."""
    node = _deepest(node, path)
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)


def _deepest(node: yaml.Node | None, path: tuple[int | str, ...]) -> yaml.Node | None:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == str(step)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = [node.value[step]]
        else:
            break
        if not found:
            break
        node = found[0]
    return node
