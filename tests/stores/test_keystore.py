"""What every keystore promises, over all of them; `make vault` adds a Vault server."""

import os
import secrets
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from keystore_kinds import KINDS, elsewhere

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.root_files import FileKeystore

NAME, OTHER = "S/2026-01-10/identity", "S/2026-01-11/identity"


@pytest.fixture(params=[*(name for name in KINDS if name != "vault"), pytest.param("vault", marks=pytest.mark.vault)])
def kind(request):
    return KINDS[request.param]


@pytest.fixture
def again(kind, tmp_path):
    """Opens the keystore of this test, as a new process would."""
    label = f"t{secrets.token_hex(4)}"

    def open_again():
        keystore = kind.open(tmp_path / "keys", label)
        keystore.label = label
        return keystore

    return open_again


def test_a_key_is_made_once_and_the_same_for_every_later_process(again):
    key = again().create(NAME)
    assert len(key) == 32
    assert again().create(NAME) == key == again().unwrap(NAME)
    assert again().create(OTHER) != key
    assert again().names() == [NAME, OTHER]


def test_processes_that_make_a_key_at_once_get_the_same(kind, again, tmp_path):
    label = again().label
    workers = [elsewhere(kind.name, tmp_path / "keys", label, f"print(keystore.create({NAME!r}).hex())")] * 1
    workers += [elsewhere(kind.name, tmp_path / "keys", label, f"print(keystore.create({NAME!r}).hex())") for _ in "12"]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    told = {worker.communicate(timeout=60)[0].strip() for worker in workers}
    assert told == {again().unwrap(NAME).hex()}
    assert again().unused() == 0


def test_a_destroyed_key_stays_gone_and_destroying_again_does_no_harm(again):
    keystore = again()
    key = keystore.create(NAME)
    stays = keystore.create(OTHER)
    keystore.destroy(NAME)
    keystore.destroy(NAME)
    for call in (keystore.create, keystore.unwrap, keystore.rewrap, lambda name: keystore.wrap(name, key)):
        with pytest.raises(KeyGone):
            call(NAME)
    assert again().names() == [OTHER]
    assert again().gone() == [NAME]
    assert again().unwrap(OTHER) == stays
    assert again().unused() == 0, "its wrapping key still stands"


def test_a_key_never_made_can_be_ended_so_that_it_never_will_be(again):
    again().destroy(NAME)
    with pytest.raises(KeyGone):
        again().create(NAME)


def test_a_key_never_made_is_no_key(again):
    with pytest.raises(StoreFault, match="there is none"):
        again().unwrap(NAME)


def test_a_given_key_is_taken_once(again):
    again().wrap(NAME, b"k" * 32)
    assert again().unwrap(NAME) == b"k" * 32
    with pytest.raises(StoreFault, match="one already"):
        again().wrap(NAME, b"l" * 32)
    assert again().unwrap(NAME) == b"k" * 32


def test_a_key_wrapped_anew_is_the_same_and_its_former_file_does_not_open(again, tmp_path):
    key = again().create(NAME)
    shutil.copytree(tmp_path / "keys" / "periods", tmp_path / "old")
    assert again().rotate() == 1
    assert again().unwrap(NAME) == key
    assert again().unused() == 0
    shutil.copytree(tmp_path / "old", tmp_path / "keys" / "periods", dirs_exist_ok=True)
    with pytest.raises(StoreFault):
        again().unwrap(NAME)


def test_old_files_put_back_after_destruction_do_not_open_where_the_wrapping_key_was_destroyed_too(
    again, kind, tmp_path
):
    key = again().create(NAME)
    shutil.copytree(tmp_path / "keys", tmp_path / "old")
    again().destroy(NAME)
    shutil.rmtree(tmp_path / "keys")
    shutil.copytree(tmp_path / "old", tmp_path / "keys")
    if kind.name in ("pkcs11", "vault"):
        with pytest.raises(StoreFault):
            again().unwrap(NAME)
    else:  # one root wraps all: this is why copies of a file keystore are looked after (see test_key_copies)
        assert again().unwrap(NAME) == key


