"""Tables of letters made ready to read words with."""

import re
from collections.abc import Iterable, Mapping

from pnr_pipeline.wire.letter_tables import LetterTable, stacked


class Reading:
    """Tables laid over one another, later ones first, and their preferred readings.

    Runs of letters count before single letters; `^` and `$` in a key are the ends of the word. Letters that no table
    has stay as they are. Linear in the length of the word.
    """

    def __init__(self, *tables: LetterTable) -> None:
        laid = {letter: readings[0] for letter, readings in stacked(tables).items()}
        self._letters = str.maketrans({letter: latin for letter, latin in laid.items() if len(letter) == 1})
        self._runs = Respelling({run: latin for run, latin in laid.items() if len(run) > 1})

    def __call__(self, word: str) -> str:
        """The word, in capitals, by these tables."""
        return self._runs(word).translate(self._letters)


class Respelling:
    """Runs of letters replaced in one pass from left to right, longest first; keys as in a table of letters."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        runs = sorted(letters, key=lambda key: (-len(key.strip("^$")), -len(key), key))
        self._latin = [letters[key] for key in runs]
        self._runs = re.compile("|".join(f"({_anchored(key)})" for key in runs)) if runs else None

    def __call__(self, word: str) -> str:
        """The word with its runs replaced."""
        return word if self._runs is None else self._runs.sub(self._run, word)

    def _run(self, found: re.Match[str]) -> str:
        return self._latin[(found.lastindex or 1) - 1]


def each(readings: Iterable[Reading], word: str) -> list[str]:
    """The word by each reading, in their order."""
    return [reading(word) for reading in readings]


def _anchored(key: str) -> str:
    start, end = r"\A" if key.startswith("^") else "", r"\Z" if key.endswith("$") else ""
    return start + re.escape(key.strip("^$")) + end
