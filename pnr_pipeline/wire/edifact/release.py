"""The release character: whatever follows it is literal (ISO 9735-1, service characters)."""

import re
from functools import lru_cache

from pnr_pipeline.wire.edifact.segment import Separators


def ends_released(text: str, release: str) -> bool:
    """Whether an odd number of release characters stands at the end: `??` is a literal `?`."""
    return bool(release) and (len(text) - len(text.rstrip(release))) % 2 == 1


def rejoin_released(parts: list[str], release: str, terminator: str) -> list[str]:
    """Join again what was cut at a terminator that is literal."""
    joined: list[str] = []
    held: list[str] = []
    for part in parts:
        if part.endswith(release) and ends_released(part, release):
            held.append(part)
        elif held:
            joined.append(terminator.join([*held, part]))
            held = []
        else:
            joined.append(part)
    if held:
        joined.append(terminator.join(held))
    return joined


def elements_of(raw: str, separators: Separators) -> list[str | tuple[str, ...]]:
    """The elements of a segment, released; a release character at the very end stays as it is."""
    component_mark, element_mark, _, release, _, _ = separators
    if not release or release not in raw:
        return [
            tuple(element.split(component_mark)) if component_mark in element else element
            for element in raw.split(element_mark)
        ]
    elements: list[str | tuple[str, ...]] = []
    components: list[str] = []
    value: list[str] = []
    position = 0
    for found in _marks(release, element_mark, component_mark).finditer(raw):
        value.append(raw[position : found.start()])
        position = found.end()
        mark = found.group()
        if mark[0] == release:
            value.append(mark[1:] or release)
            continue
        components.append("".join(value))
        value = []
        if mark == element_mark:
            elements.append(tuple(components) if len(components) > 1 else components[0])
            components = []
    value.append(raw[position:])
    components.append("".join(value))
    elements.append(tuple(components) if len(components) > 1 else components[0])
    return elements


@lru_cache(maxsize=64)
def _marks(release: str, element_mark: str, component_mark: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(release)}.?|{re.escape(element_mark)}|{re.escape(component_mark)}", re.DOTALL)
