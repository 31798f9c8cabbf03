import multiprocessing
import stat

import pytest

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.keystore import FileKeystore

NAME = "S/2026-01-10/identity"


def test_a_key_is_made_once_and_the_same_for_every_later_process(tmp_path):
    key = FileKeystore(tmp_path).create(NAME)
    assert len(key) == 32
    assert FileKeystore(tmp_path).create(NAME) == key == FileKeystore(tmp_path).unwrap(NAME)
    assert FileKeystore(tmp_path).create("S/2026-01-11/identity") != key


def _create(folder, barrier, results):
    barrier.wait()
    results.put(FileKeystore(folder).create(NAME))


def test_two_processes_that_make_a_key_at_once_get_the_same(tmp_path):
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(4), fork.Queue()
    processes = [fork.Process(target=_create, args=(tmp_path, barrier, results)) for _ in range(4)]
    for process in processes:
        process.start()
    keys = {results.get(timeout=30) for _ in processes}
    for process in processes:
        process.join()
    assert len(keys) == 1


def test_a_destroyed_key_stays_gone_and_destroying_again_does_no_harm(tmp_path):
    keystore = FileKeystore(tmp_path)
    key = keystore.create(NAME)
    keystore.destroy(NAME)
    keystore.destroy(NAME)
    for call in (keystore.create, keystore.unwrap, keystore.rewrap, lambda name: keystore.wrap(name, key)):
        with pytest.raises(KeyGone):
            call(NAME)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".key"]
    assert [path.parent.name for path in left] == ["root"]


def test_a_key_never_made_can_be_ended_so_that_it_never_will_be(tmp_path):
    keystore = FileKeystore(tmp_path)
    keystore.destroy(NAME)
    with pytest.raises(KeyGone):
        keystore.create(NAME)


def test_no_file_holds_the_key_in_clear_and_none_is_readable_by_others(tmp_path):
    key = FileKeystore(tmp_path / "keys").create(NAME)
    for path in (tmp_path / "keys").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
        assert path.is_dir() or key not in path.read_bytes()


def test_a_new_root_takes_over_when_keys_are_wrapped_anew(tmp_path):
    keystore = FileKeystore(tmp_path)
    key = keystore.create(NAME)
    keystore.new_root()
    keystore.rewrap(NAME)
    (tmp_path / "root" / "1.key").unlink()
    assert FileKeystore(tmp_path).unwrap(NAME) == key


def test_a_given_key_is_taken_once(tmp_path):
    keystore = FileKeystore(tmp_path)
    keystore.wrap(NAME, b"k" * 32)
    assert keystore.unwrap(NAME) == b"k" * 32
    with pytest.raises(StoreFault):
        keystore.wrap(NAME, b"l" * 32)


def test_a_key_file_moved_to_another_name_or_damaged_does_not_open(tmp_path):
    keystore = FileKeystore(tmp_path)
    keystore.create(NAME)
    file = tmp_path / "periods" / f"{NAME}.key"
    (tmp_path / "periods" / "S" / "2026-01-11").mkdir()
    (tmp_path / "periods" / "S" / "2026-01-11" / "identity.key").write_bytes(file.read_bytes())
    with pytest.raises(StoreFault):
        keystore.unwrap("S/2026-01-11/identity")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(StoreFault):
        keystore.unwrap(NAME)


@pytest.mark.parametrize("name", ["../root/1", "S//identity", "", "/S", "S/a b", "S/.hidden"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path, name):
    with pytest.raises(StoreFault):
        FileKeystore(tmp_path).create(name)
