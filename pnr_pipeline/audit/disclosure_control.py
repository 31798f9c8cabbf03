"""Small cells of statistics: which are not told, so that none can be computed from the others and their sum (STA-2).

Primary suppression takes every count from 1 to below the least that is told; complementary suppression takes the next
larger ones besides, until what is left out could be made up in several ways by whoever knows the total.
"""

from collections.abc import Mapping

NOT_TOLD = "not told"


def held_back(cells: Mapping[str, int], smallest: int) -> frozenset[str]:
    """The names of the cells that are not told where their sum is known; zeros are told.

    Either nothing is held back, or at least two cells that together make `smallest` or more, or all there are.
    """
    held = {name for name, count in cells.items() if 0 < count < smallest}
    others = sorted((count, name) for name, count in cells.items() if count and name not in held)
    while held and others and (len(held) == 1 or sum(cells[name] for name in held) < smallest):
        held.add(others.pop(0)[1])
    return frozenset(held)


def told(cells: Mapping[str, int], smallest: int) -> dict[str, int | str]:
    """The cells as they are told: counts, and NOT_TOLD for those held back."""
    held = held_back(cells, smallest)
    return {name: NOT_TOLD if name in held else count for name, count in cells.items()}
