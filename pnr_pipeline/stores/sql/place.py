"""Which database a state folder has: its own SQLite file, or the PostgreSQL one that settings or PNR_DATABASE name."""

import tomllib
from typing import TYPE_CHECKING

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.records import Domain
from pnr_pipeline.stores.keystore import Keystore
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.migrations import newest, version_of
from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase, connect
from pnr_pipeline.stores.state import StateFolder

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase


def database_address(state: StateFolder) -> str:
    """What was given, `PNR_DATABASE`, else `address` below `[database]` of `settings.toml`; '' for the SQLite file."""
    if state.address:
        return state.address
    try:
        told = tomllib.loads(state.settings.read_text("utf-8")).get("database", {})
    except FileNotFoundError:
        return ""
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageFault(f"{state.settings.name}: {fault}") from None
    address = told.get("address", "")
    if not isinstance(address, str) or told.keys() - {"address"}:
        raise UsageFault(f'{state.settings.name}: [database] has one setting, address = "postgresql://host/database"')
    return address


def has_store(state: StateFolder) -> bool:
    """Whether there is a store to open: its file, or an address."""
    return bool(database_address(state)) or state.database.is_file()


def open_database(state: StateFolder, keystore: Keystore) -> Database:
    """The database of this state folder, at the newest schema: SQLite is brought to it, PostgreSQL must be at it."""
    address = database_address(state)
    if not address:
        return connect(state.database)
    return open_postgres(address, keystore)


def open_to_look(state: StateFolder) -> Database:
    """The database of this state folder as it is, to read counts and times: SQLite's file is not written to."""
    address = database_address(state)
    if address:
        return open_postgres(address, open_keystore(state))
    return SqliteDatabase(state.database, reads_only=True)


def open_postgres(address: str, keystore: Keystore) -> "PostgresDatabase":
    """A prepared PostgreSQL database. Raises StoreFault where it is not, or does not take this deployment's purpose."""
    try:
        from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase
    except ImportError:
        raise UsageFault("PostgreSQL needs its driver: install pnr-pipeline[postgres]") from None
    from pnr_pipeline.stores.sql.purpose_token import GATE_KEY, Gate

    db = PostgresDatabase(address, Gate(keystore.create(GATE_KEY)))
    try:
        if db.execute("SELECT to_regclass('pnr.schema_version') IS NULL").fetchone()[0]:
            raise StoreFault("this database is empty: an administrator runs `pnr database prepare` once")
        version = version_of(db)
        if version > newest():
            raise StoreFault("the database was written by a newer version of pnr-pipeline")
        if version < newest():
            raise StoreFault("the database is of an older version: an administrator runs `pnr database prepare`")
        if db.execute("SELECT purpose()").fetchone()[0] != "a":
            raise StoreFault("the database does not take the key of this state folder: run `pnr database prepare`")
    except BaseException:
        db.close()
        raise
    return db


def empty_postgres(address: str, keystore: Keystore, domain: Domain) -> "PostgresDatabase":
    """A prepared database without a row, as its owner: to be filled from a backup by an administrator.

    Raises UsageFault where a store is in it, StoreFault where the login may not act as the owner.
    """
    db = open_postgres(address, keystore)
    try:
        if db.execute("SELECT 1 FROM deployment").fetchone():
            raise UsageFault("a store is in this database: a backup is restored into an empty one")
        db.execute(f"SET ROLE pnr_{domain}_owner")
    except BaseException:
        db.close()
        raise
    return db
