"""The five machine readable zones of ICAO Doc 9303: where each field and check digit stands (FORMATS 5).

TD3 is the passport (Doc 9303-4), TD1 and TD2 are cards (parts 5 and 6), MRV-A and MRV-B visas (part 7). A place is
line, first and last position, all counted from 1.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

ZoneFormat = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]
Place = tuple[int, int, int]


class Layout(NamedTuple):
    """One format: size, fields, check digits by the field they cover, and what the composite digit covers."""

    lines: int
    length: int
    fields: Mapping[str, Place]
    checks: Mapping[str, Place]
    composite: tuple[Place, ...]
    part: str

    @property
    def clause(self) -> str:
        """Where the format is written."""
        return f"ICAO {self.part}"


_SECOND_LINE: Final = {
    "number": (2, 1, 9),
    "nationality": (2, 11, 13),
    "birth": (2, 14, 19),
    "sex": (2, 21, 21),
    "expiry": (2, 22, 27),
}
_SECOND_LINE_CHECKS: Final = {"number": (2, 10, 10), "birth": (2, 20, 20), "expiry": (2, 28, 28)}


def _two_lines(length: int, optional: Place, checks: Mapping[str, Place], part: str, *composite: Place) -> Layout:
    first = {"type": (1, 1, 2), "state": (1, 3, 5), "names": (1, 6, length)}
    return Layout(2, length, {**first, **_SECOND_LINE, "optional": optional}, checks, composite, part)


LAYOUTS: Final[Mapping[ZoneFormat, Layout]] = MappingProxyType(
    {
        "TD3": _two_lines(
            44,
            (2, 29, 42),
            {**_SECOND_LINE_CHECKS, "optional": (2, 43, 43), "composite": (2, 44, 44)},
            "Doc 9303-4",
            (2, 1, 10),
            (2, 14, 20),
            (2, 22, 43),
        ),
        "TD2": _two_lines(
            36,
            (2, 29, 35),
            {**_SECOND_LINE_CHECKS, "composite": (2, 36, 36)},
            "Doc 9303-6",
            (2, 1, 10),
            (2, 14, 20),
            (2, 22, 35),
        ),
        "TD1": Layout(
            3,
            30,
            {
                "type": (1, 1, 2),
                "state": (1, 3, 5),
                "number": (1, 6, 14),
                "optional": (1, 16, 30),
                "birth": (2, 1, 6),
                "sex": (2, 8, 8),
                "expiry": (2, 9, 14),
                "nationality": (2, 16, 18),
                "optional_2": (2, 19, 29),
                "names": (3, 1, 30),
            },
            {"number": (1, 15, 15), "birth": (2, 7, 7), "expiry": (2, 15, 15), "composite": (2, 30, 30)},
            ((1, 6, 30), (2, 1, 7), (2, 9, 15), (2, 19, 29)),
            "Doc 9303-5",
        ),
        "MRV-A": _two_lines(44, (2, 29, 44), _SECOND_LINE_CHECKS, "Doc 9303-7"),
        "MRV-B": _two_lines(36, (2, 29, 36), _SECOND_LINE_CHECKS, "Doc 9303-7"),
    }
)


def check_digit(text: str) -> str:
    """The check digit of a run of A-Z, 0-9 and `<`: weights 7, 3, 1, sum modulo 10 (Doc 9303-3, 4.9).

    Any other character counts 0, like the filler.
    """
    return str(sum(_VALUES.get(character, 0) * _WEIGHTS[at % 3] for at, character in enumerate(text)) % 10)


_VALUES: Final = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_WEIGHTS: Final = (7, 3, 1)
