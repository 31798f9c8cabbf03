"""One database under the store, SQLite or PostgreSQL, spoken to in the SQL that both understand (docs/stores.md)."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault

P = ParamSpec("P")
T = TypeVar("T")

Locks = Callable[[], Iterable[str]]
"""Names of what a transaction changes, asked for again once it holds them: more may have come to light meanwhile."""

_ATTEMPTS = 6


class Contention(StoreFault):
    """Another transaction was in the way of this one, which was taken back: the same again may well succeed."""


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """Rows that were changed."""

    def fetchone(self) -> Any:
        """The next row as a tuple, None after the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """One connection: `?` stands for each value, rows are tuples of str, int, bytes and None. Raises StoreFault.

    Outside of a transaction each statement is one of its own.
    """

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """Run one statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of these rows."""

    def begin(self, locks: Locks | None, access: Access | None = None) -> None:
        """Begin a transaction; see `transaction`."""

    def serve(self, reach: Callable[[str], str]) -> None:
        """Told which States each person acts for (`bases.states_reached`), to hold their transactions to them."""

    def begin_reading(self) -> None:
        """Begin a transaction that only reads and sees the database as of one moment, whoever writes meanwhile."""

    def stream(self, sql: str) -> Iterator[Any]:
        """The rows of a query, fetched as they are asked for; inside of a transaction."""

    def renumber(self) -> None:
        """Let rows that the database numbers go on after those that were put in with their numbers."""

    def server(self) -> str:
        """The host of the database, '' where it is a file or a socket of this machine (SCR-9)."""

    def hold(self, names: Iterable[str]) -> None:
        """Lock these names until the end of the transaction, beside those that it has."""

    def commit(self) -> None:
        """Make it durable; where that fails it is taken back."""

    def rollback(self) -> None:
        """Take it back."""

    def reclaim(self) -> None:
        """Let what was deleted leave the files, logs of the database included; outside of a transaction (RET-8)."""

    def open_period(self, period: str) -> None:
        """Make room for the bodies of a key period where there is none yet; before its first row."""

    def part_period(self, table: str, period: str) -> None:
        """Take the rows of a period out of a table that is kept by period (`bodies.BY_PERIOD`), in this transaction.

        However many they are it takes the same time; where all periods lie in one file, they stay until `clear_period`.
        """

    def clear_period(self, table: str, column: str, period: str, most: int) -> int:
        """Remove from the files what `part_period` took out, else at most so many values of this column; rows gone.

        `column` is the one that the table's key has after the period. 0 once nothing is left.
        """

    def close(self) -> None:
        """End the connection."""


@contextmanager
def transaction(db: Database, locks: Locks | None = None, access: Access | None = None) -> Iterator[None]:
    """All or nothing. Without `locks` nobody else writes meanwhile: what is read stays true until the end.

    With `locks` only those who hold one of the same names wait for each other, each name a leg's key, say. SQLite has
    one writer, which waits for nobody. `access` is shown to a database that asks for the purpose (SCR-1); the
    pipeline's own is shown where it is None. Raises StoreFault where the database is in trouble.
    """
    db.begin(locks, access)
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def no_locks() -> tuple[str, ...]:
    """For a transaction that adds rows and changes none but by one statement each."""
    return ()


def again_if_in_the_way(act: Callable[P, T]) -> Callable[P, T]:
    """An act of one transaction, done again a few times where another transaction was in its way."""

    @wraps(act)
    def acts(*given: P.args, **named: P.kwargs) -> T:
        for attempt in range(1, _ATTEMPTS):
            try:
                return act(*given, **named)
            except Contention:
                time.sleep(random.uniform(0, 0.02) * 2**attempt)  # noqa: S311  # spreads those who met
        return act(*given, **named)

    return acts


def utc_text(at: datetime) -> str:
    """`2026-01-10T09:00:00.000000Z`: sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc_time(text: str) -> datetime:
    """The time that `utc_text` wrote."""
    return datetime.fromisoformat(text)
