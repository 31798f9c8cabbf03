"""Who holds every copy made before, but not the destroyed keys, reads nobody (RET-1 to RET-3, RET-8).

Copies are those of the database with its write-ahead log, dead letters in it, of the lake and of a backup.
"""

import pytest
from stolen_copies import (
    A_FLIGHT,
    GIVEN,
    LOCATOR,
    PEOPLE,
    SHORTLY_BEFORE,
    SURNAME,
    bookings,
    cells_of_backup,
    cells_of_database,
    cells_of_lake,
    clear_in,
    filled,
    is_found_in,
    keys_left,
    masked,
    somebody,
    stolen_once,
    tried,
)
from store_setup import Count

from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import PARTS
from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase

IDENTITY = f"{SURNAME}|{GIVEN}"
OPEN = f'"{LOCATOR}[A-Z]{{3}}"'
PROMOTED = f'"{somebody(0).locator}"'


@pytest.fixture(scope="module")
def stolen(tmp_path_factory):
    """The state after masking day, and copies of all of it from before."""
    return stolen_once(tmp_path_factory.mktemp("proof"))


@pytest.fixture(scope="module")
def before(stolen):
    return keys_left(stolen.with_name("keys-at-first")) | keys_left(stolen.with_name("keys-before"))


@pytest.fixture(scope="module")
def left(stolen):
    return keys_left(stolen.with_name("state-keys"))


COPIES = {"copied": cells_of_database, "lake": cells_of_lake, "unpacked": cells_of_backup}


@pytest.mark.parametrize("copy", COPIES)
def test_while_the_keys_are_there_each_copy_is_read_in_full(stolen, before, copy):
    """The control: were a key kept aside, this search would find everybody."""
    of, opened = tried(COPIES[copy](stolen.with_name(copy)), before, sample=True)
    print(f"control, {copy}: opened {opened} of {of}")
    assert opened == of
    assert sum(of.values()) > min(PEOPLE, 10_000)


@pytest.mark.law("RET-1", "RET-2", "RET-3")
@pytest.mark.parametrize(("copy", "allowed"), [("copied", {}), ("lake", {"L open": 2}), ("unpacked", {"L open": 1})])
def test_with_every_key_that_is_left_nothing_opens_but_open_parts_of_class_l(stolen, left, copy, allowed):
    assert {f"L/2026-02-28/{part}" for part in ("identity", "hits")} <= left.keys()  # the unit's own half
    assert f"backup/{SHORTLY_BEFORE:%Y-%m-%d}/open" in left, "else nothing of the backup opens, for another reason"
    of, opened = tried(COPIES[copy](stolen.with_name(copy)), left)
    print(f"{copy}: opened {opened} of {of} with {len(left)} keys that are left")
    assert opened == allowed
    if copy != "lake":
        assert of["body"] == PEOPLE + bookings()
        assert of["push"] == -(-PEOPLE // A_FLIGHT)
        assert {of[one] for one in ("hit", "hit_version", "decision")} == {1}
    assert of.get("dead_letter") == (1 if copy == "copied" else None)  # it was over when the others were made
    assert of.get("S open", 0) >= (0 if copy == "copied" else PEOPLE)


@pytest.mark.law("RET-1")
@pytest.mark.parametrize("kept", ["S/2026-02-28/identity", "L/2026-02-28/approver", "S/2026-02-28/push"])
def test_one_key_kept_aside_is_enough_to_be_found_in_the_database(stolen, before, left, kept):
    assert is_found_in(cells_of_database(stolen.with_name("copied")), left | {kept: before[kept]})


@pytest.mark.parametrize("kept", ["S/2026-02-28/open", "S/2026-02-28/identity"])
def test_one_key_kept_aside_is_enough_to_be_found_in_the_lake(stolen, before, left, kept):
    of_s = (cell for cell in cells_of_lake(stolen.with_name("lake")) if cell[0].startswith("S "))
    assert is_found_in(of_s, left | {kept: before[kept]})


@pytest.mark.law("RET-2")
def test_no_byte_of_any_copy_holds_an_identity_in_clear(stolen):
    for place in ("copied", "lake", "unpacked", "state"):
        assert clear_in(stolen.with_name(place), IDENTITY) == set(), place


@pytest.mark.law("RET-3")
def test_no_byte_of_lake_and_backup_holds_an_open_part_in_clear(stolen):
    for place in ("lake", "unpacked"):
        assert clear_in(stolen.with_name(place), OPEN) == set(), place


@pytest.mark.law("RET-3")
def test_the_swept_database_has_no_open_part_of_class_s_in_any_byte_and_that_of_class_l(stolen):
    assert len(clear_in(stolen.with_name("copied"), OPEN)) == min(
        1001, len({somebody(n).locator for n in range(PEOPLE)})
    )
    assert clear_in(stolen, OPEN) == {PROMOTED}


def test_the_live_lake_lost_the_day(stolen):
    assert [path.parts[-2] for path in (stolen / "lake").glob("*/*")] == ["L"]


def test_deleted_pages_that_are_not_overwritten_would_be_found(tmp_path, monkeypatch):
    """The control: without secure_delete and without the end of the log, bytes of the deleted stay in the files."""
    execute = SqliteDatabase.execute

    def careless(self, sql, values=()):
        if sql == "PRAGMA secure_delete = ON":
            sql = "PRAGMA secure_delete = OFF"
        return execute(self, sql, values)

    monkeypatch.setattr(SqliteDatabase, "execute", careless)
    monkeypatch.setattr(SqliteDatabase, "reclaim", lambda self: None)
    monkeypatch.setattr("stolen_copies.PEOPLE", 24)
    count = Count()
    filled(tmp_path / "state", count)
    masked(tmp_path / "state", count)
    assert clear_in(tmp_path / "state", OPEN) > {PROMOTED}


def test_what_is_left_of_the_keys_of_the_day_are_the_halves_that_open_nothing_alone(stolen):
    gone = {name for name in FileKeystore(stolen.with_name("state-keys")).gone() if name.startswith("S/2026-02-28/")}
    assert gone == {f"S/2026-02-28/{part}" for part in PARTS}
