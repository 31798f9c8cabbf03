"""PostgreSQL: several writers, each holding the legs that it works on; every connection shows its purpose (SCR-1)."""

import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import psycopg
from psycopg import conninfo, errors

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.sql.bases import EVERY_STATE
from pnr_pipeline.stores.sql.database import Contention, Locks, Rows
from pnr_pipeline.stores.sql.purpose_token import SECONDS, Gate

SERVICE_ACCESS = Access("pnr-pipeline", "a", "service:1")
"""What the pipeline's own work shows: assessment before arrival or departure."""

_STORE, _LEG = 20014, 20015  # first numbers of advisory locks: the store as a whole, one of the names
_SLOTS = 1024
"""Names share so many locks, so that a file of thousands of legs does not fill the server's table of them."""

_WHOLE_MIN = 4
"""Of fewer rows a statement each costs less than arrays."""

_INSERT = re.compile(
    r"INSERT INTO (?P<table>\w+)(?: \((?P<columns>[\w, ]+)\))? VALUES \((?P<values>[^()]*)\)(?P<rest>.*)", re.DOTALL
)

_IN_THE_WAY = (
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.LockNotAvailable,
    errors.UniqueViolation,  # of two that make the same row at once
)


class PostgresDatabase:
    """See Database. Passwords come by PGPASSFILE or a service file, never in the address."""

    def __init__(self, address: str, gate: Gate | None) -> None:
        self._gate, self._shown_until, self._of_a_person = gate, 0.0, False
        self._parting: list[tuple[str, str]] = []
        self._reach: Callable[[str], str] = lambda person: EVERY_STATE
        self._whole: dict[str, str | None] = {}
        try:
            self._db = psycopg.connect(checked(address), autocommit=True)
            self._db.adapters.register_loader("numeric", _WholeNumber)
            self._db.execute("SET search_path TO pnr")
            self._db.execute("SET client_min_messages TO warning")
            self._db.execute("SET synchronous_commit TO on")
            self._db.execute("SET lock_timeout TO '60s'")
        except psycopg.Error as fault:
            raise StoreFault(f"PostgreSQL cannot be reached: {_told(fault)}") from None

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """See Database."""
        self._show()
        try:
            return self._db.execute(_text(sql), values)
        except psycopg.Error as fault:
            raise _trouble(fault) from None

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """See Database."""
        told = list(rows)
        if not told:
            return
        self._show()
        try:
            if len(told) >= _WHOLE_MIN and (whole := self._at_once(sql)):
                self._db.execute(whole, [list(column) for column in zip(*told, strict=True)])
                return
            with self._db.cursor() as cursor:
                cursor.executemany(_text(sql), told)
        except psycopg.Error as fault:
            raise _trouble(fault) from None

    def _at_once(self, sql: str) -> str | None:
        """The INSERT of one row as one of all rows, told as arrays by column; None where it is of another form.

        A statement for each row costs both sides five times as much (`benchmarks/path.py --postgres`).
        """
        if sql not in self._whole:
            form = _INSERT.fullmatch(sql)
            types = self._types(form["table"]) if form else {}
            self._whole[sql] = _from_arrays(form, types) if form else None
        return self._whole[sql]

    def _types(self, table: str) -> dict[str, str]:
        """The columns of a table in their order, with their types."""
        rows = self._db.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            (table,),
        )
        return dict(rows.fetchall())

    def begin(self, locks: Locks | None, access: Access | None = None) -> None:
        """Lock the store or the names, the lower numbers first; the rows read afterwards are the newest committed.

        The isolation is READ COMMITTED: a snapshot taken at the beginning would be older than the locks.
        """
        self.execute("BEGIN")
        try:
            if access is not None and self._gate is not None:
                self._set_token(access, only_here=True)
                self._of_a_person = True
            if locks is None:
                self.execute("SELECT pg_advisory_xact_lock(?, 0)", (_STORE,))
                return
            self.execute("SELECT pg_advisory_xact_lock_shared(?, 0)", (_STORE,))
            held: set[str] = set()
            while new := set(locks()) - held:
                self.hold(new)
                held |= new
        except BaseException:
            self.rollback()
            raise

    def serve(self, reach: Callable[[str], str]) -> None:
        """See Database."""
        self._reach = reach

    def begin_reading(self) -> None:
        """See Database."""
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def stream(self, sql: str) -> Iterator[Any]:
        """See Database. By a cursor of the server, so that no table is in our memory as a whole."""
        self._show()
        try:
            with self._db.cursor(name="rows") as cursor:
                cursor.itersize = 2_000
                yield from cursor.execute(_text(sql))
        except psycopg.Error as fault:
            raise _trouble(fault) from None

    def renumber(self) -> None:
        """See Database. As the owner of the tables."""
        numbered = self.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'pnr' AND is_identity = 'YES'"
        ).fetchall()
        for table, column in numbered:
            self.execute(
                f"SELECT setval(pg_get_serial_sequence(?, ?), max({column})) FROM {table}",  # noqa: S608  # of our schema
                (f"pnr.{table}", column),
            )

    def server(self) -> str:
        """See Database."""
        return self._db.info.host

    def hold(self, names: Iterable[str]) -> None:
        """See Database."""
        slots = sorted({zlib.crc32(name.encode()) % _SLOTS for name in names})
        self.execute("SELECT pg_advisory_xact_lock(?, slot) FROM unnest(CAST(? AS integer[])) AS slot", (_LEG, slots))

    def commit(self) -> None:
        """See Database."""
        try:
            for table, period in self._parting:
                self.execute("SELECT part_period(?, ?)", (table, period))
            self.execute("COMMIT")
            self._parting.clear()
            self._of_a_person = False
        except StoreFault:
            self.rollback()
            raise

    def rollback(self) -> None:
        """See Database."""
        self._parting.clear()
        self._of_a_person = False
        self._shown_until = 0.0  # what was shown in it is taken back with it
        with suppress(psycopg.Error):  # a lost connection has taken it back itself
            self._db.execute("ROLLBACK")

    def open_period(self, period: str) -> None:
        """See Database."""
        self.execute("SELECT open_period(?)", (period,))

    def part_period(self, table: str, period: str) -> None:
        """See Database. At the end of the transaction: from then on nobody reads the table until it is over."""
        self._parting.append((table, period))

    def clear_period(self, table: str, column: str, period: str, most: int) -> int:
        """See Database. The partition goes as a file, its rows uncounted."""
        self.execute("SELECT drop_period(?, ?)", (table, period))
        return 0

    def reclaim(self) -> None:
        """Partitions went with their files; the rows of heads, which tell nothing of anybody, go by autovacuum."""

    def close(self) -> None:
        """See Database."""
        self._db.close()

    def _show(self) -> None:
        """Show the service's own token again before it ends; a person's holds to the end of his transaction."""
        now = time.time()
        if self._gate is None or now < self._shown_until - SECONDS / 2 or self._of_a_person:
            return
        self._shown_until = now + SECONDS
        self._set_token(SERVICE_ACCESS, only_here=False)

    def _set_token(self, access: Access, *, only_here: bool) -> None:
        assert self._gate is not None, "who has no key shows nothing"
        info = self._db.info
        states = self._reach(access.actor)
        token = self._gate.token(info.dbname, info.backend_pid, access, states, time.time())
        self.execute("SELECT set_config('pnr.token', ?, ?)", (token, only_here))