@pytest.mark.parametrize("step", ["_end", "overwrite_and_remove", "end"])
def test_killed_in_the_middle_of_a_destruction_the_next_call_ends_it(kind, again, tmp_path, step):
    keystore = again()
    key = keystore.create(NAME)
    keystore.create(OTHER)
    act = (
        "import pnr_pipeline.stores.keystore as module\n"
        "def killed(*_): os.kill(os.getpid(), 9)\n"
        f"{'module' if step == 'overwrite_and_remove' else 'keystore.wrapping' if step == 'end' else 'keystore'}.{step}"
        f" = killed\nkeystore.destroy({NAME!r})"
    )
    worker = elsewhere(kind.name, tmp_path / "keys", keystore.label, act)
    worker.communicate("\n", timeout=60)
    assert worker.returncode == -9
    with pytest.raises(KeyGone):
        again().unwrap(NAME)
    assert again().names() == [OTHER]
    assert again().unused() == 0
    assert not [path for path in (tmp_path / "keys").rglob("*") if path.is_file() and key in path.read_bytes()]


def test_killed_while_wrapping_anew_the_key_is_the_same_and_no_wrapping_key_is_left_over(kind, again, tmp_path):
    keystore = again()
    key = keystore.create(NAME)
    act = (
        "import pnr_pipeline.stores.keystore as module\n"
        "def killed(*_): os.kill(os.getpid(), 9)\n"
        f"module.written = killed\nkeystore.rewrap({NAME!r})"
    )
    worker = elsewhere(kind.name, tmp_path / "keys", keystore.label, act)
    worker.communicate("\n", timeout=60)
    assert worker.returncode == -9
    assert again().unwrap(NAME) == key
    again().rewrap(NAME)
    assert again().unused() == 0


@pytest.mark.law("SEC-2")
def test_no_file_holds_the_key_in_clear_and_none_is_readable_by_others(again, tmp_path):
    keystore = again()
    keys = [keystore.create(NAME), keystore.create(OTHER)]
    keystore.destroy(OTHER)
    for path in (tmp_path / "keys").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
        assert path.is_dir() or not any(key in path.read_bytes() for key in keys)


def test_a_key_file_moved_to_another_name_or_damaged_does_not_open(again, tmp_path):
    keystore = again()
    keystore.create(NAME)
    keystore.create(OTHER)
    file = tmp_path / "keys" / "periods" / f"{NAME}.key"
    (tmp_path / "keys" / "periods" / f"{OTHER}.key").write_bytes(file.read_bytes())
    with pytest.raises(StoreFault):
        again().unwrap(OTHER)
    for broken in (file.read_bytes()[:-1], b"", b"nonsense", b"1:", b"\xff:\xff", b"../root/1:" + bytes(40)):
        file.write_bytes(broken)
        with pytest.raises(StoreFault):
            again().unwrap(NAME)


@pytest.mark.parametrize("name", ["../root/1", "S//identity", "", "/S", "S/a b", "S/.hidden"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path, name):
    for call in (FileKeystore(tmp_path).create, FileKeystore(tmp_path).destroy):
        with pytest.raises(StoreFault):
            call(name)


def test_destroyed_keys_are_told_outside_the_folder_each_once(tmp_path):
    keystore = FileKeystore(tmp_path / "keys", deaths=tmp_path / "state" / "destroyed-keys")
    for name in (NAME, OTHER, NAME):
        keystore.create(name) if name not in keystore.gone() else None
        keystore.destroy(name)
    assert (tmp_path / "state" / "destroyed-keys").read_text() == f"{NAME}\n{OTHER}\n"


def test_a_process_that_was_forked_opens_the_keystore_as_its_parent_does(kind, again):
    keystore = again()
    key = keystore.create(NAME)
    child = os.fork()
    if child == 0:
        done = 1
        try:
            done = 0 if keystore.unwrap(NAME) == key and keystore.create(OTHER) else 2
        finally:
            os._exit(done)
    assert os.waitpid(child, 0)[1] == 0
    assert keystore.unwrap(NAME) == key
    assert len(keystore.create(OTHER)) == 32


@pytest.mark.parametrize("name", ["file", "passphrase", "pkcs11"])
def test_many_threads_use_one_keystore(name, tmp_path):
    keystore = KINDS[name].open(tmp_path / "keys", f"t{secrets.token_hex(4)}")
    names = [f"S/2026-01-{day:02}/open" for day in range(1, 9)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(keystore.create, names * 4))
    assert len(set(made)) == len(names)
    assert made[: len(names)] == [keystore.unwrap(one) for one in names]
