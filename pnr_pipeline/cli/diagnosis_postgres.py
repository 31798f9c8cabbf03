"""How a PostgreSQL database is: version, schema, and whether it still refuses rows to whoever shows no purpose."""

from collections.abc import Iterator

from pnr_pipeline.cli.diagnosis import Diagnosis
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.migrations import version_of

_OPEN = (
    "SELECT count(*) FROM retention_class JOIN pg_class ON oid = to_regclass('pnr.' || table_name)"
    " WHERE class IN ('record', 'ingest') AND NOT (relrowsecurity AND relforcerowsecurity)"
)
_MIGHTY = (
    "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls))"
    " + (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('pnr') AND relowner ="
    " (SELECT oid FROM pg_roles WHERE rolname = current_user))"
)
_NOT_DURABLE = "SELECT count(*) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"


def postgres_told(db: Database) -> Iterator[Diagnosis]:
    """Reached, at the newest schema (it was opened so); then its policies, our login, and that it writes to disk."""
    (version,) = db.execute("SHOW server_version").fetchone()
    yield Diagnosis("PostgreSQL", "ok", f"{version}, schema {version_of(db)}")
    (unguarded,) = db.execute(_OPEN).fetchone()
    what = f"{unguarded} tables of travellers show rows without a purpose" if unguarded else "no purpose, no rows"
    remedy = "an administrator runs pnr database prepare (SCR-1)" if unguarded else ""
    yield Diagnosis("row-level security", "fault" if unguarded else "ok", what, remedy)
    (mighty,) = db.execute(_MIGHTY).fetchone()
    if mighty:
        remedy = "connect as a login that was given pnr's roles and nothing else (SEC-4): docs/stores.md"
        yield Diagnosis("database login", "fault", "it owns tables or passes by their policies", remedy)
    (lax,) = db.execute(_NOT_DURABLE).fetchone()
    if lax:
        yield Diagnosis("durability", "fault", "fsync or full_page_writes is off", "a power cut would lose commits")
