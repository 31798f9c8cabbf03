"""What an old snapshot of Vault still opens once a key was destroyed, seen on a real server (docs/keystores.md)."""

import shutil

import pytest
from keystore_kinds import VaultServer

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.keystore import WrappedKeys
from pnr_pipeline.stores.transit_keys import TransitKeys

NAME, OTHER = "S/2026-01-10/identity", "S/2026-01-11/identity"

pytestmark = [pytest.mark.vault, pytest.mark.law("RET-8")]


def opened(folder, server):
    return WrappedKeys(folder, TransitKeys(server.address, lambda: server.token))


def test_an_old_snapshot_opens_nothing_alone_and_only_with_our_old_files_what_was_then(tmp_path):
    (tmp_path / "vault").mkdir()
    server = VaultServer(tmp_path / "vault")
    keystore = opened(tmp_path / "keys", server)
    key, stays = keystore.create(NAME), keystore.create(OTHER)
    shutil.copytree(tmp_path / "keys", tmp_path / "old-keys")
    shutil.copytree(tmp_path / "vault", tmp_path / "snapshot")
    keystore.destroy(NAME)
    snapshot = VaultServer(tmp_path / "snapshot", again=server)
    with pytest.raises(KeyGone):
        opened(tmp_path / "keys", snapshot).unwrap(NAME)
    with pytest.raises(StoreFault):
        opened(tmp_path / "old-keys", server).unwrap(NAME)
    assert opened(tmp_path / "old-keys", server).unwrap(OTHER) == stays, "else nothing would open, for another reason"
    assert opened(tmp_path / "old-keys", snapshot).unwrap(NAME) == key, "both together: why they are kept apart"
    for path in (tmp_path / "snapshot").rglob("*"):
        assert path.is_dir() or key not in path.read_bytes()


def test_a_destroyed_key_is_none_of_those_of_the_server_and_a_new_one_is_made_for_each(tmp_path):
    (tmp_path / "vault").mkdir()
    server = VaultServer(tmp_path / "vault")
    keystore = opened(tmp_path / "keys", server)
    for name in (NAME, OTHER):
        keystore.create(name)
    assert keystore.wrapping.reached().endswith("2 keys in transit")
    keystore.destroy(NAME)
    assert keystore.wrapping.reached().endswith("1 keys in transit")


def test_a_server_out_of_reach_lets_nothing_be_opened_and_a_destruction_is_ended_when_it_is_back(tmp_path):
    (tmp_path / "vault").mkdir()
    server = VaultServer(tmp_path / "vault")
    keystore = opened(tmp_path / "keys", server)
    keystore.create(NAME)
    keystore.create(OTHER)
    server.process.kill()
    server.process.wait()
    for call in (keystore.unwrap, keystore.destroy):
        with pytest.raises(StoreFault):
            call(NAME)
    assert not (tmp_path / "keys" / "periods" / f"{NAME}.key").exists(), "our half goes at once"
    back = opened(tmp_path / "keys", VaultServer(tmp_path / "vault", again=server))
    with pytest.raises(KeyGone):
        back.unwrap(NAME)
    assert back.wrapping.reached().endswith("1 keys in transit")
