"""Copies of the keystore: what they hold, and that none of them brings a destroyed key back."""

from datetime import UTC, datetime, timedelta

import pytest
from keystore_kinds import CHEAP

from pnr_pipeline.errors import KeyGone, StoreFault, UsageFault
from pnr_pipeline.stores import durable_file, key_copies, root_files
from pnr_pipeline.stores.key_copies import COPY_NAME, copy_keys, copy_states, lay_files, take_back
from pnr_pipeline.stores.root_files import FileKeystore

NOW = datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
NAME, OTHER, LATER = "S/2026-01-10/identity", "S/2026-01-11/identity", "S/2026-01-12/identity"
WORDS = b"an invented passphrase"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(root_files, "_COST", CHEAP)


@pytest.fixture
def places(tmp_path):
    folders = (tmp_path / "a", tmp_path / "b")
    for folder in folders:
        folder.mkdir()
    return folders


@pytest.fixture
def keystore(tmp_path):
    keystore = FileKeystore(tmp_path / "keys", deaths=tmp_path / "destroyed-keys")
    for name in (NAME, OTHER):
        keystore.create(name)
    (tmp_path / "keys" / "units").mkdir()
    (tmp_path / "keys" / "units" / "mk-skp.key").write_bytes(b"a unit's private key")
    return keystore


def restored(folder, copies, gone_since=(), now=NOW):
    lay_files(folder, copies, WORDS)
    keystore = FileKeystore(folder)
    taken = take_back(keystore, copies, WORDS, gone_since, now)
    return keystore, taken


def test_a_lost_keystore_comes_back_from_either_copy_with_all_that_lay_beside_it(keystore, places, tmp_path):
    copy_keys(keystore, places, WORDS, NOW)
    for number, place in enumerate(places):
        back, taken = restored(tmp_path / f"back{number}", [place / COPY_NAME])
        assert taken == (2, 0)
        assert back.unwrap(NAME) == keystore.unwrap(NAME)
        assert (back.folder / "units" / "mk-skp.key").read_bytes() == b"a unit's private key"


def test_a_copy_tells_nothing_without_the_passphrase_but_its_date_and_two_counts(keystore, places, tmp_path):
    copy_keys(keystore, places, WORDS, NOW)
    content = (places[0] / COPY_NAME).read_bytes()
    assert keystore.unwrap(NAME) not in content
    assert keystore.wrapping._root("1") not in content
    assert NAME.encode() not in content
    with pytest.raises(UsageFault):
        take_back(FileKeystore(tmp_path / "x"), [places[0] / COPY_NAME], b"another passphrase", (), NOW)


@pytest.mark.law("RET-8")
def test_an_old_copy_restored_brings_no_key_back_that_the_ledger_the_marks_or_the_newer_copy_know_as_gone(
    keystore, places, tmp_path
):
    copy_keys(keystore, places, WORDS, NOW)
    old = tmp_path / "old.copy"
    old.write_bytes((places[0] / COPY_NAME).read_bytes())
    keystore.destroy(NAME)
    copy_keys(keystore, places, WORDS, NOW + timedelta(days=1))
    ledger = (tmp_path / "destroyed-keys").read_text().split()
    by_ledger, taken = restored(tmp_path / "by-ledger", [old], ledger)
    assert taken == (1, 1)
    by_newer, _ = restored(tmp_path / "by-newer", [old, places[1] / COPY_NAME], now=NOW + timedelta(days=2))
    by_marks = FileKeystore(tmp_path / "keys")
    take_back(by_marks, [old], WORDS, (), NOW)
    for back in (by_ledger, by_newer, by_marks):
        with pytest.raises(KeyGone):
            back.create(NAME)
        assert back.unwrap(OTHER) == keystore.unwrap(OTHER)


def test_an_old_copy_alone_does_bring_it_back_which_is_why_copies_are_told_to_be_behind(keystore, places, tmp_path):
    key = keystore.unwrap(NAME)
    copy_keys(keystore, places, WORDS, NOW)
    old = tmp_path / "old.copy"
    old.write_bytes((places[0] / COPY_NAME).read_bytes())
    assert [state.behind for state in copy_states(keystore)] == ["", ""]
    keystore.destroy(NAME)
    assert all("destroyed since" in state.behind for state in copy_states(keystore))
    back, _ = restored(tmp_path / "back", [old])
    assert back.unwrap(NAME) == key
    copy_keys(keystore, (), WORDS, NOW)
    assert [state.behind for state in copy_states(keystore)] == ["", ""]
    back, taken = restored(tmp_path / "again", [places[0] / COPY_NAME])
    assert taken == (1, 0)
    with pytest.raises(KeyGone):
        back.unwrap(NAME)


def test_the_former_copy_is_overwritten_and_not_only_unlinked(keystore, places, monkeypatch):
    copy_keys(keystore, places, WORDS, NOW)
    before = [(place / COPY_NAME).read_bytes() for place in places]
    seen = []
    monkeypatch.setattr(
        key_copies, "overwrite_and_remove",
        lambda path: seen.append(path.open("rb")) or durable_file.overwrite_and_remove(path),
    )  # fmt: skip
    copy_keys(keystore, (), WORDS, NOW)
    left = [file.read() for file in seen]
    assert [len(content) for content in left] == [len(content) for content in before]
    assert not any(content[:64] in former for content, former in zip(left, before, strict=True))


def test_a_copy_that_is_out_of_reach_or_damaged_is_told_and_the_other_one_serves(keystore, places, tmp_path):
    copy_keys(keystore, places, WORDS, NOW)
    spoilt = places[0] / COPY_NAME
    spoilt.write_bytes(spoilt.read_bytes()[:40])
    with pytest.raises((StoreFault, UsageFault)):
        restored(tmp_path / "one", [spoilt])
    _, taken = restored(tmp_path / "two", [places[1] / COPY_NAME])
    assert taken == (2, 0)
    spoilt.unlink()
    places[0].rmdir()
    assert [bool(state.behind) for state in copy_states(keystore)] == [True, False]
    with pytest.raises(StoreFault):
        copy_keys(keystore, (), WORDS, NOW)


def test_two_places_are_asked_for_neither_of_them_among_the_keys(keystore, places):
    for wrong in ((), places[:1], (places[0], places[0]), (places[0], keystore.folder / "units")):
        with pytest.raises(UsageFault):
            copy_keys(keystore, wrong, WORDS, NOW)


def test_a_clock_behind_the_copy_and_another_keystore_in_place_are_refused(keystore, places, tmp_path):
    copy_keys(keystore, places, WORDS, NOW)
    with pytest.raises(UsageFault):
        restored(tmp_path / "early", [places[0] / COPY_NAME], now=NOW - timedelta(seconds=1))
    FileKeystore(tmp_path / "another").create(LATER)
    with pytest.raises(StoreFault):
        restored(tmp_path / "another", [places[0] / COPY_NAME])


def test_a_copy_from_before_a_new_root_is_told_to_be_behind(keystore, places):
    copy_keys(keystore, places, WORDS, NOW)
    keystore.rotate()
    assert ["wrapped anew" in state.behind for state in copy_states(keystore)] == [True, True]
    keystore.create(LATER)
    assert ["knows 2 of 3" in state.behind for state in copy_states(keystore)] == [True, True]
    copy_keys(keystore, (), WORDS, NOW)
    assert [state.behind for state in copy_states(keystore)] == ["", ""]