def checked(address: str) -> str:
    """The address, if it is one and holds no password. Raises UsageFault without quoting it."""
    try:
        told = conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        raise UsageFault("the database's address is not one: postgresql://host/database, or service=name") from None
    if told.get("password"):
        raise UsageFault("no password in the database's address: use PGPASSFILE or a service file")
    return address


@cache
def _text(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def _from_arrays(form: re.Match[str], types: Mapping[str, str]) -> str:
    columns = form["columns"].split(", ") if form["columns"] else list(types)
    values = form["values"].split(", ")
    asked = [column for column, value in zip(columns, values, strict=False) if value == "?"]
    arrays = ", ".join(f"%b::{types[column]}[]" for column in asked)
    told = ", ".join(column if value == "?" else value for column, value in zip(columns, values, strict=False))
    into = f"INSERT INTO {form['table']} ({', '.join(columns[: len(values)])})"
    return f"{into} SELECT {told} FROM unnest({arrays}) AS told ({', '.join(asked)}){form['rest']}"  # noqa: S608  # names


class _WholeNumber(psycopg.adapt.Loader):
    """Sums of whole numbers come as `numeric`."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


def _trouble(fault: psycopg.Error) -> StoreFault:
    return (Contention if isinstance(fault, _IN_THE_WAY) else StoreFault)(f"database: {_told(fault)}")


def _told(fault: psycopg.Error) -> str:
    """Type and SQLSTATE: the server's own text may quote a row."""
    where = f" ({fault.sqlstate})" if fault.sqlstate else ""
    first = re.sub(r"\s+", " ", str(fault))[:200] if fault.sqlstate is None else ""
    return f"{type(fault).__name__}{where}{': ' if first else ''}{first}"
