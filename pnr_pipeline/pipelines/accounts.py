"""The account of a run: every file that was met, and what became of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from pnr_pipeline.stores.sql.receipts import position
from pnr_pipeline.transforms.elements import Done

State = Literal["committed", "replayed", "dead letter", "done before", "not read", "not taken", "left out"]
"""The last two are of files that the run never met: it was stopped before, or they are not to be taken."""


class FileAccount(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: its state, counts, and the reasons of its dead letters (or the kind of fault, where not read).

    `file` is told by the first 12 digits of the SHA-256 of its name: carriers choose names, journals keep accounts.
    """

    file: str
    state: State
    messages: int = 0
    travellers: int = 0
    hits: int = 0
    replays: int = 0
    withheld: int = 0
    reasons: tuple[str, ...] = ()


def _nobody() -> None:
    """Who is told where nobody asked to be; a function of the module, as accounts go from process to process."""


class Accounts:
    """Sums, so that a run of months needs no more memory than one of a minute; `lines` only where asked for.

    `states` counts files by state: a file with any kept message is committed. `reasons` counts dead letters.
    `told` is called after each file.
    """

    def __init__(self, told: Callable[[], None] = _nobody, *, lines: bool = False) -> None:
        self.states: Counter[State] = Counter()
        self.reasons: Counter[str] = Counter()
        self.counters: Counter[tuple[str, str]] = Counter()
        """The engine's counters (group, name), summed over the pipelines of this run."""
        self.messages = self.travellers = self.bookings = self.hits = self.replays = self.withheld = 0
        self.lines: list[FileAccount] | None = [] if lines else None
        self._told = told

    @property
    def files(self) -> int:
        """All files met."""
        return self.states.total()

    def group(self, name: str) -> Iterator[tuple[str, int]]:
        """The counters of one group, most first."""
        for (group, key), number in self.counters.most_common():
            if group == name and number:
                yield key, number

    def add(self, other: "Accounts") -> None:
        """The account of another process of the same run, too."""
        for mine, theirs in (
            (self.states, other.states), (self.reasons, other.reasons), (self.counters, other.counters)
        ):  # fmt: skip
            mine.update(theirs)  # type: ignore[arg-type]  # each pair has one type of key
        for sums in ("messages", "travellers", "bookings", "hits", "replays", "withheld"):
            setattr(self, sums, getattr(self, sums) + getattr(other, sums))

    def done(self, done: Done) -> None:
        """A transmission was committed or buried."""
        self.messages += done.messages
        self.travellers += done.travellers
        self.bookings += done.bookings
        self.hits += done.hits
        self.replays += done.replays
        self.withheld += done.withheld
        self.reasons.update(done.buried)
        state: State = "committed"
        if done.replays == done.messages:
            state = "replayed"
        elif done.replays + len(done.buried) == done.messages:
            state = "dead letter"
        counts = (done.messages, done.travellers, done.hits, done.replays, done.withheld, done.buried)
        self._note(FileAccount(_named(done.item), state, *counts))

    def done_before(self, item: str) -> None:
        """The store has this very file."""
        self._note(FileAccount(_named(item), "done before"))

    def not_read(self, item: str, fault: OSError) -> None:
        """The system did not let us read or remove the file."""
        self._note(FileAccount(_named(item), "not read", reasons=(type(fault).__name__,)))

    def _note(self, line: FileAccount) -> None:
        self.states[line.state] += 1
        if self.lines is not None:
            self.lines.append(line)
        self._told()


def _named(item: str) -> str:
    return position(item)[:12]
