import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keystore_kinds import CHEAP
from store_setup import open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.doctor import app as doctor
from pnr_pipeline.cli.keys import app
from pnr_pipeline.errors import KeyGone, UsageFault
from pnr_pipeline.stores import root_files
from pnr_pipeline.stores.given_secrets import given_secret
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.state import StateFolder

NAME = "S/2026-01-10/identity"


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setattr(root_files, "_COST", CHEAP)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("PNR_KEYS", raising=False)
    (tmp_path / "pnr-passphrase").write_text("invented")
    given_secret.cache_clear()
    folder = StateFolder(tmp_path / "state")
    folder.prepare()
    yield folder
    given_secret.cache_clear()


def run(state, *arguments):
    done = CliRunner().invoke(app, [*map(str, arguments), "--state", str(state.root)])
    return done.exit_code, done.output


def test_a_custodian_copies_the_keys_loses_them_and_takes_them_back_without_the_destroyed_one(state, tmp_path):
    keystore = open_keystore(state)
    keystore.create(NAME)
    keystore.create("S/2026-01-11/open")
    assert run(state, "check")[0] == 1, "no copies were told"
    places = [tmp_path / "a", tmp_path / "b"]
    for place in places:
        place.mkdir()
    assert run(state, "backup", "--as", "custodian-1", "--to", places[0], "--to", places[1])[0] == 0
    assert run(state, "check")[0] == 0
    keystore.destroy(NAME)
    code, told = run(state, "check")
    assert (code, told.count("destroyed since")) == (1, 2)
    state.keys.rename(tmp_path / "lost")
    code, told = run(state, "restore", "--as", "custodian-1", "--from", places[0] / "pnr-keys.copy")
    assert code == 0, told
    assert "1 keys taken back, 1 of the copy stay destroyed" in told
    with pytest.raises(KeyGone):
        open_keystore(state).create(NAME)


def test_the_periods_are_listed_with_what_stands_and_what_was_destroyed(state):
    keystore = open_keystore(state)
    keystore.create(NAME)
    keystore.create("S/2026-01-10/open")
    keystore.destroy(NAME)
    code, told = run(state, "list", "--format", "json")
    assert (code, json.loads(told)) == (0, {"period": "S/2026-01-10", "keys": ["open"], "destroyed": ["identity"]})
    assert "S/2026-01-10" in run(state, "list")[1]


def test_a_root_goes_under_the_passphrase_by_rotation(state):
    key = open_keystore(state).create(NAME)
    state.settings.write_text("[keystore]\npassphrase = true\n")
    assert run(state, "rotate-root", "--as", "custodian-1")[0] == 0
    assert open_keystore(state).wrapping.is_protected()
    assert open_keystore(state).unwrap(NAME) == key


def test_the_help_shows_a_settings_file_for_each_keystore(state):
    told = CliRunner().invoke(app, ["--help"]).output
    for word in ("[keystore]", "kind", "vault", "pkcs11", "PNR_PASSPHRASE_FD"):
        assert word in told


def diagnoses(state):
    told = CliRunner().invoke(doctor, ["--state", str(state.root), "--profile", "demo", "--format", "json"]).output
    return [(one["subject"], one["mark"], one["what"]) for one in json.loads(told) if "key" in one["subject"]]


def test_the_doctor_tells_the_keystore_its_age_and_a_copy_that_still_holds_destroyed_keys(state, tmp_path):
    keystore = open_keystore(state)
    keystore.create(NAME)
    assert ("keystore", "warning", "file: root key 1 open in its file") in diagnoses(state)
    assert ("copies of the keys", "warning", "none") in diagnoses(state)
    places = [tmp_path / "a", tmp_path / "b"]
    for place in places:
        place.mkdir()
    run(state, "backup", "--as", "custodian-1", "--to", places[0], "--to", places[1])
    assert [mark for subject, mark, _ in diagnoses(state) if subject == "copy of the keys"] == ["ok", "ok"]
    keystore.destroy(NAME)
    told = [(mark, what) for subject, mark, what in diagnoses(state) if subject == "copy of the keys"]
    assert [(mark, "destroyed since" in what) for mark, what in told] == [("fault", True), ("fault", True)]


def test_the_doctor_tells_a_wrapping_of_years_ago_and_a_keystore_out_of_reach(state):
    open_keystore(state).create(NAME)
    file = state.keys / "periods" / f"{NAME}.key"
    os.utime(file, (0, 0))
    (aged,) = [one for one in diagnoses(state) if one[0] == "root key"]
    assert aged[1] == "warning"
    state.settings.write_text("[keystore]\nkind = 'vault'\naddress = 'http://127.0.0.1:9'\n")
    (Path(os.environ["CREDENTIALS_DIRECTORY"]) / "pnr-vault-token").write_text("invented")
    assert ("keystore", "fault", "Vault at http://127.0.0.1:9: ConnectionError") in diagnoses(state)


@pytest.mark.law("LOG-2")
def test_acts_of_the_custodian_are_in_the_log_once_and_the_officer_sees_those_that_are_no_routine(state, tmp_path):
    open_demo(state.root).close()
    places = [tmp_path / "a", tmp_path / "b"]
    for place in places:
        place.mkdir()
    assert run(state, "backup", "--as", "custodian-1", "--to", places[0], "--to", places[1])[0] == 0
    assert run(state, "rotate-root", "--as", "custodian-1")[0] == 0
    assert run(state, "backup", "--as", "custodian-1")[0] == 0
    state.keys.rename(tmp_path / "lost")
    assert run(state, "restore", "--as", "custodian-1", "--from", places[0] / "pnr-keys.copy")[0] == 0
    with open_demo(state.root) as store:
        told = [json.loads(body) for (body,) in store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row")]
        kinds = [kind for one in told if one["actor"] == "custodian-1" for kind in one["counts"]]
        assert kinds == ["keys.backup", "keys.rotate-root", "keys.backup", "keys.restore"]
        assert {item.kind for item in store.inbox(datetime.now(UTC))} == {"keys.rotate-root", "keys.restore"}


@pytest.mark.law("SEC-4")
def test_who_is_no_custodian_does_nothing_with_the_keys(state):
    open_demo(state.root).close()
    for person in ("officer-7", "nobody-1", "retention-1"):
        for words in (("backup",), ("rotate-root",)):
            done = CliRunner().invoke(app, [*words, "--as", person, "--state", str(state.root)])
            assert isinstance(done.exception, UsageFault)
