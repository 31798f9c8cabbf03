"""A PostgreSQL database made ready for one domain: owner, tables, gate of purpose, roles of least privilege (SEC-4).

Run by an administrator (superuser, or owner of the database who may make roles), first and after each update. Runtime
logins are given one or more of the roles; none owns anything, none may pass by the policies of the tables.
"""

from pathlib import Path

import psycopg
from psycopg import sql

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Domain
from pnr_pipeline.stores.sql.migrations import SCHEMA, in_postgres, migrate
from pnr_pipeline.stores.sql.postgres_database import PostgresDatabase, checked
from pnr_pipeline.stores.sql.purpose_token import Gate

_OF_CLASS: dict[str, dict[str, str]] = {
    "writer": {
        "record": "SELECT, INSERT, UPDATE, DELETE",
        "ingest": "SELECT, INSERT, UPDATE",
        "working": "SELECT, INSERT, UPDATE, DELETE",
        "log": "SELECT, INSERT, UPDATE",
    },
    "reader": {"record": "SELECT", "ingest": "SELECT", "working": "SELECT", "log": "SELECT"},
    "retention": {
        "record": "SELECT, UPDATE, DELETE",
        "ingest": "SELECT, DELETE",
        "working": "SELECT, INSERT, UPDATE, DELETE",
        "log": "SELECT, UPDATE, DELETE",
    },
    "publisher": {"working": "SELECT, INSERT, UPDATE, DELETE"},
    "dpo": {"working": "SELECT", "log": "SELECT"},
}
"""Role → retention class of a table → what it may do there. The DPO reads the log and counts, no record."""

_OF_TABLE: dict[tuple[str, str], str] = {
    ("writer", "audit_entry"): "SELECT, INSERT",
    ("reader", "audit_entry"): "SELECT, INSERT",
    ("retention", "audit_entry"): "SELECT, INSERT",
    ("publisher", "audit_entry"): "SELECT, INSERT, UPDATE, DELETE",
    ("publisher", "outbox"): "SELECT, UPDATE",
    ("publisher", "unit_queue"): "SELECT, INSERT",
    ("publisher", "hit"): "SELECT, INSERT, UPDATE",
    ("publisher", "leg"): "SELECT",
    ("publisher", "leg_name"): "SELECT",
    ("writer", "basis"): "SELECT, INSERT",
    ("writer", "basis_state"): "SELECT, INSERT",
}
"""Where a role may do something else on one table than on its class; a written log row is changed by nobody else."""

_NOT_TO_BE_CHANGED = ("retention_class", "schema_version", "basis", "basis_state")

ROLES = tuple(_OF_CLASS)


def role_of(domain: Domain, role: str) -> str:
    """`pnr_border_reader`: roles are common to a server, so each domain has its own (SCR-12)."""
    return f"pnr_{domain}_{role}"


def prepare_database(address: str, domain: Domain, gate: Gate) -> int:
    """Make or update everything but the logins; returns the number of the schema. Raises StoreFault, UsageFault."""
    owner = role_of(domain, "owner")
    try:
        with psycopg.connect(checked(address), autocommit=True) as db:
            _make_roles(db, domain)
            _own(db, domain)
    except psycopg.Error as fault:
        raise StoreFault(f"the database cannot be prepared: {type(fault).__name__} ({fault.sqlstate})") from None
    ready = PostgresDatabase(address, gate)
    try:
        ready.execute(f"SET ROLE {owner}")
        migrate(ready, in_postgres)
        with psycopg.connect(checked(address), autocommit=True) as db:
            db.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))
            db.execute("SET search_path TO pnr; SET client_min_messages TO warning")
            with db.transaction():
                db.execute(_beside(SCHEMA / "postgres.sql"))
                db.execute(
                    "INSERT INTO gate_key VALUES (1, %s, %s) ON CONFLICT (one) DO UPDATE SET"
                    " inner_key = excluded.inner_key, outer_key = excluded.outer_key",
                    gate.halves,
                )
                _grant(db, domain)
        (number,) = ready.execute("SELECT max(version) FROM schema_version").fetchone()
        return int(number)
    except psycopg.Error as fault:
        raise StoreFault(f"the database cannot be prepared: {type(fault).__name__} ({fault.sqlstate})") from None
    finally:
        ready.close()


def _beside(path: Path) -> bytes:
    return path.read_bytes()


def _make_roles(db: psycopg.Connection, domain: Domain) -> None:
    for role in ("owner", *ROLES):
        name = role_of(domain, role)
        if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
            db.execute(
                sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
                    sql.Identifier(name)
                )
            )
    db.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role_of(domain, "owner"))))


def _own(db: psycopg.Connection, domain: Domain) -> None:
    owner, name = sql.Identifier(role_of(domain, "owner")), sql.Identifier(db.info.dbname)
    other = db.execute(
        "SELECT 1 FROM pg_namespace WHERE nspname = 'pnr' AND pg_get_userbyid(nspowner) <> %s",
        (role_of(domain, "owner"),),
    ).fetchone()
    if other:
        raise StoreFault("this database belongs to the other domain: each has a database of its own (SCR-12)")
    db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS pnr AUTHORIZATION {}").format(owner))
    db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    db.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role in ROLES:
        who = sql.Identifier(role_of(domain, role))
        db.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, who))


def _grant(db: psycopg.Connection, domain: Domain) -> None:
    """Give each role what the tables above say, and take everything else."""
    classes: dict[str, str] = dict(
        db.execute("SELECT table_name, class FROM retention_class WHERE table_name <> 'gate_key'").fetchall()
    )
    db.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA pnr FROM PUBLIC")
    for role, of_class in _OF_CLASS.items():
        who = sql.Identifier(role_of(domain, role))
        db.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA pnr FROM {}").format(who))
        db.execute(sql.SQL("GRANT USAGE ON SCHEMA pnr TO {}").format(who))
        for function in ("json_each(text)", "unhex(text)", "json_extract(text, text)", "purpose()", "states()"):
            db.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), who))
        for table, kept in classes.items():
            of_its_class = "SELECT" if table in _NOT_TO_BE_CHANGED else of_class.get(kept)
            may = _OF_TABLE.get((role, table), of_its_class)
            if may:
                db.execute(
                    sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(may), sql.Identifier(table), who)  # constants above
                )
    for role, function in (("writer", "open_period(text)"), ("retention", "part_period(text, text)"),
                           ("retention", "drop_period(text, text)"), ("retention", "open_period(text)")):  # fmt: skip
        who = sql.Identifier(role_of(domain, role))
        db.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), who))
