"""Typed mutations of a rule file: each value and condition changed, one at a time, the rest to the byte as it was.

A period is a unit longer and shorter, a date a day later and earlier, a day that is not set is set, a number more and
less, a truth turned round, a word of a closed set another of the set, a code another code, an item of a list dropped, a
condition negated. What is prose or provenance (`PROSE`) is no value: nothing follows from it.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import yaml

PROSE = frozenset({
    "question", "note", "because", "says", "seen", "why", "what", "fix", "example", "wrong", "source", "title",
    "name", "contact", "instruction", "reading", "category", "href", "work", "at", "checked_on", "version", "owner",
    "legal_basis", "basis", "update_duty", "subject", "evidence", "text", "data", "means", "catalogue", "cites",
    "right_of_entry", "clause", "attribute", "necessity", "holds",
})  # fmt: skip
"""Keys under which stands what people read, or where something was found and when it was looked at."""

CONDITIONS = frozenset({"when"})
_PERIOD = re.compile(r"P(?=\d|T\d)(?:(\d+)([YMD]))?(?:T(\d+)H)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BARE_NUMBER = re.compile(r"(?<![\w\"'.-])\d+(?![\w\"'.-])")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Mutation(NamedTuple):
    """One change: where (dotted path, line from 1), in words, and the whole text with it."""

    path: str
    line: int
    what: str
    text: str


def mutations(text: str, closed: dict[str, frozenset[str]]) -> Iterator[Mutation]:
    """Every mutation of a YAML text; `closed` are the words that a key may have, where they are a closed set."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is not None:
        yield from _of(node, "", "", text, closed)


def comment_mutation(text: str) -> Mutation:
    """A comment more, which must change nothing: the negative control of every run."""
    return Mutation(
        "", text.count("\n") + 1, "a comment more", text.rstrip("\n") + "\n# nothing follows from this line\n"
    )


def _of(node: yaml.Node, path: str, key: str, text: str, closed: dict[str, frozenset[str]]) -> Iterator[Mutation]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            below = f"{path}.{name.value}" if path else str(name.value)
            if name.value not in PROSE or not isinstance(value, yaml.ScalarNode):
                yield from _of(value, below, str(name.value), text, closed)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            dropped = _without(node, index, text)
            yield Mutation(f"{path}[{index}]", item.start_mark.line + 1, "item dropped", dropped)
            if not isinstance(item, yaml.ScalarNode):
                yield from _of(item, f"{path}[{index}]", key, text, closed)
    elif isinstance(node, yaml.ScalarNode):
        for what, value in _changed(node, key, closed):
            yield Mutation(path, node.start_mark.line + 1, what, _with(node, value, text))


def _changed(node: yaml.ScalarNode, key: str, closed: dict[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    value, plain = node.value, node.style is None
    if key in CONDITIONS:
        yield "condition negated", _quoted(f"!({value})")
        for at, number in enumerate(_BARE_NUMBER.finditer(value), 1):
            for step in (1, -1):
                stepped = f"{value[: number.start()]}{int(number[0]) + step}{value[number.end() :]}"
                yield f"{step:+} of number {at}", _quoted(stepped)
    elif node.tag.endswith(":null"):
        yield "a day set", "2026-01-01"
    elif node.tag.endswith(":bool"):
        yield "turned round", "false" if value == "true" else "true"
    elif key in closed and value in closed[key]:
        yield "another of the set", min(closed[key] - {value})
    elif _DATE.fullmatch(value):
        for step in (1, -1):
            yield f"{step:+} day", (date.fromisoformat(value) + timedelta(days=step)).isoformat()
    elif found := _PERIOD.fullmatch(value):
        for step in (1, -1):
            count, unit, hours = found.groups()
            longer = f"P{int(count) + step}{unit}" if count else f"PT{int(hours) + step}H"
            yield f"{step:+} unit", longer
    elif plain and _NUMBER.fullmatch(value):
        for step in (1, -1):
            yield f"{step:+}", _stepped(value, step)
    elif value.isdigit():
        yield "another code", f'"{(int(value) + 1) % 10 ** len(value):0{len(value)}}"'
    else:
        yield "another word", f"x-{value}" if re.fullmatch(r"[a-z0-9_.-]+", value) else f'"ZZ{value[2:]}"'


def _quoted(condition: str) -> str:
    return f"'{condition}'" if '"' in condition else f'"{condition}"'


def _stepped(value: str, step: int) -> str:
    """A whole number one more or less, from 1,000 on a tenth; one with a point by half its size, as weights are."""
    if "." not in value:
        return str(int(value) + step * max(1, abs(int(value)) // 10 * (abs(int(value)) >= 1000)))
    return f"{float(value) + step * (abs(float(value)) / 2 or 0.5):.8f}"


def _with(node: yaml.Node, value: str, text: str) -> str:
    end = text[node.start_mark.index : node.end_mark.index]
    tail = "\n" if end.endswith("\n") and not value.endswith("\n") else ""
    return text[: node.start_mark.index] + value + tail + text[node.end_mark.index :]


def _without(node: yaml.SequenceNode, index: int, text: str) -> str:
    item = node.value[index]
    if node.flow_style:
        first, last = index == 0, index == len(node.value) - 1
        start = item.start_mark.index if first else node.value[index - 1].end_mark.index
        end = item.end_mark.index if last or not first else node.value[index + 1].start_mark.index
        return text[:start] + text[end:]
    begin = text.rindex("\n", 0, item.start_mark.index) + 1  # `- ` stands before the item, on its line
    after = node.value[index + 1] if index + 1 < len(node.value) else None
    if after is not None:
        return text[:begin] + text[text.rindex("\n", 0, after.start_mark.index) + 1 :]
    if len(node.value) == 1:
        return text[:begin].rstrip() + " []\n" + text[item.end_mark.index :]
    return text[:begin] + text[item.end_mark.index :]
