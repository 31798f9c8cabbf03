"""No purpose, no rows: what PostgreSQL itself refuses, whoever asks with whatever client."""

import time
from dataclasses import dataclass

import psycopg
import pytest
import store_setup
from postgres_server import Server
from store_setup import ACCESS, open_demo
from told_lists import ARBEN, BOJANA, paxlst, pnrgov, send

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.sql.postgres_setup import ROLES, prepare_database, role_of
from pnr_pipeline.stores.sql.purpose_token import GATE_KEY, SECONDS, Gate
from pnr_pipeline.stores.state import StateFolder

FILLED = ("record_head", "body", "push", "push_body", "listing", "join_key", "hit", "hit_version")
OF_TRAVELLERS = "SELECT table_name FROM pnr.retention_class WHERE class IN ('record', 'ingest')"


@dataclass
class World:
    server: Server
    name: str
    gate: Gate

    def raw(self, user: str = "pnr_run") -> psycopg.Connection:
        return psycopg.connect(self.server.address(self.name, user), autocommit=True)

    def shown(self, db: psycopg.Connection, token: str) -> dict[str, int]:
        """Rows of each filled table that a connection sees with this token."""
        db.execute("SELECT set_config('pnr.token', %s, false)", (token,))
        return {name: db.execute(f"SELECT count(*) FROM pnr.{name}").fetchone()[0] for name in FILLED}

    def token(self, db: psycopg.Connection, gate: Gate | None = None, at: float | None = None) -> str:
        return (gate or self.gate).token(self.name, db.info.backend_pid, ACCESS, "*", at or time.time())


@pytest.fixture(scope="module")
def world(postgres_server, tmp_path_factory):
    root = tmp_path_factory.mktemp("purpose") / "state"
    store_setup.server = postgres_server
    try:
        with open_demo(root) as store:
            send(store, pnrgov(0, ARBEN, BOJANA), paxlst(1, "745", ARBEN, BOJANA))
    finally:
        store_setup.server = None
    with postgres_server.administrator() as db:
        for role in ROLES:
            db.execute(f"CREATE ROLE as_{role} LOGIN IN ROLE {role_of('law_enforcement', role)}")
    name = postgres_server.give(root)
    with postgres_server.administrator() as db:
        for role in ROLES:
            db.execute(f"GRANT CONNECT ON DATABASE {name} TO {role_of('law_enforcement', role)}")
    yield World(postgres_server, name, Gate(open_keystore(StateFolder(root)).create(GATE_KEY)))
    postgres_server.drop_given()
    with postgres_server.administrator() as db:
        for role in ROLES:
            db.execute(f"DROP ROLE as_{role}")


@pytest.mark.law("SCR-1")
def test_rows_are_seen_with_a_signed_purpose_and_none_without(world):
    with world.raw() as db:
        assert all(world.shown(db, world.token(db)).values())
        assert not any(world.shown(db, "").values())
    with world.raw() as db:
        assert [db.execute(f"SELECT count(*) FROM pnr.{name}").fetchone() for name in FILLED] == [(0,)] * len(FILLED)


@pytest.mark.law("SCR-1")
def test_a_forged_expired_or_borrowed_token_opens_nothing(world):
    with world.raw() as db, world.raw() as other:
        good = world.token(db)
        forged = {
            "another key": world.token(db, Gate(b"\1" * 32)),
            "expired": world.token(db, at=time.time() - SECONDS - 1),
            "another connection's": world.token(other),
            "another purpose": good.replace("|a|", "|b|"),
            "longer": good.replace("|case-1|", "|case-2|"),
            "cut": good[:-1],
            "no token": "a",
            "another database's": world.gate.token("empty_border", db.info.backend_pid, ACCESS, "*", time.time()),
        }
        assert good not in forged.values()
        assert {why: sum(world.shown(db, token).values()) for why, token in forged.items()} == dict.fromkeys(forged, 0)
        assert all(world.shown(db, good).values())


@pytest.mark.law("SCR-1")
def test_nothing_is_written_without_a_purpose(world):
    with world.raw() as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute("INSERT INTO pnr.open_set VALUES ('x', 'api', '', 'x', '', NULL, 1)")
    with world.raw() as db:
        assert (
            db.execute("DELETE FROM pnr.join_key").rowcount == db.execute("UPDATE pnr.hit SET state = ''").rowcount == 0
        )


@pytest.mark.law("SEC-4")
def test_the_owner_of_the_tables_sees_no_row_either_nor_through_a_partition(world):
    with world.server.administrator(world.name) as db:
        parts = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'pnr.body'::regclass"
        (partition,) = db.execute(parts).fetchone()
        db.execute("SET ROLE pnr_law_enforcement_owner")
        for name in (*(f"pnr.{name}" for name in FILLED), partition):
            assert db.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)
        assert all(world.shown(db, world.token(db)).values())


@pytest.mark.law("SEC-4")
def test_every_table_of_travellers_and_every_partition_has_a_forced_policy(world):
    with world.server.administrator(world.name) as db:
        told = {name for (name,) in db.execute(OF_TRAVELLERS).fetchall()}
        policed = "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relforcerowsecurity"
        forced = {name for (name,) in db.execute(policed).fetchall()}
        parts = "SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r'"
        told |= {name for (name,) in db.execute(parts).fetchall()}
        assert len(told) > 15 and told == forced


def test_without_the_policy_the_rows_would_be_seen(world):
    with world.server.administrator(world.name) as db, world.raw() as reader:
        db.execute("ALTER TABLE pnr.record_head DISABLE ROW LEVEL SECURITY")
        try:
            assert reader.execute("SELECT count(*) FROM pnr.record_head").fetchone() != (0,)
        finally:
            db.execute("ALTER TABLE pnr.record_head ENABLE ROW LEVEL SECURITY")
        assert reader.execute("SELECT count(*) FROM pnr.record_head").fetchone() == (0,)


