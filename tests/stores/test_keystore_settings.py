import os
import stat

import pytest
from keystore_kinds import CHEAP, TOKEN, elsewhere

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores import given_secrets, root_files, token_keys
from pnr_pipeline.stores.given_secrets import given_secret
from pnr_pipeline.stores.keystores import keystore_settings, open_keystore
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.state import StateFolder

NAME = "S/2026-01-10/identity"


@pytest.fixture(autouse=True)
def _nobody_gave_anything(monkeypatch):
    monkeypatch.setattr(root_files, "_COST", CHEAP)
    given_secret.cache_clear()
    yield
    given_secret.cache_clear()


@pytest.fixture
def state(tmp_path):
    folder = StateFolder(tmp_path / "state")
    folder.prepare()
    return folder


def test_without_settings_the_keys_lie_in_files(state):
    assert keystore_settings(state).kind == "file"
    assert open_keystore(state).create(NAME) == FileKeystore(state.keys).unwrap(NAME)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[keystore]\nkind = 'vault'", "address"),
        ("[keystore]\nkind = 'vault'\naddress = 'http://vault.example:8200'", "address"),
        ("[keystore]\nkind = 'pkcs11'\ntoken = 'pnr'", "module"),
        ("[keystore]\nkind = 'paper'", "keystore.kind"),
        ("[keystore]\npin = '2468'", "keystore.pin"),
        ("[keystore", "settings.toml"),
    ],
)
def test_wrong_settings_are_told_by_their_place_and_never_by_their_value(state, text, told):
    state.settings.write_text(text)
    with pytest.raises(UsageFault) as fault:
        keystore_settings(state)
    assert told in str(fault.value)
    assert "2468" not in str(fault.value)
    assert "vault.example" not in str(fault.value)


def test_the_environment_goes_before_the_file(state, monkeypatch):
    state.settings.write_text("[keystore]\nkind = 'file'\npassphrase = true")
    assert keystore_settings(state).passphrase
    monkeypatch.setenv("PNR_KEYSTORE_PASSPHRASE", "false")
    assert not keystore_settings(state).passphrase


def test_a_root_under_a_passphrase_opens_with_it_alone_and_lies_nowhere_in_clear(tmp_path):
    keystore = FileKeystore(tmp_path, lambda: b"right", protect=True)
    key = keystore.create(NAME)
    root = keystore.wrapping._root("1")
    file = tmp_path / "root" / "1.key"
    assert root not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert FileKeystore(tmp_path, lambda: b"right").unwrap(NAME) == key
    for wrong in (lambda: b"wrong", lambda: b"", None):
        with pytest.raises(UsageFault):
            FileKeystore(tmp_path, wrong).unwrap(NAME)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(UsageFault):
        FileKeystore(tmp_path, lambda: b"right").unwrap(NAME)


def test_a_root_that_lay_open_goes_under_the_passphrase_with_a_rotation(tmp_path):
    key = FileKeystore(tmp_path).create(NAME)
    protected = FileKeystore(tmp_path, lambda: b"right", protect=True)
    assert not protected.wrapping.is_protected()
    protected.rotate()
    assert protected.wrapping.is_protected()
    assert not (tmp_path / "root" / "1.key").exists()
    assert FileKeystore(tmp_path, lambda: b"right").unwrap(NAME) == key


def test_secrets_come_from_a_credential_then_a_descriptor_and_never_from_a_variable(tmp_path, monkeypatch):
    monkeypatch.setattr(given_secrets.sys.stdin, "isatty", lambda: False, raising=False)
    monkeypatch.setenv("PNR_PASSPHRASE", "in the clear")
    with pytest.raises(UsageFault, match="systemd credential pnr-passphrase"):
        given_secret("passphrase")
    reads, writes = os.pipe()
    os.write(writes, b"by descriptor\n")
    os.close(writes)
    monkeypatch.setenv("PNR_PASSPHRASE_FD", str(reads))
    assert given_secret("passphrase") == b"by descriptor"
    assert given_secret("passphrase") == b"by descriptor", "asked a second time of a pipe that is empty"
    given_secret.cache_clear()
    (tmp_path / "pnr-passphrase").write_text("by credential\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert given_secret("passphrase") == b"by credential"


def test_a_wrong_pin_is_tried_once_as_tokens_lock_themselves(tmp_path):
    act = (
        "keystore.wrapping._pin = lambda: print('asked') or '0000'\n"
        "try: keystore.wrapping.reached()\nexcept Exception as fault: print(fault)"
    )
    told, _ = elsewhere("pkcs11", tmp_path / "keys", "wrong", act).communicate("\n", timeout=60)
    assert told.splitlines() == ["ready", "asked", "token pnr-test: PinIncorrect"]


def test_a_library_that_is_none_is_told_by_its_name(tmp_path):
    (tmp_path / "vendor.so").write_bytes(b"no library")
    with pytest.raises(StoreFault, match=r"vendor\.so"):
        token_keys.TokenKeys(tmp_path / "vendor.so", TOKEN, lambda: "", "t").reached()
