"""One EDIFACT segment, as read."""

from typing import NamedTuple

import msgspec


class Separators(NamedTuple):
    """The service characters in force (ISO 9735, UNA): one byte each; `release` may be '' for none."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = " "
    terminator: str = "'"


def separators_of(una: str) -> Separators | None:
    """The six service characters of a UNA string without its tag; None where they cannot serve.

    A blank for the release character means that there is none.
    """
    if len(una) != 6:
        return None
    component, element, decimal, release, repetition, terminator = tuple(una)
    structural = {component, element, terminator}
    if len(structural) != 3 or any(mark.isalnum() or mark.isspace() for mark in structural):
        return None
    if release.isspace() or release.isalnum() or release in structural:
        release = ""
    return Separators(component, element, decimal, release, repetition, terminator)


class Segment(msgspec.Struct, gc=False):  # a C struct: some 800,000 are made in a second
    """A segment with its elements by the position numbers of the directories.

    `elements[0]` is the tag itself, so `NAD+FL+++DOE:JANE` has its names at position 4: `components(4)` is
    `("DOE", "JANE")`. An element without component separator is kept as a plain string, a composite as a tuple; use
    `get` and `components`, which hide the difference. Values are released (`O?'NEIL` reads `O'NEIL`) and not trimmed.
    `offset` is the byte of the tag in the bytes fed to the reader.
    """

    tag: str
    elements: list[str | tuple[str, ...]]
    offset: int

    def __len__(self) -> int:
        return len(self.elements)

    def get(self, position: int, component: int = 0) -> str:
        """The component (0-based) of the element at `position`; '' when absent or empty."""
        if position >= len(self.elements):
            return ""
        element = self.elements[position]
        if isinstance(element, str):
            return element if component == 0 else ""
        return element[component] if component < len(element) else ""

    def components(self, position: int) -> tuple[str, ...]:
        """All components of the element at `position`; `()` when absent or empty."""
        if position >= len(self.elements):
            return ()
        element = self.elements[position]
        if isinstance(element, str):
            return (element,) if element else ()
        return element

    def __repr__(self) -> str:
        return f"Segment({self.tag} at byte {self.offset}, {len(self.elements) - 1} elements)"  # never its values