@pytest.mark.law("SEC-4")
def test_the_roles_own_nothing_and_may_not_pass_by_a_policy(world):
    with world.server.administrator(world.name) as db:
        names = ["pnr_run", *(role_of("law_enforcement", role) for role in ROLES)]
        mighty = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        assert db.execute(mighty, (names,)).fetchone() == (0,)
        owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = ANY(%s)"
        assert db.execute(owned, (names,)).fetchone() == (0,)


REFUSED = {
    "dpo": ("SELECT 1 FROM pnr.record_head", "SELECT 1 FROM pnr.body", "UPDATE pnr.audit_entry SET body = ''",
            "DELETE FROM pnr.audit_entry", "INSERT INTO pnr.audit_entry (at, body) VALUES ('', '')"),
    "reader": ("UPDATE pnr.hit SET state = ''", "DELETE FROM pnr.record_head",
               "INSERT INTO pnr.lease VALUES ('', '', '')", "SELECT pnr.drop_period('body', 'S/2026-02-28')"),
    "writer": ("UPDATE pnr.audit_entry SET body = ''", "DELETE FROM pnr.audit_entry", "DROP TABLE pnr.body",
               "ALTER TABLE pnr.body DISABLE ROW LEVEL SECURITY", "SELECT * FROM pnr.gate_key",
               "SELECT pnr.drop_period('body', 'S/2026-02-28')", "CREATE EXTENSION dblink SCHEMA pnr",
               "CREATE TABLE pnr.x ()", "UPDATE pnr.retention_class SET class = 'log'",
               "SET ROLE pnr_law_enforcement_owner"),
    "retention": ("INSERT INTO pnr.record_head (record_id) VALUES ('')", "UPDATE pnr.audit_entry SET body = ''",
                  "DELETE FROM pnr.audit_entry", "TRUNCATE pnr.body", "SELECT * FROM pnr.gate_key"),
    "publisher": ("SELECT 1 FROM pnr.body", "SELECT 1 FROM pnr.record_head", "SELECT 1 FROM pnr.join_key"),
}  # fmt: skip
ALLOWED = {
    "dpo": ("SELECT 1 FROM pnr.audit_entry", "SELECT 1 FROM pnr.receipt"),
    "reader": ("SELECT 1 FROM pnr.record_head", "SELECT 1 FROM pnr.audit_entry"),
    "writer": ("SELECT 1 FROM pnr.body", "UPDATE pnr.hit SET state = state", "SELECT pnr.open_period('S/2026-12-01')"),
    "retention": ("DELETE FROM pnr.record_head WHERE period = 'S/2000-01-01'",
                  "SELECT pnr.drop_period('body', 'S/2026-12-01')"),
    "publisher": ("UPDATE pnr.audit_entry SET seq = seq", "SELECT 1 FROM pnr.outbox"),
}  # fmt: skip


@pytest.mark.law("SEC-4")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_can_do_what_it_is_for_and_no_more(world, role):
    with world.raw(f"as_{role}") as db:
        db.execute("SELECT set_config('pnr.token', %s, false)", (world.token(db),))
        for statement in ALLOWED[role]:
            db.execute(statement)
        for statement in REFUSED[role]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(statement)
                print(statement)


@pytest.mark.law("SCR-12")
def test_a_connection_of_one_domain_cannot_reach_the_other(world):
    server, border = world.server, "border_of_it"
    with server.administrator() as db:
        db.execute(f"CREATE DATABASE {border}")
        db.execute("CREATE ROLE at_the_border LOGIN")
    try:
        prepare_database(server.address(border, "admin"), "border", Gate(b"\2" * 32))
        with server.administrator() as db:
            db.execute("GRANT pnr_border_writer, pnr_border_reader TO at_the_border")
        with psycopg.connect(server.address(border, "at_the_border")) as db:
            db.execute("SELECT count(*) FROM pnr.record_head")
            with pytest.raises(psycopg.errors.FeatureNotSupported):  # a server's databases never meet in a query
                db.execute(f"SELECT count(*) FROM {world.name}.pnr.record_head")
        for name, user in ((world.name, "at_the_border"), (border, "pnr_run")):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(server.address(name, user))
        with pytest.raises(StoreFault, match="belongs to the other domain"):
            prepare_database(server.address(border, "admin"), "law_enforcement", Gate(b"\2" * 32))
    finally:
        with server.administrator() as db:
            db.execute(f"DROP DATABASE {border}")
            db.execute("DROP ROLE at_the_border")


@pytest.mark.law("SEC-2")
def test_a_password_in_the_address_is_refused_and_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setenv("PNR_DATABASE", "postgresql://someone:pass-1234@localhost/pnr")
    with pytest.raises(UsageFault) as fault:
        open_demo(tmp_path / "state")
    assert "PGPASSFILE" in str(fault.value) and "pass-1234" not in str(fault.value)


def test_a_state_folder_with_another_key_is_told_so_before_anything_is_taken_for_new(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PNR_DATABASE", world.server.address(world.name))
    with pytest.raises(StoreFault, match="does not take the key"):
        open_demo(tmp_path / "state")


@pytest.mark.parametrize(
    "asked", [("record_head", "S/2026-02-28"), ("pg_class", "S/2026-02-28"), ("body", "S/2026-02-28; DROP TABLE x")]
)
def test_nothing_but_the_partition_of_a_period_can_be_dropped(world, asked):
    with world.raw("as_retention") as db, pytest.raises(psycopg.errors.RaiseException):
        db.execute("SELECT pnr.drop_period(%s, %s)", asked)
