"""Who holds lake and backup of before, and every key but the destroyed ones, reads nobody in them.

The bytes are those on the disk; the search tries every key there is, alone and as halves, on every cell.
"""

import base64
import hmac
import shutil
from collections import Counter
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
import store_setup
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from test_copies_without_keys import (
    GIVEN,
    PEOPLE,
    SIX_MONTHS,
    SURNAME,
    clear_in,
    filled,
    keys_left,
    masked,
    read_with,
    somebody,
)

from pnr_pipeline.stores.approver_half import from_halves, half_of
from pnr_pipeline.stores.backups import pieces
from pnr_pipeline.stores.lake_columns import COLUMNS
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.database_rows import MARK, rows_in
from pnr_pipeline.stores.sql.migrations import tables
from pnr_pipeline.stores.sql.sqlite_database import connect

SHORTLY_BEFORE = SIX_MONTHS - timedelta(days=5)
"""So that the backup's own key is not due when the records are: it is no help that it would open nothing anyway."""

pytestmark = pytest.mark.law("RET-1", "RET-2", "RET-3", "RET-8")


@pytest.fixture(scope="module")
def stolen(tmp_path_factory):
    """The state folder after masking day; beside it `lake`, `backup` and `keys-before` of some days before."""
    root, count = tmp_path_factory.mktemp("stolen") / "state", store_setup.Count()
    filled(root, count)
    count.now = SHORTLY_BEFORE
    with store_setup.open_demo(root, SHORTLY_BEFORE, count=count) as store:
        assert len(store.lake.close(SHORTLY_BEFORE)) == 2
        shutil.copy(store.backups.make(None, SHORTLY_BEFORE), root.with_name("backup"))
    shutil.copytree(root / "lake", root.with_name("lake"))
    shutil.copytree(root.with_name("state-keys"), root.with_name("keys-before"))
    masked(root, count)
    return root


def opens(keys, part, subject, ending, version, sealed):
    """Whether any of the keys, or any two as halves, opens these bytes."""
    bound = "\0".join((subject + ending, part, str(version), "demo")).encode()
    own = [hmac.digest(key, (subject + ending).encode(), "sha256") for key in keys.values()]
    theirs = [half_of(key, subject) for key in keys.values()]
    for key in [*own, *(from_halves(half, other) for half in own for other in theirs)]:
        try:
            AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
        except InvalidTag:
            continue
        return True
    return False


def lake_read_with(lake, keys):
    """How many cells of each class and part open."""
    opened = Counter()
    for path in lake.rglob("*.parquet"):
        key_class, part = path.relative_to(lake).parts[0], path.parent.name
        for row in pq.read_table(path).to_pylist():
            for column in COLUMNS[part]:
                if row[column] is not None:
                    cell = (part, row["record_id"], f"/{column}", row["version"], row[column])
                    opened[f"{key_class} {part}"] += opens(keys, *cell)
    return dict(+opened)


def backup_read_with(stolen, keys, tmp_path):
    """What opens of the database in the backup, laid out as a file: sealed cells by table, open parts by class."""
    aside = tmp_path / "aside"
    aside.mkdir()
    db = connect(aside / "pnr.sqlite")
    opened: Counter[str] = Counter()
    with transaction(db):
        for name, content in pieces(stolen.with_name("backup"), FileKeystore(keys)):
            table = name.partition("/")[0]
            if table == "schema":
                continue
            columns = tables()[table]
            places = ", ".join("?" * len(columns))
            db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows_in(content))
    for record_id, period, told in db.execute("SELECT record_id, period, open FROM body"):
        sealed = base64.b64decode(told.removeprefix(MARK))
        opened[f"{period[0]} open"] += opens(keys_left(keys), "open", record_id, "/backup", 0, sealed)
    db.close()
    return aside, dict(+(opened + Counter(read_with(aside, keys_left(keys)))))


def test_while_the_keys_are_there_lake_and_backup_are_read_in_full(stolen, tmp_path):
    """The control: were the keys kept aside, the same search would find everybody."""
    before = stolen.with_name("keys-before")
    lake = lake_read_with(stolen.with_name("lake"), keys_left(before))
    assert lake["S open"] >= 2 * PEOPLE
    assert lake["S identity"] >= 2 * PEOPLE
    assert lake["L identity"] >= 2
    _, backup = backup_read_with(stolen, before, tmp_path)
    assert backup["S open"] >= PEOPLE
    assert backup["body"] > PEOPLE


def test_with_every_key_that_is_left_the_lake_gives_open_parts_of_class_l_alone(stolen):
    left = keys_left(stolen.with_name("state-keys"))
    assert {f"L/2026-02-28/{part}" for part in ("open", "identity")} <= left.keys()
    assert lake_read_with(stolen.with_name("lake"), left) == {"L open": 2}
    assert [path.parts[-2] for path in (stolen / "lake").glob("*/*")] == ["L"], "the live lake lost the day"


def test_with_every_key_that_is_left_the_backup_gives_open_parts_of_class_l_alone(stolen, tmp_path):
    left = stolen.with_name("state-keys")
    assert f"backup/{SHORTLY_BEFORE:%Y-%m-%d}/open" in keys_left(left), "else nothing of it opens, for another reason"
    aside, opened = backup_read_with(stolen, left, tmp_path)
    assert opened == {"L open": 1}
    places = [f'"{somebody(number).locator}"' for number in range(min(PEOPLE, 20))]
    assert clear_in(aside, SURNAME, GIVEN, *places) == set()


def test_no_byte_of_lake_or_backup_holds_a_value_in_clear(stolen):
    files = stolen.with_name("files")
    files.mkdir(exist_ok=True)
    shutil.copy(stolen.with_name("backup"), files)
    shutil.copytree(stolen.with_name("lake"), files / "lake", dirs_exist_ok=True)
    values = [SURNAME, GIVEN, *(somebody(number).locator for number in range(min(PEOPLE, 20)))]
    assert clear_in(files, *values) == set()


@pytest.mark.parametrize("kept", ["S/2026-02-28/open", "S/2026-02-28/identity", "L/2026-02-28/approver"])
def test_one_key_kept_aside_is_enough_to_be_found(stolen, kept):
    key = keys_left(stolen.with_name("keys-before"))[kept]
    left = keys_left(stolen.with_name("state-keys"))
    found = lake_read_with(stolen.with_name("lake"), left | {kept: key})
    assert sum(found.values()) > 2
